"""Offering and accepting: what is required, who is told, what is frozen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from arpent.metier.cycles import TransitionRefusee
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Place
from arpent.plateforme.negociations import actions
from arpent.plateforme.notifications.models import Notification
from arpent.plateforme.plans.models import Fiche

from .conftest import Monde, poser

URL = "/territoires/gevaudan/negociation/etat/"
Connecte = Callable[[Agent], Client]


@pytest.fixture
def pret(monde: Monde) -> Monde:
    actions.recalculer_enveloppes(monde.dispositif, None)
    poser(monde, monde.fiches[1], "20000")
    return monde


def test_l_offre_previent_le_territoire_et_gele_les_montants(pret: Monde, connecte: Connecte) -> None:
    connecte(pret.chef).post(URL, {"geste": "offrir"})
    scenario = actions.scenario_courant(pret.demarche)
    assert scenario.etat == "offert"
    assert Notification.objects.get().destinataire_id == pret.president.pk
    with pytest.raises(actions.ArbitrageRefuse, match="reprenez le travail"):
        poser(pret, pret.fiches[1], "1", version=1)


def test_le_president_accepte_et_la_place_est_faite(pret: Monde, connecte: Connecte) -> None:
    actions.changer_etat(actions.scenario_courant(pret.demarche), "offrir", par=pret.chef)
    connecte(pret.president).post(URL, {"geste": "accepter"})
    assert actions.scenario_courant(pret.demarche).etat == "accepte"
    assert Place.objects.get(demarche=pret.demarche, code="negociation").etat == "fait"
    assert Notification.objects.filter(destinataire_id=pret.chef.pk).exists()


def test_au_dela_de_l_enveloppe_on_saisit_mais_on_n_offre_pas(pret: Monde, connecte: Connecte) -> None:
    poser(pret, pret.fiches[2], "30000")
    client = connecte(pret.chef)
    page = client.get("/territoires/gevaudan/negociation/").content.decode()
    assert "L’enveloppe est dépassée" in page
    reponse = client.post(URL, {"geste": "offrir"}, follow=True)
    assert "dépassent l’enveloppe de 12\u202f500,00\u00a0€" in reponse.content.decode()
    assert actions.scenario_courant(pret.demarche).etat == "travail"


def test_une_maquette_vide_ne_s_offre_pas(monde: Monde) -> None:
    with pytest.raises(actions.ArbitrageRefuse, match="Aucune aide"):
        actions.changer_etat(actions.scenario_courant(monde.demarche), "offrir", par=monde.chef)


def test_on_n_accepte_pas_ce_qui_n_est_pas_offert(pret: Monde) -> None:
    with pytest.raises(TransitionRefusee, match="Gestes possibles"):
        actions.changer_etat(actions.scenario_courant(pret.demarche), "accepter", par=pret.president)


def test_le_president_n_offre_pas(pret: Monde, connecte: Connecte) -> None:
    assert connecte(pret.president).post(URL, {"geste": "offrir"}).status_code == 403
    assert connecte(pret.president).post(URL, {"geste": "inventer"}).status_code == 404


def test_sans_la_deliberation_que_le_dispositif_exige_l_accord_dit_ce_qui_manque(pret: Monde) -> None:
    pret.dispositif.parametres = {"deliberation": {"exigee_pour": "retenir"}}
    pret.dispositif.save(update_fields=["parametres"])
    Fiche.objects.filter(pk=pret.fiches[1].pk).update(etat="pre_instruite")
    scenario = actions.changer_etat(actions.scenario_courant(pret.demarche), "offrir", par=pret.chef)
    with pytest.raises(actions.ArbitrageRefuse, match="Il manque la délibération"):
        actions.changer_etat(scenario, "accepter", par=pret.president)
    assert actions.scenario_courant(pret.demarche).etat == "offert"
