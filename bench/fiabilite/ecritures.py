"""`python -m bench.fiabilite ecritures`: many writers on one fiche, none of their euros lost.

Each writer reads the fiche, adds a euro to its cost and to its financing plan, saves through the action of
the page, and starts again a few milliseconds later when it is refused because somebody saved meanwhile. At
the end the cost, the plan, the version and the journal must say the number of saves that were acknowledged.
"""

from __future__ import annotations

import argparse
from typing import Any

from .outils import arret, base_neuve, dire, lancer, lire


def course(
    environnement: dict[str, str],
    ecrivains: int,
    modifications: int,
    deja: int,
    secondes: float,
    pause: float,
) -> dict[str, Any]:
    """One race; `deja` is what the fiche already counts. Raises SystemExit when a save was lost."""
    arguments = ("REDIGER", str(modifications), str(secondes), str(pause))
    rendus = [lire(o) for o in [lancer(environnement, *arguments) for _ in range(ecrivains)]]
    duree = max(r["fin"] for r in rendus) - min(r["debut"] for r in rendus)
    bilan = lire(lancer(environnement, "BILAN"))
    acceptees, entieres = (sorted(d for r in rendus for d in r[quoi]) for quoi in ("durees", "entieres"))
    attendu = deja + len(acceptees)
    vu = (bilan["cout"], bilan["autofinancement"], bilan["version_fiche"], bilan["journal"])
    if vu != (f"{attendu}.00", [f"{attendu}.00"], attendu + 1, True):
        raise arret(f"Des écritures ont été perdues : {attendu} acquittées, {vu} lu.")
    return {
        "ecrivains": ecrivains,
        "demandees": ecrivains * modifications,
        "acquittees": len(acceptees),
        "perdues": 0,
        "refusees_puis_reprises": sum(r["refus"] for r in rendus),
        "base_occupee_puis_reprises": sum(r["occupee"] for r in rendus),
        "par_seconde": round(len(acceptees) / duree, 1),
        "p50_ms": _centile(acceptees, 0.5),
        "p99_ms": _centile(acceptees, 0.99),
        "p99_avec_reprises_ms": _centile(entieres, 0.99),
    }


def _centile(durees: list[float], part: float) -> float:
    return round(durees[int(len(durees) * part)] * 1000, 1)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.fiabilite ecritures", description=__doc__)
    parser.add_argument("--ecrivains", default="2,8,32")
    parser.add_argument("--modifications", type=int, default=250, help="par écrivain (5 000 pour la cible)")
    parser.add_argument("--secondes", type=float, default=0, help="durée d’une course au plus (0 : sans)")
    parser.add_argument(
        "--pause", type=float, default=0, help="secondes entre deux modifications d’un écrivain, en moyenne"
    )
    options = parser.parse_args(arguments)
    with base_neuve() as environnement:
        lire(lancer(environnement, "PREPARER"))
        deja = 0
        for ecrivains in map(int, options.ecrivains.split(",")):
            mesure = course(
                environnement, ecrivains, options.modifications, deja, options.secondes, options.pause
            )
            deja += mesure["acquittees"]
            dire("ecritures", mesure)
    return 0
