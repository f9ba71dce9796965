"""The pages of the diagnostic, told at the top of each of them."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

from arpent.plateforme.demarches.models import Demarche

register = template.Library()

ONGLETS = (
    ("Synthèse", "diagnostic", ("diagnostic",)),
    ("Portrait", "portrait", ("portrait", "indicateur")),
    ("Flux de revenus", "flux", ("flux",)),
    ("Vulnérabilité", "vulnerabilite", ("vulnerabilite", "modele")),
    ("Ateliers", "ateliers", ("atelier",)),
    ("Constats et enjeux", "constats", ("constat", "enjeu")),
    ("Déjà réalisé", "plans:realises", ("realises",)),
    ("Documents", "documents", ("document",)),
)
"""Label, address (of another room when it names one), and how the names of its pages' addresses begin."""


@register.inclusion_tag("diagnostics/_onglets.html", takes_context=True)
def onglets_du_diagnostic(context: dict[str, Any], demarche: Demarche) -> dict[str, Any]:
    """The tabs, the one of the page being read marked."""
    ici = context["request"].resolver_match.url_name
    return {
        "onglets": [
            (
                nom,
                reverse(adresse if ":" in adresse else f"diagnostics:{adresse}", args=[demarche.slug]),
                ici.startswith(debuts),
            )
            for nom, adresse, debuts in ONGLETS
        ]
    }
