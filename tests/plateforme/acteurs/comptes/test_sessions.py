"""Open sessions: seen, closed, and dead as soon as what they rest on has moved."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings as reglages
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from arpent.plateforme.acteurs.comptes import sessions
from arpent.plateforme.acteurs.comptes.ouverture import desactiver_compte, reactiver_compte
from arpent.plateforme.acteurs.habilitations import HabilitationRefusee, accorder, clore
from arpent.plateforme.acteurs.models import Agent, Habilitation, SessionOuverte
from tests.plateforme import fabrique

from .conftest import CONNEXION, MOT_DE_PASSE

pytestmark = pytest.mark.django_db
COMPTE = "/compte/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
Entrer = Callable[..., Client]


def _cle(client: Client) -> str:
    return client.cookies[reglages.SESSION_COOKIE_NAME].value


def _vivante(client: Client) -> bool:
    return client.get("/").status_code == 200


@pytest.fixture
def agent() -> Agent:
    return fabrique.agent("agent_epci", fabrique.demarche())


def test_la_page_dit_quand_comment_et_d_ou_chaque_session_est_ouverte(entre: Entrer, agent: Agent) -> None:
    entre(agent, REMOTE_ADDR="192.0.2.7", HTTP_USER_AGENT=FIREFOX)
    page = entre(agent).get(COMPTE).content.decode()
    assert "Firefox sous Windows" in page
    assert "192.0.2.7" in page
    assert "mot de passe" in page
    assert page.count("cette session") == 1


def test_la_liste_coute_le_meme_prix_quel_que_soit_le_nombre_de_sessions(
    entre: Entrer, agent: Agent, django_assert_max_num_queries: Any
) -> None:
    client = entre(agent)
    for _ in range(4):
        entre(agent)
    client.get(COMPTE)
    with django_assert_max_num_queries(8):
        client.get(COMPTE)


def test_une_page_ordinaire_ne_coute_pas_une_requete_de_plus(
    entre: Entrer, agent: Agent, django_assert_num_queries: Any
) -> None:
    client = entre(agent)
    with django_assert_num_queries(3):  # the session, the person with their habilitations, the notifications
        client.get("/donnees-personnelles/conservation/")


def test_fermer_une_session_la_tue_avant_sa_page_suivante(entre: Entrer, agent: Agent) -> None:
    ailleurs, ici = entre(agent), entre(agent)
    autre = SessionOuverte.objects.get(cle=_cle(ailleurs))
    assert ici.post(reverse("compte:fermer", args=[autre.pk])).status_code == 302
    assert not _vivante(ailleurs)
    assert _vivante(ici)


def test_on_ne_ferme_pas_la_session_de_quelqu_un_d_autre(entre: Entrer, agent: Agent) -> None:
    voisin = fabrique.agent("maire", fabrique.demarche())
    client = entre(voisin)
    sienne = SessionOuverte.objects.get(agent=voisin)
    assert entre(agent).post(reverse("compte:fermer", args=[sienne.pk])).status_code == 404
    assert _vivante(client)


def test_se_deconnecter_partout_ne_laisse_que_la_session_courante_sous_un_autre_numero(
    entre: Entrer, agent: Agent, connecte: Callable[[Agent], Client]
) -> None:
    ailleurs, jamais_listee, ici = entre(agent), connecte(agent), entre(agent)
    avant = _cle(ici)
    ici.post(reverse("compte:fermer_partout"))
    assert not _vivante(ailleurs)
    assert not _vivante(jamais_listee)
    assert _vivante(ici)
    assert _cle(ici) != avant
    assert not Session.objects.filter(session_key=avant).exists()
    assert [s.courante for s in sessions.sessions_de(Agent.objects.get(pk=agent.pk), _cle(ici))] == [True]


def test_se_deconnecter_retire_la_session_de_la_liste(entre: Entrer, agent: Agent) -> None:
    entre(agent).post(reverse("portail:deconnexion"))
    assert not SessionOuverte.objects.exists()


def test_une_session_perimee_quitte_la_liste(entre: Entrer, agent: Agent) -> None:
    client = entre(agent)
    SessionOuverte.objects.update(ouverte_le="2020-01-01T00:00:00Z")
    assert sessions.sessions_de(agent) == []
    entre(agent)
    assert SessionOuverte.objects.count() == 1
    assert _vivante(client)


def _terminer(agent: Agent) -> None:
    Habilitation.objects.filter(agent=agent).update(fin=date.today() - timedelta(days=1))


def _clore(agent: Agent) -> None:
    clore(agent.habilitations.get(), le=date.today() - timedelta(days=1), motif="Départ", par=None)


def _accorder(agent: Agent) -> None:
    accorder(agent, par=None, role="administrateur", debut=date.today())


def _changer_de_role(agent: Agent) -> None:
    Habilitation.objects.filter(agent=agent).update(role="president_epci")


def _limiter_aux_themes(agent: Agent) -> None:
    Habilitation.objects.filter(agent=agent).update(themes="voirie")


def _changer_de_territoire(agent: Agent) -> None:
    Habilitation.objects.filter(agent=agent).update(territoire=fabrique.territoire())


def _mot_de_passe(agent: Agent) -> None:
    agent.set_password("un-autre-mot-de-passe")
    agent.save()


def _desactiver(agent: Agent) -> None:
    desactiver_compte(agent, par=None)


@pytest.mark.parametrize(
    "changement",
    [
        _terminer, _clore, _accorder, _changer_de_role, _limiter_aux_themes, _changer_de_territoire,
        _mot_de_passe, _desactiver,
    ],
)  # fmt: skip
def test_ce_qui_change_les_droits_tue_la_session_avant_sa_page_suivante(
    entre: Entrer, agent: Agent, changement: Callable[[Agent], None]
) -> None:
    client = entre(agent)
    assert _vivante(client)
    changement(agent)
    reponse = client.get("/", follow=True)
    assert reponse.redirect_chain[0][0].startswith(CONNEXION)
    assert "Votre session a pris fin" in reponse.content.decode()


def test_apres_un_changement_de_role_on_se_reconnecte_sous_un_autre_numero_avec_les_nouveaux_droits(
    entre: Entrer, agent: Agent
) -> None:
    client = entre(agent)
    avant = _cle(client)
    _accorder(agent)
    assert client.get("/donnees-personnelles/conservation/").status_code == 302
    client.post(CONNEXION, {"username": agent.courriel, "password": MOT_DE_PASSE})
    assert client.get("/donnees-personnelles/conservation/").status_code == 200
    assert _cle(client) != avant


def test_le_numero_de_session_pose_par_un_autre_ne_sert_pas_apres_la_connexion(agent: Agent) -> None:
    attaquant, victime = Client(), Client()
    session = attaquant.session
    session["pose"] = "1"
    session.save()
    victime.cookies[reglages.SESSION_COOKIE_NAME] = session.session_key
    victime.post(CONNEXION, {"username": agent.courriel, "password": MOT_DE_PASSE})
    attaquant.cookies[reglages.SESSION_COOKIE_NAME] = session.session_key
    assert _vivante(victime)
    assert not _vivante(attaquant)


def test_entrer_sous_un_autre_nom_ouvre_une_session_neuve(entre: Entrer, agent: Agent, settings: Any) -> None:
    settings.ARPENT_DEMO = True
    autre = fabrique.agent("administrateur", est_demonstration=True)
    client = entre(agent)
    avant = _cle(client)
    client.post(reverse("portail:connexion_demo", args=[autre.pk]))
    assert _cle(client) != avant
    assert autre.nom_complet in client.get(COMPTE).content.decode()
    assert not Session.objects.filter(session_key=avant).exists()


def test_sans_session_la_page_de_connexion_ne_parle_pas_de_session_finie(client: Client) -> None:
    assert "a pris fin" not in client.get(COMPTE, follow=True).content.decode()


def test_confirmer_son_identite_change_le_numero_de_session(entre: Entrer, agent: Agent) -> None:
    client = entre(agent)
    avant = _cle(client)
    reponse = client.post(
        reverse("compte:confirmer"), {"mot_de_passe": MOT_DE_PASSE, "suite": "/compte/code/"}
    )
    assert reponse.headers["Location"] == "/compte/code/"
    assert _cle(client) != avant
    assert not Session.objects.filter(session_key=avant).exists()


def test_les_cles_du_compte_ne_s_ouvrent_que_si_l_identite_est_fraiche(
    entre: Entrer, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = entre(agent)
    assert client.get("/compte/code/").status_code == 200
    plus_tard = time.time() + sessions.CONFIRMATION + 1
    monkeypatch.setattr(time, "time", lambda: plus_tard)
    assert client.get("/compte/code/").headers["Location"].startswith("/compte/confirmer/")
    fautive = client.post(reverse("compte:confirmer"), {"mot_de_passe": "faux", "suite": "/compte/code/"})
    assert fautive.status_code == 422
    client.post(reverse("compte:confirmer"), {"mot_de_passe": MOT_DE_PASSE, "suite": "/compte/code/"})
    assert client.get("/compte/code/").status_code == 200


def test_la_suite_ne_mene_pas_sur_un_autre_site(entre: Entrer, agent: Agent) -> None:
    reponse = entre(agent).post(
        reverse("compte:confirmer"), {"mot_de_passe": MOT_DE_PASSE, "suite": "https://ailleurs.example/"}
    )
    assert reponse.headers["Location"] == "/"


def test_un_compte_sans_mot_de_passe_est_invite_a_se_reconnecter(connecte: Any, agent: Agent) -> None:
    agent.set_unusable_password()
    agent.save()
    page = connecte(agent).get(reverse("compte:confirmer")).content.decode()
    assert "n’a pas de mot de passe" in page


def test_un_compte_rouvert_n_a_plus_aucun_droit(entre: Entrer, agent: Agent) -> None:
    with pytest.raises(HabilitationRefusee, match="déjà ouvert"):
        reactiver_compte(agent, par=None)
    _desactiver(agent)
    reactiver_compte(agent, par=None)
    assert "Aucune habilitation" in entre(agent).get(COMPTE).content.decode()
    Agent.objects.update(is_active=False, anonymise_le="2026-01-01T00:00:00Z")
    with pytest.raises(HabilitationRefusee, match="anonymisé"):
        reactiver_compte(agent, par=None)


def test_on_ne_clot_pas_deux_fois(agent: Agent) -> None:
    _clore(agent)
    with pytest.raises(HabilitationRefusee, match="déjà terminé"):
        _clore(agent)
    _desactiver(agent)
    with pytest.raises(HabilitationRefusee, match="déjà désactivé"):
        _desactiver(agent)


@pytest.mark.parametrize(
    ("entete", "dit"),
    [
        (FIREFOX, "Firefox sous Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18) Version/18.0 Safari/604.1", "Safari sous iOS"),
        ("curl/8.0", ""),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge sous Linux"),
    ],
)
def test_le_navigateur_se_dit_en_mots(entete: str, dit: str) -> None:
    assert sessions.navigateur_de(entete) == dit


def test_ce_qui_reste_d_une_session_finie_est_oublie(entre: Entrer, agent: Agent) -> None:
    """The address from which somebody entered is not kept once the session is over; a living one stays."""
    entre(agent, REMOTE_ADDR="192.0.2.7")
    vivante = entre(fabrique.agent("agent_epci", fabrique.demarche()))
    hier = timezone.now() - timedelta(days=1)
    SessionOuverte.objects.filter(agent=agent).update(ouverte_le=hier)
    Session.objects.exclude(session_key=_cle(vivante)).update(expire_date=hier)
    assert sessions.oublier_les_mortes(timezone.now()) == 2
    assert not SessionOuverte.objects.filter(agent=agent).exists()
    assert _vivante(vivante)
