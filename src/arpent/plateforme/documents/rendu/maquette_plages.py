"""Where the rows of the maquette are in its workbook: what the formulas of every sheet name."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ..donnees import MaquetteDoc
from .classeur import Classeur, lettre_de

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

LIGNES = "Maquette"
FINANCEMENTS = "Financements"
ENTETE = 7
DEBUT = ENTETE + 1


def fin_de(doc: MaquetteDoc) -> int:
    """Last row of projects, counted from 0 (an empty one when there is no project)."""
    return DEBUT + max(len(doc.lignes), 1) - 1


def plage(colonne: str, doc: MaquetteDoc, *, feuille: bool = True) -> str:
    cellules = f"${colonne}${DEBUT + 1}:${colonne}${fin_de(doc) + 1}"
    return f"{LIGNES}!{cellules}" if feuille else cellules


def total_de(colonne: str, doc: MaquetteDoc) -> str:
    return f"${colonne}${fin_de(doc) + 2}"


def dernier_financement(doc: MaquetteDoc) -> int:
    """Last row of the other funders, as Excel counts (an empty one when there is none)."""
    nombre = sum(not x.est_autofinancement for ligne in doc.lignes for x in ligne.financements)
    return 1 + max(nombre, 1)


def pied_de_groupe(
    classeur: Classeur, feuille: Worksheet, nombre: int, sommes: tuple[Decimal | int, ...]
) -> None:
    y = nombre + 1
    feuille.autofilter(0, 0, nombre, len(sommes))
    classeur.texte(feuille, y, 0, "Total", "total")
    for colonne, somme in enumerate(sommes, start=1):
        lettre = lettre_de(colonne)
        style = "total_entier" if isinstance(somme, int) else "total_euros"
        # With no row at all, the range falls back on the header: SUM ignores its text.
        debut = 2 if nombre else 1
        classeur.formule(feuille, y, colonne, f"=SUM({lettre}{debut}:{lettre}{y})", somme, style)
