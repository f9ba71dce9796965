"""The diagnostic in one page."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.diagnostics.models import ConstatTerritorial, Enjeu
from tests.plateforme import fabrique

Connecte = Callable[[Agent], Client]


def test_la_synthese_donne_six_chiffres_trois_dessins_la_classe_et_les_enjeux(
    connecte: Connecte, demarche: Demarche
):
    for nature in ("force", "force", "menace"):
        ConstatTerritorial.objects.create(demarche=demarche, nature=nature, texte="Un constat.")
    Enjeu.objects.create(demarche=demarche, libelle="Accueillir", priorite=1)
    page = connecte(fabrique.agent("maire", demarche)).get(
        reverse("diagnostics:diagnostic", args=[demarche.slug])
    )
    assert len(page.context["chiffres"]) == 6
    assert len(page.context["dessins"]) >= 3
    assert page.context["afom"] == [("forces", 2), ("faiblesses", 0), ("opportunités", 0), ("menaces", 1)]
    texte = page.content.decode()
    assert "Accueillir" in texte
    assert page.context["vulnerabilite"].composee.classe.libelle in texte
    assert reverse("diagnostics:indicateur", args=[demarche.slug, "part_65_plus"]) in texte
    assert page.context["flux_texte"].count(". ") <= 3
