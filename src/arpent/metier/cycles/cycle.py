"""A life cycle is a table: from which states a gesture may start, where it leads, which right it needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class TransitionRefusee(ValueError):
    """The gesture does not exist from this state; the message is French and names the gestures that do."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One line of the table. `libelle` is the button's text, `droit` the right checked by the platform."""

    geste: str
    depuis: frozenset[StrEnum]
    vers: StrEnum
    droit: str
    libelle: str


@dataclass(frozen=True, slots=True)
class Cycle:
    """States, initial state and transitions; a table that contradicts itself fails at import (ValueError)."""

    nom: str
    etats: type[StrEnum]
    initial: StrEnum
    transitions: tuple[Transition, ...]
    libelles: Mapping[StrEnum, str]

    def __post_init__(self) -> None:
        departs = [(t.geste, etat) for t in self.transitions for etat in t.depuis]
        if len(departs) != len(set(departs)):
            raise ValueError(f"{self.nom}: one gesture leads to two states from the same state")
        if set(self.libelles) != set(self.etats):
            raise ValueError(f"{self.nom}: each state needs one label")

    def gestes_possibles(self, etat: str) -> tuple[Transition, ...]:
        """The transitions open from `etat`, in the order of the table."""
        return tuple(t for t in self.transitions if etat in t.depuis)

    def franchir(self, geste: str, etat: str) -> Transition:
        """The transition of `geste` from `etat`; raises TransitionRefusee when there is none."""
        possibles = self.gestes_possibles(etat)
        for transition in possibles:
            if transition.geste == geste:
                return transition
        raise TransitionRefusee(self._refus(geste, etat, possibles))

    def libelle(self, etat: str) -> str:
        """French label of a state, given as the enum or as the text kept in the database."""
        return self.libelles[self.etats(etat)]

    def choix(self) -> list[tuple[str, str]]:
        """(value, label) pairs for a form or a model field."""
        return [(etat.value, libelle) for etat, libelle in self.libelles.items()]

    def diagramme(self) -> str:
        """The table as a Mermaid state diagram."""
        lignes = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        for etat, libelle in self.libelles.items():
            lignes.append(f"    {etat} : {libelle}")
        for transition in self.transitions:
            for depart in sorted(transition.depuis):
                lignes.append(f"    {depart} --> {transition.vers} : {transition.libelle}")
        return "\n".join(lignes) + "\n"

    def _refus(self, geste: str, etat: str, possibles: tuple[Transition, ...]) -> str:
        if etat not in set(self.etats):
            return f"L’état « {etat} » n’existe pas dans le cycle « {self.nom} »."
        libelle = next((t.libelle for t in self.transitions if t.geste == geste), geste)
        debut = f"« {libelle} » n’est pas possible dans l’état « {self.libelle(etat)} »"
        if not possibles:
            return f"{debut} : cet état est définitif."
        suite = ", ".join(f"« {t.libelle} »" for t in possibles)
        return f"{debut}. Gestes possibles : {suite}."
