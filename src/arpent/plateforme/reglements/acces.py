"""The doors of the pages where a règlement is written: the dispositif of one's authority, else 404."""

from __future__ import annotations

from collections.abc import Callable

from arpent.plateforme.acteurs.acces import Vue, page_de_son_brouillon, page_par_slug

from .models import BrouillonReglement, Dispositif

AILLEURS = "Ce dispositif est celui d’une autre autorité."


def page_dispositif(droit: str, *methodes: str) -> Callable[[Vue], Vue]:
    """Turns the URL's `slug` into a `dispositif` of an authority for which the agent holds `droit`."""
    return page_par_slug(Dispositif, AILLEURS, droit, *methodes)


page_brouillon = page_de_son_brouillon(page_dispositif, BrouillonReglement, "dispositif")
