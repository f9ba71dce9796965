"""Who notes the vote of a party, who follows its signature, who signs for it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from arpent.plateforme.acteurs.models import Agent, Habilitation
from arpent.plateforme.contrats.droits import peut_noter_vote, peut_signer, peut_suivre_signature
from arpent.plateforme.contrats.models import Contrat, Partie
from arpent.plateforme.demarches.models import Demarche
from tests.plateforme import fabrique
from tests.plateforme.negociations.conftest import Monde


@pytest.fixture
def partie(accord: Monde, contrat: Contrat) -> Partie:
    return contrat.parties.select_related("organisation").get(role="porteur")


def habiliter(agent: Agent, role: str, **champs: Any) -> None:
    """A second hat."""
    Habilitation.objects.create(agent=agent, role=role, debut=date(2020, 1, 1), **champs)


def _demarche(accord: Monde) -> Demarche:
    return Demarche.objects.avec_contexte().get(pk=accord.demarche.pk)


def _peut(agent: Agent, partie: Partie, accord: Monde) -> bool:
    return bool(peut_noter_vote(agent, partie, _demarche(accord)))


@pytest.mark.parametrize("role", ["chef_de_projet", "instructeur", "administrateur"])
def test_l_autorite_note_tous_les_votes(accord: Monde, partie: Partie, role: str) -> None:
    assert _peut(fabrique.agent(role, accord.demarche), partie, accord)


@pytest.mark.parametrize("role", ["president_epci", "agent_epci", "maire", "secretaire_mairie"])
def test_les_agents_de_la_partie_notent_son_vote(accord: Monde, partie: Partie, role: str) -> None:
    assert _peut(fabrique.agent(role, accord.demarche, pour=partie.organisation), partie, accord)


@pytest.mark.parametrize("role", ["president_epci", "agent_epci", "maire", "president_syndicat"])
def test_les_agents_d_une_autre_partie_la_lisent_seulement(accord: Monde, partie: Partie, role: str) -> None:
    autre = fabrique.organisation("commune")
    avis = peut_noter_vote(fabrique.agent(role, accord.demarche, pour=autre), partie, _demarche(accord))
    assert not avis
    assert partie.organisation.nom in avis.raison


@pytest.mark.parametrize("role", ["mission_appui", "elu_autorite", "sous_prefet"])
def test_ceux_qui_suivent_ne_notent_pas(accord: Monde, partie: Partie, role: str) -> None:
    assert not _peut(fabrique.agent(role, accord.demarche), partie, accord)


def test_la_meme_structure_sur_un_autre_territoire_ne_note_pas(accord: Monde, partie: Partie) -> None:
    agent = fabrique.agent("agent_epci", accord.voisine, pour=partie.organisation)
    autre = fabrique.organisation("commune")
    habiliter(agent, "agent_epci", territoire=accord.demarche.territoire, organisation=autre)
    assert not _peut(agent, partie, accord)


def test_l_autorite_d_ailleurs_ne_compte_pas_pour_un_agent_d_ici(accord: Monde, partie: Partie) -> None:
    agent = fabrique.agent("chef_de_projet", fabrique.demarche())
    habiliter(agent, "sous_prefet", autorite=accord.demarche.autorite)
    commune = fabrique.organisation("commune")
    habiliter(agent, "agent_epci", territoire=accord.demarche.territoire, organisation=commune)
    assert not _peut(agent, partie, accord)


# --- signature ------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["president_epci", "maire", "president_syndicat"])
def test_un_representant_signe_pour_son_corps_seulement(accord: Monde, partie: Partie, role: str) -> None:
    demarche = _demarche(accord)
    assert peut_signer(fabrique.agent(role, accord.demarche, pour=partie.organisation), partie, demarche)
    avis = peut_signer(
        fabrique.agent(role, accord.demarche, pour=fabrique.organisation("commune")), partie, demarche
    )
    assert not avis
    assert partie.organisation.nom in avis.raison


@pytest.mark.parametrize("role", ["chef_de_projet", "administrateur", "agent_epci", "sous_prefet"])
def test_qui_ne_represente_personne_ne_signe_pas(accord: Monde, partie: Partie, role: str) -> None:
    agent = fabrique.agent(role, accord.demarche, pour=partie.organisation)
    assert not peut_signer(agent, partie, _demarche(accord))


def test_un_elu_signe_pour_l_autorite_de_la_demarche(accord: Monde, contrat: Contrat) -> None:
    autorite = contrat.parties.get(role="autorite")
    demarche = _demarche(accord)
    assert peut_signer(
        fabrique.agent("elu_autorite", accord.demarche, pour=autorite.organisation), autorite, demarche
    )
    ailleurs = fabrique.agent("elu_autorite", fabrique.demarche(), pour=autorite.organisation)
    habiliter(ailleurs, "maire", territoire=accord.demarche.territoire, organisation=fabrique.organisation())
    assert not peut_signer(ailleurs, autorite, demarche)


def test_le_meme_corps_sur_un_autre_territoire_ne_signe_pas(accord: Monde, partie: Partie) -> None:
    agent = fabrique.agent("maire", accord.voisine, pour=partie.organisation)
    habiliter(agent, "maire", territoire=accord.demarche.territoire, organisation=fabrique.organisation())
    assert not peut_signer(agent, partie, _demarche(accord))


@pytest.mark.parametrize("role", ["chef_de_projet", "administrateur"])
def test_qui_conclut_suit_toutes_les_signatures(accord: Monde, partie: Partie, role: str) -> None:
    assert peut_suivre_signature(fabrique.agent(role, accord.demarche), partie, _demarche(accord))


@pytest.mark.parametrize("role", ["agent_epci", "secretaire_mairie", "maire"])
def test_les_agents_d_un_corps_suivent_sa_signature(accord: Monde, partie: Partie, role: str) -> None:
    demarche = _demarche(accord)
    siens = fabrique.agent(role, accord.demarche, pour=partie.organisation)
    autres = fabrique.agent(role, accord.demarche, pour=fabrique.organisation("commune"))
    assert peut_suivre_signature(siens, partie, demarche)
    avis = peut_suivre_signature(autres, partie, demarche)
    assert not avis
    assert "chef de projet territorial" in avis.raison


def test_qui_ne_fait_que_lire_ne_suit_pas_les_signatures(accord: Monde, partie: Partie) -> None:
    assert not peut_suivre_signature(
        fabrique.agent("sous_prefet", accord.demarche), partie, _demarche(accord)
    )
