"""How a message is printed."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from arpent.plateforme.acteurs.mentions import marquer
from arpent.plateforme.acteurs.remarques import RemarqueAbstraite

register = template.Library()


@register.filter
def texte_message(message: RemarqueAbstraite) -> SafeString:
    """The text, the people it mentions in bold. No query when its mentions are read already."""
    return marquer(message.texte, [agent.nom_complet for agent in message.mentions.all()])
