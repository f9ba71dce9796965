"""The door of the pages that show every territory of a dispositif: they open to the authority's side only."""

from __future__ import annotations

from collections.abc import Callable

from arpent.plateforme.acteurs.acces import Vue, page_par_slug
from arpent.plateforme.acteurs.droits import peut
from arpent.plateforme.reglements.acces import AILLEURS
from arpent.plateforme.reglements.models import Dispositif

from .droits import VOIR


def page_du_dispositif(droit: str, raison: str, *methodes: str) -> Callable[[Vue], Vue]:
    """Turns `slug` into a dispositif of an authority for which this agent has `droit`, else 403 or 404.

    `raison` is told to those who see a maquette and not that page.
    """

    return page_par_slug(
        Dispositif, AILLEURS, droit, *methodes,
        raison=lambda agent, avis: raison if peut(agent, VOIR) else avis.raison,
    )  # fmt: skip
