"""Each page of the negotiation says where it stands among the others."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from .conftest import Monde

PAGES = {
    "maquette": "Arbitrage",
    "maquette_complete": "Maquette complète",
    "scenarios": "Scénarios",
    "scenario_rechercher": "Scénarios",
    "tours": "Tours",
    "equite": "Équité",
    "enveloppe": "Enveloppe",
    "credits": "Crédits",
    "credits_mouvements": "Crédits",
}


@pytest.mark.parametrize(("nom", "onglet"), PAGES.items())
def test_un_seul_onglet_est_celui_de_la_page(monde: Monde, connecte, nom, onglet):
    page = connecte(monde.chef).get(reverse(f"negociations:{nom}", args=[monde.demarche.slug]))
    barre = page.content.decode().split('aria-label="Les pages de la négociation"')[1].split("</nav>")[0]
    assert re.findall(r'aria-current="page">([^<]+)<', barre) == [onglet]
    assert len(re.findall("<a ", barre)) == 7


def test_l_onglet_disparait_a_la_projection(monde: Monde, connecte):
    adresse = reverse("negociations:maquette", args=[monde.demarche.slug])
    assert (
        "Les pages de la négociation"
        not in connecte(monde.chef).get(f"{adresse}?projection=1").content.decode()
    )
