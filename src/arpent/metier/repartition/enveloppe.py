"""Share an envelope between territories by weighted keys, exact to the cent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from arpent.metier.argent import ZERO, arrondir, formater_taux, partager


class RepartitionImpossible(ValueError):
    """The formula cannot be applied; the message is French and says what to correct."""


@dataclass(frozen=True, slots=True)
class Cle:
    """One key of the formula: its weight (0 to 1) and the value of each territory (None: an equal share).

    A territory whose value is None, or absent, is missing; 0 is a real value.
    """

    code: str
    libelle: str
    poids: Decimal
    valeurs: Mapping[str, Decimal | None] | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What a territory receives, in all and by key."""

    total: Decimal
    detail: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Etape:
    """A step other than a key: its code in `Part.detail`, what it did, the territories it chose."""

    code: str
    libelle: str
    phrase: str
    concernes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Repartition:
    """Result: Σ parts + non_reparti = montant, to the cent. `manquants` names the territories by step or key.

    `sommes`: what each key had to share. `etapes`: the other steps of the formula, each told in one sentence.
    """

    montant: Decimal
    parts: Mapping[str, Part]
    non_reparti: Decimal
    manquants: Mapping[str, tuple[str, ...]]
    sommes: Mapping[str, Decimal] = field(default_factory=dict)
    etapes: tuple[Etape, ...] = ()


def verifier_donnees(montant: Decimal, territoires: Sequence[str]) -> None:
    """An envelope in cents, and each territory once. RepartitionImpossible (French)."""
    if not montant.is_finite() or montant < 0 or montant != arrondir(montant):
        raise RepartitionImpossible("L’enveloppe doit être un montant positif, arrondi au centime.")
    if not territoires:
        raise RepartitionImpossible("Aucun territoire : indiquez au moins un territoire à doter.")
    if len(set(territoires)) != len(territoires):
        raise RepartitionImpossible("Un territoire figure deux fois : ne le comptez qu’une fois.")


def _verifier(cles: Sequence[Cle]) -> None:
    codes = [cle.code for cle in cles]
    if len(set(codes)) != len(codes):
        raise RepartitionImpossible("Une clé figure deux fois : donnez un code différent à chaque clé.")
    for cle in cles:
        if not cle.poids.is_finite() or cle.poids <= 0:
            raise RepartitionImpossible(f"Le poids de la clé « {cle.libelle} » doit être supérieur à 0 %.")
    total = sum((cle.poids for cle in cles), Decimal(0))
    if total != 1:
        raise RepartitionImpossible(
            f"Les poids des clés font {formater_taux(total, None)} au lieu de 100 % : corrigez la formule."
        )


def _manquants(cle: Cle, territoires: Sequence[str]) -> tuple[str, ...]:
    if cle.valeurs is None:
        return ()
    valeurs = cle.valeurs
    return tuple(t for t in territoires if valeurs.get(t) is None)


def _valeurs(cle: Cle, territoires: Sequence[str]) -> dict[str, Decimal]:
    if cle.valeurs is None:
        return {t: Decimal(1) for t in territoires}
    return {t: valeur for t in territoires if (valeur := cle.valeurs.get(t)) is not None}


def _partager_cle(cle: Cle, montant: Decimal, territoires: Sequence[str]) -> dict[str, Decimal]:
    try:
        return partager(montant, _valeurs(cle, territoires))
    except ValueError as erreur:
        raise RepartitionImpossible(f"Clé « {cle.libelle} » : {erreur}") from erreur


def repartir_enveloppe(montant: Decimal, cles: Sequence[Cle], territoires: Sequence[str]) -> Repartition:
    """Cut `montant` between the keys by weight, then each key between the territories, by largest remainder.

    A key with a missing value for a territory is not distributed at all: giving the others more would be a
    decision, not a calculation. Its money stays in `non_reparti` and the territories are named.
    Raises RepartitionImpossible (French) when the formula is wrong.
    """
    verifier_donnees(montant, territoires)
    _verifier(cles)
    sommes = partager(montant, {cle.code: cle.poids for cle in cles})
    details: dict[str, dict[str, Decimal]] = {t: {} for t in territoires}
    non_reparti = ZERO
    manquants: dict[str, tuple[str, ...]] = {}
    for cle in cles:
        absents = _manquants(cle, territoires)
        if absents:
            manquants[cle.code] = absents
            non_reparti += sommes[cle.code]
            continue
        for territoire, part in _partager_cle(cle, sommes[cle.code], territoires).items():
            details[territoire][cle.code] = part
    parts = {t: Part(sum(detail.values(), ZERO), detail) for t, detail in details.items()}
    return Repartition(montant, parts, non_reparti, manquants, sommes)
