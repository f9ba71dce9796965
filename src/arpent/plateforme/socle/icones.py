"""Icons, drawn on a 16-unit grid with one stroke. Always decorative: a word goes beside each of them."""

from __future__ import annotations

from functools import cache
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

TRACES: Final[dict[str, str]] = {
    "ok": "M3 8.5l3.2 3.2L13 4.8",
    "alerte": "M8 2.2l6.3 11.3H1.7zM8 6.4v3.4M8 11.7v.1",
    "non": "M4 4l8 8M12 4l-8 8",
    "neutre": "M3.5 8h9",
    "info": "M8 7.2v4.6M8 4.2v.1",
    "plus": "M8 3v10M3 8h10",
    "crayon": "M10.6 2.8l2.6 2.6L6 12.6l-3.2.6.6-3.2z",
    "corbeille": "M3 4.5h10M6.2 4.5V3h3.6v1.5M4.4 4.5l.6 8.5h6l.6-8.5",
    "telecharger": "M8 2.5v7.2M4.8 6.8L8 9.9l3.2-3.1M3 13h10",
    "envoyer": "M2.5 8L13.5 3l-3.2 10-2.6-4.1z",
    "recherche": "M7 2.8a4.2 4.2 0 1 0 0 8.4 4.2 4.2 0 0 0 0-8.4M10.1 10.1l3.4 3.4",
    "fleche": "M3 8h10M9 4l4 4-4 4",
    "retour": "M13 8H3M7 4L3 8l4 4",
    "document": "M4 2.5h5l3 3v8H4zM9 2.5v3h3",
    "horloge": "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M8 5v3.2l2.2 1.4",
    "personne": "M8 3a2.4 2.4 0 1 0 0 4.8A2.4 2.4 0 0 0 8 3M3 13.2c.6-2.7 2.5-4 5-4s4.4 1.3 5 4",
    "lieu": "M8 14s4.5-4.4 4.5-7.4a4.5 4.5 0 0 0-9 0C3.5 9.6 8 14 8 14M8 5.5v2.2",
    "tri": "M5 6l3-3 3 3M5 10l3 3 3-3",
    "tri_haut": "M4 10l4-4 4 4",
    "tri_bas": "M4 6l4 4 4-4",
}


def dessiner_une_fois(html: str) -> str:
    """The same text with each repeated icon drawn once, then referred to: fifty pills weigh less."""
    for nom in TRACES:
        dessin = dessiner(nom)
        if html.count(dessin) > 1:
            renvoi = f'<use href="#i-{nom}"/></svg>'
            premier = (
                f'<svg class="icone" aria-hidden="true"><symbol id="i-{nom}" viewBox="0 0 16 16">'
                f'<path d="{TRACES[nom]}"/></symbol>{renvoi}'
            )
            avant, _, apres = html.partition(dessin)
            apres = apres.replace(dessin, f'<svg class="icone" aria-hidden="true">{renvoi}')
            html = f"{avant}{premier}{apres}"
    return html


@cache
def dessiner(nom: str) -> SafeString:
    """Inline SVG of the icon. KeyError on an unknown name: a typo must not pass silently."""
    return format_html(
        '<svg class="icone" viewBox="0 0 16 16" aria-hidden="true"><path d="{}"/></svg>',
        mark_safe(TRACES[nom]),  # constants above
    )
