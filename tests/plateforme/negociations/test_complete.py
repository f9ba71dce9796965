"""The whole maquette on one page: the cents, the columns and the sums of the document."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from arpent.metier.argent import formater_nombre
from arpent.plateforme.documents.groupes_maquette import axes_de, financeurs_de
from arpent.plateforme.negociations.actions import scenario_courant
from arpent.plateforme.negociations.models import Camp, Proposition, Scenario
from arpent.plateforme.negociations.sorties import maquette_du_jour
from tests.plateforme import fabrique

from .conftest import Monde, poser
from .test_fichiers import LE, batir


@pytest.fixture
def lire(client: Client):
    def page(demarche, agent, suite: str = ""):
        client.force_login(agent, backend="arpent.plateforme.acteurs.moteur.MoteurAgents")
        return client.get(reverse("negociations:maquette_complete", args=[demarche.slug]) + suite)

    return page


def _chiffres(html: str) -> str:
    return re.sub(r"[\s\u202f\xa0]", "", html)


@pytest.mark.django_db
def test_chaque_montant_du_document_est_a_l_ecran(lire):
    scenario = batir(12)
    doc = maquette_du_jour(scenario, LE)
    agent = fabrique.agent("chef_de_projet", scenario.demarche)
    page = lire(scenario.demarche, agent).content.decode()
    lu = _chiffres(page)
    for ligne in doc.lignes:
        for montant in (ligne.cout_ht, ligne.aide, ligne.assiette, ligne.reste_a_charge):
            assert _chiffres(formater_nombre(montant, 2)) in lu
    for axe in axes_de(doc):
        assert f"{axe.total.libelle}, {len(axe.total.lignes)}\xa0projet" in page
        assert _chiffres(formater_nombre(axe.total.aide, 2)) in lu
    for nom, _ in financeurs_de(doc):
        assert f'<th scope="col" class="n">{nom}</th>' in page
    pied = page.split("<tfoot>")[1]
    assert f"Total, {len(doc.lignes)}\xa0projets" in pied
    assert _chiffres(formater_nombre(doc.aide_totale, 2)) in _chiffres(pied)
    assert "CP à programmer" in page
    assert "Hypothèse" in page


@pytest.mark.django_db
def test_le_nombre_de_requetes_ne_suit_pas_les_lignes(lire, django_assert_num_queries):
    scenario = batir(4)
    agent = fabrique.agent("chef_de_projet", scenario.demarche)
    lire(scenario.demarche, agent)
    with CaptureQueriesContext(connection) as requetes:
        lire(scenario.demarche, agent)
    assert len(requetes) <= 27
    for n in range(30):
        fiche = fabrique.fiche(scenario.demarche, numero=100 + n)
        Proposition.objects.create(scenario=scenario, fiche=fiche, montant=Decimal(n), annee=2026)
    with django_assert_num_queries(len(requetes)):
        assert lire(scenario.demarche, agent).status_code == 200


def test_le_scenario_de_l_autre_partie_reste_prive(monde: Monde, lire):
    poser(monde, monde.fiches[0], "1234.56")
    prive = Scenario.objects.create(
        demarche=monde.demarche, nom="À nous", est_courant=False, camp=Camp.TERRITOIRE
    )
    assert lire(monde.demarche, monde.chef, f"?scenario={prive.pk}").status_code == 404
    assert lire(monde.demarche, monde.chef, "?scenario=x").status_code == 404
    a_nous = lire(monde.demarche, monde.president, f"?scenario={prive.pk}")
    assert "À nous" in a_nous.content.decode()
    assert "1\u202f234,56" in lire(monde.demarche, monde.president).content.decode()


def test_sans_fiche_la_page_dit_par_ou_commencer(monde: Monde, lire):
    page = lire(monde.voisine, monde.chef).content.decode()
    assert "Aucune fiche à l’arbitrage" in page
    assert "Engagements (AP)" not in page


def test_un_montant_a_la_decimale_pres(monde: Monde, lire):
    poser(monde, monde.fiches[0], "0.01")
    scenario = scenario_courant(monde.demarche)
    assert maquette_du_jour(scenario, LE).aide_totale == Decimal("0.01")
    assert "0,01" in lire(monde.demarche, monde.chef).content.decode()
