"""Territories, communes, groupements, organisations."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet

from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.demarches.perimetre import organisations_de_territoires, organisations_visibles
from arpent.plateforme.territoires.models import Appartenance, Commune, Composition, Groupement, Territoire
from arpent.plateforme.territoires.perimetres import en_cours

from ..lecteur import Lecteur
from .base import Cle, Forme, Jour, Ressource, filtre_mot

VOIR = "territoire.voir"
RUBRIQUE = "Territoires et structures"


class CompositionLue(Forme):
    siren: str
    nom: str
    depuis: Jour
    jusqu_a: Jour | None


class TerritoireLu(Forme):
    id: Cle
    code: str
    nom: str
    departement: str
    porteur: str
    source: str
    groupements: list[CompositionLue]


class CommuneLue(Forme):
    code: str
    nom: str
    departement: str
    region: str
    siren: str
    population: int | None
    surface_ha: str | None
    longitude: float | None
    latitude: float | None


class AppartenanceLue(Forme):
    commune: str
    depuis: Jour
    jusqu_a: Jour | None


class GroupementLu(Forme):
    siren: str
    nom: str
    nature: str
    departements: str
    communes: list[AppartenanceLue]


class OrganisationLue(Forme):
    id: Cle
    nom: str
    siren: str
    nature: str
    nature_libelle: str
    commune: str | None
    groupement: str | None
    missions: str
    courriel: str
    telephone: str


def _territoires(lecteur: Lecteur) -> QuerySet[Territoire]:
    cles = lecteur.demarches(VOIR).order_by().values("territoire")
    dates = Composition.objects.select_related("groupement").order_by("debut", "pk")
    return Territoire.objects.filter(pk__in=cles).prefetch_related(Prefetch("compositions", dates))


def _territoire(t: Territoire) -> dict[str, Any]:
    return {
        "id": t.pk,
        "code": t.slug,
        "nom": t.nom,
        "departement": t.departement,
        "porteur": t.porteur,
        "source": t.source,
        "groupements": [
            {"siren": c.groupement_id, "nom": c.groupement.nom, "depuis": c.debut, "jusqu_a": c.fin}
            for c in t.compositions.all()
        ],
    }


def _communes(lecteur: Lecteur) -> QuerySet[Commune]:
    """Those that are in a visible territory today."""
    dedans = (
        Appartenance.objects.filter(
            en_cours(date.today(), "", "groupement__compositions__"),
            groupement__compositions__territoire__in=lecteur.demarches(VOIR).order_by().values("territoire"),
        )
        .order_by()
        .values("commune")
    )
    return Commune.objects.filter(pk__in=dedans).distinct()


def _commune(c: Commune) -> dict[str, Any]:
    noms = ("code", "nom", "departement", "region", "siren", "population", "longitude", "latitude")
    return {nom: getattr(c, nom) for nom in noms} | {
        "surface_ha": None if c.surface_ha is None else f"{c.surface_ha:.2f}"
    }


def _groupements(lecteur: Lecteur) -> QuerySet[Groupement]:
    territoires = lecteur.demarches(VOIR).order_by().values("territoire")
    composent = Composition.objects.filter(territoire__in=territoires).order_by().values("groupement")
    dates = Appartenance.objects.order_by("commune", "debut")
    return Groupement.objects.filter(pk__in=composent).prefetch_related(Prefetch("appartenances", dates))


def _groupement(g: Groupement) -> dict[str, Any]:
    return {
        "siren": g.siren,
        "nom": g.nom,
        "nature": g.nature,
        "departements": g.departements,
        "communes": [
            {"commune": a.commune_id, "depuis": a.debut, "jusqu_a": a.fin} for a in g.appartenances.all()
        ],
    }


def _organisations(lecteur: Lecteur) -> QuerySet[Organisation]:
    """Those of the directory, for who reads it; of the territory of the token when it has one."""
    if not any("annuaire.voir" in h.definition.droits for h in lecteur.agent.habilitations_en_cours):
        return Organisation.objects.none()
    visibles = organisations_visibles(lecteur.agent)
    if lecteur.limite is not None:
        territoires = Territoire.objects.filter(
            pk__in=lecteur.demarches("annuaire.voir").order_by().values("territoire")
        )
        visibles = visibles.filter(organisations_de_territoires(territoires))
    return visibles


def _organisation(o: Organisation) -> dict[str, Any]:
    return {
        "id": o.pk,
        "nom": o.nom,
        "siren": o.siren,
        "nature": o.nature,
        "nature_libelle": o.get_nature_display(),
        "commune": o.commune_id,
        "groupement": o.groupement_id,
        "missions": o.missions,
        "courriel": o.courriel,
        "telephone": o.telephone,
    }


RESSOURCES = (
    Ressource(
        "territoires", RUBRIQUE, "Territoires",
        "Les périmètres de contrat que vous suivez, avec leurs intercommunalités et les dates.",
        VOIR, TerritoireLu, _territoires, _territoire,
        filtres={"departement": filtre_mot("departement", "Code du département.")},
    ),
    Ressource(
        "communes", RUBRIQUE, "Communes", "Les communes de ces territoires aujourd’hui (code INSEE).",
        VOIR, CommuneLue, _communes, _commune, cle_texte=r"^[0-9A-Z]{5}$",
        filtres={
            "departement": filtre_mot("departement", "Code du département."),
            "groupement": filtre_mot("appartenances__groupement", "SIREN d’une intercommunalité."),
        },
    ),
    Ressource(
        "groupements", RUBRIQUE, "Intercommunalités",
        "Celles de ces territoires, et leurs communes avec les dates d’entrée et de sortie.",
        VOIR, GroupementLu, _groupements, _groupement, cle_texte=r"^[0-9A-Z]{9}$",
    ),
    Ressource(
        "organisations", RUBRIQUE, "Organisations",
        "Les structures de l’annuaire : maîtres d’ouvrage, autorités, partenaires.",
        "annuaire.voir", OrganisationLue, _organisations, _organisation,
        filtres={
            "siren": filtre_mot("siren", "SIREN de la structure."),
            "nature": filtre_mot("nature", "Nature : commune, cc, syndicat, departement…"),
        },
    ),
)  # fmt: skip
