"""French typography of values, and cleaning of what people typed. Shared by every renderer."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

FINE = "\u202f"
"""Narrow no-break space: thousands, and before ; ? ! %."""
INSECABLE = "\u00a0"
TIRET = "–"
"""Shown where a value is unknown."""
TEXTE_MAXIMAL = 20_000
"""Characters kept of one text; beyond, the document says that it was cut."""

_MOIS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
_COUPE = " […texte coupé : trop long pour le document]"
_MOT_LONG = re.compile(r"\S{25,}")
_TRONCON = re.compile(r".{8}(?=.)")
_SAUTS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")


def propre(texte: str) -> str:
    """Plain text fit for any document: NFC, one kind of newline, no control or invisible character.

    Formatting characters (zero-width, bidirectional overrides), surrogates and private-use characters go:
    they show nothing and can hide or reverse what a signatory reads.
    """
    texte = _SAUTS.sub("\n", unicodedata.normalize("NFC", texte)).replace("\t", " ")
    texte = "".join(c for c in texte if c == "\n" or unicodedata.category(c)[0] != "C")
    return texte if len(texte) <= TEXTE_MAXIMAL else texte[:TEXTE_MAXIMAL] + _COUPE


def euros(montant: Decimal | None) -> str:
    """« 12 345,67 € », « – » when unknown."""
    return TIRET if montant is None else f"{_nombre(montant, 2)}{INSECABLE}€"


def taux(valeur: Decimal | None) -> str:
    """A rate between 0 and 1 as « 17,9 % »."""
    return TIRET if valeur is None else f"{_nombre(valeur * 100, 1)}{INSECABLE}%"


def entier(valeur: int) -> str:
    return f"{valeur:,}".replace(",", FINE)


def jour(valeur: date) -> str:
    """« 1er juin 2026 »."""
    numero = "1er" if valeur.day == 1 else str(valeur.day)
    return f"{numero}{INSECABLE}{_MOIS[valeur.month - 1]} {valeur.year}"


def pluriel(nombre: int, singulier: str, au_pluriel: str | None = None) -> str:
    """« 1 projet », « 12 projets »."""
    mot = singulier if abs(nombre) < 2 else (au_pluriel or f"{singulier}s")
    return f"{entier(nombre)}{INSECABLE}{mot}"


def _nombre(valeur: Decimal, decimales: int) -> str:
    """French notation. Display only: amounts are already to the cent, a rate is rounded half up."""
    arrondi = valeur.quantize(Decimal(1).scaleb(-decimales), rounding=ROUND_HALF_UP)
    texte = f"{abs(arrondi):,.{decimales}f}".replace(",", FINE).replace(".", ",")
    return f"−{texte}" if arrondi < 0 else texte


def secable(texte: str) -> str:
    """Lets very long words break anywhere (zero-width spaces), so that no line runs off its column."""
    return _MOT_LONG.sub(lambda mot: _TRONCON.sub("\\g<0>\u200b", mot[0]), texte)
