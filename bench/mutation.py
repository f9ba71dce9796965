"""`python -m bench.mutation`: what share of the faults put in `metier` its tests see, on a drawn sample.

mutmut makes every fault it knows (some ten thousand); trying them all takes most of a day. A seeded draw of
them gives the score with its interval. Prints one JSON line, and each fault that went unseen.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
from collections import Counter
from math import sqrt
from pathlib import Path

RACINE = Path(__file__).resolve().parents[1]
MUTANTS = RACINE / "mutants" / "src"
PREMIER = "arpent.metier.argent.x_arrondir__mutmut_1"
"""Asking for this one alone makes all the faults and tries none but it."""
SURVECU, SANS_TEST, TROP_LONG = {0}, {5, 33}, {24, 36, -24, 152, 255}


def _mutmut(*noms: str) -> None:
    subprocess.run([sys.executable, "-m", "mutmut", "run", *noms], cwd=RACINE, stdout=sys.stderr, check=True)


def _codes() -> dict[str, int | None]:
    """Each fault to the exit code of its tests; None when it was not tried."""
    codes: dict[str, int | None] = {}
    for meta in MUTANTS.rglob("*.meta"):
        codes |= json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
    return codes


def intervalle(vues: int, essayees: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share, in per cent."""
    z, p = 1.96, vues / essayees
    centre = (p + z * z / (2 * essayees)) / (1 + z * z / essayees)
    demi = z * sqrt(p * (1 - p) / essayees + z * z / (4 * essayees**2)) / (1 + z * z / essayees)
    return round(100 * (centre - demi), 1), round(100 * (centre + demi), 1)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.mutation", description=__doc__)
    parser.add_argument("--fautes", type=int, default=400)
    parser.add_argument("--graine", type=int, default=2026)
    options = parser.parse_args()
    _mutmut(PREMIER)
    toutes = sorted(_codes())
    tirees = random.Random(options.graine).sample(toutes, min(options.fautes, len(toutes)))
    _mutmut(*tirees)
    codes = _codes()
    lus = {nom: code for nom in tirees if (code := codes[nom]) is not None}
    if not lus:
        raise SystemExit("Aucune faute n’a été essayée.")
    passees = sorted(nom for nom, code in lus.items() if code in SURVECU | SANS_TEST)
    bas, haut = intervalle(len(lus) - len(passees), len(lus))
    for nom in passees:
        print(nom)
    pieces = Counter(nom.split(".")[2] for nom in lus)
    manquees = Counter(nom.split(".")[2] for nom in passees)
    print(json.dumps({
        "fautes": len(toutes), "essayees": len(lus), "vues": len(lus) - len(passees),
        "trop_longues": sum(code in TROP_LONG for code in lus.values()),
        "sans_test": sum(code in SANS_TEST for code in lus.values()),
        "score": round(100 * (len(lus) - len(passees)) / len(lus), 1), "intervalle": [bas, haut],
        "par_piece": {piece: [n - manquees[piece], n] for piece, n in sorted(pieces.items())},
    }, ensure_ascii=False))  # fmt: skip
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
