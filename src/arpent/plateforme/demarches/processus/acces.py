"""The doors of the pages of a process: read by all who take part, written by its own authority."""

from __future__ import annotations

from collections.abc import Callable

from arpent.plateforme.acteurs.acces import Vue, page_de_son_brouillon, page_par_slug

from ..models import BrouillonProcessus, Processus


def page_processus(droit: str, *methodes: str) -> Callable[[Vue], Vue]:
    """Turns the URL's `slug` into a `processus` of an authority for which the agent holds `droit`.

    403 with its reason when the right is held nowhere; 404 when it is held for another authority.
    """
    return page_par_slug(Processus, "Ce processus est celui d’une autre autorité.", droit, *methodes)


page_brouillon = page_de_son_brouillon(page_processus, BrouillonProcessus, "processus")
