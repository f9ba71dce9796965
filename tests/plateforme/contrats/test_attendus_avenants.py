"""The votes and the signatures awaited on the avenants: the due list, the reminders, the home page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from arpent.metier.avenants import Genre
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.contrats.avenants import proposition, vigueur
from arpent.plateforme.contrats.avenants.actions import Saisie
from arpent.plateforme.contrats.avenants.signature import ouvrir_signature
from arpent.plateforme.contrats.models import Avenant, Contrat, Partie, Vote
from arpent.plateforme.contrats.votes import enregistrer_vote
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.notifications.models import Notification
from tests.plateforme import fabrique
from tests.plateforme.contrats.atelier_signature import signer_exemplaire
from tests.plateforme.contrats.conftest import EXECUTOIRE, preparer
from tests.plateforme.negociations.conftest import Monde

Connecte = Callable[[Agent], Client]
pytestmark = pytest.mark.usefixtures("sans_fichiers", "sans_pdf")
CE_JOUR = date.today()


def mettre_au_vote(accord: Monde, contrat: Contrat, aide: int = 5000) -> Avenant:
    saisie = Saisie(Genre.AJOUT, entrante=accord.fiches[2], montant=Decimal(aide), annee=2027)
    avenant = preparer(contrat, saisie, effet=CE_JOUR)
    return vigueur.soumettre(proposition.proposer(avenant, par=None, le=CE_JOUR), par=None)


@pytest.fixture
def sous_vote(accord: Monde, en_vigueur: Contrat) -> Avenant:
    return mettre_au_vote(accord, en_vigueur)


def proprietaire(avenant: Avenant) -> Partie:
    return avenant.concernees.exclude(role="autorite").get()


def voter(avenant: Avenant, partie: Partie) -> Vote:
    return enregistrer_vote(partie, EXECUTOIRE, par=None, le=CE_JOUR, avenant=avenant)[0]


def page_de(avenant: Avenant, ancre: str) -> str:
    return reverse("contrats:avenant", args=["gevaudan", avenant.pk]) + f"#{ancre}"


# --- the list and the reminders -------------------------------------------------------------------


def test_la_liste_montre_les_votes_d_avenant_a_leur_page(
    accord: Monde, sous_vote: Avenant, connecte: Connecte
) -> None:
    client = connecte(accord.chef)
    page = client.get("/votes/").content.decode()
    assert "2 votes attendus" in page
    assert page.count(page_de(sous_vote, "votes")) == 2
    assert "Avenant n° 1" in page
    voter(sous_vote, proprietaire(sous_vote))
    assert "1 vote attendu" in client.get("/votes/").content.decode()
    assert proprietaire(sous_vote).organisation.nom in client.get("/votes/?etat=executoire").content.decode()
    lignes = client.get("/votes.csv?etat=").content.decode("utf-8-sig").splitlines()
    assert len(lignes) == 3
    assert all("Avenant n° 1" in ligne for ligne in lignes[1:])


def test_relancer_un_vote_d_avenant_ne_touche_pas_celui_du_contrat(
    accord: Monde, sous_vote: Avenant, connecte: Connecte
) -> None:
    partie = proprietaire(sous_vote)
    maire = fabrique.agent("maire", accord.demarche, pour=partie.organisation)
    du_contrat = Vote.objects.filter(partie=partie, avenant__isnull=True).values_list(
        "attendue_le", "version"
    )
    avant = list(du_contrat)
    client = connecte(accord.chef)
    seul = client.post("/votes/relance/", {"partie": [str(partie.pk)], "attendue_le": ""})
    assert seul.status_code == 422
    envoi = {"partie": [f"{partie.pk}-{sous_vote.pk}"], "attendue_le": "2026-12-20"}
    assert client.post("/votes/relance/", envoi).status_code == 302
    vote = Vote.objects.get(avenant=sous_vote)
    assert (vote.partie, vote.attendue_le) == (partie, date(2026, 12, 20))
    recue = Notification.objects.get(destinataire_id=maire.pk)
    assert recue.sujet == "Le vote de l’avenant n°\u00a01 est attendu"
    assert recue.url == page_de(sous_vote, "votes")
    assert list(du_contrat.all()) == avant
    assert Entree.objects.filter(geste="relancer_vote").count() == 1


def test_qui_ne_redige_pas_lit_la_liste_sans_relancer(
    accord: Monde, sous_vote: Avenant, connecte: Connecte
) -> None:
    client = connecte(accord.maire)
    assert "2 votes attendus" in client.get("/votes/").content.decode()
    envoi = {"partie": [f"{proprietaire(sous_vote).pk}-{sous_vote.pk}"]}
    assert client.post("/votes/relance/", envoi).status_code == 403


@pytest.mark.parametrize("url", ["/votes/?etat=", "/"])
def test_la_liste_et_l_accueil_coutent_autant_avec_six_avenants(
    accord: Monde, en_vigueur: Contrat, sous_vote: Avenant, connecte: Connecte, url: str
) -> None:
    client = connecte(accord.chef)

    def compter() -> int:
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(url).status_code == 200
        return len(requetes)

    compter()
    un = compter()
    for numero in range(2, 7):
        autre = Avenant.objects.create(contrat=en_vigueur, numero=numero, objet="Autre", etat="vote")
        autre.concernees.set(sous_vote.concernees.all())
    assert compter() == un <= (12 if "votes" in url else 17)


# --- what awaits me -------------------------------------------------------------------------------


def test_l_accueil_dit_le_vote_puis_la_signature_d_avenant_a_qui_les_doit(
    accord: Monde, sous_vote: Avenant, connecte: Connecte
) -> None:
    partie = proprietaire(sous_vote)
    client = connecte(fabrique.agent("maire", accord.demarche, pour=partie.organisation))
    page = client.get("/").content.decode()
    assert "Votes d’avenant attendus" in page
    assert page_de(sous_vote, "votes") in page
    vote = voter(sous_vote, partie)
    assert "Votes d’avenant attendus" not in client.get("/").content.decode()
    Vote.objects.filter(pk=vote.pk).update(ecarts=["Ajouté : un projet"])
    assert "Votes d’avenant attendus" in client.get("/").content.decode()
    Vote.objects.filter(pk=vote.pk).update(ecarts=[])
    voter(sous_vote, sous_vote.concernees.get(role="autorite"))
    circuit = ouvrir_signature(sous_vote, par=None, le=CE_JOUR)
    page = client.get("/").content.decode()
    assert "Signatures d’avenant attendues" in page
    assert page_de(sous_vote, "signature") in page
    assert "Signatures du contrat attendues" not in page
    signer_exemplaire(circuit, CE_JOUR)
    assert "Signatures d’avenant attendues" not in client.get("/").content.decode()


def test_un_autre_maire_n_est_pas_appele(accord: Monde, sous_vote: Avenant, connecte: Connecte) -> None:
    etrangere = sous_vote.contrat.parties.exclude(pk__in=sous_vote.concernees.values("pk")).first()
    assert etrangere is not None
    client = connecte(fabrique.agent("maire", accord.demarche, pour=etrangere.organisation))
    assert "Votes d’avenant attendus" not in client.get("/").content.decode()


def test_le_chef_de_projet_suit_l_avenant_jusqu_a_sa_mise_en_vigueur(
    accord: Monde, sous_vote: Avenant, connecte: Connecte
) -> None:
    def titres() -> list[str]:
        page = connecte(accord.chef).get("/")
        return [a.titre for a in page.context["attentes"] if a.titre.startswith("Avenants")]

    assert titres() == ["Avenants au vote"]
    for partie in sous_vote.concernees.all():
        voter(sous_vote, partie)
    circuit = ouvrir_signature(sous_vote, par=None, le=CE_JOUR)
    assert titres() == ["Avenants à la signature"]
    signer_exemplaire(circuit, CE_JOUR)
    assert titres() == ["Avenants à mettre en vigueur"]
    Avenant.objects.filter(pk=sous_vote.pk).update(date_effet=CE_JOUR + timedelta(days=1))
    assert titres() == []
