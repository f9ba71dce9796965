"""The answer of the child: the tables of a file, or the plan that comes back, or why nothing is read."""

from __future__ import annotations

import json
import sys
from typing import Any

from .classeurs import Feuille, lire
from .elus import ranger_elus, titre_de
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


def _elus(chemin: str, genre: str, departements: list[str]) -> dict[str, Any]:
    """The first sheet that has the titles of a list of people."""
    if genre == "csv":
        return {"nom": ""} | ranger_elus(lire_csv(chemin), departements)
    feuilles = lire(chemin, genre).feuilles
    voulue = next((f for f in feuilles if titre_de(f.rows) is not None), feuilles[0])
    return {"nom": voulue.nom} | ranger_elus(voulue.rows, departements)


def repondre(chemin: str, genre: str, elus: str | None = None) -> dict[str, Any]:
    """`elus`: codes of départements, comma between; the file is then a list of elected people."""
    if elus is not None:
        return {"feuilles": [_elus(chemin, genre, [c for c in elus.split(",") if c])], "masquees": []}
    if genre == "csv":
        return {"feuilles": [{"nom": "", "recopiees": 0} | ranger(lire_csv(chemin))], "masquees": []}
    lecture = lire(chemin, genre)
    if lecture.retour:
        return {"retour": lecture.retour}
    return {"feuilles": _feuilles(lecture.feuilles), "masquees": lecture.masquees}


def main() -> None:
    chemin, genre, *elus = sys.argv[1:4]
    limiter()
    lourd = {"refus": "Le fichier est trop lourd à lire : ne gardez que la feuille du plan d’actions."}
    try:
        sortie = json.dumps(repondre(chemin, genre, *elus))
    except Refus as refus:
        sortie = json.dumps({"refus": str(refus)})
    except (MemoryError, RecursionError):
        sortie = json.dumps(lourd)
    sys.stdout.write(sortie if len(sortie) <= SORTIE_MAX else json.dumps(lourd))
