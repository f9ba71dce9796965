"""Calendars: the event with its time zone, the feed of a person, its secret and revocable address."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from arpent.plateforme.acteurs.models import Agent, Personne
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions import gestes, seance, suites
from arpent.plateforme.demarches.reunions.adresses import adresse_agenda, adresse_emargement
from arpent.plateforme.demarches.reunions.agendas import PARIS, avis_ics, courriel_de
from arpent.plateforme.demarches.reunions.models import Reunion
from arpent.plateforme.demarches.reunions.models_suites import AbonnementAgenda, Decision
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.notifications.models import Courriel
from tests.plateforme import fabrique

from .conftest import JOUR, preparer

pytestmark = pytest.mark.django_db


def test_l_heure_est_celle_de_paris_avec_son_fuseau(demarche: Demarche):
    ete = preparer(demarche, jour=date(2026, 7, 1), heure=time(18, 30))
    calendrier = Calendar.from_ical(avis_ics(ete, None, organisateur="a@exemple.fr"))
    assert [str(f["TZID"]) for f in calendrier.walk("VTIMEZONE")] == ["Europe/Paris"]
    (e,) = calendrier.walk("VEVENT")
    assert e["DTSTART"].dt == datetime(2026, 7, 1, 18, 30, tzinfo=PARIS)
    assert e["DTEND"].dt - e["DTSTART"].dt == timedelta(minutes=120)
    assert "ATTENDEE" not in e  # nobody else's address leaves with the file


def test_sans_heure_l_evenement_tient_la_journee(demarche: Demarche):
    jour = preparer(demarche, heure=None)
    (e,) = Calendar.from_ical(avis_ics(jour, None, organisateur="a@exemple.fr")).walk("VEVENT")
    assert (e["DTSTART"].dt, e["DTEND"].dt) == (JOUR, JOUR + timedelta(days=1))


def test_un_titre_hostile_reste_une_ligne_du_calendrier(demarche: Demarche):
    piege = preparer(demarche, titre="Réunion\r\nATTENDEE:mailto:x@y.fr;a,b")
    (e,) = Calendar.from_ical(avis_ics(piege, None, organisateur="a@exemple.fr")).walk("VEVENT")
    assert "ATTENDEE" not in e


def test_l_expediteur_est_une_adresse_nue():
    assert courriel_de("Arpent <contrats@exemple.fr>") == "contrats@exemple.fr"
    assert courriel_de("contrats@exemple.fr") == "contrats@exemple.fr"


@pytest.fixture
def conviee(demarche: Demarche) -> Agent:
    """An account that the directory knows, called to the meeting."""
    agent = fabrique.agent("elu_autorite", demarche)
    Personne.objects.create(nom="Conviée", agent=agent)
    return agent


def lire(client: Client, url: str) -> list[str]:
    reponse = client.get(url)
    assert reponse.headers["Content-Type"].startswith("text/calendar")
    return [str(e["SUMMARY"]) for e in Calendar.from_ical(reponse.content).walk("VEVENT")]


def test_le_flux_montre_ses_reunions_convoquees_et_ses_echeances(
    client: Client, reunion: Reunion, cheffe: Agent, conviee: Agent, demarche: Demarche
):
    reunion.membres.create(groupe="invites", nom="Conviée", personne=conviee.personne, agent=conviee)
    url = adresse_agenda(suites.ouvrir_agenda(conviee))
    assert lire(client, url) == []
    Reunion.objects.filter(pk=reunion.pk).update(jour=date.today())
    gestes.convoquer(reunion, le=JOUR, par=cheffe)
    decision = Decision(
        reunion=reunion, texte="Écrire au préfet", responsable=conviee.personne, echeance=date(2026, 5, 1)
    )
    seance.decider(decision, par=cheffe)
    preparer(demarche, titre="Une autre").membres.create(groupe="invites", nom="x", agent=conviee)
    assert lire(client, url) == ["Concertation de mars", "À faire\u00a0: Écrire au préfet"]


def test_une_adresse_changee_ou_revoquee_ne_repond_plus(client: Client, conviee: Agent):
    ancienne = adresse_agenda(suites.ouvrir_agenda(conviee))
    nouvelle = adresse_agenda(suites.ouvrir_agenda(conviee))
    assert client.get(ancienne).status_code == 404
    assert client.get(nouvelle).status_code == 200
    assert suites.revoquer_agenda(conviee)
    assert client.get(nouvelle).status_code == 404
    assert not suites.revoquer_agenda(conviee)


@pytest.mark.parametrize("jeton", ["x", "W10:forge", "é"])
def test_une_adresse_forgee_n_ouvre_rien(client: Client, jeton: str):
    assert client.get(reverse("reunions:agenda", args=[jeton])).status_code == 404


def test_on_ouvre_et_revoque_son_agenda_par_la_page(client_cheffe: Client, client: Client, cheffe: Agent):
    page = reverse("reunions:mon_agenda")
    assert client_cheffe.post(page, {"geste": "ouvrir"}).status_code == 302
    url = client_cheffe.get(page).context["url"]
    assert client.get(url.removeprefix("http://testserver")).status_code == 200
    client_cheffe.post(page, {"geste": "revoquer"})
    assert client_cheffe.get(page).context["abonnement"] is None


@pytest.fixture
def suivie(reunion: Reunion) -> AbonnementAgenda:
    """The feed of the mayor, who has no account."""
    personne = Personne.objects.get(nom="Durand")
    return AbonnementAgenda.objects.create(personne=personne)


def test_qui_n_a_pas_de_compte_arrete_son_agenda_par_le_lien_du_courriel(
    client: Client, reunion: Reunion, cheffe: Agent
):
    gestes.convoquer(reunion, le=JOUR, par=cheffe)
    abonnement = AbonnementAgenda.objects.get(personne__nom="Durand")
    courriel = Courriel.objects.get(cle=f"agenda-{abonnement.pk}-1")
    page = courriel.texte.split("quand vous voulez")[1].split("\n")[1].removeprefix(settings.ARPENT_URL)
    flux = client.get(adresse_agenda(abonnement)).content.decode().replace("\r\n ", "")
    assert "/arreter/" in flux
    reponse = client.get(page)
    assert reponse.status_code == 200
    assert "Arrêter cet agenda" in reponse.content.decode()
    assert client.get(adresse_agenda(abonnement)).status_code == 200  # a GET stops nothing
    assert "ne répond plus" in client.post(page).content.decode()
    assert client.get(adresse_agenda(abonnement)).status_code == 404
    assert client.get(page).status_code == client.post(page).status_code == 404
    entree = Entree.objects.get(geste="revoquer_agenda")
    assert (entree.par_id, entree.libelle) == (None, f"agenda de la personne n° {abonnement.personne_id}")


def test_qui_conduit_revoque_l_agenda_d_un_membre(
    client_cheffe: Client, client: Client, reunion: Reunion, suivie: AbonnementAgenda, demarche: Demarche
):
    membre = reunion.membres.get(personne=suivie.personne)
    url = reverse("reunions:agenda_membre", args=[demarche.slug, membre.pk])
    page = reverse("reunions:participants", args=[demarche.slug, reunion.pk])
    assert url in client_cheffe.get(page).content.decode()
    reponse = client_cheffe.post(url, follow=True).content.decode()
    assert "est révoqué" in reponse
    assert url not in reponse
    assert client.get(adresse_agenda(suivie)).status_code == 404
    assert "rien n’a changé" in client_cheffe.post(url, follow=True).content.decode()


def test_qui_lit_seulement_ne_revoque_l_agenda_de_personne(
    client: Client, reunion: Reunion, suivie: AbonnementAgenda, demarche: Demarche
):
    membre = reunion.membres.get(personne=suivie.personne)
    url = reverse("reunions:agenda_membre", args=[demarche.slug, membre.pk])
    elu = fabrique.agent("elu_autorite", demarche)
    client.force_login(elu, backend="arpent.plateforme.acteurs.moteur.MoteurAgents")
    page = client.get(reverse("reunions:participants", args=[demarche.slug, reunion.pk]))
    assert url not in page.content.decode()
    assert client.post(url).status_code == 403
    assert client.get(adresse_agenda(suivie)).status_code == 200


def test_le_code_de_la_feuille_mene_a_la_presence_pour_qui_la_note(
    client: Client, client_cheffe: Client, reunion: Reunion, demarche: Demarche
):
    url = adresse_emargement(reunion)
    assert client.get(url).status_code == 302  # to the login page
    reponse = client_cheffe.get(url)
    assert reponse.headers["Location"].endswith(f"/reunions/{reunion.pk}/seance/#presences")
    etranger = fabrique.agent("chef_de_projet", fabrique.demarche())
    client.force_login(etranger, backend="arpent.plateforme.acteurs.moteur.MoteurAgents")
    assert client.get(url).status_code == 404


def test_un_abonnement_est_d_un_compte_ou_d_une_personne(conviee: Agent):
    with pytest.raises(IntegrityError), transaction.atomic():
        AbonnementAgenda.objects.create(agent=conviee, personne=conviee.personne)
