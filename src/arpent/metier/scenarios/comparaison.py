"""Compare two maquettes, line by line, and express totals per inhabitant."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from arpent.metier.argent import arrondir
from arpent.metier.plan_financement import LigneMaquette, Maquette, Total


@dataclass(frozen=True, slots=True)
class Changement:
    """One field of a line whose value moved."""

    champ: str
    avant: Any
    apres: Any


@dataclass(frozen=True, slots=True)
class LigneModifiee:
    """A line present on both sides with at least one change; `net` is the move of its counted aid."""

    avant: LigneMaquette
    apres: LigneMaquette
    changements: tuple[Changement, ...]

    @property
    def net(self) -> Decimal:
        return self.apres.aide_comptee - self.avant.aide_comptee


@dataclass(frozen=True, slots=True)
class Comparaison:
    """What entered, left and changed; `net` is the move of the total proposed aid."""

    ajoutees: tuple[LigneMaquette, ...]
    retirees: tuple[LigneMaquette, ...]
    modifiees: tuple[LigneModifiee, ...]
    net: Decimal

    @property
    def est_vide(self) -> bool:
        return not (self.ajoutees or self.retirees or self.modifiees)


def _changements(avant: LigneMaquette, apres: LigneMaquette) -> tuple[Changement, ...]:
    noms = (champ.name for champ in fields(LigneMaquette))
    paires = ((nom, getattr(avant, nom), getattr(apres, nom)) for nom in noms)
    return tuple(Changement(nom, vieux, neuf) for nom, vieux, neuf in paires if vieux != neuf)


def comparer(avant: Maquette, apres: Maquette) -> Comparaison:
    """Match the lines by `identifiant`; added ones in the order of `apres`, the others in that of `avant`."""
    anciennes = {ligne.identifiant: ligne for ligne in avant.lignes}
    nouvelles = {ligne.identifiant: ligne for ligne in apres.lignes}
    modifiees = []
    for identifiant, ancienne in anciennes.items():
        nouvelle = nouvelles.get(identifiant)
        if nouvelle is not None and (changements := _changements(ancienne, nouvelle)):
            modifiees.append(LigneModifiee(ancienne, nouvelle, changements))
    return Comparaison(
        ajoutees=tuple(ligne for cle, ligne in nouvelles.items() if cle not in anciennes),
        retirees=tuple(ligne for cle, ligne in anciennes.items() if cle not in nouvelles),
        modifiees=tuple(modifiees),
        net=apres.total_propose - avant.total_propose,
    )


def par_habitant(totaux: Iterable[Total], populations: Mapping[str, int | None]) -> dict[str, Decimal | None]:
    """Proposed euros per inhabitant by key, to the cent; None where the population is unknown or null."""
    resultat: dict[str, Decimal | None] = {}
    for total in totaux:
        population = populations.get(total.cle)
        resultat[total.cle] = arrondir(total.propose / population) if population else None
    return resultat
