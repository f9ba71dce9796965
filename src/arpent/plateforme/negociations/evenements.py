"""What the rooms above may say before a maquette moves.

A room above (the contract) cannot be imported from here: it adds a function to `VERROUS` when the
application starts. Each one answers "" or the French reason why the maquette of that démarche is frozen.
"""

from __future__ import annotations

from collections.abc import Callable

from arpent.plateforme.demarches.models import Demarche

VERROUS: list[Callable[[Demarche], str]] = []


def raison_du_gel(demarche: Demarche) -> str:
    """The first reason given by a room above, or an empty text."""
    return next((raison for verrou in VERROUS if (raison := verrou(demarche))), "")
