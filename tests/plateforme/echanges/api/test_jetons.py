"""The pages of the tokens: made, shown once, listed, revoked; by their owner, or by the administrator."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.echanges.api import jetons
from arpent.plateforme.echanges.api.models import Jeton
from arpent.plateforme.journal.models import Entree
from tests.plateforme import fabrique

from .conftest import Programme, cle_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def demarche() -> Demarche:
    return fabrique.demarche()


@pytest.fixture
def agent(demarche: Demarche) -> Agent:
    return fabrique.agent("chef_de_projet", demarche)


@pytest.fixture
def page(connecte: Any, agent: Agent, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Logged in, and who one is has just been proved."""
    monkeypatch.setattr("arpent.plateforme.acteurs.comptes.confirmation.identite_confirmee", lambda _: True)
    return connecte(agent)  # type: ignore[no-any-return]


def _saisie(**changements: Any) -> dict[str, Any]:
    fin = timezone.localdate() + timedelta(days=90)
    return {"nom": "SIG", "portees": ["lecture"], "fin": fin.isoformat(), "demarche": ""} | changements


def test_la_cle_ne_se_montre_qu_une_fois(page: Client) -> None:
    reponse = page.post("/compte/jetons/nouveau/", _saisie())
    assert reponse.status_code == 200
    assert "no-store" in reponse.headers["Cache-Control"]
    cle = reponse.context["cle"]
    assert cle in reponse.content.decode()
    assert Programme(cle).lire("/moi").status_code == 200
    jeton = Jeton.objects.get()
    assert jeton.empreinte == jetons.empreinte(cle)
    assert cle not in str(Jeton.objects.values_list())
    liste = page.get("/compte/jetons/").content.decode()
    assert "SIG" in liste
    assert cle not in liste
    assert cle not in str(Entree.lignes.values_list("apres", "libelle"))


def test_creer_demande_de_prouver_qui_l_on_est(connecte: Any, agent: Agent) -> None:
    reponse = connecte(agent).get("/compte/jetons/nouveau/")
    assert reponse.status_code == 302
    assert "/compte/confirmer/" in reponse.headers["Location"]


@pytest.mark.parametrize(
    ("changement", "champ"),
    [
        ({"nom": ""}, "nom"),
        ({"portees": []}, "portees"),
        ({"portees": ["tout"]}, "portees"),
        ({"fin": "2020-01-01"}, "fin"),
        ({"fin": "2099-01-01"}, "fin"),
        ({"demarche": "999999"}, "demarche"),
    ],
)
def test_une_saisie_refusee_garde_ce_qui_est_tape(
    page: Client, changement: dict[str, Any], champ: str
) -> None:
    reponse = page.post("/compte/jetons/nouveau/", _saisie(**changement))
    assert reponse.status_code == 422
    assert champ in reponse.context["form"].errors
    assert not Jeton.objects.exists()


def test_un_jeton_se_limite_a_un_territoire_de_son_perimetre(page: Client, demarche: Demarche) -> None:
    ailleurs = fabrique.demarche()
    refus = page.post("/compte/jetons/nouveau/", _saisie(demarche=str(ailleurs.pk)))
    assert refus.status_code == 422
    reponse = page.post("/compte/jetons/nouveau/", _saisie(demarche=str(demarche.pk)))
    programme = Programme(reponse.context["cle"])
    assert programme.lire("/moi").json()["limite_a_la_demarche"] == demarche.pk
    assert [x["id"] for x in programme.liste("/demarches")] == [demarche.pk]


def test_revoquer_ferme_aussitot(page: Client, agent: Agent) -> None:
    programme = Programme(cle_de(agent))
    reponse = page.post(f"/compte/jetons/{Jeton.objects.get().pk}/revoquer/")
    assert reponse.status_code == 302
    assert programme.lire("/moi").status_code == 401
    assert Entree.lignes.filter(geste="revoquer_jeton").count() == 1
    assert "révoqué" in page.get("/compte/jetons/").content.decode()


def test_le_jeton_d_un_autre_n_existe_pas_sauf_pour_l_administrateur(
    connecte: Any, agent: Agent, demarche: Demarche
) -> None:
    cle_de(agent)
    chemin = f"/compte/jetons/{Jeton.objects.get().pk}/revoquer/"
    autre = connecte(fabrique.agent("chef_de_projet", demarche))
    assert autre.post(chemin).status_code == 404
    assert "Tableau de bord" not in autre.get("/compte/jetons/").content.decode()
    admin = connecte(fabrique.agent("administrateur"))
    assert agent.nom_complet in admin.get("/compte/jetons/").content.decode()
    assert admin.post(chemin).status_code == 302
    assert Jeton.objects.get().revoque_le is not None


def test_la_liste_fait_un_nombre_fixe_de_requetes(
    page: Client, agent: Agent, django_assert_max_num_queries: Any
) -> None:
    for _ in range(5):
        cle_de(agent)
    with django_assert_max_num_queries(8):
        page.get("/compte/jetons/")


def test_vingt_jetons_en_service_au_plus(agent: Agent) -> None:
    for _ in range(jetons.JETONS_MAX):
        cle_de(agent)
    with pytest.raises(jetons.JetonRefuse, match="révoquez"):
        cle_de(agent)
