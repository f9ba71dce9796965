"""The page of the maquette: who reads it, what it says, what it costs."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.negociations import actions
from arpent.plateforme.negociations.models import Scenario
from arpent.plateforme.negociations.sorties import maquette_json
from tests.plateforme import fabrique

from .conftest import Monde, poser

URL = "/territoires/gevaudan/negociation/"
Connecte = Callable[[Agent], Client]


def test_la_page_dit_ce_qui_reste(monde: Monde, connecte: Connecte) -> None:
    actions.recalculer_enveloppes(monde.dispositif, None)
    poser(monde, monde.fiches[0], "9999.99")
    page = connecte(monde.chef).get(URL).content.decode()
    assert "Il reste 27\u202f500\u00a0€ à répartir" in page
    assert 'value="9\u202f999,99"' in page
    assert "Brouillon" not in page


def test_lire_la_page_n_ouvre_pas_de_maquette(monde: Monde, connecte: Connecte) -> None:
    assert connecte(monde.president).get(URL).status_code == 200
    assert not Scenario.objects.exists()


def test_sans_enveloppe_les_totaux_marchent(monde: Monde, connecte: Connecte) -> None:
    poser(monde, monde.fiches[1], "12000")
    page = connecte(monde.chef).get(URL).content.decode()
    assert "enveloppe non renseignée" in page
    assert "12\u202f000\u00a0€" in page


def test_le_president_lit_sans_pouvoir_saisir(monde: Monde, connecte: Connecte) -> None:
    page = connecte(monde.president).get(URL).content.decode()
    assert "montant-" not in page


def test_hors_de_son_perimetre_la_page_n_existe_pas(monde: Monde, connecte: Connecte) -> None:
    etranger = fabrique.agent("president_epci", monde.voisine)
    assert connecte(etranger).get(URL).status_code == 404
    assert connecte(etranger).get(URL + "maquette.xlsx").status_code == 404


def test_un_maire_est_refuse_avec_une_raison(monde: Monde, connecte: Connecte) -> None:
    reponse = connecte(monde.maire).get(URL)
    assert reponse.status_code == 403
    assert "Votre rôle ne permet pas" in reponse.content.decode()


def test_un_anonyme_est_envoye_a_la_connexion(monde: Monde, client: Client) -> None:
    assert client.get(URL).status_code == 302


@pytest.mark.parametrize("tri", ["propose", "-cout", "theme", "n’importe quoi"])
def test_le_tri_ne_perd_aucune_ligne(monde: Monde, connecte: Connecte, tri: str) -> None:
    page = connecte(monde.chef).get(URL, {"tri": tri}).content.decode()
    assert page.count('name="montant-') == 3


@pytest.mark.parametrize("nombre", [1, 60])
def test_le_nombre_de_requetes_ne_depend_pas_des_fiches(
    monde: Monde, connecte: Connecte, django_assert_max_num_queries: Callable[[int], object], nombre: int
) -> None:
    for n in range(nombre):
        f = fabrique.fiche(monde.demarche, numero=100 + n, maitre_ouvrage=monde.fiches[0].maitre_ouvrage)
        fabrique.financement(f, "etat", "1000")
    poser(monde, monde.fiches[0], "100")
    client = connecte(monde.chef)
    client.get(URL)
    with django_assert_max_num_queries(20):  # type: ignore[attr-defined]
        client.get(URL)


def test_base_ecran_xlsx_et_json_disent_les_memes_centimes(monde: Monde, connecte: Connecte) -> None:
    actions.recalculer_enveloppes(monde.dispositif, None)
    for fiche, montant in zip(monde.fiches, ("1234.56", "7890.11", "0.33"), strict=True):
        poser(monde, fiche, montant)
    maquette = actions.maquette_de(actions.scenario_courant(monde.demarche))
    client = connecte(monde.president)
    assert f"{maquette.total_propose}" == "9125.00"
    assert "9\u202f125,00" in client.get(URL).content.decode()
    assert maquette_json(monde.demarche)["total_propose"] == "9125.00"
    classeur = load_workbook(BytesIO(client.get(URL + "maquette.xlsx").content), data_only=True)
    feuille = classeur["Maquette"]
    colonne = next(c.column for ligne in feuille.iter_rows() for c in ligne if c.value == "Aide proposée")
    valeurs = [ligne[colonne - 1].value for ligne in feuille.iter_rows()]
    assert {1234.56, 7890.11, 0.33, 9125.0} <= {v for v in valeurs if isinstance(v, int | float)}
