"""`python -m bench`: seeds, serves, measures, prints."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from . import rapport, statistiques
from .instance import BancEnPanne, instance
from .mesures import TOURS, MesureTaille, mesurer_debit, mesurer_taille, mesurer_travaux, semer
from .pages import PAR_CODE, TAILLE_DE_REFERENCE


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--tailles", default="1000,10000,100000", help="nombres de fiches, croissants")
    parser.add_argument("--pages", default=",".join(PAR_CODE), help="pages à mesurer, par code")
    parser.add_argument("--tours", type=int, default=TOURS, help=f"mesures par page ({TOURS})")
    parser.add_argument(
        "--chapitres", default="pages,statistiques", help="pages, statistiques, ou les deux (par défaut)"
    )
    parser.add_argument("--sortie", type=Path, help="écrit aussi les mesures en JSON dans ce fichier")
    return parser.parse_args()


def _say(text: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr, flush=True)


def main() -> int:
    """1 when a target is missed."""
    options = _options()
    chapitres = options.chapitres.split(",")
    figures: dict[str, Any] = {}
    manques: list[str] = []
    if "pages" in chapitres:
        lues, manque = _pages(options)
        figures |= lues
        manques += manque
    if "statistiques" in chapitres:
        mesures = statistiques.mesurer(_say)
        manque = statistiques.manques(mesures)
        print("\n".join(statistiques.page(mesures)))
        figures |= {"statistiques": mesures, "manques_statistiques": manque}
        manques += manque
    if options.sortie:
        options.sortie.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return 1 if manques else 0


def _pages(options: argparse.Namespace) -> tuple[dict[str, Any], list[str]]:
    """The pages of the plan and of the contract, at growing sizes."""
    sizes = sorted({int(t) for t in options.tailles.split(",")})
    pages = [PAR_CODE[code] for code in options.pages.split(",")]
    measured: dict[int, MesureTaille] = {}
    others: dict[str, float] = {}
    with instance() as banc:
        for size in sizes:
            _say(f"{banc.moteur} : semis de {size} fiches")
            seances = semer(banc, size)
            _say(f"{banc.moteur} : mesure de {len(pages)} pages")
            measured[size] = mesurer_taille(banc, size, seances, pages, options.tours)
            if size == min(sizes, key=lambda n: abs(n - TAILLE_DE_REFERENCE)):
                _say(f"{banc.moteur} : débit, contrat, import")
                others = mesurer_debit(banc, seances) | mesurer_travaux(banc, seances)
        moteur = banc.moteur
    last = measured[sizes[-1]]
    others |= {code: getattr(last, code) for code in rapport.DU_SERVEUR}
    print("\n".join(rapport.page(moteur, measured, others)))
    return rapport.as_json(moteur, measured, others), rapport.manques(measured, others)


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except BancEnPanne as panne:
        print(f"bench : {panne}", file=sys.stderr)
        raise SystemExit(1) from None
