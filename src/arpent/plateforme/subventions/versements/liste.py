"""The requests for payment that a person sees, across territories: what waits first."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, IntegerField, Sum, Value, When

from arpent.metier.argent import ZERO
from arpent.metier.cycles.versement import LIBELLES_VERSEMENT, EtatVersement
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.documents.donnees import Cellule, ColonneDoc

from ..models import DemandeVersement, DemandeVersementQuerySet

V = EtatVersement
RANGS = {
    V.CERTIFIEE: 0,
    V.DEPOSEE: 1,
    V.A_COMPLETER: 2,
    V.BROUILLON: 3,
    V.PAYEE: 4,
    V.REFUSEE: 5,
    V.RETIREE: 6,
}
COLONNES = (
    ColonneDoc("demande", "Demande"), ColonneDoc("dossier", "Dossier"), ColonneDoc("projet", "Projet"),
    ColonneDoc("beneficiaire", "Bénéficiaire"), ColonneDoc("territoire", "Territoire"),
    ColonneDoc("etat", "État"), ColonneDoc("depose_le", "Déposée le", "date"),
    ColonneDoc("demande_montant", "Demandé", "montant"), ColonneDoc("certifie", "Certifié", "montant"),
    ColonneDoc("paye", "Payé", "montant"), ColonneDoc("mandat", "Mandat"),
    ColonneDoc("mandat_le", "Date du mandat", "date"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filtre:
    """What the address asks for; what is not a state or a territory filters nothing."""

    etat: str = ""
    territoire: str = ""

    @classmethod
    def lire(cls, adresse: Any) -> Filtre:
        etat = adresse.get("etat", "")
        return cls(etat if etat in set(V) else "", adresse.get("territoire", "")[:100])

    @property
    def est_actif(self) -> bool:
        return bool(self.etat or self.territoire)


@dataclass(frozen=True, slots=True)
class Choix:
    valeur: str
    libelle: str
    choisi: bool


def etats(filtre: Filtre) -> list[Choix]:
    return [Choix(e.value, LIBELLES_VERSEMENT[e], e.value == filtre.etat) for e in V]


def territoires(agent: Agent, filtre: Filtre) -> list[Choix]:
    """Those that have a request. One query."""
    lus = (
        DemandeVersement.objects.visibles_par(agent)
        .order_by("dossier__demarche__territoire__nom", "dossier__demarche")
        .values_list("dossier__demarche__slug", "dossier__demarche__territoire__nom")
        .distinct()
    )
    return [Choix(slug, nom, slug == filtre.territoire) for slug, nom in lus]


def filtrees(agent: Agent, filtre: Filtre) -> DemandeVersementQuerySet:
    """What waits for somebody first, then the latest. Lazy."""
    lues = DemandeVersement.objects.visibles_par(agent)
    if filtre.etat:
        lues = lues.filter(etat=filtre.etat)
    if filtre.territoire:
        lues = lues.filter(dossier__demarche__slug=filtre.territoire)
    rang = Case(*(When(etat=e.value, then=Value(n)) for e, n in RANGS.items()), output_field=IntegerField())
    return lues.avec_contexte().alias(rang=rang).order_by("rang", "-depose_le", "-pk")


def totaux(demandes: DemandeVersementQuerySet) -> dict[str, Decimal]:
    """One query."""
    sommes = demandes.order_by().aggregate(
        demande=Sum("montant_demande"), certifie=Sum("montant_certifie"), paye=Sum("montant_paye")
    )
    return {nom: somme or ZERO for nom, somme in sommes.items()}


def lignes(demandes: DemandeVersementQuerySet) -> list[dict[str, Cellule]]:
    return [
        {
            "demande": f"{d.get_genre_display()} n° {d.numero}", "dossier": d.dossier.reference,
            "projet": d.dossier.fiche.titre, "beneficiaire": d.dossier.maitre_ouvrage.nom,
            "territoire": d.dossier.demarche.territoire.nom, "etat": d.get_etat_display(),
            "depose_le": d.depose_le, "demande_montant": d.montant_demande, "certifie": d.montant_certifie,
            "paye": d.montant_paye, "mandat": d.mandat_numero, "mandat_le": d.mandat_le,
        }
        for d in demandes
    ]  # fmt: skip
