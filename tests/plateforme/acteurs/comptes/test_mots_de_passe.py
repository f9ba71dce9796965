"""Losing, choosing, changing a password."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from arpent.plateforme.acteurs.comptes.mots_de_passe import jetons
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.notifications.models import Courriel
from tests.plateforme import fabrique

from .conftest import CONNEXION, MOT_DE_PASSE

pytestmark = pytest.mark.django_db
PHRASE = "une phrase que je suis seul à connaître"
PERDU = "/mot-de-passe/perdu/"
Entrer = Callable[..., Client]


@pytest.fixture
def agent() -> Agent:
    return fabrique.agent("maire", fabrique.demarche())


@pytest.fixture
def lien(agent: Agent) -> str:
    Client().post(PERDU, {"courriel": agent.courriel})
    trouve = re.search(r"http://testserver(/\S+)", Courriel.objects.get().texte)
    assert trouve
    return trouve[1]


def test_la_reponse_est_la_meme_que_l_adresse_soit_connue_ou_non(
    agent: Agent,
) -> None:
    reponses = [Client().post(PERDU, {"courriel": c}) for c in (agent.courriel, "personne@exemple.fr")]
    assert len({(r.status_code, r.headers["Location"]) for r in reponses}) == 1
    assert Courriel.objects.get().destinataire == agent.courriel
    assert Entree.objects.filter(geste="demander_mot_de_passe").count() == 1


def test_un_compte_ferme_ne_recoit_rien(agent: Agent) -> None:
    Agent.objects.update(is_active=False)
    Client().post(PERDU, {"courriel": agent.courriel})
    assert not Courriel.objects.exists()


def test_une_adresse_mal_tapee_est_dite() -> None:
    assert Client().post(PERDU, {"courriel": "incomplet@"}).status_code == 422


def test_le_lien_sert_une_fois_et_ferme_les_sessions(entre: Entrer, agent: Agent, lien: str) -> None:
    ouvert = entre(agent)
    # the login changed `last_login`: the link of before no longer opens
    assert Client().get(lien).status_code == 410
    assert ouvert.get("/").status_code == 200


def test_le_lien_change_le_mot_de_passe_une_seule_fois(agent: Agent, lien: str) -> None:
    client = Client()
    assert client.get(lien).status_code == 200
    assert client.post(lien, {"nouveau": PHRASE, "encore": "autre"}).status_code == 422
    assert client.post(lien, {"nouveau": PHRASE, "encore": PHRASE}).headers["Location"] == CONNEXION
    assert Agent.objects.get().check_password(PHRASE)
    assert client.post(lien, {"nouveau": PHRASE, "encore": PHRASE}).status_code == 410
    assert "_auth_user_id" not in client.session


def test_qui_lit_la_boite_a_un_compte_d_essais_a_lui(agent: Agent, lien: str) -> None:
    """Somebody uses up the tries of the account: its owner still enters, by the link."""
    for n in range(20):
        Client(REMOTE_ADDR=f"10.0.{n}.1").post(CONNEXION, {"username": agent.courriel, "password": "faux"})
    client = Client()
    client.post(lien, {"nouveau": PHRASE, "encore": PHRASE})
    assert client.post(CONNEXION, {"username": agent.courriel, "password": PHRASE}).status_code == 302


def test_le_lien_meurt_en_une_heure(agent: Agent, lien: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plus_tard = timezone.now() + timedelta(minutes=61)
    monkeypatch.setattr(jetons, "_now", lambda: plus_tard.replace(tzinfo=None) + timedelta(hours=1))
    assert Client().get(lien).status_code == 410


def test_l_administrateur_ne_lit_pas_le_lien_dans_la_file_des_courriels(
    agent: Agent, lien: str, connecte: Any
) -> None:
    admin = connecte(fabrique.agent("administrateur"))
    page = admin.get(reverse("portail:courriel", args=[Courriel.objects.get().pk])).content.decode()
    assert "seul son destinataire" in page
    assert lien.rpartition("choisir/")[2].strip("/") not in page


def test_changer_demande_l_actuel_ferme_les_autres_sessions_et_garde_celle_ci(
    entre: Entrer, agent: Agent
) -> None:
    ailleurs, ici = entre(agent), entre(agent)
    url = reverse("compte:mot_de_passe")
    assert ici.get(url).status_code == 200
    faux = ici.post(url, {"actuel": "faux", "nouveau": PHRASE, "encore": PHRASE})
    assert faux.status_code == 422
    assert "mot de passe actuel" in faux.content.decode()
    avant = ici.session.session_key
    bon = ici.post(url, {"actuel": MOT_DE_PASSE, "nouveau": PHRASE, "encore": PHRASE})
    assert bon.headers["Location"] == "/compte/"
    assert ici.session.session_key != avant
    assert ailleurs.get("/").status_code == 302
    page = ici.get("/compte/")
    assert page.status_code == 200
    assert "cette session" in page.content.decode()


def test_changer_est_borne_comme_la_connexion(entre: Entrer, agent: Agent) -> None:
    client, url = entre(agent), reverse("compte:mot_de_passe")
    codes = [
        client.post(url, {"actuel": "faux", "nouveau": PHRASE, "encore": PHRASE}).status_code
        for _ in range(21)
    ]
    assert codes[-1] == 429


def test_sans_mot_de_passe_on_est_mene_au_lien(agent: Agent, connecte: Any) -> None:
    agent.set_unusable_password()
    agent.save()
    assert "Recevoir un lien" in connecte(agent).get(reverse("compte:mot_de_passe")).content.decode()


class TestContexte:
    @pytest.mark.parametrize(
        "mot",
        [
            "Arpent-Lozere-2026!",
            "departement48000",
            "LozereLozere48",
            "contrat-territorial",
            "Région!Arpent1",
        ],
    )
    def test_un_mot_de_passe_fait_de_mots_du_lieu_est_refuse(self, mot: str) -> None:
        fabrique.organisation("departement", "Département de la Lozère")
        with pytest.raises(ValidationError, match="Ce mot de passe se devine"):
            validate_password(mot)

    def test_le_nom_de_sa_structure_ne_fait_pas_un_mot_de_passe(self) -> None:
        demarche = fabrique.demarche()
        agent = fabrique.agent(
            "maire", demarche, pour=fabrique.organisation("commune", "Saint-Étienne-du-Valdonnez")
        )
        with pytest.raises(ValidationError, match=r"etienne|valdonnez|saint"):
            validate_password("StEtienneValdonnez", agent)
        validate_password("StEtienneValdonnez")

    @pytest.mark.parametrize(
        "mot",
        [
            "quatre chevaux sur le causse",
            "arpent de neige violette",
            "1234 lune rousse ! 5678",
            "ééééàààà ùùùù çççç",
        ],
    )
    def test_tout_autre_texte_assez_long_convient_sans_regle_de_composition(self, mot: str) -> None:
        validate_password(mot)
        validate_password(mot + "x" * 100)
