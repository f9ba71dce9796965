"""The interactive map: Leaflet over our own GeoJSON, with its list for the keyboard or no JavaScript."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_block_tag
def carte_geo(
    content: str, url: str, libelle: str, id: str = "carte-geo", liste: str = "Voir en liste"
) -> SafeString:
    """A map reading `url` (GeoJSON), and the same places as a list (the content).

    Feature properties: `nom`; optional `url`, `detail`, `role` (`membre`, `voisin`, `contour`),
    `classe` (0 to 4, the shade). The page also calls `{% scripts_carte %}` in its block `scripts`.
    """
    return format_html(
        '<div class="geo"><div class="geo-carte" id="{}" role="group" aria-label="{}" data-geojson="{}">'
        '<p class="geo-attente">La carte se charge. Sans JavaScript, utilisez la liste ci-dessous.</p></div>'
        '<details class="geo-liste"><summary>{}</summary>{}</details></div>',
        id,
        libelle,
        url,
        liste,
        content,
    )


@register.inclusion_tag("socle/composants/scripts_carte.html")
def scripts_carte() -> dict[str, Any]:
    """Scripts and style of the map, for the block `scripts` of the pages that show one."""
    return {}
