"""The same drawing as `Classeur`, written as OpenDocument: the sheets of the maquette fit both.

Formulas are translated from Excel: « Maquette!$G$9:$G$20 » becomes « [$Maquette.$G$9:.$G$20] ».
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast
from xml.sax.saxutils import escape, quoteattr

from .classeur import STYLES, Classeur, lettre_de
from .ods import cellule_texte, empaqueter

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_REFERENCE = re.compile(
    r"(?:(?P<feuille>\w+)!)?(?P<debut>\$?[A-Z]{1,3}\$?\d+)(?::(?P<fin>\$?[A-Z]{1,3}\$?\d+))?(?![\w(])"
)
_NOMS = {
    "euros_demonstration": "euros", "cle_euros": "total-euros", "annee": "entier", "cle": "total",
    "entete_droite": "entete", "mention": "total", "intertitre": "total", "sous_titre": "texte",
    "paragraphe": "texte", "marque": "texte",
}  # fmt: skip


def formule_ods(formule: str) -> str:
    """One of our formulas in OpenFormula. Texts between quotes are left alone."""
    morceaux = formule.removeprefix("=").split('"')
    for rang in range(0, len(morceaux), 2):
        morceaux[rang] = _REFERENCE.sub(_reference, morceaux[rang]).replace(",", ";")
    return "of:=" + '"'.join(morceaux)


def _reference(trouve: re.Match[str]) -> str:
    feuille = f"${trouve['feuille']}" if trouve["feuille"] else ""
    fin = f":.{trouve['fin']}" if trouve["fin"] else ""
    return f"[{feuille}.{trouve['debut']}{fin}]"


@dataclass(frozen=True, slots=True)
class _Controle:
    """What may be typed in a block of cells: corners included, rows and columns from 0."""

    debut: tuple[int, int]
    fin: tuple[int, int]
    condition: str
    titre: str
    message: str

    def couvre(self, y: int, x: int) -> bool:
        return self.debut[0] <= y <= self.fin[0] and self.debut[1] <= x <= self.fin[1]


def _condition(regle: Mapping[str, Any]) -> str:
    """A validation of XlsxWriter in OpenFormula. ValueError for a kind that no workbook of ours asks for."""
    match regle:
        case {"validate": "list", "source": list(choix)}:
            # Quotes inside a text are doubled.
            textes = ";".join('"' + str(x).replace('"', '""') + '"' for x in choix)
            return f"of:cell-content-is-in-list({textes})"
        case {"validate": "decimal", "criteria": ">=", "value": int(seuil)}:
            return f"of:cell-content-is-decimal-number() and cell-content()>={seuil}"
    raise ValueError(f"No OpenDocument condition for {regle}")


class _Feuille:
    """A sheet being written: its cells by place."""

    def __init__(self, nom: str) -> None:
        self.nom, self.cachee = nom, False
        self.controles: list[_Controle] = []
        self.cellules: dict[tuple[int, int], str] = {}
        self.largeurs: dict[int, float] = {}

    def write_string(self, ligne: int, colonne: int, texte: str, style: str = "texte") -> None:
        self.cellules[ligne, colonne] = cellule_texte(texte, _nom(style))

    def write_blank(self, ligne: int, colonne: int, _: None, style: str = "texte") -> None:
        self.cellules[ligne, colonne] = cellule_texte("", _nom(style))

    def write_number(self, ligne: int, colonne: int, valeur: Decimal | int, style: str) -> None:
        self.cellules[ligne, colonne] = f"<table:table-cell {_attributs(valeur, style)}/>"

    def write_datetime(self, ligne: int, colonne: int, valeur: datetime, style: str) -> None:
        self.cellules[ligne, colonne] = (
            f'<table:table-cell table:style-name="{_nom(style)}" office:value-type="date" '
            f'office:date-value="{valeur.date().isoformat()}"/>'
        )

    def write_formula(
        self, ligne: int, colonne: int, formule: str, style: str, valeur: Decimal | int | str
    ) -> None:
        ecrite = quoteattr(formule_ods(formule))
        self.cellules[ligne, colonne] = (
            f"<table:table-cell table:formula={ecrite} {_attributs(valeur, style)}/>"
        )

    def set_column(self, debut: int, fin: int, largeur: float) -> None:
        for colonne in range(debut, fin + 1):
            self.largeurs[colonne] = largeur

    def data_validation(self, y: int, x: int, y_fin: int, x_fin: int, regle: Mapping[str, Any]) -> None:
        titre, message = regle["error_title"], regle["error_message"]
        self.controles.append(_Controle((y, x), (y_fin, x_fin), _condition(regle), titre, message))

    def very_hidden(self) -> None:
        self.cachee = True

    def __getattr__(self, nom: str) -> Any:
        """Filters, frozen panes, heights: comfort of Excel, left out here."""
        if nom.startswith("__"):
            raise AttributeError(nom)
        return lambda *_, **__: None

    def _cellule(self, y: int, x: int) -> str:
        cellule = self.cellules.get((y, x), "<table:table-cell/>")
        for rang, controle in enumerate(self.controles):
            if controle.couvre(y, x):
                nom = quoteattr(self._nom_du_controle(rang))
                return cellule.replace(
                    "<table:table-cell", f"<table:table-cell table:content-validation-name={nom}", 1
                )
        return cellule

    def _nom_du_controle(self, rang: int) -> str:
        return f"{self.nom} {rang + 1}"

    def xml_des_controles(self) -> str:
        return "".join(
            f"<table:content-validation table:name={quoteattr(self._nom_du_controle(rang))} "
            f'table:condition={quoteattr(c.condition)} table:allow-empty-cell="true" '
            f'table:display-list="unsorted" '
            f"table:base-cell-address={quoteattr(f'${self.nom}.{lettre_de(c.debut[1])}{c.debut[0] + 1}')}>"
            f'<table:error-message table:message-type="stop" table:display="true" '
            f"table:title={quoteattr(c.titre)}><text:p>{escape(c.message)}</text:p></table:error-message>"
            "</table:content-validation>"
            for rang, c in enumerate(self.controles)
        )

    def xml(self, styles: dict[float, str]) -> str:
        derniere = max((x for _, x in self.cellules), default=0)
        colonnes = "".join(
            f'<table:table-column table:style-name="{styles[self.largeurs.get(x, 18)]}"/>'
            for x in range(derniere + 1)
        )
        rangees = []
        for y in range(max((y for y, _ in self.cellules), default=0) + 1):
            cellules = (self._cellule(y, x) for x in range(derniere + 1))
            rangees.append(f"<table:table-row>{''.join(cellules)}</table:table-row>")
        cache = ' table:style-name="cachee"' if self.cachee else ""
        return (
            f"<table:table table:name={quoteattr(self.nom)}{cache}>{colonnes}{''.join(rangees)}</table:table>"
        )


def _nom(style: str) -> str:
    return _NOMS.get(style, style.replace("_", "-"))


def _attributs(valeur: Decimal | int | str, style: str) -> str:
    nom = f'table:style-name="{_nom(style)}"'
    if isinstance(valeur, str):
        return f'{nom} office:value-type="string" office:string-value={quoteattr(valeur)}'
    return f'{nom} office:value-type="float" office:value="{valeur:f}"'


class ClasseurOds(Classeur):
    """The workbook of `Classeur`, in OpenDocument."""

    def __init__(self, titre: str, auteur: str, etabli_le: date) -> None:
        self._entete = (titre, auteur, etabli_le)
        self._feuilles: list[_Feuille] = []
        self.formats = {nom: nom for nom in STYLES}

    def feuille(self, nom: str, *, paysage: bool = True) -> Worksheet:
        self._feuilles.append(_Feuille(nom))
        return cast("Worksheet", self._feuilles[-1])

    def fermer(self) -> bytes:
        largeurs = sorted({18.0, *(float(x) for f in self._feuilles for x in f.largeurs.values())})
        noms = {largeur: f"l-{rang}" for rang, largeur in enumerate(largeurs)}
        styles = "".join(
            f'<style:style style:name="{nom}" style:family="table-column">'
            f'<style:table-column-properties style:column-width="{largeur * 0.2:.2f}cm"/></style:style>'
            for largeur, nom in noms.items()
        )
        styles += (
            '<style:style style:name="cachee" style:family="table">'
            '<style:table-properties table:display="false"/></style:style>'
        )
        tables = "".join(f.xml(noms) for f in self._feuilles)
        if controles := "".join(f.xml_des_controles() for f in self._feuilles):
            tables = f"<table:content-validations>{controles}</table:content-validations>{tables}"
        return empaqueter(*self._entete, tables, styles)
