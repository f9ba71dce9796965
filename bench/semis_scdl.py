"""Awards in memory for the bench of the SCDL file: as many as asked, no database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from arpent.metier.attribution import ConventionDue
from arpent.metier.avenants import LigneContrat
from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.echanges.donnees_ouvertes.lecture import Attribution
from arpent.plateforme.subventions.attribution import Engagement, Octroi

SANS_CONVENTION = ConventionDue(False, "Structure publique.", "loi du 12 avril 2000, article 10")


def attributions(nombre: int) -> tuple[list[Attribution], Mapping[int, str]]:
    """The awards, and the SIRET of their thousand bodies."""
    autorite = Organisation(pk=1, nom="Département du banc", nature=Organisation.Nature.DEPARTEMENT)
    corps = [
        Organisation(pk=n, nom=f"Commune de Saint-Exemple {n}", nature=Organisation.Nature.COMMUNE)
        for n in range(2, 1_002)
    ]
    siret = {o.pk: f"{o.pk:014d}" for o in (autorite, *corps)}
    lues = []
    for n in range(nombre):
        qui, aide = corps[n % len(corps)], Decimal(n * 7919 % 9_000_000 + 100) / 100
        ligne = LigneContrat(f"f{n}", str(n), f"Réfection, « voie » n° {n}\net abords", qui.nom, aide)
        lues.append(
            Attribution(
                autorite, "Contrats territoriaux", date(2029, 12, 31),
                Octroi(ligne, None, qui, SANS_CONVENTION, ""),
                Engagement(f"CP-{n}", date(2026, 1, 1) + timedelta(days=n % 300), aide),
            )
        )  # fmt: skip
    return lues, siret
