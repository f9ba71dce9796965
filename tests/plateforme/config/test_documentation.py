"""The documentation says what is there: commands, files, links, diagrams."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from outils import cycles

from arpent.plateforme.config.commande import analyseur

RACINE = Path(__file__).resolve().parents[3]
PAGES = [
    *(RACINE / nom for nom in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((RACINE / "docs").rglob("*.md")),
    *sorted((RACINE / "deploy").rglob("*.md")),
]
_LIEN = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
_CHEMIN = re.compile(r"`((?:src|tests|docs|outils|deploy|requirements)/[\w./-]+)`")


def _commandes(parser: argparse.ArgumentParser, chemin: str = "arpent") -> Iterator[str]:
    """Every complete command of the parser: “arpent plan importer”."""
    sous = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    if not sous:
        yield chemin
    for action in sous:
        for nom, enfant in action.choices.items():
            yield from _commandes(enfant, f"{chemin} {nom}")


@pytest.mark.parametrize("commande", sorted(_commandes(analyseur())))
def test_chaque_commande_est_documentee(commande: str) -> None:
    assert commande in (RACINE / "docs" / "commande.md").read_text(encoding="utf-8")


def test_chaque_commande_citee_existe() -> None:
    connues = set(_commandes(analyseur()))
    texte = "\n".join(p.read_text(encoding="utf-8") for p in PAGES)
    blocs = re.findall(r"```sh\n(.*?)```", texte, re.S)
    citees = [m for bloc in blocs for m in re.findall(r"(?:^|&& )(arpent [a-z][a-z .-]*)", bloc, re.M)]
    assert len(citees) > 10
    inconnues = [c for c in citees if not any((c + " ").startswith(connue + " ") for connue in connues)]
    assert inconnues == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(RACINE)))
def test_les_liens_et_les_fichiers_cites_existent(page: Path) -> None:
    texte = page.read_text(encoding="utf-8")
    liens = [cible for cible in _LIEN.findall(texte) if not cible.startswith(("http", "mailto:"))]
    perdus = [cible for cible in liens if not (page.parent / cible).exists()]
    absents = [chemin for chemin in _CHEMIN.findall(texte) if not (RACINE / chemin).exists()]
    assert perdus + absents == []


def test_les_variables_d_environnement_sont_toutes_documentees() -> None:
    sources = "\n".join(p.read_text(encoding="utf-8") for p in (RACINE / "src").rglob("*.py"))
    lues = set(re.findall(r"environ\w*(?:\.get\(|\[)\"(ARPENT_[A-Z_]+|DATABASE_URL)\"", sources))
    assert {"ARPENT_DONNEES", "ARPENT_HTTPS"} <= lues
    page = (RACINE / "docs" / "installation.md").read_text(encoding="utf-8")
    assert {v for v in lues if f"`{v}`" not in page} == set()


def test_les_diagrammes_sont_ceux_des_cycles() -> None:
    assert cycles.CIBLE.read_text(encoding="utf-8") == cycles.page(), "Lancez : python outils/cycles.py"
