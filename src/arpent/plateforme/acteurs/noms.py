"""How a person is named."""

from __future__ import annotations

LONGUEUR_MAX = 150
"""Of the shortest column that keeps the name of who acted: a first and a last name hold 100 each."""


def nom_complet(prenom: str, nom: str) -> str:
    """First and last name, cut to what every column holds."""
    return f"{prenom} {nom}".strip()[:LONGUEUR_MAX].rstrip()
