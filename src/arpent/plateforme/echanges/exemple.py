"""Files given to the person: the example to fill in, the rejects to correct."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from arpent.plateforme.documents.donnees import Cellule, ColonneDoc, GenreColonne
from arpent.plateforme.documents.rendu.xlsx import rendre_tableau_xlsx

from .correspondance import CHAMPS, MONTANTS
from .reperes import Rejet

_LIGNES: tuple[dict[str, Cellule], ...] = (
    {
        "numero": 1,
        "titre": "Réfection de la toiture de l’école",
        "description": "Isolation et remplacement des tuiles",
        "maturite": "structurant",
        "cout_ht": Decimal(100_000),
        "cout_ttc": Decimal(120_000),
        "assiette": Decimal(90_000),
        "etat": Decimal(40_000),
        "aide_demandee": Decimal(20_000),
        "autofinancement": Decimal(40_000),
        "annee": "2027",
        "debut": date(2027, 3, 1),
        "fin": date(2027, 9, 30),
        "priorite": 1,
    },
    {
        "numero": 2,
        "titre": "Étude d’aménagement de la place",
        "maturite": "amorçage B",
        "cout_ht": Decimal(15_000),
        "annee": "2028",
    },
)
_GENRES: dict[str, GenreColonne] = {
    "numero": "entier",
    "priorite": "entier",
    "debut": "date",
    "fin": "date",
}
_MENTION = (
    "Remplacez les deux lignes d’exemple par vos projets. Seules trois colonnes sont nécessaires : Intitulé, "
    "Maître d’ouvrage, Coût HT. Supprimez celles qui ne vous servent pas."
)


def classeur_exemple(structure: str, theme: str, le: date) -> bytes:
    """A workbook with every header that is recognised, for an owner and a theme that exist."""
    colonnes = [
        ColonneDoc(c.code, c.libelle, "montant" if c.code in MONTANTS else _GENRES.get(c.code, "texte"))
        for c in CHAMPS
    ]
    lignes = [ligne | {"mo": structure, "theme": theme} for ligne in _LIGNES]
    return rendre_tableau_xlsx("Plan d’actions à importer", colonnes, lignes, None, [_MENTION], etabli_le=le)


def sans_formule(texte: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{texte}" if texte.lstrip(" ")[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") else texte


def csv_rejets(rejets: Iterable[Rejet]) -> bytes:
    """Line, column, what was written, cause, advice; opens in Excel with its accents."""
    sortie = io.StringIO()
    ecrit = csv.writer(sortie, delimiter=";", lineterminator="\r\n")
    ecrit.writerow(["Ligne", "Colonne", "Valeur lue", "Cause", "Que faire"])
    for r in rejets:
        textes = (r.colonne, r.valeur, r.cause, r.conseil)
        ecrit.writerow([r.ligne, *(sans_formule(t) if t else "" for t in textes)])
    return sortie.getvalue().encode("utf-8-sig")
