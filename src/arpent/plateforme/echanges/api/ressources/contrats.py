"""Contracts, their parties and lines on any day, avenants."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet

from arpent.metier.avenants import Consolide
from arpent.plateforme.contrats.avenants.lecture import etat_consolide
from arpent.plateforme.contrats.models import Avenant, Contrat, MouvementAvenant, Partie

from ..lecteur import Lecteur
from .base import DEMARCHE, Cle, Forme, Jour, Montant, Ressource, filtre_entier, filtre_mot, montant

RUBRIQUE = "Contrats"
VOIR = "contrat.voir"


class PartieLue(Forme):
    organisation: Cle
    nom: str
    siren: str
    role: str
    deliberation_numero: str
    deliberation_le: Jour | None


class ContratLu(Forme):
    id: Cle
    demarche: Cle
    territoire: str
    reference: str
    etat: str
    etat_libelle: str
    date_effet: Jour | None
    version: int
    parties: list[PartieLue]


class ChangementLu(Forme):
    acte: str
    champ: str
    motif: str


class LigneConsolidee(Forme):
    cle: str
    numero: str
    titre: str
    maitre_ouvrage: str
    aide: Montant
    cout_ht: Montant
    annee: int | None
    theme: str
    axe: str
    fonds: str
    origine: str
    changements: list[ChangementLu]


class ContratConsolide(Forme):
    contrat: Cle
    le: Jour
    date_effet: Jour | None
    date_fin: Jour | None
    enveloppe: Montant | None
    total_aides: Montant
    parties: list[str]
    avenants_appliques: list[str]
    lignes: list[LigneConsolidee]


class MouvementLu(Forme):
    genre: str
    genre_libelle: str
    fiche: int | None
    fiche_entrante: int | None
    organisation: int | None
    avant: dict[str, Any]
    apres: dict[str, Any]
    motif: str


class AvenantLu(Forme):
    id: Cle
    contrat: Cle
    demarche: Cle
    numero: int | None
    objet: str
    etat: str
    etat_libelle: str
    date_effet: Jour | None
    voie: str
    acte: str
    signe_le: Jour | None
    demonstration: bool
    mouvements: list[MouvementLu]


def contrats_lus(lecteur: Lecteur) -> QuerySet[Contrat]:
    parties = Partie.objects.en_cours().select_related("organisation").order_by("ordre", "pk")
    return (
        Contrat.objects.filter(demarche__in=lecteur.cles(VOIR))
        .select_related("demarche__territoire", "demarche__version_processus__processus__dispositif")
        .defer("demarche__version_processus__definition")
        .prefetch_related(Prefetch("parties", parties))
    )


def _contrat(c: Contrat) -> dict[str, Any]:
    return {
        "id": c.pk,
        "demarche": c.demarche_id,
        "territoire": c.demarche.territoire.slug,
        "reference": c.reference,
        "etat": c.etat,
        "etat_libelle": c.get_etat_display(),
        "date_effet": c.date_effet,
        "version": c.version,
        "parties": [
            {
                "organisation": p.organisation_id,
                "nom": p.organisation.nom,
                "siren": p.organisation.siren,
                "role": p.role,
                "deliberation_numero": p.deliberation_numero,
                "deliberation_le": p.deliberation_le,
            }
            for p in c.parties.all()
        ],
    }


def consolider(contrat: Contrat, le: date) -> dict[str, Any]:
    """The contract on that day, line by line with what changed it. AvenantRefuse when it never was signed."""
    lu: Consolide = etat_consolide(contrat, le)
    traces = lu.traces
    return {
        "contrat": contrat.pk,
        "le": le,
        "date_effet": lu.etat.date_effet,
        "date_fin": lu.etat.date_fin,
        "enveloppe": montant(lu.etat.enveloppe),
        "total_aides": montant(lu.etat.total_aides),
        "parties": list(lu.etat.parties),
        "avenants_appliques": list(lu.appliques),
        "lignes": [
            {
                "cle": x.cle,
                "numero": x.numero,
                "titre": x.titre,
                "maitre_ouvrage": x.maitre_ouvrage,
                "aide": montant(x.aide),
                "cout_ht": montant(x.cout_ht),
                "annee": x.annee,
                "theme": x.theme,
                "axe": x.axe,
                "fonds": x.fonds,
                "origine": traces[x.cle].origine if x.cle in traces else "",
                "changements": [
                    {"acte": c.acte, "champ": c.champ, "motif": c.motif}
                    for c in (traces[x.cle].changements if x.cle in traces else ())
                ],
            }
            for x in lu.etat.lignes
        ],
    }


def _avenants(lecteur: Lecteur) -> QuerySet[Avenant]:
    lignes = MouvementAvenant.objects.order_by("ordre", "pk")
    return (
        Avenant.objects.filter(contrat__demarche__in=lecteur.cles(VOIR))
        .select_related("contrat")
        .prefetch_related(Prefetch("mouvements", lignes))
    )


def _avenant(a: Avenant) -> dict[str, Any]:
    return {
        "id": a.pk,
        "contrat": a.contrat_id,
        "demarche": a.contrat.demarche_id,
        "numero": a.numero,
        "objet": a.objet,
        "etat": a.etat,
        "etat_libelle": a.get_etat_display(),
        "date_effet": a.date_effet,
        "voie": a.piste,
        "acte": a.acte,
        "signe_le": a.signe_le,
        "demonstration": a.demonstration,
        "mouvements": [
            {
                "genre": m.genre,
                "genre_libelle": m.get_genre_display(),
                "fiche": m.fiche_id,
                "fiche_entrante": m.entrante_id,
                "organisation": m.organisation_id,
                "avant": m.avant,
                "apres": m.apres,
                "motif": m.motif,
            }
            for m in a.mouvements.all()
        ],
    }


RESSOURCES = (
    Ressource(
        "contrats", RUBRIQUE, "Contrats",
        "Les contrats et leurs parties. « /contrats/{id}/consolide » donne le contrat à une date.",
        VOIR, ContratLu, contrats_lus, _contrat,
        filtres={**DEMARCHE, "etat": filtre_mot("etat", "redaction, vote, signature, en_vigueur…")},
    ),
    Ressource(
        "avenants", RUBRIQUE, "Avenants", "Les avenants et leurs mouvements.",
        VOIR, AvenantLu, _avenants, _avenant,
        filtres={
            "contrat": filtre_entier("contrat", "Numéro du contrat."),
            "etat": filtre_mot("etat", "preparation, propose, vote, signature, signe, en_vigueur…"),
        },
    ),
)  # fmt: skip
