"""What a report of evaluation needs to know, section by section, every value already written.

The balance of a closed contract is the same kind of document: sections, each with its text and its tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .donnees_charte import CharteDoc

LARGEURS = (2, 3, 4, 5, 6)
"""How many columns a table may have: the Word template has one table for each."""


@dataclass(frozen=True, slots=True)
class TableauDoc:
    """`droite`: ranks of the columns of numbers, from 0. `pied` empty: no foot."""

    titre: str
    colonnes: tuple[str, ...]
    lignes: tuple[tuple[str, ...], ...]
    droite: tuple[int, ...] = ()
    pied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionDoc:
    """Paragraphs, points, tables, then what must be known to read them."""

    titre: str
    paragraphes: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    tableaux: tuple[TableauDoc, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class RapportEvaluationDoc:
    """`nature`: « Évaluation à mi-parcours », « Évaluation finale », « Bilan de clôture »."""

    autorite: str
    territoire: str
    generation: str
    nature: str
    titre: str
    etabli_le: date
    sections: tuple[SectionDoc, ...]
    reference: str = ""
    etabli_par: str = ""
    demonstration: bool = False
    charte: CharteDoc | None = None
    gabarit: str = "rapport_evaluation/v1"
