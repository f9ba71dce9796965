"""`…/articles/<rang>/regles/…` : the form of a rule, generated from its description."""

from __future__ import annotations

import pytest
from django.test import Client

from arpent.metier.reglement import CATALOGUE
from arpent.plateforme.reglements.models import BrouillonReglement

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("genre", [c.GENRE for c in CATALOGUE])
def test_chaque_genre_de_regle_a_son_formulaire(client_cheffe: Client, url: str, genre: str):
    page = client_cheffe.get(f"{url}articles/4/regles/nouvelle/", {"genre": genre})
    assert page.status_code == 200
    vide = client_cheffe.post(f"{url}articles/4/regles/nouvelle/?genre={genre}", {"version_lue": "1"})
    assert vide.status_code in {302, 400}
