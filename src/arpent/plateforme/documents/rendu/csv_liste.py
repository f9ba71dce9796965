"""A list as CSV for a spreadsheet: UTF-8 with its mark, semicolons, decimal comma, no formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from ..donnees import Cellule, ColonneDoc

DECLENCHEURS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""First characters that make a spreadsheet compute a text, or lose it."""


def sans_formule(texte: str) -> str:
    """A text that no spreadsheet takes for a formula: `avec_formule` gives it back."""
    return f"'{texte}" if texte.lstrip(" '")[:1] in DECLENCHEURS and texte.lstrip(" '") else texte


def avec_formule(texte: str) -> str:
    """The text that `sans_formule` wrote; any other text as it is."""
    if texte.startswith("'") and texte.lstrip(" '")[:1] in DECLENCHEURS and texte.lstrip(" '"):
        return texte[1:]
    return texte


def _cellule(valeur: Cellule) -> str:
    match valeur:
        case None:
            return ""
        case Decimal():
            return f"{valeur:f}".replace(".", ",")
        case int():
            return str(valeur)
        case date():
            return f"{valeur:%d/%m/%Y}"
        case _:
            return sans_formule(valeur)


def ecrire_csv(rangees: Sequence[Sequence[Cellule]]) -> bytes:
    """Rows as they are, for Excel and LibreOffice."""
    sortie = io.StringIO()
    ecrit = csv.writer(sortie, delimiter=";", lineterminator="\r\n")
    ecrit.writerows([[_cellule(valeur) for valeur in rangee] for rangee in rangees])
    return sortie.getvalue().encode("utf-8-sig")


def rendre_tableau_csv(
    colonnes: Sequence[ColonneDoc],
    lignes: Sequence[Mapping[str, Cellule]],
    totaux: Mapping[str, Decimal | int] | None = None,
) -> bytes:
    """Headers, one line by row, then the totals: exactly what the page shows."""
    rangees: list[list[Cellule]] = [[c.libelle for c in colonnes]]
    rangees += [[ligne.get(c.code) for c in colonnes] for ligne in lignes]
    if totaux and lignes:
        pied: list[Cellule] = [totaux.get(c.code) for c in colonnes]
        if pied and pied[0] is None:
            pied[0] = "Total"
        rangees.append(pied)
    return ecrire_csv(rangees)
