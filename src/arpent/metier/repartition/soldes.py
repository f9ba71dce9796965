"""The balances of an envelope read from its movements, and what each gesture on it may not do.

A movement counts at one stage for one envelope; the balance of an envelope is the sum of its own movements,
that of a branch the sum over the branch. Money given to a line leaves its parent by as much, so that the sum
of a branch does not move when it is divided. Every rule answers "" or the French reason of the refusal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from arpent.metier.argent import CENTIME, ZERO, arrondir, formater_euros, formater_taux


class Stade(StrEnum):
    """How far the money of an envelope has come."""

    ALLOUE = "alloue"
    PROPOSE = "propose"
    CONVENU = "convenu"
    VOTE = "vote"
    ENGAGE = "engage"
    PAYE = "paye"


LIBELLES_STADE: dict[Stade, str] = {
    Stade.ALLOUE: "Alloué",
    Stade.PROPOSE: "Proposé",
    Stade.CONVENU: "Convenu",
    Stade.VOTE: "Voté",
    Stade.ENGAGE: "Engagé",
    Stade.PAYE: "Payé",
}


@dataclass(frozen=True, slots=True)
class Soldes:
    """Sums by stage, in euros to the cent; a remainder is negative when its stage is exceeded."""

    alloue: Decimal = ZERO
    propose: Decimal = ZERO
    convenu: Decimal = ZERO
    vote: Decimal = ZERO
    engage: Decimal = ZERO
    paye: Decimal = ZERO

    @classmethod
    def depuis(cls, sommes: Mapping[str, Decimal]) -> Soldes:
        """From the sum of each stage; a stage that is not there is zero."""
        return cls(*(arrondir(sommes.get(stade, ZERO)) for stade in Stade))

    def __add__(self, autre: Soldes) -> Soldes:
        return Soldes(*(self[stade] + autre[stade] for stade in Stade))

    def __getitem__(self, stade: str) -> Decimal:
        montant: Decimal = getattr(self, Stade(stade).value)
        return montant

    @property
    def reste_a_proposer(self) -> Decimal:
        return self.alloue - self.propose

    @property
    def reste_a_convenir(self) -> Decimal:
        return self.propose - self.convenu

    @property
    def reste_a_voter(self) -> Decimal:
        return self.convenu - self.vote

    @property
    def reste_a_engager(self) -> Decimal:
        """What is left for commitments: allocated and not committed."""
        return self.alloue - self.engage

    @property
    def reste_a_payer(self) -> Decimal:
        return self.engage - self.paye

    @property
    def libre(self) -> Decimal:
        """What may leave for another line: neither committed, voted nor agreed."""
        return self.alloue - max(self.engage, self.vote, self.convenu)

    @property
    def tient(self) -> bool:
        """True when no ceiling is broken: 0 ≤ paid ≤ committed ≤ allocated."""
        return ZERO <= self.paye <= self.engage <= self.alloue


def somme(soldes: Iterable[Soldes]) -> Soldes:
    return sum(soldes, Soldes())


def refus_montant(montant: Decimal) -> str:
    """An amount moved is positive, to the cent."""
    if montant < CENTIME or montant != arrondir(montant):
        return "Le montant doit être positif, au centime près."
    return ""


def refus_dotation(soldes: Soldes, nom: str) -> str:
    """`soldes`: the envelope's own, as they would be. Its allocation never falls under its commitments."""
    if soldes.alloue >= max(soldes.engage, ZERO):
        return ""
    return (
        f"« {nom} » n’aurait plus que {formater_euros(soldes.alloue)} hors de ses lignes, pour "
        f"{formater_euros(soldes.engage)} engagés : reprenez d’abord le crédit de ses lignes, ou libérez un "
        "engagement."
    )


def refus_dotation_du_fonds(montant: Decimal, ecart: Decimal, soldes: Soldes, nom: str) -> str:
    """`montant`: all that the fund would have, `ecart` more than now; `soldes`: its own, lines aside.

    What it gave to its territories and lines stays given.
    """
    manque = max(soldes.engage, ZERO) - (soldes.alloue + ecart)
    if manque <= 0:
        return ""
    return (
        f"« {nom} » a déjà donné plus que {formater_euros(montant)} à ses territoires ou à ses lignes : "
        f"écrivez au moins {formater_euros(montant + manque)}, ou reprenez d’abord ces crédits."
    )


def refus_division(soldes: Soldes, demande: Decimal) -> str:
    """What is given to the lines comes out of what the parent has not divided, agreed or committed."""
    if demande <= soldes.reste_a_engager:
        return ""
    return (
        f"Les lignes demandent {formater_euros(demande)} et il reste "
        f"{formater_euros(max(soldes.reste_a_engager, ZERO))} à diviser : réduisez-les."
    )


def refus_virement(
    montant: Decimal, soldes: Soldes, *, deja_vire: Decimal, limite: Decimal | None, meme_niveau: bool
) -> str:
    """`limite`: share (0 to 1) of its allocation that may leave the line; `deja_vire`: what already left."""
    if not meme_niveau:
        return "Un virement se fait entre deux lignes de la même enveloppe : choisissez une ligne voisine."
    if limite is None:
        return (
            "Cette ligne n’est pas fongible : fixez d’abord la part de son crédit qui peut aller vers une "
            "autre ligne."
        )
    plafond = arrondir((soldes.alloue + deja_vire) * limite)
    if deja_vire + montant > plafond:
        return (
            f"La fongibilité de cette ligne est limitée à {formater_taux(limite, None)} de son crédit, soit "
            f"{formater_euros(plafond)}, dont {formater_euros(deja_vire)} déjà virés : virez au plus "
            f"{formater_euros(max(plafond - deja_vire, ZERO))}."
        )
    return refus_depart(montant, soldes)


def refus_depart(montant: Decimal, soldes: Soldes) -> str:
    """What leaves a line, for a sister or back to its parent, was promised to nobody."""
    if montant <= soldes.libre:
        return ""
    return (
        f"Il reste {formater_euros(max(soldes.libre, ZERO))} libres sur cette ligne, le reste est convenu, "
        "voté ou engagé : réduisez le montant."
    )


def refus_report(montant: Decimal, soldes: Soldes, *, annee: int | None, vers: int | None) -> str:
    """The remainder of year N that is not committed goes to N+1 of the same line."""
    if annee is None:
        return "Cette ligne n’a pas d’année : seul le crédit d’une année se reporte sur la suivante."
    if vers != annee + 1:
        return f"Le crédit de {annee} se reporte sur {annee + 1}."
    if montant > soldes.reste_a_engager:
        return (
            f"Il reste {formater_euros(max(soldes.reste_a_engager, ZERO))} non engagés sur {annee} : "
            "reportez ce montant au plus."
        )
    return ""


@dataclass(frozen=True, slots=True)
class Tranche:
    """Whether the money of a line may be committed yet, and what it waits for."""

    nom: str
    ouverte: bool = True
    condition: str = ""
    taux: Decimal | None = None
    """Share (0 to 1) of its sister lines that must be committed before it opens."""


def refus_ouverture(tranche: Tranche, soeurs: Soldes) -> str:
    """`soeurs`: the sum of the branches beside it."""
    if tranche.ouverte:
        return f"« {tranche.nom} » est déjà ouverte."
    if tranche.taux is None or soeurs.engage >= arrondir(soeurs.alloue * tranche.taux):
        return ""
    part = soeurs.engage / soeurs.alloue
    return (
        f"« {tranche.nom} » s’ouvre quand {formater_taux(tranche.taux, None)} des autres lignes sont "
        f"engagés : elles le sont à {formater_taux(part, None)} ({formater_euros(soeurs.engage)} sur "
        f"{formater_euros(soeurs.alloue)})."
    )


def refus_engagement(
    montant: Decimal,
    soldes: Soldes,
    branche: Iterable[Tranche],
    *,
    vote: Decimal = ZERO,
    engage_du_vote: Decimal = ZERO,
    vote_ailleurs: str = "",
) -> str:
    """`soldes`: the envelope's own; `branche`: from the root to it; `vote`: voted for the project (0: none).

    `engage_du_vote` is what is committed already for that project, on every line of the fund;
    `vote_ailleurs`: name of the other fund on which the project was voted, when this one has no vote for it.
    """
    if vote_ailleurs and not vote:
        return (
            f"Ce projet est voté sur « {vote_ailleurs} » : engagez-le sur ce fonds, ou choisissez d’abord un "
            "autre fonds dans la maquette."
        )
    for tranche in branche:
        if not tranche.ouverte:
            attente = f" ({tranche.condition})" if tranche.condition else ""
            return f"La tranche « {tranche.nom} » n’est pas ouverte{attente} : ouvrez-la avant d’engager."
    if montant > soldes.reste_a_engager:
        return (
            f"Il reste {formater_euros(max(soldes.reste_a_engager, ZERO))} à engager sur cette enveloppe : "
            f"{formater_euros(montant)} n’y tiennent pas."
        )
    if vote and engage_du_vote + montant > vote:
        return (
            f"Le vote accorde {formater_euros(vote)} à ce projet, dont {formater_euros(engage_du_vote)} déjà "
            f"engagés : engagez au plus {formater_euros(max(vote - engage_du_vote, ZERO))}."
        )
    return ""


def refus_liberation(montant: Decimal, soldes: Soldes) -> str:
    """`soldes`: of the project on that envelope. What is paid stays committed."""
    if montant <= soldes.reste_a_payer:
        return ""
    return (
        f"{formater_euros(soldes.engage)} sont engagés ici, dont {formater_euros(soldes.paye)} payés : "
        f"libérez au plus {formater_euros(soldes.reste_a_payer)}."
    )


def refus_versement(montant: Decimal, soldes: Soldes) -> str:
    """`soldes`: of the project on that envelope. A payment stays within what is committed."""
    if montant <= soldes.reste_a_payer:
        return ""
    return (
        f"{formater_euros(soldes.engage)} sont engagés ici, dont {formater_euros(soldes.paye)} déjà payés : "
        f"versez au plus {formater_euros(soldes.reste_a_payer)}, ou engagez d’abord la différence."
    )


def refus_reversement(montant: Decimal, soldes: Soldes) -> str:
    """`soldes`: of the project on that envelope. What comes back was paid."""
    if montant <= soldes.paye:
        return ""
    return (
        f"{formater_euros(soldes.paye)} ont été payés ici : le reversement ne peut pas dépasser ce montant."
    )
