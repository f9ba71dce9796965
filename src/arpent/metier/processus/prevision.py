"""When the contract will be signed and each step done, from what is left and the pace observed so far.

The calendar at the opening gives each step a planned end. Sorted by it, the steps cut the time to the
signature into intervals: a step that runs beside another adds nothing twice. The pace of a territory is the
days it really took over the days planned, on the intervals already behind it; it is drawn towards the
median pace of the other territories of the dispositif as long as it has finished few steps. What is left is
multiplied by that pace, and nothing still to be done is expected before today.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median, quantiles

POIDS_DES_AUTRES = 3
"""How many finished steps the median of the others weighs (working value)."""
RYTHME_MIN, RYTHME_MAX = 0.5, 3.0
"""A pace outside these bounds is brought back to them (working values)."""
OBSERVES_MIN = 4
"""Below that number of observed territories, no interval is given."""


@dataclass(frozen=True, slots=True)
class Pas:
    """A step on the way to the signature: planned end at the opening, and the day it was done."""

    prevue_le: date
    faite_le: date | None


@dataclass(frozen=True, slots=True)
class Avancee:
    """Pace of a territory: real days over planned days, on so many finished steps. None: nothing to read."""

    rythme: float | None
    etapes: int


@dataclass(frozen=True, slots=True)
class Prevision:
    """The expected day of the signature. `tot` and `tard` are None when too little was observed.

    `signee`: it is not a forecast, it happened. `methode`: one French sentence that says on what it rests.
    """

    le: date | None
    tot: date | None
    tard: date | None
    rythme: float
    methode: str
    signee: bool = False


@dataclass(frozen=True, slots=True)
class Terme:
    """The expected end of a step left. `tot` and `tard` are None when too little was observed."""

    le: date
    tot: date | None
    tard: date | None


def observer(pas: Sequence[Pas], ouverte_le: date) -> Avancee:
    """The pace of one territory up to its last finished step, in the order planned."""
    ordre = sorted(pas, key=lambda p: p.prevue_le)
    faits = [p for p in ordre if p.faite_le is not None]
    if not faits:
        return Avancee(None, 0)
    prevus = (faits[-1].prevue_le - ouverte_le).days
    reels = (max(p.faite_le for p in faits if p.faite_le is not None) - ouverte_le).days
    if prevus <= 0:
        return Avancee(None, len(faits))
    return Avancee(_borner(max(reels, 0) / prevus), len(faits))


def _borner(rythme: float) -> float:
    return min(max(rythme, RYTHME_MIN), RYTHME_MAX)


def prevoir(pas: Sequence[Pas], ouverte_le: date, today: date, autres: Sequence[float]) -> Prevision:
    """The day of the signature: the last of `pas` in time is the signature itself.

    `autres`: paces of the other territories of the dispositif. No `pas`: no date.
    """
    ordre = sorted(pas, key=lambda p: p.prevue_le)
    if not ordre:
        return Prevision(None, None, None, 1.0, "Le calendrier de ce processus ne porte aucune signature.")
    if (signee := ordre[-1].faite_le) is not None:
        return Prevision(signee, None, None, 1.0, "Contrat signé.", signee=True)
    avancee = observer(ordre, ouverte_le)
    rythme, methode = _rythme(avancee, autres)
    le = _projeter(ordre, ouverte_le, today, rythme)[-1]
    observes, bornes = _observes(avancee, autres), _bornes(avancee, autres, rythme)
    if bornes is None:
        suite = (
            f"Pas d’intervalle\u00a0: il faut {OBSERVES_MIN} territoires observés, il y en a {len(observes)}."
        )
        return Prevision(le, None, None, rythme, f"{methode} {suite}")
    tot, tard = (_projeter(ordre, ouverte_le, today, r)[-1] for r in bornes)
    suite = f"Intervalle\u00a0: rythmes de {len(observes)} territoires, du premier au dernier cinquième."
    return Prevision(le, tot, tard, rythme, f"{methode} {suite}")


def prevoir_etapes(
    pas: Sequence[Pas], ouverte_le: date, today: date, autres: Sequence[float]
) -> tuple[Terme | None, ...]:
    """The expected end of each step, in the order given: None for a step that is done.

    Same method as `prevoir`: the term of the last one in time is the forecast of the signature.
    """
    rangs = sorted(range(len(pas)), key=lambda i: pas[i].prevue_le)
    ordre = [pas[i] for i in rangs]
    avancee = observer(ordre, ouverte_le)
    rythme, _ = _rythme(avancee, autres)
    bornes = _bornes(avancee, autres, rythme)
    dates = _projeter(ordre, ouverte_le, today, rythme)
    tots, tards = (_projeter(ordre, ouverte_le, today, r) for r in bornes) if bornes else (None, None)
    termes: list[Terme | None] = [None] * len(pas)
    for rang, i in enumerate(rangs):
        if pas[i].faite_le is None:
            termes[i] = Terme(dates[rang], tots[rang] if tots else None, tards[rang] if tards else None)
    return tuple(termes)


def _observes(avancee: Avancee, autres: Sequence[float]) -> list[float]:
    return [*autres, *([avancee.rythme] if avancee.rythme is not None else [])]


def _bornes(avancee: Avancee, autres: Sequence[float], rythme: float) -> tuple[float, float] | None:
    """The quick and the slow pace of the interval, None when too few territories were observed."""
    observes = _observes(avancee, autres)
    if len(observes) < OBSERVES_MIN:
        return None
    bas, *_, haut = quantiles(observes, n=5, method="inclusive")
    return min(bas, rythme), max(haut, rythme)


def _rythme(avancee: Avancee, autres: Sequence[float]) -> tuple[float, str]:
    if avancee.rythme is None and not autres:
        return 1.0, "Durées du processus, sans correction\u00a0: aucune étape terminée à observer."
    if avancee.rythme is None:
        return median(autres), f"Rythme médian de {len(autres)} autre(s) territoire(s)."
    if not autres:
        return avancee.rythme, f"Rythme de ce territoire sur {avancee.etapes} étape(s) terminée(s)."
    poids = avancee.etapes + POIDS_DES_AUTRES
    rythme = (avancee.etapes * avancee.rythme + POIDS_DES_AUTRES * median(autres)) / poids
    return rythme, (
        f"Rythme de ce territoire ({avancee.etapes} étape(s) terminée(s)), rapproché du médian de "
        f"{len(autres)} autre(s)."
    )


def _projeter(ordre: Sequence[Pas], ouverte_le: date, today: date, rythme: float) -> list[date]:
    """The end of each step: done, its day; left, each interval still to run is stretched by the pace."""
    fins = []
    repere = max((p.faite_le for p in ordre if p.faite_le is not None), default=ouverte_le)
    prevu_avant = ouverte_le
    commence = False
    for p in ordre:
        intervalle = max((p.prevue_le - prevu_avant).days, 0)
        prevu_avant = max(prevu_avant, p.prevue_le)
        if p.faite_le is not None:
            fins.append(p.faite_le)
            continue
        repere += timedelta(days=round(intervalle * rythme))
        if not commence:
            repere, commence = max(repere, today), True
        fins.append(repere)
    return fins
