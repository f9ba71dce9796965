"""Why this class: what weighs for and against, and how far the next one is, in plain French."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import fsum

from arpent.metier.argent import formater_nombre
from arpent.metier.vulnerabilite.composition import NoteComposee
from arpent.metier.vulnerabilite.modele import (
    Classe,
    Indicateur,
    ModeSeuils,
    Orientation,
    RegleComposition,
)
from arpent.metier.vulnerabilite.notation import Notes

NEGLIGEABLE = 0.005
"""Under this gap to the mean, an indicator weighs neither way (it would be written 0,00)."""


@dataclass(frozen=True, slots=True)
class Raison:
    """`apport`: to the score; `ecart`: to the mean of the compared, positive towards vulnerability."""

    indicateur: Indicateur
    poids: float
    apport: float
    ecart: float
    valeur: float | None


@dataclass(frozen=True, slots=True)
class Distance:
    """What separates the score from a neighbouring class."""

    classe: Classe
    ecart: float
    vers_plus_vulnerable: bool

    @property
    def phrase(self) -> str:
        voisine = f"« {self.classe.libelle} »"
        if not self.ecart:
            return f"Le score est exactement à la limite : le moindre écart ferait passer en {voisine}."
        sens = "de plus" if self.vers_plus_vulnerable else "de moins"
        s = "s" if self.ecart >= 2 else ""
        return f"Il faudrait {_deux(self.ecart)} point{s} de vulnérabilité {sens} pour passer en {voisine}."


@dataclass(frozen=True, slots=True)
class Pourquoi:
    """`raisons`: all, the heaviest towards vulnerability first; `pour` and `contre`: the two ends."""

    raisons: tuple[Raison, ...]
    distances: tuple[Distance, ...]

    @property
    def pour(self) -> tuple[Raison, ...]:
        return tuple(r for r in self.raisons if r.ecart > NEGLIGEABLE)

    @property
    def contre(self) -> tuple[Raison, ...]:
        return tuple(r for r in reversed(self.raisons) if r.ecart < -NEGLIGEABLE)

    @property
    def phrase(self) -> str:
        """The two or three reasons that weigh most, each way."""
        morceaux = []
        if self.pour:
            morceaux.append(f"Ce qui rend plus vulnérable que la moyenne : {_enumerer(self.pour)}.")
        if self.contre:
            morceaux.append(f"Ce qui protège : {_enumerer(self.contre)}.")
        if not morceaux:
            morceaux.append("Aucun indicateur ne s’écarte nettement de la moyenne des territoires comparés.")
        return " ".join(morceaux)


def expliquer(notes: Notes, composee: NoteComposee, populations: Mapping[str, float]) -> Pourquoi:
    """The reasons of a territory, its members weighted by population.

    The gaps to the mean sum to the gap of its score to the mean score, whatever the normalisation.
    """
    signe = 1 if notes.modele.orientation is Orientation.HAUT else -1
    membres = [m for m in composee.membres if m.score is not None]
    notees = [n for n in notes.notes if n.score is not None]
    raisons: list[Raison] = []
    if membres and notees:
        total = fsum(populations[m.territoire] for m in membres)
        for rang, indicateur in enumerate(notes.modele.indicateurs):
            lues = [(m.contributions[rang], populations[m.territoire] / total) for m in membres]
            apport = fsum(c.apport * part for c, part in lues)
            moyenne = fsum(n.contributions[rang].apport for n in notees) / len(notees)
            poids = fsum(c.poids * part for c, part in lues)
            valeur = lues[0][0].valeur if len(composee.membres) == 1 else None
            raisons.append(Raison(indicateur, poids, apport, signe * (apport - moyenne), valeur))
    raisons.sort(key=lambda r: -r.ecart)
    return Pourquoi(tuple(raisons), _distances(notes, composee))


def _distances(notes: Notes, composee: NoteComposee) -> tuple[Distance, ...]:
    """Only where the score decides: one member, or the population-weighted mean."""
    par_score = notes.modele.composition.regle is RegleComposition.MOYENNE_PONDEREE
    if composee.score is None or composee.classe is None or not (par_score or len(composee.membres) == 1):
        return ()
    classes = notes.modele.classes
    rang = classes.index(composee.classe)
    distances = []
    plus = next(((r, b) for r, b in enumerate(notes.bornes[rang:], rang + 1) if b is not None), None)
    if plus is not None:
        distances.append(Distance(classes[plus[0]], abs(plus[1] - composee.score), True))
    if rang > 0 and (borne := notes.bornes[rang - 1]) is not None:
        dessous = notes.bornes[: rang - 1]
        moins = max((r for r, b in enumerate(dessous, 1) if b is not None), default=0)
        distances.append(Distance(classes[moins], abs(borne - composee.score), False))
    return tuple(distances)


def dire_les_seuils(notes: Notes) -> str:
    """How the classes are cut, in one sentence."""
    return _dire_les_seuils(notes).replace("« ", "«\u00a0").replace(" »", "\u00a0»")


def _dire_les_seuils(notes: Notes) -> str:
    seuils = notes.modele.seuils
    if seuils is None:
        return ""
    libelles = [c.libelle.lower() for c in notes.modele.classes[1:]]
    if seuils.mode is ModeSeuils.FIXE:
        depuis = "à partir de" if notes.modele.orientation is Orientation.HAUT else "jusqu’à"
        details = [f"« {c} » {depuis} {_deux(v)}" for c, v in zip(libelles, seuils.valeurs, strict=True)]
        return f"Seuils fixes du score : {', '.join(details)}."
    if seuils.mode is ModeSeuils.N_DERNIERS:
        details = [f"« {c} » : les {v:.0f} derniers" for c, v in zip(libelles, seuils.valeurs, strict=True)]
        return f"Classes par rang : {', '.join(details)}."
    parts = [
        f"« {c} » au-delà de {formater_nombre(Decimal(str(round(v * 100, 1))), 0)}\u00a0%"
        for c, v in zip(libelles, seuils.valeurs, strict=True)
    ]
    return f"Classes par part des territoires comparés, du moins au plus vulnérable : {', '.join(parts)}."


def _enumerer(raisons: Sequence[Raison], combien: int = 3) -> str:
    dites = [r.indicateur.libelle[:1].lower() + r.indicateur.libelle[1:] for r in raisons[:combien]]
    return ", ".join(dites[:-1]) + (" et " if len(dites) > 1 else "") + dites[-1]


def _deux(x: float) -> str:
    """Two decimals, never shown as zero when it is not."""
    if 0 < x < 0.005:
        return "moins de 0,01"
    return formater_nombre(Decimal(str(round(x, 2))), 2)
