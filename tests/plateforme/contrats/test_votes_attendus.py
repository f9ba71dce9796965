"""The votes awaited over every territory, and the reminders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from arpent.metier.votes import EtatVote
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.contrats.models import Contrat, Vote
from arpent.plateforme.contrats.sorties import votes_json
from arpent.plateforme.contrats.votes import relancer_votes
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.notifications.models import Notification
from tests.plateforme import fabrique
from tests.plateforme.contrats.conftest import (
    EXECUTOIRE,
    LE,
    deliberer,
    etat_du_vote,
    porteur,
    voter,
)
from tests.plateforme.negociations.conftest import Monde

Connecte = Callable[[Agent], Client]
pytestmark = pytest.mark.usefixtures("sans_fichiers")


def test_la_liste_montre_les_votes_attendus_de_tous_les_territoires(
    accord: Monde, au_vote: Contrat, connecte: Connecte
) -> None:
    voter(porteur(au_vote))
    client = connecte(accord.chef)
    page = client.get("/votes/").content.decode()
    assert "3 votes attendus" in page
    assert porteur(au_vote).organisation.nom not in page
    assert porteur(au_vote).organisation.nom in client.get("/votes/?etat=executoire").content.decode()
    assert "Aucun vote à montrer" in client.get("/votes/?etat=en_retard").content.decode()
    assert "Aucun vote à montrer" in client.get("/votes/?q=inconnu").content.decode()
    assert "Aucun vote à montrer" in client.get("/votes/?etat=a_finir").content.decode()


def test_relancer_note_l_attente_et_previent_une_fois(
    accord: Monde, au_vote: Contrat, connecte: Connecte
) -> None:
    partie = porteur(au_vote)
    charge = fabrique.agent("agent_epci", accord.demarche, pour=partie.organisation)
    client = connecte(accord.chef)
    donnees = {"partie": [str(partie.pk)], "attendue_le": "2026-02-20"}
    for _ in range(2):
        assert client.post("/votes/relance/", donnees).status_code == 302
    assert Vote.objects.get().attendue_le == date(2026, 2, 20)
    assert Notification.objects.filter(destinataire_id=charge.pk).count() == 1
    assert Entree.objects.filter(geste="relancer_vote").count() == 2
    assert "dont 1 en retard" in client.get("/votes/").content.decode()
    assert client.post("/votes/relance/", {"attendue_le": ""}).status_code == 422


def test_relancer_ne_touche_pas_un_vote_qui_tient(accord: Monde, au_vote: Contrat) -> None:
    voter(porteur(au_vote))
    assert relancer_votes([(porteur(au_vote), None)], attendue_le=None, par=accord.chef, le=LE) == 0


def test_relancer_un_vote_sans_suite_en_ouvre_un_autre(accord: Monde, au_vote: Contrat) -> None:
    voter(porteur(au_vote), **EXECUTOIRE | {"sens": "rejetee"})
    assert relancer_votes([(porteur(au_vote), None)], attendue_le=None, par=None, le=LE) == 1
    assert etat_du_vote(porteur(au_vote)) is EtatVote.A_CONVOQUER
    assert Vote.objects.filter(partie=porteur(au_vote)).count() == 2


def test_l_autorite_previent_ses_propres_agents(accord: Monde, au_vote: Contrat) -> None:
    relancer_votes([(au_vote.parties.get(role="autorite"), None)], attendue_le=None, par=None, le=LE)
    recues = Notification.objects.filter(destinataire_id=accord.chef.pk)
    assert recues.filter(sujet="Le vote du contrat est attendu").count() == 1


def test_un_maire_lit_la_liste_et_ne_relance_pas(accord: Monde, au_vote: Contrat, connecte: Connecte) -> None:
    client = connecte(accord.maire)
    page = client.get("/votes/").content.decode()
    assert "Demander ces votes" not in page
    assert client.post("/votes/relance/", {"partie": [str(porteur(au_vote).pk)]}).status_code == 403


def test_la_liste_a_un_nombre_fixe_de_requetes(
    accord: Monde,
    au_vote: Contrat,
    connecte: Connecte,
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    deliberer(au_vote)
    client = connecte(accord.chef)
    client.get("/votes/")
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        client.get("/votes/?etat=")


def test_la_liste_s_exporte_telle_qu_affichee(accord: Monde, au_vote: Contrat, connecte: Connecte) -> None:
    voter(porteur(au_vote))
    client = connecte(accord.chef)
    lignes = client.get("/votes.csv?etat=executoire").content.decode("utf-8-sig").splitlines()
    assert len(lignes) == 2
    assert "2026-12" in lignes[1]
    assert "04/02/2026" in lignes[1]
    assert client.get("/votes.xlsx").content[:2] == b"PK"
    assert client.get("/votes.ods").status_code == 404
    assert "/votes.csv?etat=executoire" in client.get("/votes/?etat=executoire").content.decode()


def test_les_votes_se_lisent_en_valeurs_simples(au_vote: Contrat) -> None:
    voter(porteur(au_vote), **EXECUTOIRE | {"en_exercice": 20, "presents": 4, "pour": 4})
    lus = {v["role"]: v for v in votes_json(au_vote, LE) if v["role"] != "signataire"}
    vote = lus["porteur"]
    assert (vote["etat"], vote["version"], vote["executoire_le"]) == ("irreguliere", 1, None)
    assert "Le quorum n’est pas atteint" in vote["bloque_la_signature"]
    assert [r["bloquant"] for r in vote["remarques"]] == [True]
    assert (lus["autorite"]["etat"], lus["autorite"]["numero"]) == ("a_convoquer", "")


def test_l_accueil_dit_le_vote_attendu_a_qui_le_doit(
    accord: Monde, au_vote: Contrat, connecte: Connecte
) -> None:
    client = connecte(fabrique.agent("agent_epci", accord.demarche, pour=porteur(au_vote).organisation))
    page = client.get("/").content.decode()
    assert "Votes du contrat attendus" in page
    assert "/territoires/gevaudan/contrat/#votes" in page
    vote = voter(porteur(au_vote))
    assert "Votes du contrat attendus" not in client.get("/").content.decode()
    Vote.objects.filter(pk=vote.pk).update(ecarts=["Préambule modifié"])
    assert "Votes du contrat attendus" in client.get("/").content.decode()
