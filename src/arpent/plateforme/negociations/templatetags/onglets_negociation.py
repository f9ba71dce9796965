"""The pages of the negotiation of a territory, told at the top of each of them."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.pieces import Onglet

register = template.Library()

ONGLETS = (
    ("Arbitrage", "maquette", ("maquette", "enregistrer")),
    ("Maquette complète", "maquette_complete", ("maquette_complete",)),
    ("Scénarios", "scenarios", ("scenario",)),
    ("Tours", "tours", ("tour", "contre_offre")),
    ("Équité", "equite", ("equite",)),
    ("Enveloppe", "enveloppe", ("enveloppe",)),
    ("Crédits", "credits", ("credits",)),
)
"""Label, name of the address, and how the names of its pages' addresses begin: the longest one that fits."""


@register.inclusion_tag("socle/composants/onglets.html", takes_context=True)
def onglets_de_la_negociation(context: dict[str, Any], demarche: Demarche) -> dict[str, Any]:
    """The tabs, the one of the page being read marked."""
    ici: str = context["request"].resolver_match.url_name
    debuts = [debut for _, _, noms in ONGLETS for debut in noms if ici.startswith(debut)]
    courant = max(debuts, key=len, default="")
    onglets = [
        Onglet(nom, reverse(f"negociations:{adresse}", args=[demarche.slug]), courant in noms)
        for nom, adresse, noms in ONGLETS
    ]
    return {"onglets": onglets, "libelle": "Les pages de la négociation"}
