"""One cell → one value: what people write in a table, and why it cannot be read."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from decimal import Decimal

from arpent.metier.argent import MontantIllisible, arrondir, formater_euros, lire_montant
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.socle.recherche import plier

from .lecteur.limites import ERREUR, FUSION, FUSION_HAUT

MONTANT_MAX = Decimal("1000000000.00")
ANNEE_MIN, ANNEE_MAX = 2000, 2100
NUMERO_MAX = 99_999
RIEN = frozenset({"", "-", "–", "—", "/", "neant", "sans objet", "so", "aucun", "aucune"})
_MOIS = {
    "janv": 1, "fevr": 2, "mars": 3, "avri": 4, "avr": 4, "mai": 5, "juin": 6, "juil": 7, "aout": 8,
    "sept": 9, "octo": 10, "oct": 10, "nove": 11, "nov": 11, "dece": 12, "dec": 12, "jan": 1, "fev": 2,
}  # fmt: skip
_DEUX_POINTS = re.compile(r"\s:\s")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?")
_JOUR = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})")
_MOIS_ANNEE = re.compile(r"(\d{1,2})[/.-](\d{4})")
_MOT_ANNEE = re.compile(r"(?:(\d{1,2})(?:er)? )?([a-z]{3,9})\.? (\d{4})")
_PARTIE = re.compile(r"(?:([ts])([1-4])|([1-4])(?:er|e|eme|nd)? ?(trimestre|semestre)) ?(\d{4})")
_ANNEE = re.compile(r"(?:(courant|annee|debut|fin) )?(\d{4})")
_SERIE = re.compile(r"\d{5}")  # a day as spreadsheets count them, when the format of the cell was lost
_JOUR_ZERO = date(1899, 12, 30)
_ABREGE = re.compile(r"\d(?:[.,]\d+)?e\+?\d{1,2}", re.IGNORECASE)
_PAS_ENCORE = frozenset({
    "a definir", "a chiffrer", "a preciser", "a determiner", "a estimer", "a venir", "en cours",
    "en cours de chiffrage", "chiffrage en cours", "nc", "n.c.", "nd", "inconnu", "non connu", "non chiffre",
    "en attente", "en attente de devis", "?", "??", "???", "xxx", "tbd",
})  # fmt: skip
_APPROCHE = re.compile(
    r"(?:environ|env\b\.?|approximativement|approx\b\.?|de l.ordre de|autour de|estime a|estimation|maximum|"
    r"max\b\.?|minimum|soit|[≈~±])\s*:?\s*",
    re.IGNORECASE,
)
_MONTANT_ANNOTE = re.compile(
    r"(?P<nombre>\d[\d\s.,]*?)\s*(?P<unite>k\s?(?:€|euros?|eur\b)|m\s?(?:€|euros?\b|eur\b)|"
    r"milliers?\b(?: d.euros?)?|millions?\b(?: d.euros?)?)?\s*(?:€|euros?\b|eur\b)?\s*"
    r"(?P<taxe>h\.?\s?t\b\.?|t\.?\s?t\.?\s?c\b\.?)?\s*(?P<reste>\([^()]*\)|[-–;,/*:]?[^\d]*)",
    re.IGNORECASE,
)
_NUMERO = re.compile(r"(?:(?:fiche|projet|action|numero|num|no|n|f)\b[ °.:-]*){0,2}(\d{1,5})")


class ValeurIllisible(ValueError):
    """A cell that cannot be read: `cause` says what, `conseil` what to write instead (both French)."""

    def __init__(self, cause: str, conseil: str) -> None:
        super().__init__(f"{cause} {conseil}")
        self.cause, self.conseil = cause, conseil


def _plie(texte: str) -> str:
    return " ".join(plier(texte).split())


def est_vide(texte: str) -> bool:
    """Nothing, or one of the signs people write for nothing."""
    return _plie(texte).removesuffix("€").rstrip() in RIEN


def exiger_lisible(texte: str) -> None:
    """Refuses a cell that the spreadsheet itself shows as an error."""
    if texte == ERREUR:
        raise ValeurIllisible(
            "La cellule est en erreur dans le tableur (#REF!, #DIV/0!…).",
            "Corrigez la formule ou remplacez-la par sa valeur.",
        )


def sans_fusion(texte: str) -> str:
    """The number of a cell merged over several rows; any other text as it is."""
    return texte.removeprefix(FUSION).removeprefix(FUSION_HAUT)


def exiger_non_partage(texte: str) -> None:
    """Refuses an amount merged over several rows: each would have it whole."""
    if texte.startswith((FUSION, FUSION_HAUT)):
        raise ValeurIllisible(
            f"Le montant {sans_fusion(texte)} est dans une cellule fusionnée sur plusieurs lignes.",
            "Défaites la fusion et écrivez la part de chaque projet.",
        )


def montant(texte: str, unite: Decimal = Decimal(1)) -> Decimal | None:
    """Euros to the cent; None when nothing is written."""
    if est_vide(texte):
        return None
    try:
        lu = lire_montant(texte)
    except MontantIllisible as refus:
        *cause, conseil = _DEUX_POINTS.split(str(refus))
        if "négatif" in cause[-1]:
            conseil = "écrivez un montant positif, ou laissez vide."
        raise ValeurIllisible(" : ".join(cause) + ".", conseil[0].upper() + conseil[1:]) from None
    lu = arrondir(lu * unite)
    if lu > MONTANT_MAX:
        raise ValeurIllisible(
            f"« {texte} » dépasse un milliard d’euros.", "Vérifiez l’unité : les montants sont en euros."
        )
    return lu


def montant_annote(texte: str, unite: Decimal = Decimal(1)) -> tuple[Decimal | None, str]:
    """The amount of a cell, and what was written around it and is left aside (French; "" for nothing).

    “45 k€”, “env. 12 000 € HT (devis 2023)”, “à définir” (no amount yet). Else as `montant`.
    """
    if _plie(texte) in _PAS_ENCORE:
        return None, f"« {texte} » : le montant n’est pas encore connu."
    try:
        return montant(texte, unite), ""
    except ValeurIllisible as refus:
        lu = _montant_entoure(texte, unite)
        if lu is None:
            raise refus from None
        return lu


def _montant_entoure(texte: str, unite: Decimal) -> tuple[Decimal, str] | None:
    nu = " ".join(texte.split())
    approche = _APPROCHE.match(nu)
    suite = nu[approche.end() :] if approche else nu
    if not (trouve := _MONTANT_ANNOTE.fullmatch(suite)):
        return None
    ecrit = (trouve["unite"] or "").strip().lower()
    if ecrit:
        unite = Decimal(1_000) if ecrit[0] == "k" or ecrit.startswith("millier") else Decimal(1_000_000)
    nombre = trouve["nombre"].strip()
    if ecrit and re.fullmatch(r"\d+[.,]\d+", nombre):  # “1,234 k€”: the unit says what the comma is
        lu: Decimal | None = arrondir(Decimal(nombre.replace(",", ".")) * unite)
    else:
        lu = montant(nombre, unite)
    if lu is None or lu > MONTANT_MAX:
        return None
    est_ttc = (trouve["taxe"] or "").lower().startswith("t")
    dite = bool(approche) or est_ttc or bool(trouve["reste"].strip(" -–;,/:.")) or bool(ecrit)
    return lu, f"« {texte} » est lu {formater_euros(lu)}." if dite else ""


def exiger_entier(texte: str) -> None:
    """Refuses a number that the spreadsheet cut (7,99E+13): its last figures are lost."""
    if _ABREGE.fullmatch(texte.strip()):
        raise ValeurIllisible(
            f"Le numéro « {texte} » a été abrégé par le tableur : ses derniers chiffres sont perdus.",
            "Mettez la colonne au format Texte, puis ressaisissez le numéro entier.",
        )


def annee(texte: str) -> int | None:
    """The year of a cell: “2027”, or the year of a date."""
    if est_vide(texte):
        return None
    trouvees = re.findall(r"(?<!\d)\d{4}(?!\d)", texte)
    if len(set(trouvees)) != 1 or not ANNEE_MIN <= int(trouvees[0]) <= ANNEE_MAX:
        raise ValeurIllisible(
            f"« {texte} » n’est pas une année.", "Écrivez une seule année, par exemple 2027."
        )
    return int(trouvees[0])


def _bornes(plie: str) -> tuple[date, date] | None:
    """First and last day of what is written (a day, a month, a quarter, a half, a year). ValueError: no such
    day."""
    if m := _ISO.fullmatch(plie):
        jour = date(int(m[1]), int(m[2]), int(m[3]))
        return jour, jour
    if m := _JOUR.fullmatch(plie):
        jour = date(int(m[3]) + (2000 if len(m[3]) == 2 else 0), int(m[2]), int(m[1]))
        return jour, jour
    if m := _MOIS_ANNEE.fullmatch(plie):
        return _mois(int(m[2]), int(m[1]), int(m[1]))
    if (m := _MOT_ANNEE.fullmatch(plie)) and (numero := _MOIS.get(m[2][:4], _MOIS.get(m[2][:3], 0))):
        if m[1]:
            jour = date(int(m[3]), numero, int(m[1]))
            return jour, jour
        return _mois(int(m[3]), numero, numero)
    if m := _PARTIE.fullmatch(plie):
        duree = 3 if "t" in (m[1], (m[4] or "")[:1]) else 6
        rang = int(m[2] or m[3])
        return _mois(int(m[5]), duree * (rang - 1) + 1, duree * rang)
    if m := _ANNEE.fullmatch(plie):
        premier, dernier = {"debut": (1, 3), "fin": (10, 12)}.get(m[1] or "", (1, 12))
        return _mois(int(m[2]), premier, dernier)
    if _SERIE.fullmatch(plie):
        jour = _JOUR_ZERO + timedelta(days=int(plie))
        return jour, jour
    return None


def _mois(an: int, premier: int, dernier: int) -> tuple[date, date]:
    debut = date(an, premier, 1)
    if not 1 <= dernier <= 12:
        raise ValueError(dernier)
    return debut, date(an, dernier, calendar.monthrange(an, dernier)[1])


def jour(texte: str, *, fin: bool = False) -> date | None:
    """A day; of a month, a quarter or a year alone, its first day, or its last one when `fin`."""
    if est_vide(texte):
        return None
    try:
        bornes = _bornes(_plie(texte))
    except ValueError:
        bornes = None
    if bornes is None or not ANNEE_MIN <= bornes[0].year <= ANNEE_MAX:
        raise ValeurIllisible(
            f"« {texte} » n’est pas une date.", "Écrivez par exemple 15/03/2027, mars 2027 ou 2027."
        )
    return bornes[1] if fin else bornes[0]


def maturite(texte: str) -> str | None:
    """The maturity of a project, as the two founding policies name it."""
    plie = _plie(texte)
    if est_vide(texte):
        return None
    if "structurant" in plie:
        return Fiche.Maturite.STRUCTURANT.value
    lettre = re.fullmatch(r"\(?([ab])\)?", plie)
    if lettre is None and "amor" in plie:
        lettre = re.search(r"\b([ab])\b", plie)
    if lettre:
        return Fiche.Maturite.AMORCAGE_A.value if lettre[1] == "a" else Fiche.Maturite.AMORCAGE_B.value
    raise ValeurIllisible(
        f"« {texte} » n’est pas une maturité connue.",
        "Écrivez « structurant », « amorçage A » ou « amorçage B », ou laissez vide.",
    )


def priorite(texte: str) -> int | None:
    """A rank: “1”, “P1”, “Priorité n° 1”."""
    if est_vide(texte):
        return None
    if (m := re.fullmatch(r"\D{0,12}(\d{1,3})", texte.strip())) and int(m[1]):
        return int(m[1])
    raise ValeurIllisible(f"« {texte} » n’est pas un rang.", "Écrivez un nombre de 1 à 999, ou laissez vide.")


def numero(texte: str) -> tuple[int | None, str]:
    """The number of the fiche, or an identifier of the source that is not a plain number (“2.1”)."""
    if est_vide(texte):
        return None, ""
    if (m := _NUMERO.fullmatch(_plie(texte))) and 0 < int(m[1]) <= NUMERO_MAX:
        return int(m[1]), ""
    if len(texte) > 40:
        raise ValeurIllisible("Le numéro dépasse 40 caractères.", "Raccourcissez-le, ou laissez vide.")
    return None, texte
