"""The ledger has one writer and one lock: nothing else writes a movement or locks an envelope."""

from __future__ import annotations

import re
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[2] / "src" / "arpent"
CREDITS = SOURCES / "plateforme" / "negociations" / "credits"
ECRIT = re.compile(
    r"Mouvement\(|Mouvement\.objects\.(bulk_)?(create|get_or_create|update_or_create)|mouvements\.create"
)
VERROUILLE = re.compile(r"Enveloppe\.objects[^\n]*select_for_update")
DEFINITION = re.compile(r"class Mouvement\(")


def _ou(motif: re.Pattern[str]) -> set[str]:
    return {
        str(p.relative_to(SOURCES))
        for p in SOURCES.rglob("*.py")
        if "migrations" not in p.parts and motif.search(DEFINITION.sub("", p.read_text(encoding="utf-8")))
    }


def test_les_mouvements_n_ont_qu_un_ecrivain() -> None:
    assert _ou(ECRIT) == {str((CREDITS / "registre.py").relative_to(SOURCES))}


def test_les_enveloppes_n_ont_qu_un_verrou() -> None:
    assert _ou(VERROUILLE) == {str((CREDITS / "verrou.py").relative_to(SOURCES))}
