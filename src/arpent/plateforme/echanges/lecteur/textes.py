"""A text file as rows of cells."""

from __future__ import annotations

import csv
import io

from .limites import LIGNE_LOINTAINE, Refus
from .rangement import TITRE_LIGNES

_DECLENCHEURS = ("=", "+", "-", "@", "\t", "\r", "\n")


def _sans_apostrophe(cellule: str) -> str:
    """The text before our own exports put an apostrophe in front of what looks like a formula."""
    nu = cellule.lstrip(" '")
    return cellule[1:] if cellule.startswith("'") and nu[:1] in _DECLENCHEURS and nu else cellule


def _decoder(octets: bytes) -> str:
    if octets[:2] in (b"\xff\xfe", b"\xfe\xff"):  # « Texte Unicode » of Excel
        return octets.decode("utf-16", errors="replace")
    if b"\0" in octets:
        raise Refus("Le fichier n’est pas un texte : enregistrez le tableau au format .csv ou .xlsx.")
    for encodage in ("utf-8-sig", "cp1252"):
        try:
            return octets.decode(encodage)
        except UnicodeDecodeError:
            continue
    return octets.decode("latin-1")


def _separateur(texte: str) -> str:
    """The separator that cuts the first lines into the most columns."""
    lignes = [ligne for ligne in texte[:100_000].splitlines()[:TITRE_LIGNES] if ligne.strip()]
    return max(";\t,|", key=lambda s: sum(ligne.count(s) for ligne in lignes))


def lire_csv(chemin: str) -> list[list[str]]:
    with open(chemin, "rb") as flux:
        texte = _decoder(flux.read())
    csv.field_size_limit(200_000)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(texte, newline=""), delimiter=_separateur(texte), strict=True):
            rows.append([_sans_apostrophe(cellule) for cellule in row])
            if len(rows) > LIGNE_LOINTAINE:
                break
    except csv.Error as erreur:
        raise Refus(
            f"Le fichier est mal formé vers la ligne {len(rows) + 1} (guillemet non refermé, par exemple) : "
            "corrigez-le ou enregistrez-le au format .xlsx."
        ) from erreur
    return rows
