"""Every gesture written in the journal by the code has its French words on the page of the journal."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from arpent.plateforme.portail.gestes import GESTES

SOURCES = Path(__file__).resolve().parents[2] / "src" / "arpent" / "plateforme"


def _textes(noeud: ast.expr) -> Iterator[str]:
    """The literal texts of an expression: « a » or « a if … else b »."""
    match noeud:
        case ast.Constant(value=str(texte)):
            yield texte
        case ast.IfExp(body=oui, orelse=non):
            yield from _textes(oui)
            yield from _textes(non)


def _gestes_du_code() -> set[str]:
    gestes: set[str] = set()
    for fichier in SOURCES.rglob("*.py"):
        for appel in ast.walk(ast.parse(fichier.read_text(encoding="utf-8"))):
            if not isinstance(appel, ast.Call):
                continue
            if isinstance(appel.func, ast.Name) and appel.func.id == "consigner" and appel.args:
                gestes.update(_textes(appel.args[0]))
            for argument in appel.keywords:
                if argument.arg == "geste":
                    gestes.update(_textes(argument.value))
    return gestes


def test_chaque_geste_du_journal_a_ses_mots() -> None:
    gestes = _gestes_du_code()
    assert len(gestes) > 20
    assert not gestes - set(GESTES), "Ajoutez-les à COURANTS, dans portail/gestes.py."
