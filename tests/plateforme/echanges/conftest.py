"""A plan of one fiche, on a territory of two communes."""

from datetime import date
from decimal import Decimal

import pytest

from arpent.plateforme.plans.models import Axe
from tests.plateforme import fabrique


@pytest.fixture
def demarche():
    communes = [fabrique.commune("Chirac"), fabrique.commune("Marvejols")]
    demarche = fabrique.demarche(fabrique.territoire(fabrique.groupement(*communes)), slug="gevaudan")
    for commune in communes:
        fabrique.organisation("commune", f"Commune de {commune.nom}", commune=commune)
    Axe.objects.create(demarche=demarche, numero=1, libelle="Vivre au pays")
    return demarche


@pytest.fixture
def chef(demarche, connecte):
    return connecte(fabrique.agent("chef_de_projet", demarche))


@pytest.fixture
def pont(demarche):
    fiche = fabrique.fiche(
        demarche,
        numero=7,
        titre="Pont du Lot",
        description="Ligne 1\r\nLigne 2\ttabulée",
        debut_le=date(2027, 3, 1),
        cout_ht=Decimal("1000.10"),
        assiette=Decimal("900.05"),
        aide_demandee=Decimal("100"),
    )
    fabrique.financement(fiche, "etat", "300.05")
    return fiche
