"""The realisation page: the lines of the contract, and what the owners do next."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from django.test import Client

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.contrats import actions
from arpent.plateforme.contrats.models import Contrat
from arpent.plateforme.negociations.models import Proposition
from tests.plateforme import fabrique
from tests.plateforme.negociations.conftest import Monde

URL = "/territoires/gevaudan/realisation/"
Connecte = Callable[[Agent], Client]


def test_avant_le_contrat_la_page_montre_la_maquette(accord: Monde, connecte: Connecte) -> None:
    page = connecte(accord.maire).get(URL).content.decode()
    assert "2 projets en attente de la signature" in page
    assert "ces lignes sont celles de la maquette" in page
    assert "au stade des marchés ou des devis" in page
    assert "25\u202f000,00\u00a0€" in page


def test_une_version_emise_fait_foi(accord: Monde, contrat: Contrat, connecte: Connecte) -> None:
    actions.generer(contrat, accord.chef)
    Proposition.objects.update(montant=Decimal("1"))
    page = connecte(accord.president).get(URL).content.decode()
    assert "Lignes de la version 1 du contrat" in page
    assert "25\u202f000,00\u00a0€" in page


def test_apres_la_signature_le_dossier_est_a_deposer(
    accord: Monde, contrat: Contrat, connecte: Connecte
) -> None:
    actions.generer(contrat, accord.chef)
    Contrat.objects.update(etat="en_vigueur")
    assert "dossier à déposer" in connecte(accord.maire).get(URL).content.decode()


def test_sans_projet_la_page_dit_par_ou_commencer(monde: Monde, connecte: Connecte) -> None:
    assert "Ouvrir la négociation" in connecte(monde.maire).get(URL).content.decode()


def test_hors_perimetre_404(monde: Monde, connecte: Connecte) -> None:
    assert connecte(fabrique.agent("maire", monde.voisine)).get(URL).status_code == 404


def test_les_requetes_ne_dependent_pas_des_projets(
    accord: Monde,
    contrat: Contrat,
    connecte: Connecte,
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    actions.generer(contrat, accord.chef)
    client = connecte(accord.chef)
    client.get(URL)
    with django_assert_max_num_queries(8):  # type: ignore[attr-defined]
        client.get(URL)
