"""One instance and one browser for all the journeys. No test database is needed here."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from . import navigateur as nav
from .chemin import CHEFFE
from .instance import charger_une_fois, instance_de_demonstration

Ouvrir = Callable[..., nav.Onglet]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.parcours)


@pytest.fixture(scope="package")
def donnees(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the instance of this process writes."""
    return tmp_path_factory.mktemp("instance")


@pytest.fixture(scope="package")
def racine(tmp_path_factory: pytest.TempPathFactory, donnees: Path) -> Iterator[str]:
    """Address of the instance of this process: the demonstration is loaded once for all of them."""
    repertoire = donnees
    partage = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        partage = partage.parent
    charger_une_fois(partage / "demonstration", repertoire)
    with instance_de_demonstration(repertoire) as adresse:
        yield adresse


@pytest.fixture(scope="package")
def navigateur() -> Iterator[Browser]:
    """Closed with the package: its event loop must not outlive the journeys."""
    with sync_playwright() as playwright:
        ouvert = nav.lancer(playwright)
        yield ouvert
        ouvert.close()


@pytest.fixture(scope="package")
def session_de(
    navigateur: Browser, racine: str, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], str]:
    """The file of a session, opened once per person, and again when a journey has killed it."""
    repertoire = tmp_path_factory.mktemp("sessions")
    connues: dict[str, str] = {}
    numeros = count()

    def vit(fichier: str) -> bool:
        with nav.contexte(navigateur, session=fichier) as ouvert:
            return "/connexion/" not in ouvert.request.get(f"{racine}/mes-nouvelles/").url

    def obtenir(fonction: str) -> str:
        if fonction not in connues or not vit(connues[fonction]):
            with nav.contexte(navigateur) as ouvert:
                nav.se_connecter(ouvert.new_page(), racine, fonction)
                fichier = repertoire / f"{next(numeros)}.json"
                ouvert.storage_state(path=fichier)
                connues[fonction] = str(fichier)
        return connues[fonction]

    return obtenir


@pytest.fixture
def ouvrir(navigateur: Browser, racine: str, session_de: Callable[[str], str]) -> Iterator[Ouvrir]:
    """Opens a tab as somebody; at the end of the test, no tab may have complained."""
    onglets: list[nav.Onglet] = []
    with ExitStack() as pile:

        def build(
            fonction: str | None = CHEFFE, taille: tuple[int, int] = nav.BUREAU, **reste: object
        ) -> nav.Onglet:
            session = session_de(fonction) if fonction else None
            fenetre = pile.enter_context(nav.contexte(navigateur, taille, session=session, **reste))  # type: ignore[arg-type]
            onglet = nav.Onglet(fenetre.new_page(), racine)
            onglets.append(onglet)
            return onglet

        yield build
    assert not [plainte for onglet in onglets for plainte in onglet.plaintes]
