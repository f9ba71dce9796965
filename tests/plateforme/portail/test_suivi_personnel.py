"""Days to come, what changed since the last visit, who is silent: each in one's perimeter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from arpent.plateforme.acteurs.models import Agent, DemandeAppui
from arpent.plateforme.demarches.models import Demarche, Etape
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.notifications.models import Notification, Relance
from arpent.plateforme.plans.models import AvisService, Deliberation, Fiche
from arpent.plateforme.portail.suivi_personnel.changements import changements, visite_precedente
from arpent.plateforme.portail.suivi_personnel.echeances import echeances
from arpent.plateforme.portail.suivi_personnel.silencieux import silencieux
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
Connecte = Callable[[Agent], Client]
LE = date.today()
HIER = timezone.now() - timedelta(days=1)


@pytest.fixture
def demarche() -> Demarche:
    faite = fabrique.demarche()
    Etape.objects.filter(demarche=faite).update(prevue_le=None)
    return faite


def dans(jours: int) -> date:
    return LE + timedelta(days=jours)


def libelles(agent: Agent, demarche: Demarche, jours: int = 30) -> list[str]:
    return [e.libelle for e in echeances(agent, [demarche], LE, jours=jours)]


def deliberation(fiche: Fiche, jours: int = 5) -> Deliberation:
    return Deliberation.objects.create(fiche=fiche, assemblee="CM", attendue_le=dans(jours))


# --- days to come ---------------------------------------------------------------------------------


def test_chaque_genre_de_date_arrive_dans_l_ordre(demarche: Demarche):
    agent = fabrique.agent("chef_de_projet", demarche)
    fiche = fabrique.fiche(demarche, titre="École")
    Etape.objects.filter(demarche=demarche, code="copil").update(prevue_le=dans(3))
    AvisService.objects.create(fiche=fiche, service="Voirie", question="?", echeance_le=dans(2), agent=agent)
    deliberation(fiche, 4)
    DemandeAppui.objects.create(
        territoire=demarche.territoire, organisation=fabrique.organisation(nom="Mairie"), genre="montage",
        question="?", demandee_par_nom="x", souhaitee_le=dans(6), demandee_par=agent,
        autorite=demarche.autorite, demarche_id=demarche.pk,
    )  # fmt: skip
    assert libelles(agent, demarche) == [
        "Avis de Voirie : École",
        "COPIL de lancement",
        "Délibération : École",
        "Réponse attendue par Mairie",
    ]
    assert libelles(agent, demarche, jours=3) == ["Avis de Voirie : École", "COPIL de lancement"]


def test_un_maire_ne_voit_que_les_deliberations_de_sa_commune(demarche: Demarche):
    mairie = fabrique.organisation("commune")
    deliberation(fabrique.fiche(demarche, titre="La mienne", maitre_ouvrage=mairie))
    deliberation(fabrique.fiche(demarche, titre="Une autre"))
    assert libelles(fabrique.agent("maire", demarche, pour=mairie), demarche) == ["Délibération : La mienne"]


def test_l_instructeur_ne_voit_pas_la_date_d_un_brouillon(demarche: Demarche):
    deliberation(fabrique.fiche(demarche, etat="brouillon"))
    assert libelles(fabrique.agent("instructeur", demarche), demarche) == []


def test_la_page_dit_ce_qui_est_passe_et_se_filtre(demarche: Demarche, connecte: Connecte):
    agent = fabrique.agent("chef_de_projet", demarche)
    deliberation(fabrique.fiche(demarche, titre="En retard"), -5)
    deliberation(fabrique.fiche(demarche, titre="Lointaine"), 60)
    client = connecte(agent)
    page = client.get("/mes-echeances/").content.decode()
    assert "En retard" in page
    assert "dont 1 passée" in page
    assert "Lointaine" not in page
    assert "Lointaine" in client.get("/mes-echeances/?jours=90").content.decode()
    assert "En retard" not in client.get("/mes-echeances/?territoire=ailleurs").content.decode()
    bref = client.get("/mes-echeances/?jours=90", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in bref
    assert "Lointaine" in bref


def compter(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as vues:
        assert client.get(url).status_code == 200
    return len(vues)


def test_les_requetes_ne_dependent_pas_du_nombre_de_lignes(demarche: Demarche, connecte: Connecte):
    agent = fabrique.agent("chef_de_projet", demarche)
    client, urls = connecte(agent), ("/mes-echeances/", "/depuis-ma-visite/", "/a-relancer/")
    _visites(agent)
    autre = fabrique.agent("instructeur", demarche)
    for _ in range(2):
        fiche = fabrique.fiche(demarche, etat="a_completer")
        deliberation(fiche)
        consigner("modifier", sur=fiche, par=autre, demarche_id=demarche.pk)
    peu = [compter(client, url) for url in urls]
    for _ in range(12):
        fiche = fabrique.fiche(demarche, etat="a_completer")
        deliberation(fiche)
        consigner("modifier", sur=fiche, par=autre, demarche_id=demarche.pk)
    assert [compter(client, url) for url in urls] == peu
    assert max(peu) <= 15


# --- since the last visit -------------------------------------------------------------------------


def _visites(agent: Agent) -> datetime:
    """Two logins: the previous visit, then the present one."""
    consigner("se_connecter", sur=agent, par=agent)
    consigner("se_connecter", sur=agent, par=agent)
    precedente = visite_precedente(agent)
    assert precedente is not None
    return precedente


def test_une_premiere_visite_n_a_rien_a_comparer(demarche: Demarche):
    agent = fabrique.agent("chef_de_projet", demarche)
    consigner("se_connecter", sur=agent, par=agent)
    assert visite_precedente(agent) is None
    assert changements(agent, [demarche], None).lignes == ()


def test_les_gestes_des_autres_se_groupent_par_objet(demarche: Demarche):
    agent, autre = fabrique.agent("chef_de_projet", demarche), fabrique.agent("instructeur", demarche)
    depuis = _visites(agent)
    fiche = fabrique.fiche(demarche)
    for geste in ("modifier", "commenter"):
        consigner(geste, sur=fiche, par=autre, demarche_id=demarche.pk)
    consigner("modifier", sur=fiche, par=agent, demarche_id=demarche.pk)
    (change,) = changements(agent, [demarche], depuis).lignes
    assert (change.geste, change.nombre, change.par) == (
        "Écrire une remarque sur une fiche",
        2,
        [autre.nom_complet],
    )
    assert change.url == fiche.get_absolute_url()


def test_rien_d_ailleurs_ni_d_un_brouillon_cache(demarche: Demarche):
    agent, autre = fabrique.agent("president_epci", demarche), fabrique.agent("maire", demarche)
    depuis = _visites(agent)
    ailleurs = fabrique.demarche()
    consigner("modifier", sur=fabrique.fiche(ailleurs), par=autre, demarche_id=ailleurs.pk)
    instructeur = fabrique.agent("instructeur", demarche)
    consigner("modifier", sur=fabrique.fiche(demarche, etat="brouillon"), par=autre, demarche_id=demarche.pk)
    assert [c.demarche for c in changements(agent, [demarche], depuis).lignes] == [demarche]
    assert changements(instructeur, [demarche], depuis).lignes == (), "un brouillon ne lui est pas montré"


def test_un_maire_ne_lit_que_ce_qui_touche_ses_fiches(demarche: Demarche):
    mairie = fabrique.organisation("commune")
    maire = fabrique.agent("maire", demarche, pour=mairie)
    depuis, autre = _visites(maire), fabrique.agent("instructeur", demarche)
    consigner("modifier", sur=fabrique.fiche(demarche), par=autre, demarche_id=demarche.pk)
    mienne = fabrique.fiche(demarche, maitre_ouvrage=mairie)
    consigner("modifier", sur=mienne, par=autre, demarche_id=demarche.pk)
    assert [c.url for c in changements(maire, [demarche], depuis).lignes] == [mienne.get_absolute_url()]


# --- silent ---------------------------------------------------------------------------------------


def _vieillir(agent: Agent, jours: int) -> None:
    """The journal refuses to be rewritten: the line is written as it was that day."""
    derniere = Entree.objects.order_by("-numero").first()
    numero = derniere.numero + 1 if derniere else 1
    Entree.objects.create(
        numero=numero, le=timezone.now() - timedelta(days=jours), geste="se_connecter", libelle="Connexion",
        objet_type="acteurs.agent", objet_id=str(agent.pk), par_id=agent.pk, auteur_cle=agent.nom_complet,
        empreinte_precedente="0" * 64, empreinte=f"{numero:064d}",
    )  # fmt: skip


def test_qui_est_attendu_et_son_dernier_signe(demarche: Demarche):
    chef = fabrique.agent("chef_de_projet", demarche)
    muette, vive = (
        fabrique.organisation("commune", nom="Muette"),
        fabrique.organisation("commune", nom="Vive"),
    )
    maire = fabrique.agent("maire", demarche, pour=vive)
    _vieillir(maire, 3)
    for mairie in (muette, vive):
        fiche = fabrique.fiche(demarche, etat="a_completer", maitre_ouvrage=mairie)
        Deliberation.objects.create(fiche=fiche, assemblee="CM")
    premiere, seconde = silencieux(chef, [demarche], timezone.now())
    assert (premiere.organisation, premiere.signe_le, premiere.agents) == (muette, None, ())
    assert seconde.attendus == (("délibération", 1), ("fiche à compléter", 1))
    assert seconde.jours(timezone.now()) == 3
    assert silencieux(maire, [demarche], timezone.now()) == []


def test_relancer_en_un_clic_une_fois_par_jour(demarche: Demarche, connecte: Connecte):
    chef, mairie = fabrique.agent("chef_de_projet", demarche), fabrique.organisation("commune", nom="Muette")
    maire = fabrique.agent("maire", demarche, pour=mairie)
    _vieillir(maire, 40)
    fabrique.fiche(demarche, etat="a_completer", maitre_ouvrage=mairie)
    client = connecte(chef)
    assert "il y a 40 jours" in client.get("/a-relancer/").content.decode()
    assert "Personne n’est à relancer" in client.get("/a-relancer/?jours=60").content.decode()
    envoi = {"structure": [f"{demarche.pk}-{mairie.pk}"], "jours": "15", "q": ""}
    for _ in range(2):
        client.post("/a-relancer/", envoi)
    assert [n.destinataire_id for n in Notification.objects.all()] == [maire.pk]
    assert Relance.objects.count() == 1
    assert Entree.objects.filter(geste="relancer_structure").count() == 1


def test_rien_de_coche_se_dit(demarche: Demarche, connecte: Connecte):
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    page = client.post("/a-relancer/", {"jours": "15"}, follow=True).content.decode()
    assert "Cochez au moins une structure" in page


def test_une_structure_d_ailleurs_n_est_pas_relancee(demarche: Demarche, connecte: Connecte):
    ailleurs, mairie = (
        fabrique.demarche(dans=fabrique.dispositif(fabrique.organisation("region"))),
        fabrique.organisation(),
    )
    fabrique.agent("maire", ailleurs, pour=mairie)
    fabrique.fiche(ailleurs, etat="a_completer", maitre_ouvrage=mairie)
    connecte(fabrique.agent("chef_de_projet", demarche)).post(
        "/a-relancer/", {"structure": [f"{ailleurs.pk}-{mairie.pk}"]}
    )
    assert not Notification.objects.exists()


# --- at once from the home page -------------------------------------------------------------------


def test_une_etape_en_retard_se_marque_faite_depuis_l_accueil(demarche: Demarche, connecte: Connecte):
    Etape.objects.filter(demarche=demarche, code="copil").update(prevue_le=dans(-3))
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    attente = client.get("/").context["attentes"][0]
    geste = attente.liens[0].geste
    reponse = client.post(geste.url, dict(geste.champs))
    assert reponse.headers["Location"] == "/"
    assert Etape.objects.get(demarche=demarche, code="copil").faite_le == LE
