"""The days that the law counts on a grant file. No clock: the day is handed in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from arpent.metier.plan_financement import Seuil
from arpent.metier.subvention.regles import Debut, ReglesDossier
from arpent.metier.temps import ajouter_mois

INCOMPLETE = "CRPA, art. L114-5"
"""A request that is incomplete: the delay of the silent rejection is suspended while the owner answers."""


@dataclass(frozen=True, slots=True)
class Arret:
    """A time given to the owner to send a piece; it ends on the answer when it comes before `jusqu_a`."""

    depuis: date
    jusqu_a: date
    repondu_le: date | None = None

    @property
    def fin(self) -> date:
        return self.jusqu_a if self.repondu_le is None else min(self.jusqu_a, self.repondu_le)


@dataclass(frozen=True, slots=True)
class Silence:
    """The day from which saying nothing is a rejection. `suspendu`: an answer is awaited today."""

    le: date
    article: str
    calcul: str
    jours_suspendus: int = 0
    suspendu: bool = False

    def jours_restants(self, aujourd_hui: date) -> int:
        """Negative once it is over."""
        return (self.le - aujourd_hui).days


def silence_de(
    depose_le: date | None, arrets: Iterable[Arret], seuil: Seuil | None, aujourd_hui: date
) -> Silence | None:
    """None before the deposit, or when the law sets no delay here.

    The delay runs from the deposit; it is suspended during the time given to send a piece, and starts again
    when the piece comes, or when that time is over. Overlapping times are counted once.
    """
    if depose_le is None or seuil is None:
        return None
    mois = int(seuil.valeur)
    fin = ajouter_mois(depose_le, mois)
    suspendus, suspendu = 0, False
    couvert = depose_le
    for arret in sorted(arrets, key=lambda a: (a.depuis, a.fin)):
        debut = max(arret.depuis, couvert)
        if debut > fin + timedelta(days=suspendus):
            continue  # asked too late: the request was rejected already
        if arret.fin > debut:
            suspendus += (arret.fin - debut).days
            couvert = arret.fin
        if arret.repondu_le is None and arret.depuis <= aujourd_hui <= arret.jusqu_a:
            suspendu = True
    le = fin + timedelta(days=suspendus)
    calcul = f"{depose_le:%d/%m/%Y} + {mois} mois = {fin:%d/%m/%Y}"
    article = seuil.article
    if suspendus:
        calcul += f" ; + {suspendus} jour{'s' if suspendus > 1 else ''} de suspension = {le:%d/%m/%Y}"
        article += f" ; {INCOMPLETE}"
    return Silence(le, article, calcul, suspendus, suspendu)


@dataclass(frozen=True, slots=True)
class Commencement:
    """May the work start: from which day, or not yet; and why. `regulier` None: nothing started."""

    depuis: date | None
    libre: bool
    article: str
    phrase: str
    regulier: bool | None = None


def commencement_possible(
    regles: ReglesDossier,
    loi: Seuil | None,
    *,
    depose_le: date | None,
    complet_le: date | None,
    autorise_le: date | None = None,
    debut_le: date | None = None,
) -> Commencement:
    """The policy says from which day; without it, the law when its parameter says yes (`loi` = 1).

    `autorise_le`: a start allowed before that day by the authority.
    """
    regle = regles.debut
    article = regles.source if regle else ""
    if regle is None:
        regle = Debut.COMPLET if loi is not None and loi.valeur == 1 else Debut.LIBRE
        article = loi.article if loi is not None and regle is Debut.COMPLET else ""
    if regle is Debut.LIBRE:
        return Commencement(
            None, True, article, "Les travaux peuvent commencer à tout moment.", _dit(debut_le)
        )
    depuis = depose_le if regle is Debut.DEPOT else complet_le
    if autorise_le is not None and (depuis is None or autorise_le < depuis):
        depuis = autorise_le
        phrase = f"Commencement autorisé par dérogation à partir du {depuis:%d/%m/%Y}."
    elif depuis is None:
        quoi = "déposé" if regle is Debut.DEPOT else "reconnu complet"
        phrase = (
            f"Les travaux ne commencent pas avant que le dossier soit {quoi} (études et acquisitions "
            "foncières exceptées)."
        )
    else:
        phrase = f"Les travaux peuvent commencer depuis le {depuis:%d/%m/%Y}."
    regulier = None if debut_le is None else depuis is not None and debut_le >= depuis
    return Commencement(depuis, False, article, phrase, regulier)


def _dit(debut_le: date | None) -> bool | None:
    return None if debut_le is None else True
