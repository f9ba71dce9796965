"""The real extracts, built once into a store for all the tests of the observatoire."""

from pathlib import Path

import pytest

from arpent.extraits import lecture
from arpent.plateforme.observatoire.chargement import construire
from arpent.plateforme.observatoire.magasin import Magasin, ouvrir


@pytest.fixture(scope="session")
def donnees(tmp_path_factory: pytest.TempPathFactory) -> Path:
    dossier = tmp_path_factory.mktemp("observatoire")
    construire(dossier)
    return dossier


@pytest.fixture(scope="session")
def magasin(donnees: Path) -> Magasin:
    return ouvrir(donnees)


def epci_de_demonstration() -> list[str]:
    return [siren for t in lecture.territoires() for siren in t["groupements"]]
