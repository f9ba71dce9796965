"""What the rooms above want to know of the plan.

A room above (the negotiation) cannot be imported from here: it adds a function when the application starts,
to `REFONTES` (fiches were merged or split) or to `THEMES` (a fiche changed its theme). Each one is called in
the transaction of the gesture, once it is written.
"""

from __future__ import annotations

from collections.abc import Callable

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche

Suivi = Callable[[Demarche, Agent | None], None]
REFONTES: list[Suivi] = []
THEMES: list[Suivi] = []


def annoncer_la_refonte(demarche: Demarche, par: Agent | None) -> None:
    for suivre in REFONTES:
        suivre(demarche, par)


def annoncer_le_theme(demarche: Demarche, par: Agent | None) -> None:
    for suivre in THEMES:
        suivre(demarche, par)
