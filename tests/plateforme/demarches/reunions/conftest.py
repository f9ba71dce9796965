"""A territory with two communes, its mayors and its president, and a meeting that calls them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from django.test import Client

from arpent.plateforme.acteurs.models import Agent, Mandat, Organisation, Personne
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions import actions
from arpent.plateforme.demarches.reunions.genres import genres_de
from arpent.plateforme.demarches.reunions.models import Reunion
from tests.plateforme import fabrique

JOUR = date(2026, 3, 12)


def elu(corps: Organisation, fonction: str, nom: str, **champs: Any) -> Mandat:
    """A person who holds a mandate since 2020, with a mail address of their own."""
    personne = Personne.objects.create(prenom="Élu", nom=nom, courriel=f"{nom.lower()}@exemple.fr")
    return Mandat.objects.create(
        personne=personne,
        organisation=corps,
        fonction=fonction,
        **({"debut": date(2020, 6, 1)} | champs),
    )


@pytest.fixture
def demarche() -> Demarche:
    """Two communes; the mayor of the second one is not known."""
    connue, inconnue = fabrique.commune("Florac"), fabrique.commune("Ispagnac")
    groupement = fabrique.groupement(connue, inconnue, nom="CC des Gorges")
    elu(fabrique.organisation("commune", "Commune de Florac", commune=connue), "maire", "Durand")
    elu(fabrique.organisation("cc", "CC des Gorges", groupement=groupement), "president", "Molines")
    return fabrique.demarche(fabrique.territoire(groupement, nom="Gorges"))


def preparer(demarche: Demarche, genre: str = "concertation", **champs: Any) -> Reunion:
    """A meeting ready to be convened."""
    defaut: dict[str, Any] = {
        "titre": "Concertation de mars",
        "jour": JOUR,
        "heure": time(18, 30),
        "lieu": "Salle des fêtes",
    }
    autres = champs.pop("autres", ())
    reunion = Reunion(demarche=demarche, **(defaut | champs))
    return actions.preparer(reunion, genres_de(demarche)[genre], autres, par=None)


@pytest.fixture
def reunion(demarche: Demarche) -> Reunion:
    return preparer(demarche)


@pytest.fixture
def cheffe(demarche: Demarche) -> Agent:
    return fabrique.agent("chef_de_projet", demarche, nom="Vidal", prenom="Claire")


@pytest.fixture
def client_cheffe(connecte: Callable[[Agent], Client], cheffe: Agent) -> Client:
    return connecte(cheffe)
