"""The home page: what awaits each role, the notifications, the number of queries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from arpent.plateforme.acteurs.models import Agent, DemandeAppui
from arpent.plateforme.demarches.models import Etape
from arpent.plateforme.notifications.actions import notifier
from arpent.plateforme.notifications.models import Notification
from arpent.plateforme.plans.models import AvisService, Commentaire, Deliberation
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
Connecte = Callable[[Agent], Client]
URL = "/"


def titres(client: Client) -> list[str]:
    return [a.titre for a in client.get(URL).context["attentes"]]


def test_sans_connexion_on_est_mene_a_la_page_de_connexion(client: Client):
    assert client.get(URL).headers["Location"].startswith(reverse("portail:connexion"))


def test_l_instructeur_voit_les_fiches_a_pre_instruire(connecte: Connecte):
    demarche = fabrique.demarche()
    fabrique.fiche(demarche)
    fabrique.fiche(demarche)
    page = connecte(fabrique.agent("instructeur", demarche)).get(URL)
    attente = page.context["attentes"][0]
    assert (attente.titre, attente.nombre) == ("Fiches à pré-instruire", 2)
    assert attente.liens[0].url == f"{reverse('plans:plan', args=[demarche.slug])}?etat=proposee"


def test_le_maire_voit_ses_fiches_a_completer_et_pas_celles_des_autres(connecte: Connecte):
    demarche = fabrique.demarche()
    mairie = fabrique.organisation("commune")
    fabrique.fiche(demarche, etat="a_completer", maitre_ouvrage=mairie)
    fabrique.fiche(demarche, etat="a_completer")
    page = connecte(fabrique.agent("maire", demarche, pour=mairie)).get(URL)
    assert [(a.titre, a.nombre) for a in page.context["attentes"]] == [("Fiches à compléter", 1)]


def test_le_sous_prefet_n_a_rien_a_faire(connecte: Connecte):
    demarche = fabrique.demarche()
    fabrique.fiche(demarche)
    assert titres(connecte(fabrique.agent("sous_prefet", demarche))) == []


def test_une_etape_en_retard_attend_celui_qui_conduit_la_demarche(connecte: Connecte):
    demarche = fabrique.demarche()
    Etape.objects.filter(demarche=demarche, facultative=False).update(
        prevue_le=date.today() - timedelta(days=3)
    )
    assert titres(connecte(fabrique.agent("chef_de_projet", demarche))) == ["Étapes en retard"]
    assert titres(connecte(fabrique.agent("maire", demarche))) == []


def test_une_etape_prochaine_est_dans_les_echeances(connecte: Connecte):
    demarche = fabrique.demarche()
    Etape.objects.filter(demarche=demarche, facultative=False).update(
        prevue_le=date.today() + timedelta(days=3)
    )
    client = connecte(fabrique.agent("maire", demarche))
    assert 'hx-get="/mes-echeances/?jours=30"' in client.get(URL).content.decode()
    bref = client.get("/mes-echeances/?jours=30", headers={"HX-Request": "true"}).content.decode()
    assert "COPIL de lancement" in bref


def test_on_ne_voit_que_ses_territoires(connecte: Connecte):
    demarche, autre = fabrique.demarche(), fabrique.demarche()
    page = connecte(fabrique.agent("president_epci", demarche)).get(URL).content.decode()
    assert demarche.territoire.nom in page
    assert autre.territoire.nom not in page


def test_marquer_comme_lu_vide_les_nouvelles(connecte: Connecte):
    agent = fabrique.agent("maire", fabrique.demarche())
    notifier([agent.pk], rubrique="fiches", sujet="Fiche 3", texte="Votre fiche est retenue.", url="/fiches/")
    client = connecte(agent)
    assert "Votre fiche est retenue." in client.get(URL).content.decode()
    reponse = client.post(reverse("portail:marquer_notifications"))
    assert reponse.status_code == 302
    assert "Votre fiche est retenue." not in client.get(URL).content.decode()


def test_on_ne_marque_que_ses_propres_nouvelles(connecte: Connecte):
    demarche = fabrique.demarche()
    agent, autre = fabrique.agent("maire", demarche), fabrique.agent("maire", demarche)
    notifier([autre.pk], rubrique="fiches", sujet="Fiche 3", texte="Votre fiche est retenue.")
    connecte(agent).post(reverse("portail:marquer_notifications"))
    assert Notification.objects.filter(lue_le__isnull=True).count() == 1


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_territoires(
    connecte: Connecte, django_assert_max_num_queries: Callable[..., object]
):
    dispositif = fabrique.dispositif()
    for _ in range(4):
        demarche = fabrique.demarche(dans=dispositif)
        fabrique.fiche(demarche)
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    client.get(URL)
    with django_assert_max_num_queries(16):  # type: ignore[attr-defined]
        assert client.get(URL).status_code == 200


def test_le_porteur_voit_ses_projets_par_etat_et_pas_l_autorite(connecte: Connecte):
    demarche = fabrique.demarche()
    mairie = fabrique.organisation("commune")
    for etat in ("retenue", "retenue", "proposee"):
        fabrique.fiche(demarche, etat=etat, maitre_ouvrage=mairie)
    page = connecte(fabrique.agent("maire", demarche, pour=mairie)).get(URL)
    assert page.context["mes_projets"][0].etats == (("proposee", "Proposée", 1), ("retenue", "Retenue", 2))
    assert not connecte(fabrique.agent("chef_de_projet", demarche)).get(URL).context["mes_projets"]


def test_le_titre_ne_dit_pas_que_rien_n_attend_quand_il_y_a_des_nouvelles(connecte: Connecte):
    agent = fabrique.agent("maire", fabrique.demarche())
    assert "Rien ne vous attend" in connecte(agent).get(URL).content.decode()
    notifier([agent.pk], rubrique="fiches", sujet="Fiche 3", texte="Votre fiche est retenue.")
    texte = connecte(agent).get(URL).content.decode()
    assert "1 nouvelle à lire" in texte
    assert "Rien ne vous attend" not in texte


def test_les_decisions_attendues_sont_dites_a_qui_les_doit(connecte: Connecte) -> None:
    demarche = fabrique.demarche(slug="gevaudan")
    fiche = fabrique.fiche(demarche)
    mission = fabrique.agent("mission_appui", demarche)
    maire = fabrique.agent("maire", demarche, pour=fiche.maitre_ouvrage)
    AvisService.objects.create(
        fiche=fiche,
        service="Routes",
        agent=mission,
        question="?",
        echeance_le=date(2026, 1, 1),
        demande_par_nom="A",
    )
    Deliberation.objects.create(fiche=fiche, assemblee="Conseil", attendue_le=date(2026, 1, 1))
    Commentaire.objects.create(fiche=fiche, genre="correction", texte="Devis ?", auteur_nom="A")
    DemandeAppui.objects.create(
        territoire=demarche.territoire, autorite=demarche.autorite, organisation=fiche.maitre_ouvrage,
        genre="montage", question="?", demandee_par_nom="A", demarche_id=demarche.pk,
    )  # fmt: skip
    vues = connecte(mission).get("/").content.decode()
    assert "Avis à rendre" in vues
    assert "Demandes d’appui" in vues
    assert "Corrections demandées" not in vues
    siennes = connecte(maire).get("/").content.decode()
    assert "Délibérations attendues" in siennes
    assert "Corrections demandées" in siennes
    assert "Avis à rendre" not in siennes
    Deliberation.objects.create(fiche=fiche, numero="1", assemblee="C", adoptee_le=date(2026, 2, 1))
    assert "Délibérations attendues" not in connecte(maire).get("/").content.decode()
