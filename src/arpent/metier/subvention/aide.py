"""The aid recomputed on the real figures: the least of the line of the contract, of its rate on the real
base, of what the owner asks and of the room that the law leaves.

Algorithm and worked cases: `docs/algorithmes/dossier.md`. Euros to the cent, rounded once by each bound.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor

from arpent.metier.argent import CENTIME, ZERO, formater_euros, formater_taux
from arpent.metier.plan_financement import Financeur, Operation, exiger_montant, limites_de

CONTRAT, TAUX, DEMANDE = "contrat", "taux", "demande"


@dataclass(frozen=True, slots=True)
class LigneAidee:
    """The line of the contract: its aid, on which base. `acte`: the act that sets it, in words.

    `assiette` None or null: the contract gives no base, so no rate is known.
    """

    aide: Decimal
    assiette: Decimal | None
    acte: str

    def __post_init__(self) -> None:
        exiger_montant(self.aide, "L’aide du contrat")

    @property
    def taux(self) -> Decimal | None:
        """From 0 to 1, to be shown; the calculation uses the two amounts. None when it makes no sense."""
        if not self.assiette or self.aide > self.assiette:
            return None
        return self.aide / self.assiette


@dataclass(frozen=True, slots=True)
class Reel:
    """The figures of the contracts or quotes, in euros HT, and what the owner asks (None: the whole line)."""

    cout: Decimal
    assiette: Decimal
    demande: Decimal | None = None

    def __post_init__(self) -> None:
        exiger_montant(self.cout, "Le coût réel")
        exiger_montant(self.assiette, "La dépense éligible réelle")


@dataclass(frozen=True, slots=True)
class Borne:
    """The most the authority may give under one rule. `plafond` None: the rule could not be computed."""

    code: str
    intitule: str
    article: str
    explication: str
    calcul: str
    plafond: Decimal | None


@dataclass(frozen=True, slots=True)
class AideReelle:
    """The aid, every bound that made it, and the first of those that bind."""

    montant: Decimal
    bornes: tuple[Borne, ...]
    liante: Borne
    aide_du_contrat: Decimal

    @property
    def reste(self) -> Decimal:
        """What of the line goes back to the envelope."""
        return self.aide_du_contrat - self.montant

    @property
    def a_verifier(self) -> tuple[Borne, ...]:
        """The bounds that could not be computed."""
        return tuple(b for b in self.bornes if b.plafond is None)

    @property
    def phrase(self) -> str:
        """One sentence: the amount, and why it is not more."""
        if self.liante.code == CONTRAT:
            return f"{formater_euros(self.montant)} : toute l’aide inscrite au contrat."
        return (
            f"{formater_euros(self.montant)} au lieu de {formater_euros(self.aide_du_contrat)} au contrat. "
            f"Ce qui limite : {self.liante.intitule[:1].lower()}{self.liante.intitule[1:]}."
        )


def calculer_aide(ligne: LigneAidee, reel: Reel, operation: Operation, financeur: Financeur) -> AideReelle:
    """`operation`: the final plan on the real cost, the aid examined left out or asked; `financeur`: the
    authority. Never above the line of the contract: only an avenant raises it.
    """
    bornes = [_du_contrat(ligne), _du_taux(ligne, reel)]
    if reel.demande is not None:
        bornes.append(
            Borne(
                DEMANDE,
                "Aide demandée par le maître d’ouvrage",
                "",
                "L’autorité n’accorde pas plus que ce qui est demandé.",
                formater_euros(reel.demande),
                reel.demande,
            )
        )
    bornes += _de_la_loi(operation, financeur)
    calculees = [b for b in bornes if b.plafond is not None]
    liante = min(calculees, key=lambda b: b.plafond or ZERO)
    return AideReelle(max(ZERO, liante.plafond or ZERO), tuple(bornes), liante, ligne.aide)


def _du_contrat(ligne: LigneAidee) -> Borne:
    return Borne(
        CONTRAT,
        "Aide inscrite au contrat",
        ligne.acte,
        "L’aide ne dépasse jamais la ligne du contrat ; seul un avenant la relève.",
        formater_euros(ligne.aide),
        ligne.aide,
    )


def _du_taux(ligne: LigneAidee, reel: Reel) -> Borne:
    intitule = "Taux du contrat appliqué à la dépense éligible réelle"
    if not ligne.assiette or ligne.taux is None:
        return Borne(
            TAUX,
            intitule,
            ligne.acte,
            "Le contrat ne donne pas de dépense éligible pour ce projet : son taux est à vérifier.",
            "",
            None,
        )
    centimes = Fraction(ligne.aide) * Fraction(reel.assiette) / Fraction(ligne.assiette) / Fraction(CENTIME)
    plafond = floor(centimes + Fraction(1, 2)) * CENTIME
    taux = formater_taux(ligne.taux, None)
    return Borne(
        TAUX,
        intitule,
        ligne.acte,
        f"Le contrat aide ce projet à {taux} de sa dépense éligible.",
        f"{formater_euros(ligne.aide)} ÷ {formater_euros(ligne.assiette)} × {formater_euros(reel.assiette)} "
        f"= {formater_euros(plafond)}",
        plafond,
    )


def _de_la_loi(operation: Operation, financeur: Financeur) -> list[Borne]:
    """The room of the authority under each legal cap, less what it has granted already on another scheme."""
    deja = operation.acquis(financeur)
    bornes = []
    for rang, limite in enumerate(limites_de(operation, financeur)):
        plafond = limite.maximum - deja
        suite = f" ; déjà accordé : {formater_euros(deja)}, reste {formater_euros(plafond)}" if deja else ""
        explication = "Les autres financements du plan définitif laissent cette place à l’autorité."
        bornes.append(
            Borne(
                f"loi-{rang}",
                limite.intitule,
                limite.article,
                explication,
                limite.calcul + suite,
                max(ZERO, plafond),
            )
        )
    return bornes


def refus_du_montant(montant: Decimal, aide: AideReelle, motif: str) -> str:
    """Why an amount cannot be proposed; empty when it can. Less than the calculation asks for a reason."""
    if montant <= ZERO:
        return "Le montant proposé est positif : pour ne rien accorder, rejetez le dossier."
    if montant > aide.aide_du_contrat:
        return (
            f"{formater_euros(montant)} dépassent l’aide inscrite au contrat "
            f"({formater_euros(aide.aide_du_contrat)}) : préparez d’abord un avenant qui la relève."
        )
    depassees = [b for b in aide.bornes if b.plafond is not None and montant > b.plafond]
    if depassees:
        borne = min(depassees, key=lambda b: b.plafond or ZERO)
        suite = f" ({borne.article})" if borne.article else ""
        return (
            f"{formater_euros(montant)} dépassent « {borne.intitule} »{suite} : "
            f"{formater_euros(borne.plafond)} au plus. {borne.calcul}."
        )
    if montant < aide.montant and not motif.strip():
        return (
            f"Le calcul permet {formater_euros(aide.montant)} : écrivez pourquoi vous proposez moins, le "
            "maître d’ouvrage le lira."
        )
    return ""
