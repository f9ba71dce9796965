"""Money: rounding, sharing, reading and writing euros.

Everything that is an amount goes through this module, so that one rounding rule and one sharing rule
hold on every page, document and export. Amounts are `Decimal` euros; rates are `Decimal` from 0 to 1.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

CENTIME = Decimal("0.01")
ZERO = Decimal("0.00")
PLAFOND_LISIBLE = Decimal("10000000000")

ESPACE_FINE = "\u202f"
ESPACE_INSECABLE = "\u00a0"
ABSENT = "–"


class MontantIllisible(ValueError):
    """A text that cannot be read as an amount; the message is French and says what to write instead."""


# --- rounding and sharing -------------------------------------------------------------------------


def arrondir(x: Decimal) -> Decimal:
    """Round to the cent, half away from zero (the public accountant's rule); never returns -0.00."""
    return x.quantize(CENTIME, rounding=ROUND_HALF_UP) + ZERO


def partager(montant: Decimal, poids: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Share `montant` in proportion to `poids`, to the cent, by largest remainder.

    The parts add up to `montant` exactly. Cents left over go to the largest remainders; ties go to the
    first key in alphabetical order, so that the result does not depend on the order of the mapping.
    A null weight receives nothing. Raises ValueError (French) on a negative or fractional-cent amount,
    a negative weight, no weight, or weights that are all null.
    """
    if montant < 0 or montant != arrondir(montant):
        raise ValueError("Le montant à partager doit être positif et arrondi au centime.")
    for cle, valeur in poids.items():
        if not valeur.is_finite() or valeur < 0:
            raise ValueError(f"Le poids de « {cle} » doit être un nombre positif ou nul.")
    total = sum((Fraction(valeur) for valeur in poids.values()), Fraction(0))
    if total == 0:
        raise ValueError("Le partage est impossible : tous les poids sont nuls.")
    centimes = int(montant / CENTIME)
    exactes = {cle: centimes * Fraction(valeur) / total for cle, valeur in poids.items()}
    parts = {cle: int(exacte) for cle, exacte in exactes.items()}
    reste = centimes - sum(parts.values())
    for cle in sorted(exactes, key=lambda c: (parts[c] - exactes[c], c))[:reste]:
        parts[cle] += 1
    return {cle: part * CENTIME for cle, part in parts.items()}


# --- writing --------------------------------------------------------------------------------------


def etaler(montant: Decimal, parts: Sequence[Decimal]) -> list[Decimal]:
    """Euros of each share (together 1), to the cent; the last one takes what rounding left."""
    debuts = [arrondir(montant * part) for part in parts[:-1]]
    return [*debuts, montant - sum(debuts, ZERO)]


def formater_nombre(x: Decimal | int | None, decimales: int = 0) -> str:
    """French number: decimal comma, narrow no-break space between thousands, true minus sign; None is “–”."""
    if x is None:
        return ABSENT
    arrondi = Decimal(x).quantize(Decimal(1).scaleb(-decimales), rounding=ROUND_HALF_UP)
    texte = f"{abs(arrondi):,f}".replace(",", ESPACE_FINE).replace(".", ",")
    return f"−{texte}" if arrondi < 0 else texte


def formater_euros(x: Decimal | None, centimes: bool = True) -> str:
    """“12 345,67 €”, or “12 346 €” without cents; None is “–”."""
    if x is None:
        return ABSENT
    return f"{formater_nombre(x, 2 if centimes else 0)}{ESPACE_INSECABLE}€"


def formater_taux(x: Decimal | None, decimales: int | None = 1) -> str:
    """A rate from 0 to 1 as a percentage: 0.6 gives “60,0 %”.

    `decimales=None` keeps only the useful ones, two at most: “60 %”, “39,68 %”.
    """
    if x is None:
        return ABSENT
    points = x * 100
    if decimales is not None:
        return f"{formater_nombre(points, decimales)}{ESPACE_INSECABLE}%"
    utile = formater_nombre(points, 2).rstrip("0").rstrip(",")
    return f"{utile}{ESPACE_INSECABLE}%"


# --- reading --------------------------------------------------------------------------------------

_DEVISE = re.compile(r"(€|EUR|euros?)$", re.IGNORECASE)
_GROUPES_ESPACES = re.compile(r"\d{1,3}(?: \d{3})+(?:[.,]\d+)?")
_GROUPES_POINTS = re.compile(r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}")
_GROUPES_VIRGULES = re.compile(r"\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,}")
_SIMPLE = re.compile(r"\d+(?:[.,]\d+)?")
_AMBIGU = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")


def _nombre_ecrit(texte: str) -> str | None:
    """The number in Python's notation, or None when the text is not one of the accepted writings."""
    if _GROUPES_POINTS.fullmatch(texte):
        return texte.replace(".", "").replace(",", ".")
    if _GROUPES_VIRGULES.fullmatch(texte):
        return texte.replace(",", "")
    if _SIMPLE.fullmatch(texte) or _GROUPES_ESPACES.fullmatch(texte):
        return texte.replace(" ", "").replace(",", ".")
    return None


def lire_montant(texte: str) -> Decimal:
    """Read an amount as people and spreadsheets write it; the result is positive and rounded to the cent.

    Accepts “12 345,67 €”, “12345.67”, “1 234”, “1.234,56”, any Unicode space, “EUR” or “euros”. Refuses
    with MontantIllisible: empty, negative, not a number, above 10 billion, and “1.234” or “1,234”, which may
    be a thousand or one and a fraction.
    """
    nettoye = " ".join(texte.split())
    nettoye = _DEVISE.sub("", nettoye).strip()
    if not nettoye:
        raise MontantIllisible("Aucun montant n’est écrit : saisissez un nombre, par exemple 12 345,67.")
    if nettoye[0] in "-−–(":
        raise MontantIllisible(f"« {texte} » est négatif : un montant est positif ou nul.")
    if _AMBIGU.fullmatch(nettoye):
        entier, decimales = re.split(r"[.,]", nettoye)
        raise MontantIllisible(
            f"« {texte} » est ambigu : écrivez {entier} {decimales} pour les milliers "
            f"ou {entier},{decimales[:2]} pour les centimes."
        )
    ecrit = _nombre_ecrit(nettoye) if nettoye.isascii() else None
    if ecrit is None:
        raise MontantIllisible(
            f"« {texte} » n’est pas un montant : écrivez un nombre en euros, par exemple 12 345,67."
        )
    if len(ecrit.split(".")[0]) > 20 or Decimal(ecrit) > PLAFOND_LISIBLE:
        raise MontantIllisible(
            f"« {texte} » dépasse 10 milliards d’euros : vérifiez l’unité, les montants sont en euros."
        )
    return arrondir(Decimal(ecrit))


# --- in words -------------------------------------------------------------------------------------

_UNITES = (
    *("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"),
    *("dix", "onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"),
)
_DIZAINES = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante", 8: "quatre-vingt"}


def _moins_de_cent(n: int, final: bool) -> str:
    if n < 20:
        return _UNITES[n]
    dizaine, unite = divmod(n, 10)
    if dizaine in (7, 9):
        dizaine, unite = dizaine - 1, unite + 10
    mot = _DIZAINES[dizaine]
    if unite == 0:
        return mot + "s" if dizaine == 8 and final else mot
    if unite in (1, 11) and dizaine != 8:
        return f"{mot} et {_UNITES[unite]}"
    return f"{mot}-{_UNITES[unite]}"


def _moins_de_mille(n: int, final: bool) -> str:
    """`final` is False before “mille”, where quatre-vingt and cent stay invariable."""
    centaines, reste = divmod(n, 100)
    if centaines == 0:
        return _moins_de_cent(reste, final)
    tete = "cent" if centaines == 1 else f"{_UNITES[centaines]} cent"
    if reste == 0:
        return tete + "s" if centaines > 1 and final else tete
    return f"{tete} {_moins_de_cent(reste, final)}"


def _entier_en_lettres(n: int) -> str:
    mots: list[str] = []
    for valeur, nom in ((10**9, "milliard"), (10**6, "million")):
        combien, n = divmod(n, valeur)
        if combien:
            mots.append(f"{_moins_de_mille(combien, True)} {nom}{'s' if combien > 1 else ''}")
    milliers, reste = divmod(n, 1000)
    if milliers:
        mots.append("mille" if milliers == 1 else f"{_moins_de_mille(milliers, False)} mille")
    if reste or not mots:
        mots.append(_moins_de_mille(reste, True))
    return " ".join(mots)


def en_lettres(x: Decimal) -> str:
    """A positive amount in French words, traditional spelling, as written in a délibération.

    Raises ValueError on a negative amount or one of a thousand billion and more.
    """
    montant = arrondir(x)
    if montant < 0 or montant >= 10**12:
        raise ValueError("Seul un montant positif, inférieur à mille milliards, s’écrit en lettres.")
    euros, centimes = divmod(int(montant / CENTIME), 100)
    lien = " d’" if euros and euros % 10**6 == 0 else " "
    texte = f"{_entier_en_lettres(euros)}{lien}euro{'s' if euros > 1 else ''}"
    if centimes:
        texte += f" et {_moins_de_cent(centimes, True)} centime{'s' if centimes > 1 else ''}"
    return texte
