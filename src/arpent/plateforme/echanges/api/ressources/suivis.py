"""What becomes of the projects: their works, what blocks them, the indicators of the contract."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.suivi.models import IndicateurSuivi, PointBloquant, SuiviProjet

from ..lecteur import Lecteur
from .base import DEMARCHE, Cle, Forme, Jour, Ressource, filtre_entier, filtre_mot, nombre
from .realisation import RUBRIQUE

REALISATION, BILAN = "realisation.voir", "bilan.voir"


class JalonLu(Forme):
    libelle: str
    poids: int
    prevu_le: Jour | None
    atteint_le: Jour | None


class SuiviLu(Forme):
    id: Cle
    demarche: Cle
    fiche: Cle
    point_le: Jour | None
    demonstration: bool
    version: int
    jalons: list[JalonLu]


class PointBloquantLu(Forme):
    id: Cle
    demarche: Cle
    fiche: Cle
    texte: str
    responsable: Cle
    echeance: Jour
    ouvert_le: Jour
    clos_le: Jour | None
    mot: str
    demonstration: bool


class ValeurLue(Forme):
    le: Jour
    valeur: str
    numerateur: str | None
    denominateur: str | None
    millesime: str
    source: str
    note: str
    demonstration: bool


class IndicateurSuiviLu(Forme):
    id: Cle
    demarche: Cle
    enjeu: Cle | None
    axe: Cle | None
    fiche: Cle | None
    nature: str
    libelle: str
    unite: str
    code: str
    reference: str | None
    reference_annee: int | None
    cible: str | None
    cible_annee: int | None
    source: str
    demonstration: bool
    valeurs: list[ValeurLue]


def _projets(lecteur: Lecteur) -> QuerySet[Any, Any]:
    """The projects whose works this reader follows, as a sub-query."""
    visibles = Fiche.objects.visibles_par(lecteur.agent)
    return visibles.filter(demarche__in=lecteur.cles(REALISATION)).order_by().values("pk")


def _suivis(lecteur: Lecteur) -> QuerySet[SuiviProjet]:
    suivis = SuiviProjet.objects.filter(fiche__in=_projets(lecteur)).select_related("fiche")
    return suivis.prefetch_related("jalons")


def _suivi(s: SuiviProjet) -> dict[str, Any]:
    return {
        "id": s.pk,
        "demarche": s.fiche.demarche_id,
        "fiche": s.fiche_id,
        "point_le": s.point_le,
        "demonstration": s.demonstration,
        "version": s.version,
        "jalons": [
            {"libelle": j.libelle, "poids": j.poids, "prevu_le": j.prevu_le, "atteint_le": j.atteint_le}
            for j in s.jalons.all()
        ],
    }


def _blocages(lecteur: Lecteur) -> QuerySet[PointBloquant]:
    return PointBloquant.objects.filter(fiche__in=_projets(lecteur)).select_related("fiche")


def _blocage(p: PointBloquant) -> dict[str, Any]:
    noms = ("texte", "echeance", "ouvert_le", "clos_le", "mot", "demonstration")
    return {
        "id": p.pk,
        "demarche": p.fiche.demarche_id,
        "fiche": p.fiche_id,
        "responsable": p.responsable_id,
    } | {nom: getattr(p, nom) for nom in noms}


def _indicateurs(lecteur: Lecteur) -> QuerySet[IndicateurSuivi]:
    suivis = IndicateurSuivi.objects.filter(demarche__in=lecteur.cles(BILAN))
    return suivis.prefetch_related("valeurs")


def _indicateur(i: IndicateurSuivi) -> dict[str, Any]:
    noms = (
        "nature", "libelle", "unite", "code", "reference_annee", "cible_annee", "source", "demonstration",
    )  # fmt: skip
    return {
        "id": i.pk,
        "demarche": i.demarche_id,
        "enjeu": i.enjeu_id,
        "axe": i.axe_id,
        "fiche": i.fiche_id,
        "reference": nombre(i.reference),
        "cible": nombre(i.cible),
        **{nom: getattr(i, nom) for nom in noms},
        "valeurs": [
            {
                "le": v.le,
                "valeur": nombre(v.valeur),
                "numerateur": nombre(v.numerateur),
                "denominateur": nombre(v.denominateur),
                "millesime": v.millesime,
                "source": v.source,
                "note": v.note,
                "demonstration": v.demonstration,
            }
            for v in i.valeurs.all()
        ],
    }


DU_PROJET = {
    "demarche": filtre_entier("fiche__demarche", "Numéro de la démarche."),
    "fiche": filtre_entier("fiche", "Numéro de la fiche."),
}
RESSOURCES = (
    Ressource(
        "suivis", RUBRIQUE, "Avancement des projets", "Les jalons de chaque projet, prévus et franchis.",
        REALISATION, SuiviLu, _suivis, _suivi, filtres=DU_PROJET,
    ),
    Ressource(
        "points-bloquants", RUBRIQUE, "Points bloquants",
        "Ce qui bloque un projet, qui le lève, avant quand.",
        REALISATION, PointBloquantLu, _blocages, _blocage, filtres=DU_PROJET,
    ),
    Ressource(
        "indicateurs-suivis", RUBRIQUE, "Indicateurs suivis",
        "Les indicateurs du contrat : départ, cible, valeurs datées et leur source.",
        BILAN, IndicateurSuiviLu, _indicateurs, _indicateur,
        filtres={**DEMARCHE, "nature": filtre_mot("nature", "realisation ou resultat")},
    ),
)  # fmt: skip
