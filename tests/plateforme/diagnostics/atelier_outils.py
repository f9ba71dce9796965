"""Builders of workshops and phones."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.test import Client
from django.urls import reverse

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.diagnostics.ateliers import actions
from arpent.plateforme.diagnostics.models import Atelier, ContributionAtelier

GESTES = {
    "preparation": (),
    "ouvert": ("ouvrir_atelier",),
    "vote": ("ouvrir_atelier", "ouvrir_vote"),
    "clos": ("ouvrir_atelier", "clore_atelier"),
}


def atelier(demarche: Demarche, etat: str = "ouvert", *, tables: int = 3, **champs: Any) -> Atelier:
    """A workshop brought to that state by its gestures."""
    defaut: dict[str, Any] = {"titre": "Regards croisés", "tenu_le": date(2026, 3, 12), "points": 5}
    ici = Atelier(demarche=demarche, **(defaut | {"deroule": [{"genre": "collecte"}]} | champs))
    actions.creer_atelier(ici, tables, par=None)
    for geste in GESTES[etat]:
        actions.faire_avancer(ici, geste, par=None)
    ici.refresh_from_db()
    return ici


def dire(
    ici: Atelier, texte: str = "Les jeunes partent.", table: int = 1, **champs: Any
) -> ContributionAtelier:
    return ContributionAtelier.objects.create(
        atelier=ici, table=ici.tables.get(numero=table), texte=texte, **({"nature": "faiblesse"} | champs)
    )


def adresse(ici: Atelier, nom: str = "") -> str:
    return reverse(f"diagnostics:telephone{'_' if nom else ''}{nom}", args=[ici.code])


class Telephone:
    """A browser that only knows the code."""

    def __init__(self, ici: Atelier, table: int | None = 1) -> None:
        self.client = Client()
        self.atelier = ici
        if table is not None:
            self.client.get(adresse(ici))
            self.envoyer("table", table=table)

    def page(self) -> str:
        return self.client.get(adresse(self.atelier)).content.decode()

    def envoyer(self, nom: str, **donnees: Any) -> Any:
        return self.client.post(adresse(self.atelier, nom), donnees)

    def dire(self, texte: str, **donnees: Any) -> Any:
        return self.envoyer("constat", **({"nature": "force", "texte": texte} | donnees))

    def voter(self, contribution: ContributionAtelier, sens: str = "plus", **donnees: Any) -> Any:
        return self.envoyer("vote", contribution=contribution.pk, sens=sens, **donnees)


def jeton_du_formulaire(page: str) -> str:
    trouve = re.search(r'name="_soumission" value="([^"]+)"', page)
    assert trouve
    return trouve[1]
