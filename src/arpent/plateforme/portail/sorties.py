"""The territories as plain data, for the command line."""

from __future__ import annotations

from datetime import date
from typing import Any

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.territoires.models import Composition, Territoire
from arpent.plateforme.territoires.perimetres import en_cours


def _perimetres() -> dict[int, tuple[list[str], int, int]]:
    """By territory: SIREN of its EPCI, number of communes, population. One query."""
    sirens: dict[int, list[str]] = {}
    communes: dict[int, dict[str, int]] = {}
    rows = (
        Composition.objects.filter(en_cours(date.today(), "", "groupement__appartenances__"))
        .order_by("territoire_id", "groupement_id")
        .values_list(
            "territoire_id",
            "groupement_id",
            "groupement__appartenances__commune_id",
            "groupement__appartenances__commune__population",
        )
    )
    for territoire, siren, commune, population in rows:
        connus = sirens.setdefault(territoire, [])
        if siren not in connus:
            connus.append(siren)
        if commune:
            communes.setdefault(territoire, {})[commune] = population or 0
    return {
        pk: (connus, len(communes.get(pk, {})), sum(communes.get(pk, {}).values()))
        for pk, connus in sirens.items()
    }


def territoires_json() -> list[dict[str, Any]]:
    """Each démarche, then each territory that has none yet (dispositif, génération and état are then empty).

    Three queries. `slug` is what the commands take as CODE.
    """
    perimetres = _perimetres()

    def ligne(territoire: Territoire, demarche: Demarche | None) -> dict[str, Any]:
        sirens, communes, population = perimetres.get(territoire.pk, ([], 0, 0))
        return {
            "slug": demarche.slug if demarche else territoire.slug,
            "nom": territoire.nom,
            "dispositif": demarche.processus.dispositif.slug if demarche else "",
            "generation": demarche.generation if demarche else "",
            "etat": demarche.etat if demarche else "",
            "departement": territoire.departement,
            "communes": communes,
            "population": population,
            "sirens": sirens,
        }

    demarches = (
        Demarche.objects.avec_contexte()
        .select_related("version_processus__processus__dispositif")
        .order_by("version_processus__processus__dispositif__slug", "territoire__nom", "slug")
    )
    ouvertes = [ligne(d.territoire, d) for d in demarches]
    sans_demarche = Territoire.objects.filter(demarches__isnull=True).order_by("nom", "slug")
    return ouvertes + [ligne(t, None) for t in sans_demarche]
