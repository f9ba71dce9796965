"""A dispositif loaded from its files, its chef de projet, and a draft of the version in force."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.reglements.actions import ouvrir_brouillon
from arpent.plateforme.reglements.chargement import charger_dispositif, lister_livres
from arpent.plateforme.reglements.models import BrouillonReglement, Dispositif
from tests.plateforme import fabrique

LIVRES = {dossier.name: dossier for dossier in lister_livres()}


@pytest.fixture
def dispositif(db: None) -> Dispositif:
    return charger_dispositif(LIVRES["lozere"], demonstration=True, par=None)


@pytest.fixture
def demarche(dispositif: Dispositif) -> Demarche:
    return fabrique.demarche(dans=dispositif)


@pytest.fixture
def cheffe(demarche: Demarche) -> Agent:
    return fabrique.agent("chef_de_projet", demarche)


@pytest.fixture
def client_cheffe(cheffe: Agent, connecte: Callable[[Agent], Client]) -> Client:
    return connecte(cheffe)


@pytest.fixture
def brouillon(dispositif: Dispositif, cheffe: Agent) -> BrouillonReglement:
    version = dispositif.versions.get()
    return ouvrir_brouillon(
        dispositif, "Règlement 2027", version.contenu, par=cheffe, depuis=version, demonstration=True
    )


@pytest.fixture
def url(brouillon: BrouillonReglement) -> str:
    return f"/dispositifs/lozere/reglement/brouillons/{brouillon.pk}/"
