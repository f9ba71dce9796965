"""How far an indicator has gone from its baseline to its target; which enjeu each euro serves, to the cent.

The rules and a worked table are in docs/algorithmes/evaluation.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from arpent.metier.argent import ZERO, partager


class Chemin(StrEnum):
    """Where an indicator stands."""

    SANS_VALEUR = "sans_valeur"
    SANS_CIBLE = "sans_cible"
    RECULE = "recule"
    STABLE = "stable"
    AVANCE = "avance"
    ATTEINT = "atteint"


LIBELLES_CHEMIN: dict[Chemin, str] = {
    Chemin.SANS_VALEUR: "pas encore mesuré",
    Chemin.SANS_CIBLE: "sans cible",
    Chemin.RECULE: "s’éloigne de la cible",
    Chemin.STABLE: "n’a pas bougé",
    Chemin.AVANCE: "avance vers la cible",
    Chemin.ATTEINT: "cible atteinte",
}


@dataclass(frozen=True, slots=True)
class Trajet:
    """`parcouru`: the share of the way done, 0 at the baseline, 1 at the target; None: no meaning."""

    chemin: Chemin
    parcouru: Decimal | None = None


def trajet(reference: Decimal | None, cible: Decimal | None, valeur: Decimal | None) -> Trajet:
    """Of one indicator. Without a baseline only « reached or not » can be told for a rising target.

    A target equal to the baseline is to be held: reached when the value is exactly there.
    """
    if valeur is None:
        return Trajet(Chemin.SANS_VALEUR)
    if cible is None:
        return Trajet(Chemin.SANS_CIBLE)
    depart = ZERO if reference is None else reference
    if cible == depart:
        return Trajet(Chemin.ATTEINT if valeur == cible else Chemin.RECULE)
    parcouru = (valeur - depart) / (cible - depart)
    if parcouru >= 1:
        return Trajet(Chemin.ATTEINT, parcouru)
    if parcouru > 0:
        return Trajet(Chemin.AVANCE, parcouru)
    return Trajet(Chemin.STABLE if parcouru == 0 else Chemin.RECULE, parcouru)


SANS_ENJEU = None


def contribution(
    montants: Mapping[int, Decimal], liens: Mapping[int, Mapping[int, Decimal]]
) -> dict[int | None, Decimal]:
    """Euros by enjeu: the amount of each project shared over the enjeux it is tied to, to the cent.

    `montants`: project → euros; `liens`: project → enjeu → weight. A project tied to nothing, or whose
    weights are all null, goes to `SANS_ENJEU`. The sum of the answer is the sum of the amounts, exactly.
    """
    sommes: dict[int | None, Decimal] = {}
    for projet, montant in montants.items():
        parts: dict[int | None, Decimal]
        poids = {e: p for e, p in liens.get(projet, {}).items() if p > 0}
        if poids:
            cles = {f"{enjeu:012d}": enjeu for enjeu in poids}
            partages = partager(montant, {cle: poids[enjeu] for cle, enjeu in cles.items()})
            parts = {cles[cle]: part for cle, part in partages.items()}
        else:
            parts = {SANS_ENJEU: montant}
        for enjeu, part in parts.items():
            sommes[enjeu] = sommes.get(enjeu, ZERO) + part
    return sommes


def liens_du_projet(
    enjeu: int | None, enjeux_de_l_axe: Iterable[int], poids: Mapping[int, Decimal]
) -> dict[int, Decimal]:
    """The enjeux a project serves: its own alone when it names one, else those of its axis by their weights.

    `poids`: enjeu → weight in that axis; one that has none weighs 1.
    """
    if enjeu is not None:
        return {enjeu: Decimal(1)}
    return {e: poids.get(e, Decimal(1)) for e in enjeux_de_l_axe}
