"""`python -m bench.fiabilite`: many writers on one fiche, none of their euros lost.

Each writer reads the fiche, adds a euro to its cost and to its financing plan, saves through the action of
the page, and starts again when it is refused because somebody saved meanwhile. At the end the cost, the
plan, the version and the journal must say the number of saves that were acknowledged. Runs on SQLite, or on
the empty database that DATABASE_URL names.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

RACINE = Path(__file__).resolve().parents[1]


def _lancer(environnement: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.plateforme.concurrence.ouvrier", *arguments],
        cwd=RACINE, env=environnement, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def _lire(ouvrier: subprocess.Popen[str]) -> dict[str, Any]:
    sortie, _ = ouvrier.communicate()
    if ouvrier.returncode:
        raise SystemExit(f"Un écrivain s’est arrêté (code {ouvrier.returncode}).")
    lu: dict[str, Any] = json.loads(sortie.strip().splitlines()[-1])
    return lu


def course(environnement: dict[str, str], ecrivains: int, modifications: int, deja: int) -> dict[str, Any]:
    """One race; `deja` is what the fiche already counts. Raises SystemExit when a save was lost."""
    rendus = [
        _lire(o) for o in [_lancer(environnement, "REDIGER", str(modifications)) for _ in range(ecrivains)]
    ]
    duree = max(r["fin"] for r in rendus) - min(r["debut"] for r in rendus)
    bilan = _lire(_lancer(environnement, "BILAN"))
    durees = sorted(d for r in rendus for d in r["durees"])
    attendu = deja + len(durees)
    if bilan["cout"] != f"{attendu}.00" or bilan["version_fiche"] != attendu + 1 or not bilan["journal"]:
        raise SystemExit(f"Des écritures ont été perdues : {attendu} acquittées, coût {bilan['cout']}.")
    return {
        "ecrivains": ecrivains,
        "acquittees": len(durees),
        "perdues": 0,
        "refusees_puis_reprises": sum(r["refus"] for r in rendus),
        "par_seconde": round(len(durees) / duree),
        "p50_ms": round(durees[len(durees) // 2] * 1000, 1),
        "p99_ms": round(durees[int(len(durees) * 0.99)] * 1000, 1),
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.fiabilite", description=__doc__)
    parser.add_argument("--ecrivains", default="2,8,32")
    parser.add_argument("--modifications", type=int, default=250, help="par écrivain (5 000 pour la cible)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as donnees:
        environnement = os.environ | {"ARPENT_DONNEES": donnees, "PYTHONPATH": f"{RACINE / 'src'}:{RACINE}"}
        _lire(_lancer(environnement, "PREPARER"))
        deja = 0
        for ecrivains in map(int, options.ecrivains.split(",")):
            mesure = course(environnement, ecrivains, options.modifications, deja)
            deja += mesure["acquittees"]
            print(json.dumps(mesure, ensure_ascii=False), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
