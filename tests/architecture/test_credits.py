"""The ledger has one writer and one lock: nothing else writes a movement or locks an envelope."""

from __future__ import annotations

import re
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[2] / "src" / "arpent"
CREDITS = SOURCES / "plateforme" / "negociations" / "credits"
IMPORTE = re.compile(r"models(\.credits)? import (\([^)]*|[^\n]*)\bMouvement\b")
ECRIT = re.compile(
    r"\bMouvement(\.objects\.(bulk_)?(create|get_or_create|update_or_create))?\(|mouvements\.create"
)
VERROUILLE = re.compile(r"Enveloppe\.objects[^\n]*select_for_update")


def _ou(motif: re.Pattern[str], parmi: re.Pattern[str]) -> set[str]:
    textes = {
        str(p.relative_to(SOURCES)): p.read_text(encoding="utf-8")
        for p in SOURCES.rglob("*.py")
        if "migrations" not in p.parts
    }
    return {nom for nom, texte in textes.items() if parmi.search(texte) and motif.search(texte)}


def test_les_mouvements_n_ont_qu_un_ecrivain() -> None:
    assert _ou(ECRIT, IMPORTE) == {str((CREDITS / "registre.py").relative_to(SOURCES))}


def test_les_enveloppes_n_ont_qu_un_verrou() -> None:
    assert _ou(VERROUILLE, VERROUILLE) == {str((CREDITS / "verrou.py").relative_to(SOURCES))}
