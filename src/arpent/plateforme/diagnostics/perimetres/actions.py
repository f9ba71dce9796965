"""Saving what was drawn: a new territory with its démarche, or a new version of an existing one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches import actions as demarches
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.territoires.actions import (
    PerimetreRefuse,
    creer_territoire,
    enregistrer_version_perimetre,
    verrouiller,
)
from arpent.plateforme.territoires.models import Territoire

from ..vulnerabilites import classe
from .brouillon import Brouillon
from .ressort import ressort_de

LONGUEUR_SLUG = 50


@transaction.atomic
def enregistrer(brouillon: Brouillon, donnees: dict[str, Any], *, par: Agent) -> Demarche:
    """The démarche to read next. Raises PerimetreRefuse or PerimetreChange; then nothing is written."""
    if brouillon.interdits:
        raise PerimetreRefuse(" ".join(f"{c.intitule}." for c in brouillon.interdits))
    sirens = [e.siren for e in brouillon.choisis]
    verrouiller(sirens)
    ressort = ressort_de(
        brouillon.ressort.processus
    )  # again, once alone: a territory may have just been born
    territoire = brouillon.territoire
    if territoire is None:
        demarche = _ouvrir(brouillon, donnees, par)
        territoire = demarche.territoire
    else:
        demarche = Demarche.objects.get(pk=ressort.demarches[territoire.pk])
    enregistrer_version_perimetre(
        territoire,
        sirens,
        donnees["debut"],
        motif=donnees["motif"],
        version_lue=donnees["version_lue"],
        par=par,
        autres={pk: d for pk, d in ressort.demarches.items() if pk != territoire.pk},
        transferer=donnees.get("transferer", False),
        demarche_id=demarche.pk,
    )
    classe.oublier()
    return demarche


def _ouvrir(brouillon: Brouillon, donnees: dict[str, Any], par: Agent) -> Demarche:
    ressort = brouillon.ressort
    version = ressort.processus.versions.order_by("-numero").first()
    if version is None:
        raise PerimetreRefuse("Cette politique n’a pas encore de processus : chargez son dispositif.")
    slug = _slug_libre(donnees["nom"])
    departements: dict[str, int] = {}
    for c in brouillon.communes:
        departements[c.departement] = departements.get(c.departement, 0) + (c.population or 0)
    territoire = creer_territoire(
        donnees["nom"],
        slug,
        departement=max(departements, key=lambda d: (departements[d], d)),
        porteur=donnees["porteur"],
        par=par,
    )
    return demarches.ouvrir(
        territoire,
        version,
        slug=slug,
        generation=donnees["generation"],
        ouverte_le=date.today(),
        par=par,
    )


def _slug_libre(nom: str) -> str:
    base = slugify(nom)[:LONGUEUR_SLUG].strip("-") or "territoire"
    pris = set(Territoire.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    pris |= set(Demarche.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slug, rang = base, 2
    while slug in pris:
        slug, rang = f"{base}-{rang}", rang + 1
    return slug
