"""The agreed démarche of the contract tests, its first two projects retained."""

import pytest

from arpent.plateforme.plans.models import Fiche
from tests.plateforme.contrats.conftest import accord, contrat, monde
from tests.plateforme.negociations.conftest import Monde

__all__ = ["accord", "contrat", "monde"]


@pytest.fixture
def retenus(accord: Monde) -> Monde:
    """Two retained projects, their aid agreed."""
    for fiche, montant in zip(accord.fiches[:2], ("9999.99", "15000.01"), strict=True):
        Fiche.objects.filter(pk=fiche.pk).update(etat="retenue", aide_accordee=montant)
        fiche.refresh_from_db()
    return accord
