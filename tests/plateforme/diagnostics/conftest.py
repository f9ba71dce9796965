"""A real territory over the real extracts: the CC Gorges Causses Cévennes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.observatoire import chargement
from arpent.plateforme.observatoire.magasin import Magasin, ouvrir
from arpent.plateforme.reglements.chargement import charger_dispositif, lister_livres
from arpent.plateforme.reglements.models import Dispositif
from arpent.plateforme.territoires.models import Appartenance, Groupement
from tests.plateforme import fabrique

DEBUT = date(2017, 1, 1)
GORGES = "200069151"
LIVRES = {dossier.name: dossier for dossier in lister_livres()}


@pytest.fixture(scope="session")
def dossier_observatoire(tmp_path_factory: pytest.TempPathFactory) -> Path:
    dossier = tmp_path_factory.mktemp("donnees")
    chargement.construire(dossier)
    return dossier


@pytest.fixture
def magasin(dossier_observatoire: Path, settings: Any) -> Magasin:
    settings.ARPENT_DONNEES = dossier_observatoire
    return ouvrir(dossier_observatoire)


@pytest.fixture
def lozere(db: None) -> Dispositif:
    return charger_dispositif(LIVRES["lozere"], demonstration=True, par=None)


def ouvrir_sur(magasin: Magasin, dispositif: Dispositif, *sirens: str, nom: str) -> Demarche:
    """A démarche over real EPCI, with the communes that the store knows."""
    groupements = []
    for siren in sirens:
        groupement = Groupement.objects.create(siren=siren, nom=f"CC {siren}", nature="CC")
        Appartenance.objects.bulk_create(
            Appartenance(commune=fabrique.commune(code, code=code), groupement=groupement, debut=DEBUT)
            for code in magasin.communes_de(siren)
        )
        groupements.append(groupement)
    return fabrique.demarche(fabrique.territoire(*groupements, nom=nom), dispositif)


@pytest.fixture
def demarche(magasin: Magasin, lozere: Dispositif) -> Demarche:
    return ouvrir_sur(magasin, lozere, GORGES, nom="Gorges Causses Cévennes")
