"""When nothing is possible: the smallest set of demands that cannot hold together, by their names."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from arpent.metier.argent import formater_euros

from .modele import construire
from .moteur import resoudre
from .probleme import Contrainte, Minimum, Nombre, Probleme

LIMITE_S = 5.0


@dataclass(frozen=True, slots=True)
class Conflit:
    """`imposes`: titles of the projects that must be kept; each constraint is needed for the clash."""

    imposes: tuple[str, ...]
    contraintes: tuple[Contrainte, ...]

    @property
    def texte(self) -> str:
        parties = [f"le projet imposé « {titre} »" for titre in self.imposes]
        parties += [_ecrire(k) for k in self.contraintes]
        liste = ", ".join(parties[:-1]) + " et " + parties[-1] if len(parties) > 1 else "".join(parties)
        return (
            f"Ces demandes ne peuvent pas tenir ensemble : {liste}. Relâchez l’une d’elles, puis recommencez."
        )


def _ecrire(k: Contrainte) -> str:
    if isinstance(k, Nombre):
        bornes = [f"au moins {k.minimum}"] if k.minimum else []
        bornes += [f"au plus {k.maximum}"] if k.maximum is not None else []
        return f"« {k.libelle} » ({', '.join(bornes)})"
    au_moins = "au moins " if isinstance(k, Minimum) else ""
    return f"« {k.libelle} » ({au_moins}{formater_euros(k.montant)})"


def trouver(probleme: Probleme, *, limite_s: float = float("inf")) -> Conflit | None:
    """A minimal conflict, by taking away one demand at a time. None when the problem can be satisfied.

    Each try is one small model: with d demands, at most d + 1 of them. Past `limite_s` seconds of solving,
    the demands not tried yet are all kept: the conflict is true, perhaps not minimal.
    """
    reste = _Reste(limite_s)
    if reste.possible(probleme):
        return None
    for c in [c for c in probleme.candidats if c.impose is True]:
        probleme = reste.sans(probleme, _sans_imposer(probleme, c.identifiant))
    for k in probleme.contraintes:
        sans = replace(probleme, contraintes=tuple(x for x in probleme.contraintes if x.code != k.code))
        probleme = reste.sans(probleme, sans)
    return Conflit(tuple(c.titre for c in probleme.candidats if c.impose is True), probleme.contraintes)


@dataclass(slots=True)
class _Reste:
    """The seconds of solving still allowed."""

    secondes: float

    def sans(self, avec: Probleme, sans: Probleme) -> Probleme:
        """The smaller problem when it clashes too, else the first one."""
        return avec if self.secondes <= 0 or self.possible(sans) else sans

    def possible(self, probleme: Probleme) -> bool:
        """Whether some choice satisfies everything. Unknown within the time given counts as possible."""
        modele = construire(probleme)
        zero = np.zeros(modele.colonnes)
        for entiers in (False, True):
            reponse = resoudre(modele, zero, entiers=entiers, limite_s=LIMITE_S)
            self.secondes -= reponse.duree_s
            if not reponse.faisable:
                return False
        return True


def _sans_imposer(probleme: Probleme, identifiant: str) -> Probleme:
    return replace(
        probleme,
        candidats=tuple(
            replace(c, impose=None) if c.identifiant == identifiant else c for c in probleme.candidats
        ),
    )
