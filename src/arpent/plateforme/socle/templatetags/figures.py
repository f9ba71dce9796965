"""`{% figure fig %}`: a chart, the table behind it, its downloads."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import mark_safe

from arpent.plateforme.socle.graphiques.base import Figure

register = template.Library()


@register.inclusion_tag("socle/composants/figure.html")
def figure(
    fig: Figure,
    source: str = "",
    url_csv: str = "",
    url_svg: str = "",
    url_png: str = "",
    classe: str = "",
) -> dict[str, Any]:
    """The chart under its finding. `source` is written below; the links show only when given."""
    return {
        "fig": fig,
        "titre": fig.titre.replace(" :", "\u00a0:"),  # a colon never opens a line
        "dessin": mark_safe(fig.svg),  # built and escaped by graphiques
        "source": source,
        "url_csv": url_csv,
        "url_svg": url_svg,
        "url_png": url_png,
        "classe": classe,
    }
