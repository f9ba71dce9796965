"""Reading one cell of an imported plan. Each reader returns a value or says why not, and what to write."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from arpent.metier.argent import MontantIllisible, formater_euros, lire_montant
from arpent.plateforme.socle.recherche import plier

MONTANT_ABSURDE = Decimal(1_000_000_000)
_MATURITES = (
    ("amorcage_a", re.compile(r"amorcage.*\ba\b|^a$")),
    ("amorcage_b", re.compile(r"amorcage|^b$|idee|reflexion|intention")),
    ("structurant", re.compile(r"structurant|mature|pret|avance|engage")),
)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_FRANCAIS = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ARTICLES = re.compile(r"\b(de|du|des|d|la|le|les|l|et)\b")


class Illisible(ValueError):
    """A cell that cannot be read: `cause` says what is wrong, `conseil` what to do."""

    def __init__(self, cause: str, conseil: str) -> None:
        super().__init__(f"{cause}. {conseil}")
        self.cause, self.conseil = cause, conseil


def cle_de_structure(nom: str) -> str:
    """A name reduced to what tells bodies apart: “Mairie de Marvejols” and “MARVEJOLS” are one."""
    net = " ".join(re.findall(r"[a-z0-9]+", plier(nom)))
    genre = re.sub(r"^(mairie|ville)\b", "commune", net)
    genre = re.sub(r"^(com com|communaute de communes)\b", "cc", genre)
    genre = re.sub(r"^communaute d agglomeration\b", "ca", genre)
    genre = re.sub(r"^commune\b", "", genre)
    return " ".join(_ARTICLES.sub(" ", genre).split())


def lire_euros(texte: str) -> Decimal:
    """An amount, positive, under a billion: beyond, the unit is wrong."""
    if re.search(r"#(REF|VALEUR|VALUE|N/A|DIV/0|NOM|NAME)", texte, re.IGNORECASE):
        raise Illisible(
            f"« {texte} » est une erreur de calcul d’Excel", "Corrigez la formule dans le fichier."
        )
    try:
        montant = lire_montant(texte)
    except MontantIllisible as erreur:
        cause, _, conseil = str(erreur).partition(" : ")
        raise Illisible(cause, f"{conseil[:1].upper()}{conseil[1:]}") from None
    if montant > MONTANT_ABSURDE:
        raise Illisible(
            f"{formater_euros(montant)} dépasse un milliard", "Vérifiez l’unité : les montants sont en euros."
        )
    return montant


def lire_texte(texte: str, longueur: int) -> str:
    propre = " ".join(texte.split())
    if len(propre) > longueur:
        raise Illisible(
            f"le texte dépasse {longueur} caractères", "Raccourcissez-le ; le détail va en description."
        )
    return propre


def lire_numero(texte: str) -> int:
    """The number of a fiche: 1 to 999,999."""
    if not re.fullmatch(r"[0-9]{1,6}", texte) or int(texte) == 0:
        raise Illisible(f"« {texte} » n’est pas un numéro", "Écrivez un nombre entier, ou videz la case.")
    return int(texte)


def lire_rang(texte: str) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", texte) or int(texte) == 0:
        raise Illisible(f"« {texte} » n’est pas un rang", "Écrivez 1 pour la première priorité, puis 2, 3…")
    return int(texte)


def lire_annee(texte: str) -> int:
    """A year, or the year of a day."""
    annee = int(texte) if re.fullmatch(r"[0-9]{4}", texte) else lire_jour(texte).year
    if not 2000 <= annee <= 2100:
        raise Illisible(f"l’année {annee} est hors de l’intervalle 2000-2100", "Corrigez l’année.")
    return annee


def lire_jour(texte: str) -> date:
    """2026-12-31, 31/12/2026, or a year alone (its first day)."""
    if re.fullmatch(r"[0-9]{4}", texte):
        return date(int(texte), 1, 1) if int(texte) else _date_fausse(texte)
    if trouve := _ISO.fullmatch(texte[:10]):
        annee, mois, jour = map(int, trouve.groups())
    elif trouve := _FRANCAIS.fullmatch(texte):
        jour, mois, annee = map(int, trouve.groups())
    else:
        return _date_fausse(texte)
    try:
        return date(annee, mois, jour)
    except ValueError:
        return _date_fausse(texte)


def _date_fausse(texte: str) -> date:
    raise Illisible(f"« {texte} » n’est pas une date", "Écrivez-la comme 31/12/2026.")


def lire_maturite(texte: str) -> str:
    plie = plier(texte).strip()
    for code, motif in _MATURITES:
        if motif.search(plie):
            return code
    raise Illisible(
        f"la maturité « {texte} » est inconnue", "Écrivez : structurant, amorçage A ou amorçage B."
    )
