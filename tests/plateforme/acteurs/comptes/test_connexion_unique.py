"""Single sign-on against a local double of ProConnect."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
from django.test import Client
from django.urls import reverse

from arpent.plateforme.acteurs.comptes.facteurs import preparer_code_temporel
from arpent.plateforme.acteurs.comptes.identites import delier
from arpent.plateforme.acteurs.models import Agent, CodeTemporel, SessionOuverte
from arpent.plateforme.config.settings import _origine
from arpent.plateforme.journal.models import Entree
from tests.plateforme import fabrique

from .fournisseur import CLIENT, SECRET, Fournisseur

pytestmark = pytest.mark.django_db
DEPART = "/connexion/unique/"
RETOUR = "/connexion/unique/retour/"


@pytest.fixture(scope="module")
def _double() -> Iterator[Fournisseur]:
    fournisseur = Fournisseur()
    yield fournisseur
    fournisseur.arreter()


@pytest.fixture
def fournisseur(_double: Fournisseur, settings: Any) -> Fournisseur:
    _double.infos, _double.jeton, _double.codes = {}, {}, {}
    _double.en_json, _double.signee_par, _double.en_panne = False, _double.cle, False
    settings.ARPENT_OIDC_EMETTEUR = _double.emetteur
    settings.ARPENT_OIDC_FIN = f"{_double.emetteur}/session/end"
    settings.OIDC_OP_AUTHORIZATION_ENDPOINT = f"{_double.emetteur}/authorize"
    settings.OIDC_OP_TOKEN_ENDPOINT = f"{_double.emetteur}/token"
    settings.OIDC_OP_USER_ENDPOINT = f"{_double.emetteur}/userinfo"
    settings.OIDC_OP_JWKS_ENDPOINT = f"{_double.emetteur}/jwks"
    settings.OIDC_RP_CLIENT_ID, settings.OIDC_RP_CLIENT_SECRET = CLIENT, SECRET
    return _double


@pytest.fixture
def agent() -> Agent:
    return fabrique.agent("maire", fabrique.demarche())


def _aller(fournisseur: Fournisseur, client: Client, suite: str = "") -> dict[str, str]:
    depart = client.get(DEPART, {"next": suite} if suite else {})
    assert depart.headers["Location"].startswith(f"{fournisseur.emetteur}/authorize?")
    return fournisseur.autoriser(depart.headers["Location"])


def _entrer(fournisseur: Fournisseur, courriel: str, client: Client | None = None, suite: str = "") -> Any:
    client = client or Client()
    fournisseur.infos.setdefault("email", courriel)
    return client.post(RETOUR, _aller(fournisseur, client, suite))


def test_l_adresse_verifiee_ouvre_le_compte_qui_la_porte(fournisseur: Fournisseur, agent: Agent) -> None:
    client = Client()
    reponse = _entrer(fournisseur, agent.courriel.upper(), client, suite="/compte/")
    assert reponse.headers["Location"] == "/compte/"
    assert client.get("/compte/").status_code == 200
    assert SessionOuverte.objects.get().moyen == "ProConnect"


def test_le_depart_porte_etat_nonce_defi_et_niveau(fournisseur: Fournisseur, settings: Any) -> None:
    settings.ARPENT_OIDC_ACR = "eidas1"
    demande = parse_qs(urlparse(Client().get(DEPART).headers["Location"]).query)
    assert {"state", "nonce", "code_challenge", "acr_values"} <= set(demande)
    assert demande["code_challenge_method"] == ["S256"]


def test_le_retour_est_un_formulaire_qui_n_ecrit_rien(fournisseur: Fournisseur, agent: Agent) -> None:
    client = Client()
    retour = _aller(fournisseur, client)
    page = client.get(RETOUR, retour)
    assert page.status_code == 200
    assert retour["code"] in page.content.decode()
    assert not SessionOuverte.objects.exists()


def test_une_personne_inconnue_apprend_a_qui_demander_et_n_a_aucun_droit(
    fournisseur: Fournisseur, agent: Agent
) -> None:
    client = Client()
    reponse = _entrer(fournisseur, "inconnue@exemple.fr", client)
    assert reponse.status_code == 403
    assert "Demandez une invitation" in reponse.content.decode()
    assert Agent.objects.count() == 1
    assert client.get("/compte/").status_code == 302


def test_la_reponse_en_json_est_lue_aussi(fournisseur: Fournisseur, agent: Agent) -> None:
    fournisseur.en_json = True
    assert _entrer(fournisseur, agent.courriel).status_code == 302


def _infos(**champs: Any) -> Callable[[Fournisseur], None]:
    return lambda f: f.infos.update(champs)


def _jeton(**champs: Any) -> Callable[[Fournisseur], None]:
    return lambda f: f.jeton.update(champs)


def _autre_signature(fournisseur: Fournisseur) -> None:
    fournisseur.signee_par = fournisseur.autre_cle


@pytest.mark.parametrize(
    ("faute", "dit"),
    [
        (_infos(email_verified=False), "ne garantit pas"),
        (_infos(email_verified="true"), "ne garantit pas"),
        (_infos(email=None), "ne garantit pas"),
        (_infos(sub="quelqu’un d’autre"), "pas conforme"),
        (_infos(aud="une autre application"), "pas conforme"),
        (_infos(iss="https://ailleurs.example"), "pas conforme"),
        (_infos(exp=1), "pas conforme"),
        (_jeton(nonce="rejoué"), "pas conforme"),
        (_jeton(aud=["une autre"]), "pas conforme"),
        (_jeton(iss="https://ailleurs.example"), "pas conforme"),
        (_jeton(exp=None), "pas conforme"),
        (_jeton(exp=1), "pas conforme"),
        (_autre_signature, "pas conforme"),
    ],
)
def test_une_reponse_qui_n_est_pas_la_bonne_est_refusee(
    fournisseur: Fournisseur, agent: Agent, faute: Callable[[Fournisseur], None], dit: str
) -> None:
    fournisseur.infos["email"] = agent.courriel
    faute(fournisseur)
    reponse = _entrer(fournisseur, agent.courriel)
    assert reponse.status_code == 403
    assert dit in reponse.content.decode()
    assert not SessionOuverte.objects.exists()


def test_un_compte_ferme_n_ouvre_pas(fournisseur: Fournisseur, agent: Agent) -> None:
    Agent.objects.update(is_active=False)
    assert _entrer(fournisseur, agent.courriel).status_code == 403


def test_l_etat_ne_sert_qu_une_fois_et_dans_le_meme_navigateur(
    fournisseur: Fournisseur, agent: Agent
) -> None:
    client = Client()
    fournisseur.infos["email"] = agent.courriel
    retour = _aller(fournisseur, client)
    assert "a expiré" in Client().post(RETOUR, retour).content.decode()
    assert client.post(RETOUR, retour).status_code == 302
    client.post("/deconnexion/")
    assert "a expiré" in client.post(RETOUR, retour).content.decode()


def test_un_fournisseur_en_panne_se_dit(fournisseur: Fournisseur, agent: Agent) -> None:
    client = Client()
    retour = _aller(fournisseur, client)
    fournisseur.en_panne = True
    reponse = client.post(RETOUR, retour)
    assert reponse.status_code == 503
    assert "ne répond pas" in reponse.content.decode()


def test_un_refus_du_fournisseur_se_dit(fournisseur: Fournisseur) -> None:
    assert Client().get(RETOUR, {"error": "access_denied"}).status_code == 403


def test_le_niveau_exige_est_verifie_et_vaut_second_facteur(
    fournisseur: Fournisseur, agent: Agent, settings: Any
) -> None:
    preparer_code_temporel(agent)
    CodeTemporel.objects.update(active_le="2026-01-01T00:00:00Z")
    assert _entrer(fournisseur, agent.courriel).headers["Location"] == "/connexion/code/"
    settings.ARPENT_OIDC_ACR = "eidas2"
    assert "sûreté trop bas" in _entrer(fournisseur, agent.courriel).content.decode()
    fournisseur.jeton["acr"] = "eidas2"
    assert _entrer(fournisseur, agent.courriel).headers["Location"] == "/"


def test_l_instance_peut_dire_que_son_fournisseur_verifie_les_adresses(
    fournisseur: Fournisseur, agent: Agent, settings: Any
) -> None:
    settings.ARPENT_OIDC_COURRIEL_VERIFIE = True
    fournisseur.en_json = True
    fournisseur.infos = {"email": agent.courriel, "email_verified": None}
    assert _entrer(fournisseur, agent.courriel).status_code == 403


def test_se_deconnecter_finit_aussi_la_session_du_fournisseur(
    fournisseur: Fournisseur, agent: Agent, connecte: Any
) -> None:
    client = Client()
    _entrer(fournisseur, agent.courriel, client)
    fin = client.post(reverse("portail:deconnexion")).headers["Location"]
    demande = parse_qs(urlparse(fin).query)
    assert fin.startswith(f"{fournisseur.emetteur}/session/end?")
    assert demande["id_token_hint"][0].count(".") == 2
    assert demande["post_logout_redirect_uri"] == ["http://testserver/connexion/"]
    assert connecte(agent).post(reverse("portail:deconnexion")).headers["Location"] == "/connexion/"


def test_la_fin_de_session_du_fournisseur_est_permise_au_formulaire() -> None:
    assert _origine("https://auth.example/api/v2/session/end") == "https://auth.example"


def test_sans_reglage_la_connexion_unique_n_existe_pas(client: Client) -> None:
    assert client.get(DEPART).status_code == 404
    assert client.get(RETOUR).status_code == 404
    assert "ProConnect" not in client.get("/connexion/").content.decode()


def test_la_page_de_connexion_la_propose_quand_elle_est_en_service(fournisseur: Fournisseur) -> None:
    assert "Entrer avec ProConnect" in Client().get("/connexion/").content.decode()


def test_la_personne_garde_son_compte_quand_son_adresse_change(
    fournisseur: Fournisseur, agent: Agent
) -> None:
    _entrer(fournisseur, agent.courriel)
    fournisseur.infos["email"] = "nouvelle@exemple.fr"
    client = Client()
    _entrer(fournisseur, "nouvelle@exemple.fr", client)
    assert client.get("/compte/").status_code == 200
    gestes = Entree.objects.filter(geste="lier_identite")
    assert gestes.count() == 1


def test_qui_recoit_l_adresse_d_un_autre_n_ouvre_pas_son_compte(
    fournisseur: Fournisseur, agent: Agent
) -> None:
    _entrer(fournisseur, agent.courriel)
    fournisseur.jeton["sub"] = fournisseur.infos["sub"] = "quelqu-un-d-autre"
    client = Client()
    refus = _entrer(fournisseur, agent.courriel, client)
    assert "est lié à une autre identité" in refus.content.decode()
    assert client.get("/compte/").status_code == 302
    assert delier(agent, par=None)
    assert not delier(agent, par=None)
    _entrer(fournisseur, agent.courriel, client)
    assert client.get("/compte/").status_code == 200


def test_une_identite_liee_a_un_compte_ferme_n_en_ouvre_pas_un_autre(
    fournisseur: Fournisseur, agent: Agent
) -> None:
    _entrer(fournisseur, agent.courriel)
    Agent.objects.filter(pk=agent.pk).update(is_active=False)
    autre = fabrique.agent("maire", fabrique.demarche())
    fournisseur.infos["email"] = autre.courriel
    assert "est lié à une autre identité" in _entrer(fournisseur, autre.courriel).content.decode()
