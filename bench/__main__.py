"""`python -m bench`: seeds, serves, measures, prints."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from . import rapport
from .instance import BancEnPanne, instance
from .mesures import TOURS, MesureTaille, mesurer_debit, mesurer_taille
from .pages import GRANDE_TAILLE, PAR_CODE, TAILLE_DE_REFERENCE


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--tailles", default="1000,10000,100000", help="nombres de fiches, croissants")
    parser.add_argument("--pages", default=",".join(PAR_CODE), help="pages à mesurer, par code")
    parser.add_argument("--tours", type=int, default=TOURS, help=f"mesures par page ({TOURS})")
    parser.add_argument("--sortie", type=Path, help="écrit aussi les mesures en JSON dans ce fichier")
    return parser.parse_args()


def _say(text: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr, flush=True)


def main() -> int:
    options = _options()
    sizes = sorted({int(t) for t in options.tailles.split(",")})
    pages = [PAR_CODE[code] for code in options.pages.split(",")]
    measured: dict[int, MesureTaille] = {}
    with instance() as banc:
        for size in sizes:
            _say(f"{banc.moteur} : {size} fiches")
            measured[size] = mesurer_taille(banc, size, pages, options.tours)
            if size == TAILLE_DE_REFERENCE or size == sizes[-1] < TAILLE_DE_REFERENCE:
                _say("débit")
                throughput = mesurer_debit(banc)
        moteur = banc.moteur
    last = measured[sizes[-1]]
    others = {"pret": last.pret, "memoire": last.memoire, "connexion": last.connexion}
    others |= {f"pages par seconde, 8 personnes, 2 processus : {k}": v for k, v in throughput.items()}
    lines = [f"## {moteur}", ""]
    for m in measured.values():
        lines += rapport.tableau_pages(m)
    if {TAILLE_DE_REFERENCE, GRANDE_TAILLE} <= measured.keys():
        lines += rapport.tableau_croissance(measured[TAILLE_DE_REFERENCE], measured[GRANDE_TAILLE])
    lines += rapport.tableau_reste(others)
    missed = rapport.manques(measured, others)
    lines += (
        ["Toutes les cibles sont atteintes."]
        if not missed
        else ["Cibles manquées :", *(f"- {m}" for m in missed)]
    )
    print("\n".join(lines))
    if options.sortie:
        options.sortie.write_text(
            json.dumps(rapport.as_json(moteur, measured, others), ensure_ascii=False, indent=1) + "\n",
            "utf-8",
        )
    return 0


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except BancEnPanne as panne:
        print(f"bench : {panne}", file=sys.stderr)
        raise SystemExit(1) from None
