"""The house style of a workbook: formats, print setup, and cells that stay what they are.

Text is always written as text: a cell that starts with ``=``, ``+``, ``-`` or ``@`` is never a formula.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING, Any

from ..donnees import Cellule, GenreColonne
from .texte import propre

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

ENCRE, DOUCE, FILET, VERT, OCRE, OCRE_FOND = "#1D2420", "#55605A", "#DCD8CC", "#17573C", "#8A5A00", "#FBF0D9"
EUROS, TAUX, ENTIER, DECIMAL, JOUR = '#,##0.00\u00a0"€"', "0.0%", "#,##0", "#,##0.0", "dd/mm/yyyy"
"""Number formats in the file's neutral notation: Excel and LibreOffice show them as « 12 345,67 € »."""

_A3 = 8
_LARGEURS: dict[GenreColonne, int] = {
    "texte": 18, "montant": 17, "entier": 10, "decimal": 12, "date": 12, "taux": 9,
}  # fmt: skip
_FORMATS: dict[GenreColonne, str] = {
    "texte": "texte",
    "montant": "euros",
    "entier": "entier",
    "decimal": "decimal",
    "date": "jour",
    "taux": "taux",
}


def lettre_de(colonne: int) -> str:
    """Name of a column, counted from 0: 0 is A, 26 is AA."""
    reste, rang = divmod(colonne, 26)
    return (lettre_de(reste - 1) if reste else "") + chr(ord("A") + rang)


class Classeur:
    """A workbook being written, with its named formats. ``fermer`` gives its bytes."""

    def __init__(self, titre: str, auteur: str, etabli_le: date, *, economie: bool = False) -> None:
        import xlsxwriter  # at the first workbook: the start of the server must not pay for it

        self._tampon = io.BytesIO()
        options = {
            "in_memory": True,
            "constant_memory": economie,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        }
        self._livre = xlsxwriter.Workbook(self._tampon, options)
        # A fixed creation date: the same data give the same bytes.
        cree_le = datetime(etabli_le.year, etabli_le.month, etabli_le.day)
        self._livre.set_properties({"title": propre(titre), "author": propre(auteur), "created": cree_le})
        self.formats: dict[str, Any] = {
            nom: self._livre.add_format(_style(**style)) for nom, style in STYLES.items()
        }

    def feuille(self, nom: str, *, paysage: bool = True) -> Worksheet:
        """A sheet ready to print: A3 landscape (or A4 portrait), one page wide, page numbers."""
        feuille = self._livre.add_worksheet(nom)
        feuille.hide_gridlines(2)
        if paysage:
            feuille.set_landscape()
        feuille.set_paper(_A3 if paysage else 9)
        feuille.fit_to_pages(1, 0)
        feuille.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        feuille.set_footer("&L&A&R&P / &N")
        return feuille

    def texte(self, feuille: Worksheet, ligne: int, colonne: int, valeur: str, style: str = "texte") -> None:
        if texte := propre(valeur):
            feuille.write_string(ligne, colonne, texte, self.formats[style])
        else:
            feuille.write_blank(ligne, colonne, None, self.formats[style])

    def hauteur(self, feuille: Worksheet, ligne: int, textes: Iterable[tuple[str, int]]) -> None:
        """Room for wrapped texts, given with the width of their column: not every reader computes it."""
        lignes = max((ceil(len(texte) / largeur) for texte, largeur in textes), default=1)
        if lignes > 1:
            feuille.set_row(ligne, min(13.5 * lignes + 2, 400))

    def valeur(
        self, feuille: Worksheet, ligne: int, colonne: int, valeur: Cellule, genre: GenreColonne
    ) -> None:
        """One cell of a list, by kind of column; None is an empty cell."""
        style = self.formats[_FORMATS[genre]]
        if valeur is None:
            feuille.write_blank(ligne, colonne, None, style)
        elif isinstance(valeur, Decimal | int):
            feuille.write_number(ligne, colonne, valeur, style)
        elif isinstance(valeur, date):
            feuille.write_datetime(ligne, colonne, datetime(valeur.year, valeur.month, valeur.day), style)
        else:
            self.texte(feuille, ligne, colonne, valeur)

    def formule(
        self,
        feuille: Worksheet,
        ligne: int,
        colonne: int,
        formule: str,
        valeur: Decimal | int | str,
        style: str,
    ) -> None:
        """A live formula with its value already computed, for viewers that do not recalculate."""
        feuille.write_formula(ligne, colonne, formule, self.formats[style], valeur)

    def entetes(self, feuille: Worksheet, ligne: int, titres: list[tuple[str, GenreColonne, int]]) -> None:
        """The header row: frozen, repeated when printed. Titles with their kind and width (0: by kind)."""
        for colonne, (titre, genre, largeur) in enumerate(titres):
            feuille.set_column(colonne, colonne, largeur or _LARGEURS[genre])
            style = "entete" if genre == "texte" else "entete_droite"
            self.texte(feuille, ligne, colonne, titre, style)
        feuille.freeze_panes(ligne + 1, 0)
        feuille.repeat_rows(ligne)

    def fermer(self) -> bytes:
        self._livre.close()
        return self._tampon.getvalue()


_BAS = {"bottom": 1, "bottom_color": FILET, "valign": "top"}
_TOTAL = {"bold": True, "top": 2, "top_color": ENCRE}
_ENTETE = {"bold": True, "font_color": DOUCE, "text_wrap": True, "bottom": 2, "bottom_color": ENCRE}
STYLES: dict[str, dict[str, Any]] = {
    "titre": {"font_name": "Georgia", "font_size": 16, "bold": True, "font_color": VERT},
    "sous_titre": {"font_color": DOUCE},
    "intertitre": {"bold": True, "font_color": VERT, "font_size": 12},
    "paragraphe": {"text_wrap": True, "valign": "top"},
    "mention": {"font_color": OCRE, "bold": True},
    "marque": {"font_color": OCRE, "align": "left", "indent": 1, **_BAS},
    "cle": {"bold": True},
    "entete": {**_ENTETE, "indent": 1},
    "entete_droite": {**_ENTETE, "align": "right"},
    "texte": {"text_wrap": True, "align": "left", "indent": 1, **_BAS},
    "euros": {"num_format": EUROS, **_BAS},
    "euros_demonstration": {"num_format": EUROS, "bg_color": OCRE_FOND, **_BAS},
    "entier": {"num_format": ENTIER, **_BAS},
    "decimal": {"num_format": DECIMAL, **_BAS},
    "annee": {"num_format": "0", "align": "left", "indent": 1, **_BAS},
    "taux": {"num_format": TAUX, **_BAS},
    "jour": {"num_format": JOUR, **_BAS},
    "total": _TOTAL,
    "total_euros": {"num_format": EUROS, **_TOTAL},
    "total_decimal": {"num_format": DECIMAL, **_TOTAL},
    "total_entier": {"num_format": ENTIER, **_TOTAL},
    "total_taux": {"num_format": TAUX, **_TOTAL},
    "cle_euros": {"num_format": EUROS, "bold": True},
}


def _style(**style: Any) -> dict[str, Any]:
    return {"font_name": "Calibri", "font_size": 10, "font_color": ENCRE, **style}
