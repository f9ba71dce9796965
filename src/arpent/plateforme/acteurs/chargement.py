"""Organisations drawn from the reference data: one per commune, one per groupement."""

from __future__ import annotations

from django.db import transaction

from arpent.plateforme.territoires.models import Commune, Groupement

from .models import Organisation

NATURES = {
    "CC": Organisation.Nature.CC,
    "CA": Organisation.Nature.CA,
    "CU": Organisation.Nature.CU,
    "METRO": Organisation.Nature.METROPOLE,
    "MET69": Organisation.Nature.METROPOLE,
    "PETR": Organisation.Nature.PETR,
}


def nom_de_commune(nom: str) -> str:
    """“Commune de Mende”, “Commune d’Ispagnac”, “Commune des Bondons”, “Commune du Malzieu-Ville”."""
    for article, contracte in (("Le ", "du "), ("Les ", "des ")):
        if nom.startswith(article):
            return f"Commune {contracte}{nom[len(article) :]}"
    if nom.startswith(("L’", "L'")):
        return f"Commune de {nom}"
    elision = nom[0] in "AEIOUYÉÈÊÎÔŒH"
    return f"Commune d’{nom}" if elision else f"Commune de {nom}"


@transaction.atomic
def charger_organisations() -> int:
    """Adds the organisations that miss; never renames one that was corrected. Bulk, 4 queries."""
    communes = set(Organisation.objects.exclude(commune=None).values_list("commune_id", flat=True))
    groupements = set(Organisation.objects.exclude(groupement=None).values_list("groupement_id", flat=True))
    taken = set(Organisation.objects.exclude(siren="").values_list("siren", flat=True))
    rows = [
        Organisation(
            nom=nom_de_commune(c.nom),
            siren=c.siren if c.siren not in taken else "",
            nature=Organisation.Nature.COMMUNE,
            commune=c,
        )
        for c in Commune.objects.exclude(pk__in=communes).order_by("code")
    ]
    rows += [
        Organisation(
            nom=g.nom,
            siren=g.siren if g.siren not in taken else "",
            nature=NATURES.get(g.nature, Organisation.Nature.SYNDICAT),
            groupement=g,
        )
        for g in Groupement.objects.exclude(pk__in=groupements).order_by("siren")
    ]
    Organisation.objects.bulk_create(rows, batch_size=500)
    return len(rows)
