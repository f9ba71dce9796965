"""What becomes of the aids of the contract: grant files, payments, extensions, repayments."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet

from arpent.plateforme.subventions.models import DemandeVersement, Dossier, Prorogation, Retenue, Reversement

from ..lecteur import Lecteur
from .base import (
    DEMARCHE,
    Cle,
    Forme,
    Instant,
    Jour,
    Montant,
    Ressource,
    filtre_entier,
    filtre_mot,
    montant,
    nombre,
)
from .projets import FinancementLu

RUBRIQUE = "Réalisation et bilan"
DOSSIERS = "dossier.voir"


class DossierLu(Forme):
    id: Cle
    demarche: Cle
    reference: str
    fiche: Cle
    ligne: str
    acte_ligne: str
    beneficiaire: Cle
    beneficiaire_siren: str
    fonds: str | None
    etat: str
    etat_libelle: str
    stade: str
    annee_programmation: int | None
    cout_prevu_ht: Montant
    assiette_prevue: Montant | None
    montant_contractualise: Montant
    taux: str | None
    cout_reel_ht: Montant | None
    assiette_reelle: Montant | None
    montant_demande: Montant | None
    montant_propose: Montant | None
    montant_attribue: Montant | None
    montant_rendu: Montant | None
    observations: str
    decision: str
    depose_le: Jour | None
    complet_le: Jour | None
    propose_le: Jour | None
    vote_le: Jour | None
    notifie_le: Jour | None
    clos_le: Jour | None
    debut_autorise_le: Jour | None
    debut_le: Jour | None
    acheve_le: Jour | None
    caducite_le: Jour | None
    demonstration: bool
    version: int
    modifie_le: Instant
    financements: list[FinancementLu]


class RetenueLue(Forme):
    montant: Montant
    motif: str
    le: Jour
    levee_le: Jour | None


class VersementLu(Forme):
    id: Cle
    demarche: Cle
    dossier: Cle
    numero: int
    genre: str
    etat: str
    etat_libelle: str
    montant_demande: Montant
    depenses: Montant | None
    montant_certifie: Montant | None
    montant_paye: Montant | None
    depose_le: Jour | None
    certifie_le: Jour | None
    prevu_le: Jour | None
    mandat_numero: str
    mandat_le: Jour | None
    exercice: int | None
    demonstration: bool
    retenues: list[RetenueLue]


class ProrogationLue(Forme):
    id: Cle
    demarche: Cle
    dossier: Cle
    numero: int
    delai: str
    delai_libelle: str
    mois: int
    mois_accordes: int | None
    etat: str
    etat_libelle: str
    demandee_le: Jour
    decidee_le: Jour | None
    acte: str
    acte_le: Jour | None
    demonstration: bool


class ReversementLu(Forme):
    id: Cle
    demarche: Cle
    dossier: Cle
    numero: int
    cause: str
    cause_libelle: str
    montant: Montant
    motif: str
    etat: str
    etat_libelle: str
    demande_le: Jour
    titre_numero: str
    recouvre_le: Jour | None
    demonstration: bool


def dossiers_lus(lecteur: Lecteur) -> QuerySet[Dossier]:
    """The files of the pages: drafts for their territory alone. Two queries with their rows."""
    return (
        Dossier.objects.visibles_par(lecteur.agent)
        .filter(demarche__in=lecteur.cles(DOSSIERS))
        .select_related("maitre_ouvrage", "fonds")
        .prefetch_related("financements")
    )


_DU_DOSSIER = (
    "ligne", "acte_ligne", "etat", "stade", "annee_programmation", "observations", "decision", "depose_le",
    "complet_le", "propose_le", "vote_le", "notifie_le", "clos_le", "debut_autorise_le", "debut_le",
    "acheve_le", "caducite_le", "demonstration", "version", "modifie_le",
)  # fmt: skip
_MONTANTS_DU_DOSSIER = (
    "cout_prevu_ht", "assiette_prevue", "montant_contractualise", "cout_reel_ht", "assiette_reelle",
    "montant_demande", "montant_propose", "montant_attribue", "montant_rendu",
)  # fmt: skip


def ecrire_dossier(d: Dossier) -> dict[str, Any]:
    return {
        "id": d.pk,
        "demarche": d.demarche_id,
        "reference": d.reference,
        "fiche": d.fiche_id,
        "beneficiaire": d.maitre_ouvrage_id,
        "beneficiaire_siren": d.maitre_ouvrage.siren,
        "fonds": d.fonds.code if d.fonds else None,
        "etat_libelle": d.get_etat_display(),
        "taux": nombre(d.taux),
        **{nom: getattr(d, nom) for nom in _DU_DOSSIER},
        **{nom: montant(getattr(d, nom)) for nom in _MONTANTS_DU_DOSSIER},
        "financements": [
            {
                "financeur": f.financeur,
                "financeur_libelle": f.get_financeur_display(),
                "libelle": f.libelle,
                "montant": montant(f.montant),
                "statut": f.statut,
                "le": f.le,
                "demonstration": d.demonstration,
            }
            for f in d.financements.all()
        ],
    }


def _versements(lecteur: Lecteur) -> QuerySet[DemandeVersement]:
    return (
        DemandeVersement.objects.visibles_par(lecteur.agent)
        .filter(dossier__demarche__in=lecteur.cles(DOSSIERS))
        .select_related("dossier")
        .prefetch_related(Prefetch("retenues", Retenue.objects.order_by("pk")))
    )


_DU_VERSEMENT = (
    "numero", "genre", "etat", "depose_le", "certifie_le", "prevu_le", "mandat_numero", "mandat_le",
    "exercice", "demonstration",
)  # fmt: skip
_MONTANTS_DU_VERSEMENT = ("montant_demande", "depenses", "montant_certifie", "montant_paye")


def _versement(v: DemandeVersement) -> dict[str, Any]:
    return {
        "id": v.pk,
        "demarche": v.dossier.demarche_id,
        "dossier": v.dossier_id,
        "etat_libelle": v.get_etat_display(),
        **{nom: getattr(v, nom) for nom in _DU_VERSEMENT},
        **{nom: montant(getattr(v, nom)) for nom in _MONTANTS_DU_VERSEMENT},
        "retenues": [
            {"montant": montant(r.montant), "motif": r.motif, "le": r.le, "levee_le": r.levee_le}
            for r in v.retenues.all()
        ],
    }


def _des_dossiers(lecteur: Lecteur) -> QuerySet[Any, Any]:
    """The files that this reader sees, as a sub-query."""
    visibles = Dossier.objects.visibles_par(lecteur.agent).filter(demarche__in=lecteur.cles(DOSSIERS))
    return visibles.order_by().values("pk")


def _prorogations(lecteur: Lecteur) -> QuerySet[Prorogation]:
    return Prorogation.objects.filter(dossier__in=_des_dossiers(lecteur)).select_related("dossier")


def _prorogation(p: Prorogation) -> dict[str, Any]:
    noms = (
        "numero", "mois", "mois_accordes", "etat", "demandee_le", "decidee_le", "acte", "acte_le",
        "demonstration",
    )  # fmt: skip
    return {
        "id": p.pk,
        "demarche": p.dossier.demarche_id,
        "dossier": p.dossier_id,
        "delai": p.genre,
        "delai_libelle": p.get_genre_display(),
        "etat_libelle": p.get_etat_display(),
    } | {nom: getattr(p, nom) for nom in noms}


def _reversements(lecteur: Lecteur) -> QuerySet[Reversement]:
    return Reversement.objects.filter(dossier__in=_des_dossiers(lecteur)).select_related("dossier")


def _reversement(r: Reversement) -> dict[str, Any]:
    noms = ("numero", "cause", "motif", "etat", "demande_le", "titre_numero", "recouvre_le", "demonstration")
    return {
        "id": r.pk,
        "demarche": r.dossier.demarche_id,
        "dossier": r.dossier_id,
        "cause_libelle": r.get_cause_display(),
        "montant": montant(r.montant),
        "etat_libelle": r.get_etat_display(),
    } | {nom: getattr(r, nom) for nom in noms}


DU_DOSSIER = {
    "demarche": filtre_entier("dossier__demarche", "Numéro de la démarche."),
    "dossier": filtre_entier("dossier", "Numéro du dossier."),
}
RESSOURCES = (
    Ressource(
        "dossiers", RUBRIQUE, "Dossiers de subvention",
        "Les demandes déposées sur une ligne du contrat, leurs montants et leurs dates. Les brouillons ne se "
        "lisent que du côté du territoire.",
        DOSSIERS, DossierLu, dossiers_lus, ecrire_dossier,
        filtres={
            **DEMARCHE,
            "fiche": filtre_entier("fiche", "Numéro de la fiche."),
            "etat": filtre_mot("etat", "brouillon, depose, complet, propose, vote, notifie, solde…"),
        },
    ),
    Ressource(
        "versements", RUBRIQUE, "Demandes de versement",
        "Ce qui est demandé, certifié, payé de chaque aide, et les retenues.",
        DOSSIERS, VersementLu, _versements, _versement,
        filtres={**DU_DOSSIER, "etat": filtre_mot("etat", "deposee, certifiee, payee…")},
    ),
    Ressource(
        "prorogations", RUBRIQUE, "Prorogations",
        "Les délais repoussés : demandés, accordés ou refusés, et leur acte.",
        DOSSIERS, ProrogationLue, _prorogations, _prorogation, filtres=DU_DOSSIER,
    ),
    Ressource(
        "reversements", RUBRIQUE, "Reversements",
        "Ce qui a été payé et doit être rendu, pourquoi, et son recouvrement.",
        DOSSIERS, ReversementLu, _reversements, _reversement, filtres=DU_DOSSIER,
    ),
)  # fmt: skip
