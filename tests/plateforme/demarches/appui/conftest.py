"""A territory with a mairie, its secretary, the mission d'appui and its structure."""

from __future__ import annotations

import pytest

from arpent.plateforme.acteurs.models import DemandeAppui, StructureAppui
from tests.plateforme import fabrique


@pytest.fixture
def demarche(db):
    return fabrique.demarche(slug="gevaudan")


@pytest.fixture
def mairie(db):
    return fabrique.organisation("commune", "Mairie de Langogne")


@pytest.fixture
def secretaire(demarche, mairie):
    return fabrique.agent("secretaire_mairie", demarche, pour=mairie, prenom="Sylvie", nom="Rouvière")


@pytest.fixture
def mission(demarche):
    return fabrique.agent("mission_appui", demarche, prenom="Hugo", nom="Pages")


@pytest.fixture
def structure(demarche, mission):
    structure = StructureAppui.objects.create(
        autorite=demarche.autorite, organisation=demarche.autorite, nom="Mission d’appui", delai_jours=10
    )
    structure.agents.add(mission)
    return structure


@pytest.fixture
def demande(demarche, mairie, secretaire, structure):
    return DemandeAppui.objects.create(
        territoire=demarche.territoire, autorite=demarche.autorite, demarche_id=demarche.pk,
        organisation=mairie, genre="montage", question="Quelles pièces joindre ?", structure=structure,
        demandee_par=secretaire, demandee_par_nom="Sylvie Rouvière", echeance_le="2026-03-10",
    )  # fmt: skip
