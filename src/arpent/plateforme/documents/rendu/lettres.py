"""Amounts written out in French, as acts write them: « douze mille euros et quatre-vingts centimes ».

Own code rather than a package: the one that was tried writes « un million euros » and « zéro euros »
(docs/adr/0004-pdf-typst.md).
"""

from __future__ import annotations

from decimal import Decimal

_PETITS = (
    *("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze"),
    *("douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"),
)
_DIZAINES = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante", 8: "quatre-vingt"}
_TRANCHES = ((10**9, "milliard"), (10**6, "million"))
MAXIMUM = Decimal("999999999999.99")


def en_lettres(montant: Decimal) -> str:
    """Euros and centimes of a positive amount to the cent. ValueError otherwise, or above MAXIMUM."""
    if not 0 <= montant <= MAXIMUM or montant != montant.quantize(Decimal("0.01")):
        raise ValueError(f"montant impossible à écrire en lettres : {montant}")
    entiers, centimes = divmod(int(montant * 100), 100)
    parties = [_euros(entiers)] if entiers or not centimes else []
    if centimes:
        parties.append(f"{nombre_en_lettres(centimes)} centime{'s' if centimes > 1 else ''}")
    return " et ".join(parties)


def _euros(entiers: int) -> str:
    """« un million d’euros », but « un million un euros »."""
    liaison = "d’" if entiers and entiers % 10**6 == 0 else ""
    return f"{nombre_en_lettres(entiers)} {liaison}euro{'s' if entiers > 1 else ''}"


def nombre_en_lettres(nombre: int) -> str:
    """A whole number from 0 to 999,999,999,999: « quatre-vingts », « quatre-vingt mille », « deux cents »."""
    if nombre == 0:
        return _PETITS[0]
    mots = []
    for valeur, nom in _TRANCHES:
        combien, nombre = divmod(nombre, valeur)
        if combien:
            mots.append(f"{_centaines(combien, finale=True)} {nom}{'s' if combien > 1 else ''}")
    milliers, nombre = divmod(nombre, 1000)
    if milliers:
        mots.append("mille" if milliers == 1 else f"{_centaines(milliers, finale=False)} mille")
    if nombre:
        mots.append(_centaines(nombre, finale=True))
    return " ".join(mots)


def _centaines(nombre: int, *, finale: bool) -> str:
    """1 to 999. `finale`: nothing that takes the mark of the plural away (« mille ») follows."""
    centaines, reste = divmod(nombre, 100)
    mots = []
    if centaines:
        pluriel = "s" if centaines > 1 and not reste and finale else ""
        mots.append("cent" if centaines == 1 else f"{_PETITS[centaines]} cent{pluriel}")
    if reste:
        mots.append(_dizaines(reste, finale=finale))
    return " ".join(mots)


def _dizaines(nombre: int, *, finale: bool) -> str:
    """1 to 99, as France counts: seventy is sixty-ten, ninety is four-twenty-ten."""
    if nombre < 20:
        return _PETITS[nombre]
    dizaine, unite = divmod(nombre, 10)
    if dizaine in (7, 9):
        dizaine, unite = dizaine - 1, unite + 10
    if not unite:
        return _DIZAINES[dizaine] + ("s" if dizaine == 8 and finale else "")
    et = dizaine != 8 and unite in (1, 11)
    return _DIZAINES[dizaine] + (" et " if et else "-") + _PETITS[unite]
