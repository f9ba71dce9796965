"""What the rooms above may say before a maquette moves.

A room above (the contract) cannot be imported from here: it adds a function to `VERROUS` when the
application starts. Each one answers "" or the French reason why the maquette of that démarche is frozen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from arpent.plateforme.demarches.models import Demarche

VERROUS: list[Callable[[Demarche], str]] = []


def raison_du_gel(demarche: Demarche) -> str:
    """The first reason given by a room above, or an empty text."""
    return next((raison for verrou in VERROUS if (raison := verrou(demarche))), "")


@dataclass(frozen=True, slots=True)
class ContratLu:
    """What the reserve needs to know of a contract: its state in words, whether it runs, who signs it."""

    etat: str = ""
    en_vigueur: bool = False
    signataires: frozenset[int] = frozenset()
    """The pks of the organisations that are parties."""


CONTRATS: list[Callable[[Demarche], ContratLu]] = []
"""The room of the contract adds its reader here when the application starts."""


def contrat_lu(demarche: Demarche) -> ContratLu:
    """The contract as the room above tells it; an empty one when nobody does."""
    return next((lecteur(demarche) for lecteur in CONTRATS), ContratLu())
