"""The person behind a session, with the habilitations of the day."""

from datetime import date, timedelta

import pytest

from arpent.plateforme.acteurs.models import Agent, Habilitation
from arpent.plateforme.acteurs.moteur import MoteurAgents
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db


def test_la_personne_et_ses_habilitations_du_jour_en_une_requete(django_assert_num_queries):
    demarche = fabrique.demarche()
    agent = fabrique.agent("agent_epci", demarche)
    hier = date.today() - timedelta(days=1)
    Habilitation.objects.create(agent=agent, role="administrateur", debut=hier, fin=hier)
    with django_assert_num_queries(1):
        lu = MoteurAgents().get_user(agent.pk)
        roles = [h.role for h in lu.habilitations_en_cours]
        territoire = lu.habilitations_en_cours[0].territoire
    assert lu == agent
    assert roles == ["agent_epci"]
    assert territoire == demarche.territoire


def test_sans_habilitation_le_compte_est_lu_quand_meme():
    agent = Agent.objects.creer("seul@exemple.fr", "mot-de-passe-solide", nom="Seul", prenom="Compte")
    lu = MoteurAgents().get_user(agent.pk)
    assert lu == agent
    assert lu.habilitations_en_cours == []


@pytest.mark.parametrize("habilite", [True, False])
def test_un_compte_ferme_ou_inconnu_n_est_personne(habilite):
    agent = fabrique.agent("agent_epci", fabrique.demarche())
    if not habilite:
        agent.habilitations.all().delete()
    Agent.objects.filter(pk=agent.pk).update(is_active=False)
    assert MoteurAgents().get_user(agent.pk) is None
    assert MoteurAgents().get_user(agent.pk + 1) is None
