"""Dispositifs, règlements, démarches and their steps."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from arpent.plateforme.demarches.models import Demarche, Etape
from arpent.plateforme.reglements.models import Dispositif, VersionReglement

from ..lecteur import Lecteur
from .base import Cle, Forme, Jour, Ressource, filtre_mot

DISPOSITIFS = "Dispositifs et démarches"


class ThemeLu(Forme):
    code: str
    libelle: str


class DispositifLu(Forme):
    id: Cle
    code: str
    nom: str
    autorite: str
    duree_annees: int
    presentation: str
    source: str
    themes: list[ThemeLu]


class VersionReglementLue(Forme):
    id: Cle
    dispositif: str
    numero: int
    intitule: str
    en_vigueur_le: Jour
    acte: str
    demonstration: bool
    empreinte: str


class VersionReglementDetail(VersionReglementLue):
    contenu: dict[str, Any]


class EtapeLue(Forme):
    code: str
    libelle: str
    phase: str
    ordre: int
    acteur: str
    facultative: bool
    retenue: bool | None
    prevue_le: Jour | None
    faite_le: Jour | None


class DemarcheLue(Forme):
    id: Cle
    code: str
    territoire: str
    territoire_nom: str
    autorite: str
    processus: str
    version_processus: int
    generation: str
    etat: str
    etat_libelle: str
    ouverte_le: Jour


class DemarcheDetail(DemarcheLue):
    etapes: list[EtapeLue]


def _dispositifs(lecteur: Lecteur) -> QuerySet[Dispositif]:
    processus = lecteur.demarches("dispositif.voir").order_by().values("version_processus__processus")
    return (
        Dispositif.objects.filter(processus__in=processus)
        .select_related("autorite")
        .defer("parametres", "modele_contrat", "modele_vulnerabilite")
        .prefetch_related("themes")
    )


def _dispositif(d: Dispositif) -> dict[str, Any]:
    return {
        "id": d.pk,
        "code": d.slug,
        "nom": d.nom,
        "autorite": d.autorite.nom,
        "duree_annees": d.duree_annees,
        "presentation": d.presentation,
        "source": d.source,
        "themes": [{"code": t.code, "libelle": t.libelle} for t in d.themes.all()],
    }


def _versions(lecteur: Lecteur) -> QuerySet[VersionReglement]:
    processus = lecteur.demarches("dispositif.voir").order_by().values("version_processus__processus")
    return VersionReglement.objects.filter(dispositif__processus__in=processus).select_related("dispositif")


def _version(v: VersionReglement) -> dict[str, Any]:
    return {
        "id": v.pk,
        "dispositif": v.dispositif.slug,
        "numero": v.numero,
        "intitule": v.intitule,
        "en_vigueur_le": v.en_vigueur_le,
        "acte": v.acte,
        "demonstration": v.demonstration,
        "empreinte": v.empreinte,
    }


def _demarches(lecteur: Lecteur) -> QuerySet[Demarche]:
    return lecteur.demarches("territoire.voir").avec_contexte()


def _demarche(d: Demarche) -> dict[str, Any]:
    return {
        "id": d.pk,
        "code": d.slug,
        "territoire": d.territoire.slug,
        "territoire_nom": d.territoire.nom,
        "autorite": d.autorite.nom,
        "processus": d.processus.slug,
        "version_processus": d.version_processus.numero,
        "generation": d.generation,
        "etat": d.etat,
        "etat_libelle": d.get_etat_display(),
        "ouverte_le": d.ouverte_le,
    }


def _etape(e: Etape) -> dict[str, Any]:
    noms = (
        "code", "libelle", "phase", "ordre", "acteur", "facultative", "retenue", "prevue_le", "faite_le",
    )  # fmt: skip
    return {nom: getattr(e, nom) for nom in noms}


def _demarche_entiere(d: Demarche) -> dict[str, Any]:
    return _demarche(d) | {"etapes": [_etape(e) for e in d.etapes.order_by("ordre", "pk")]}


RESSOURCES = (
    Ressource(
        "dispositifs", DISPOSITIFS, "Dispositifs", "Les politiques contractuelles que vous suivez.",
        "dispositif.voir", DispositifLu, _dispositifs, _dispositif,
    ),
    Ressource(
        "versions-reglement", DISPOSITIFS, "Versions des règlements",
        "Les règlements publiés ; le détail donne articles et règles.",
        "dispositif.voir", VersionReglementLue, _versions, _version,
        filtres={"dispositif": filtre_mot("dispositif__slug", "Code du dispositif.")},
        detail=VersionReglementDetail, detailler=lambda v: _version(v) | {"contenu": v.contenu},
    ),
    Ressource(
        "demarches", DISPOSITIFS, "Démarches",
        "Les territoires en route vers leur contrat ; le détail donne les étapes.",
        "territoire.voir", DemarcheLue, _demarches, _demarche,
        filtres={
            "territoire": filtre_mot("territoire__slug", "Code du territoire."),
            "etat": filtre_mot("etat", "État de la démarche."),
        },
        detail=DemarcheDetail, detailler=_demarche_entiere,
    ),
)  # fmt: skip
