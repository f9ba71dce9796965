"""What can be paid of an aid today, and the bound that says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from arpent.metier.argent import CENTIME, ZERO, arrondir, formater_euros, formater_taux

from .regles import LIBELLES_GENRE, GenreVersement, ReglesVersement


@dataclass(frozen=True, slots=True)
class Aide:
    """An aid awarded and where its payments are; euros. `verse` is net of repayments.

    `assiette`: planned eligible expense, None for a flat aid; `depenses`: eligible expense justified so far,
    None when nothing is; `retenu`: withheld, neither released nor given up.
    """

    montant: Decimal
    assiette: Decimal | None = None
    depenses: Decimal | None = None
    verse: Decimal = ZERO
    avances: Decimal = ZERO
    acomptes: int = 0
    retenu: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Borne:
    """One thing that limits a payment: its amount, and the arithmetic that gives it."""

    code: str
    libelle: str
    montant: Decimal
    calcul: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Payable:
    """What can be paid. `borne`: the one that binds; `refus`: why nothing can, empty otherwise.

    `regle_manquante`: the rule that the authority has not entered: the agent gives amount and reason.
    `a_reverser`: paid beyond what is due, at the balance.
    """

    genre: GenreVersement
    montant: Decimal
    bornes: tuple[Borne, ...]
    borne: Borne
    refus: str = ""
    regle_manquante: str = ""
    a_reverser: Decimal = ZERO

    @property
    def explication(self) -> str:
        source = f" ({self.borne.source})" if self.borne.source else ""
        return f"{self.borne.libelle}\u00a0: {self.borne.calcul}{source}"


def montant_du(aide: Aide) -> Decimal:
    """The aid due on the expense justified: rate × min(real, planned), to the cent."""
    if aide.assiette is None:
        return aide.montant if aide.depenses is not None else ZERO
    retenue = min(aide.depenses or ZERO, aide.assiette)
    if retenue <= 0 or aide.assiette <= 0:
        return ZERO
    exact = Fraction(aide.montant) * Fraction(retenue) / Fraction(aide.assiette)
    return arrondir(Decimal(exact.numerator) / Decimal(exact.denominator))


def payable(genre: GenreVersement, aide: Aide, regles: ReglesVersement) -> Payable:
    """What can be paid now. The smallest bound binds; on equality, the first."""
    bornes = tuple(_moins_retenu(b, aide) for b in _bornes(genre, aide, regles))
    borne = min(bornes, key=lambda b: b.montant)
    montant = max(borne.montant, ZERO)
    a_reverser = max(aide.verse - montant_du(aide), ZERO) if genre is GenreVersement.SOLDE else ZERO
    return Payable(
        genre=genre,
        montant=montant,
        bornes=bornes,
        borne=borne,
        refus=_refus(genre, aide, regles, borne, montant, a_reverser),
        regle_manquante=_manquante(genre, regles),
        a_reverser=a_reverser,
    )


def _bornes(genre: GenreVersement, aide: Aide, regles: ReglesVersement) -> Iterator[Borne]:
    if genre is GenreVersement.AVANCE:
        if regles.avance_taux is not None:
            yield _taux("avance", "Avance permise", regles.avance_taux, aide.montant, aide.avances, regles)
    else:
        yield _justifie(aide)
        if genre is GenreVersement.ACOMPTE and regles.acomptes_taux is not None:
            libelle = "Avance et acomptes, au total"
            yield _taux("acomptes", libelle, regles.acomptes_taux, aide.montant, aide.verse, regles)
    reste = aide.montant - aide.verse
    calcul = f"{formater_euros(aide.montant)} − {formater_euros(aide.verse)} = {formater_euros(reste)}"
    yield Borne("reste", "Reste de l’aide attribuée", reste, calcul)


def _taux(
    code: str, libelle: str, taux: Decimal, montant: Decimal, deja: Decimal, regles: ReglesVersement
) -> Borne:
    plafond = arrondir(montant * taux)
    calcul = f"{formater_taux(taux, None)} × {formater_euros(montant)} = {formater_euros(plafond)}"
    if deja:
        calcul += f", moins {formater_euros(deja)} déjà versés = {formater_euros(plafond - deja)}"
    return Borne(code, libelle, plafond - deja, calcul, regles.source)


def _justifie(aide: Aide) -> Borne:
    du = montant_du(aide)
    if aide.depenses is None:
        calcul = "aucune dépense justifiée"
    elif aide.assiette is None:
        calcul = f"aide forfaitaire {formater_euros(du)}"
    else:
        retenue = min(aide.depenses, aide.assiette)
        dont = f" (plafonnés à {formater_euros(aide.assiette)})" if aide.depenses > aide.assiette else ""
        calcul = (
            f"{formater_euros(aide.montant)} × {formater_euros(retenue)}{dont} ÷ "
            f"{formater_euros(aide.assiette)} = {formater_euros(du)}"
        )
    if aide.verse:
        calcul += f", moins {formater_euros(aide.verse)} déjà versés = {formater_euros(du - aide.verse)}"
    return Borne("justifie", "Dépenses justifiées", du - aide.verse, calcul)


def _moins_retenu(borne: Borne, aide: Aide) -> Borne:
    if not aide.retenu:
        return borne
    reste = borne.montant - aide.retenu
    calcul = f"{borne.calcul}, moins {formater_euros(aide.retenu)} retenus = {formater_euros(reste)}"
    return Borne(borne.code, borne.libelle, reste, calcul, borne.source)


def _manquante(genre: GenreVersement, regles: ReglesVersement) -> str:
    if genre is GenreVersement.AVANCE and regles.avance_taux is None:
        return "le taux de l’avance"
    if genre is GenreVersement.ACOMPTE and regles.acomptes_taux is None:
        return "la part de l’aide qui peut être versée avant le solde"
    return ""


def _refus(
    genre: GenreVersement,
    aide: Aide,
    regles: ReglesVersement,
    borne: Borne,
    montant: Decimal,
    a_reverser: Decimal,
) -> str:
    if genre is GenreVersement.AVANCE and regles.avance_taux == 0:
        return "Le règlement ne prévoit pas d’avance : demandez un acompte dès les premières dépenses."
    if genre is GenreVersement.ACOMPTE:
        if regles.acomptes_taux == 0:
            return "Le règlement ne prévoit pas d’acompte : demandez le solde à la fin de l’opération."
        if regles.acomptes_nombre is not None and aide.acomptes >= regles.acomptes_nombre:
            return (
                f"Le règlement permet {regles.acomptes_nombre} acompte(s), déjà versé(s) : demandez le solde "
                "à la fin de l’opération."
            )
    if a_reverser:
        return (
            f"{formater_euros(aide.verse)} versés pour {formater_euros(montant_du(aide))} dus : "
            f"{formater_euros(a_reverser)} sont à reverser."
        )
    if montant == 0:
        nom = LIBELLES_GENRE[genre].lower()
        return f"Aucun montant ne peut être versé en {nom}. {borne.libelle} : {borne.calcul}."
    minimum = regles.acompte_minimum
    if genre is GenreVersement.ACOMPTE and minimum is not None and montant < minimum:
        return (
            f"L’acompte serait de {formater_euros(montant)} ; le minimum est de {formater_euros(minimum)} : "
            "attendez d’autres dépenses, ou demandez le solde si l’opération est finie."
        )
    return ""


def refus_montant(montant: Decimal, calcule: Payable, raison: str = "") -> str:
    """Why an amount (positive, to the cent) cannot be paid; empty when it can.

    `raison`: asked when the rule of that kind is not entered.
    """
    if montant < CENTIME or montant != arrondir(montant):
        return "Le montant doit être positif, au centime près."
    if calcule.refus:
        return calcule.refus
    if montant > calcule.montant:
        return (
            f"{formater_euros(montant)} dépassent ce qui peut être versé, {formater_euros(calcule.montant)}. "
            f"{calcule.explication}."
        )
    if calcule.regle_manquante and not raison.strip():
        return (
            f"Le règlement saisi ne donne pas {calcule.regle_manquante} : dites d’où vient ce montant "
            "(article, décision, usage)."
        )
    return ""


def refus_retenue(retenue: Decimal, montant: Decimal, motif: str) -> str:
    """A withholding is taken off one payment: more than nothing, the payment at most, with a reason."""
    if retenue < CENTIME or retenue != arrondir(retenue):
        return "La retenue doit être positive, au centime près."
    if retenue > montant:
        return (
            f"La retenue, {formater_euros(retenue)}, dépasse le versement, {formater_euros(montant)} : "
            "réduisez-la, ou refusez la demande."
        )
    if not motif.strip():
        return "Dites pourquoi ce montant est retenu : le bénéficiaire le lira."
    return ""


def refus_reversement(montant: Decimal, verse: Decimal, motif: str) -> str:
    """What is asked back was paid, and the beneficiary reads why."""
    if montant < CENTIME or montant != arrondir(montant):
        return "Le montant doit être positif, au centime près."
    if montant > verse:
        return f"{formater_euros(verse)} ont été versés : le reversement ne peut pas dépasser ce montant."
    if not motif.strip():
        return "Dites pourquoi ce montant est à reverser : le bénéficiaire le lira."
    return ""
