"""The answer of the child: the tables of a file, or the plan that comes back, or why nothing is read."""

from __future__ import annotations

import json
import sys
from typing import Any

from .classeurs import Feuille, lire
from .limites import SORTIE_MAX, TEXTE_MAX, Refus, limiter
from .rangement import ranger
from .textes import lire_csv


def _rangee(feuille: Feuille) -> dict[str, Any]:
    return {"nom": feuille.nom, "recopiees": feuille.recopiees} | ranger(feuille.rows, feuille.fusions)


def _feuilles(feuilles: list[Feuille]) -> list[dict[str, Any]]:
    """The best sheet, which must be readable, then the others that are, while they fit together."""
    rangees, total = [_rangee(feuilles[0])], 0
    for feuille in feuilles[1:]:
        total += sum(len(c) for row in feuille.rows for c in row)
        if total > TEXTE_MAX // 3:
            break
        try:
            rangees.append(_rangee(feuille))
        except Refus:
            continue
    return rangees


def repondre(chemin: str, genre: str) -> dict[str, Any]:
    if genre == "csv":
        return {"feuilles": [{"nom": "", "recopiees": 0} | ranger(lire_csv(chemin))], "masquees": []}
    lecture = lire(chemin, genre)
    if lecture.retour:
        return {"retour": lecture.retour}
    return {"feuilles": _feuilles(lecture.feuilles), "masquees": lecture.masquees}


def main() -> None:
    chemin, genre = sys.argv[1:3]
    limiter()
    lourd = {"refus": "Le fichier est trop lourd à lire : ne gardez que la feuille du plan d’actions."}
    try:
        sortie = json.dumps(repondre(chemin, genre))
    except Refus as refus:
        sortie = json.dumps({"refus": str(refus)})
    except (MemoryError, RecursionError):
        sortie = json.dumps(lourd)
    sys.stdout.write(sortie if len(sortie) <= SORTIE_MAX else json.dumps(lourd))
