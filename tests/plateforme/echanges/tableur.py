"""What a person does to the workbook of a plan in their spreadsheet: read it, change cells, save it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

Rangees = list[list[Any]]
Feuilles = dict[str, Rangees]


def lire(contenu: bytes) -> Feuilles:
    """Every sheet, hidden ones too, with its cells as they are."""
    livre = CalamineWorkbook.from_filelike(BytesIO(contenu))
    return {nom: livre.get_sheet_by_name(nom).to_python(skip_empty_area=False) for nom in livre.sheet_names}


def ecrire(feuilles: Feuilles) -> bytes:
    """A workbook with those cells, as a spreadsheet saves it."""
    tampon = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(tampon, options) as livre:
        jour = livre.add_format({"num_format": "dd/mm/yyyy"})
        for nom, rows in feuilles.items():
            feuille = livre.add_worksheet(nom)
            for y, row in enumerate(rows):
                for x, valeur in enumerate(row):
                    _ecrire(feuille, y, x, valeur, jour)
    return tampon.getvalue()


def _ecrire(feuille: Any, y: int, x: int, valeur: Any, jour: Any) -> None:
    match valeur:
        case str():
            if valeur:
                feuille.write_string(y, x, valeur)
        case datetime() | date():
            feuille.write_datetime(y, x, datetime(valeur.year, valeur.month, valeur.day), jour)
        case None:
            pass
        case _:
            feuille.write_number(y, x, valeur)


class Classeur:
    """The workbook open in a spreadsheet. A column is named by its code, a row by the number of its fiche."""

    def __init__(self, contenu: bytes) -> None:
        self.feuilles = lire(contenu)

    @property
    def fiches(self) -> Rangees:
        return self.feuilles["Fiches"]

    @property
    def financements(self) -> Rangees:
        return self.feuilles["Financements"]

    def colonne(self, code: str) -> int:
        return self.fiches[0].index(code)

    def ligne(self, numero: int) -> list[Any]:
        return next(row for row in self.fiches[2:] if row[2] == numero)

    def lire(self, numero: int, code: str) -> Any:
        return self.ligne(numero)[self.colonne(code)]

    def poser(self, numero: int, code: str, valeur: Any) -> None:
        self.ligne(numero)[self.colonne(code)] = valeur

    def ajouter(self, **valeurs: Any) -> None:
        """A new project, below the others; `numero` if given."""
        row: list[Any] = [""] * len(self.fiches[0])
        for code, valeur in valeurs.items():
            row[self.colonne(code)] = valeur
        self.fiches.append(row)

    def retirer(self, numero: int) -> None:
        self.fiches.remove(self.ligne(numero))

    def financer(self, *cellules: Any) -> None:
        self.financements.append(list(cellules))

    def retirer_financements(self, garder: Callable[[list[Any]], bool]) -> None:
        self.financements[2:] = [row for row in self.financements[2:] if garder(row)]

    def enregistrer(self, chemin: Path) -> Path:
        chemin.write_bytes(ecrire(self.feuilles))
        return chemin
