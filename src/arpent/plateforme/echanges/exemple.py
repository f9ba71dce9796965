"""Files given to the person: the example to fill in, the rejects to correct."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date

from arpent.plateforme.documents.donnees import ColonneDoc
from arpent.plateforme.documents.rendu.xlsx import rendre_tableau_xlsx

from .apercu import Rejet
from .correspondance import CHAMPS

_LIGNE = {
    "numero": "1",
    "titre": "Réfection de la toiture de l’école",
    "description": "Isolation et remplacement des tuiles",
    "maturite": "structurant",
    "cout_ht": "100000",
    "assiette": "90000",
    "etat": "40000",
    "aide_demandee": "20000",
    "autofinancement": "40000",
    "annee": "2027",
    "debut": "01/03/2027",
    "fin": "30/09/2027",
    "priorite": "1",
}


def classeur_exemple(structure: str, theme: str, le: date) -> bytes:
    """A workbook with the headers that are recognised and one line, for an owner and a theme that exist."""
    colonnes = [ColonneDoc(champ.code, champ.libelle) for champ in CHAMPS]
    ligne = _LIGNE | {"mo": structure, "theme": theme}
    mentions = ["Remplacez la ligne d’exemple par vos projets. Seules trois colonnes sont nécessaires : "
                "Intitulé, Maître d’ouvrage, Coût HT."]  # fmt: skip
    return rendre_tableau_xlsx("Plan d’actions à importer", colonnes, [ligne], None, mentions, etabli_le=le)


def sans_formule(texte: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{texte}" if texte[:1] in ("=", "+", "-", "@", "\t", "\r") else texte


def csv_rejets(rejets: Iterable[Rejet]) -> bytes:
    """Line, column, cause, advice; opens in Excel with its accents."""
    sortie = io.StringIO()
    ecrit = csv.writer(sortie, delimiter=";", lineterminator="\r\n")
    ecrit.writerow(["Ligne", "Colonne", "Cause", "Que faire"])
    for r in rejets:
        ecrit.writerow([r.ligne, *(sans_formule(t) for t in (r.colonne, r.cause, r.conseil))])
    return sortie.getvalue().encode("utf-8-sig")
