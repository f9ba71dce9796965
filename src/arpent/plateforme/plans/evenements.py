"""What the rooms above want to know of the plan.

A room above (the negotiation) cannot be imported from here: it adds a function to `REFONTES` when the
application starts. Each one is called in the transaction, once fiches were merged or split.
"""

from __future__ import annotations

from collections.abc import Callable

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche

REFONTES: list[Callable[[Demarche, Agent | None], None]] = []


def annoncer_la_refonte(demarche: Demarche, par: Agent | None) -> None:
    for suivre in REFONTES:
        suivre(demarche, par)
