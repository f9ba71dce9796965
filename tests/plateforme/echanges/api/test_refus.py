"""What the API refuses: always problem+json, in French, and never an internal error."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from arpent.plateforme.acteurs.models import Agent, Habilitation
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.echanges.api import debit, jetons
from arpent.plateforme.echanges.api.models import Jeton
from tests.plateforme import fabrique

from .conftest import Programme, cle_de, programme_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def demarche() -> Demarche:
    return fabrique.demarche()


@pytest.fixture
def agent(demarche: Demarche) -> Agent:
    return fabrique.agent("chef_de_projet", demarche)


@pytest.mark.parametrize("cle", ["", "x", "arp_", "arp_" + "a" * 43, "arp_" + "é" * 43])
def test_sans_jeton_en_service_rien_ne_s_ouvre(cle: str) -> None:
    entetes = {"Authorization": f"Bearer {cle}"} if cle else {}
    reponse = Client().get("/api/v1/fiches", headers=entetes)
    assert reponse.status_code == 401
    assert reponse.headers["Content-Type"] == "application/problem+json"
    assert reponse.headers["WWW-Authenticate"].startswith("Bearer")
    assert "Mon compte" in reponse.json()["detail"]


def test_un_jeton_revoque_fini_ou_d_un_compte_ferme_n_ouvre_plus(agent: Agent) -> None:
    programme = programme_de(agent)
    jeton = Jeton.objects.get()
    assert programme.lire("/moi").status_code == 200
    Jeton.objects.update(fin=timezone.localdate() - timedelta(days=1))
    assert programme.lire("/moi").status_code == 401
    Jeton.objects.update(fin=timezone.localdate())
    agent.is_active = False
    agent.save()
    assert programme.lire("/moi").status_code == 401
    agent.is_active = True
    agent.save()
    jetons.revoquer(jeton, par=agent)
    assert programme.lire("/moi").status_code == 401


def test_le_jeton_suit_les_droits_du_compte(agent: Agent, demarche: Demarche) -> None:
    fabrique.fiche(demarche)
    programme = programme_de(agent)
    assert len(programme.liste("/fiches")) == 1
    Habilitation.objects.update(fin=timezone.localdate() - timedelta(days=1))
    assert programme.liste("/fiches") == []


def test_ce_qu_un_absent_prete_n_est_pas_pour_un_programme(agent: Agent) -> None:
    suppleant = fabrique.agent("invite", fabrique.demarche())
    le = timezone.localdate()
    agent.absences.create(suppleant=suppleant, debut=le, fin=le)
    assert len(suppleant.habilitations_en_cours) == 2
    roles = programme_de(Agent.objects.get(pk=suppleant.pk)).lire("/moi").json()["roles"]
    assert roles == ["invite"]


@pytest.mark.parametrize(
    ("chemin", "statut", "champ"),
    [
        ("/fiches?limite=0", 422, "limite"),
        ("/fiches?limite=201", 422, "limite"),
        ("/fiches?limite=beaucoup", 422, "limite"),
        ("/fiches?limite=5&limite=6", 422, "limite"),
        ("/fiches?curseur=9223372036854775808", 422, "curseur"),
        ("/fiches?curseur=-1", 422, "curseur"),
        ("/fiches?demarche=9223372036854775808", 422, "demarche"),
        ("/fiches?demarche=-1", 422, "demarche"),
        ("/fiches?annee=99999999999999999999", 422, "annee"),
        ("/fiches?inconnu=1", 422, "inconnu"),
        ("/fiches?etat=%27%20OR%201=1", 422, "etat"),
        ("/fiches/9223372036854775808", 422, "cle"),
        ("/fiches/un", 422, "cle"),
        ("/communes/48%2C92", 422, "cle"),
        ("/reunions?depuis=2026-02-30", 422, "depuis"),
        ("/reunions?depuis=20260101", 422, "depuis"),
        ("/reunions?depuis=1700000000", 422, "depuis"),
        ("/fiches?etat=%00", 400, None),
        ("/fiches/%00", 422, "cle"),
        ("/nulle-part", 404, None),
        ("/fiches/999999999999999999", 404, None),
    ],
)
def test_ce_qui_est_mal_demande_est_dit(agent: Agent, chemin: str, statut: int, champ: str | None) -> None:
    reponse = programme_de(agent).lire(chemin)
    assert reponse.status_code == statut, reponse.content
    assert reponse.headers["Content-Type"] == "application/problem+json"
    lu = reponse.json()
    assert lu["status"] == statut
    assert lu["title"]
    assert lu["detail"]
    if champ is not None:
        assert [e["champ"] for e in lu["erreurs"]] == [champ]


@pytest.mark.parametrize(
    ("corps", "statut"),
    [
        (b"", 400),
        (b"pas du json", 400),
        (b"[]", 422),
        (b"null", 422),
        (b'{"titre": NaN}', 400),
        (b'{"titre": "\\u0000"}', 400),
        (b'{"titre": "\\ud800"}', 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b'{"demarche": ' + b"9" * 5_000 + b"}", 400),
    ],
)
def test_un_corps_illisible_est_refuse_sans_erreur_interne(agent: Agent, corps: bytes, statut: int) -> None:
    reponse = programme_de(agent).ecrire("POST", "/fiches", corps)
    assert reponse.status_code == statut, reponse.content
    assert reponse.headers["Content-Type"] == "application/problem+json"


def test_un_formulaire_n_est_pas_du_json(agent: Agent) -> None:
    entetes = {"Authorization": f"Bearer {cle_de(agent)}"}
    reponse = Client().post("/api/v1/fiches", {"titre": "X"}, headers=entetes)
    assert reponse.status_code == 400
    assert "JSON" in reponse.json()["detail"]


def test_un_corps_trop_gros_est_refuse(agent: Agent, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    reponse = programme_de(agent).ecrire("POST", "/fiches", {"titre": "x" * 2_000})
    assert reponse.status_code == 413
    assert reponse.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(("methode", "chemin"), [("DELETE", "/fiches"), ("PUT", "/moi"), ("POST", "/moi")])
def test_une_methode_non_admise_est_dite(agent: Agent, methode: str, chemin: str) -> None:
    reponse = programme_de(agent).ecrire(methode, chemin, {})
    assert reponse.status_code == 405
    assert reponse.headers["Content-Type"] == "application/problem+json"
    assert reponse.headers["Allow"]


def test_le_debit_est_dit_puis_tenu(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debit, "PAR_MINUTE", 3)
    monkeypatch.setattr(debit.time, "time", lambda: 1_800_000_030.0)
    programme = programme_de(agent)
    restes = [programme.lire("/moi").headers["RateLimit-Remaining"] for _ in range(3)]
    assert restes == ["2", "1", "0"]
    refus = programme.lire("/moi")
    assert refus.status_code == 429
    assert refus.headers["Retry-After"] == "30"
    assert refus.headers["Content-Type"] == "application/problem+json"
    assert programme_de(agent, "lecture").lire("/moi").status_code == 200, (
        "un autre jeton a son propre compte"
    )
    monkeypatch.setattr(debit.time, "time", lambda: 1_800_000_060.0)
    assert programme.lire("/moi").status_code == 200


def test_le_debit_est_compte_pour_tous_les_processus(tmp_path: Any) -> None:
    """Two openings of the file, as two processes: one count."""
    un, deux = debit.Compteurs(tmp_path / "d"), debit.Compteurs(tmp_path / "d")
    assert un.compter(7, 3, 60.0).reste == 2
    assert deux.compter(7, 3, 60.0).reste == 1
    assert deux.compter(7 + 4_096, 3, 60.0).reste == 2, "une autre cellule recommence"


def test_l_heure_de_la_derniere_utilisation_est_gardee(agent: Agent) -> None:
    programme = programme_de(agent)
    assert Jeton.objects.get().utilise_le is None
    programme.lire("/moi")
    premiere = Jeton.objects.get().utilise_le
    assert premiere is not None
    programme.lire("/moi")
    assert Jeton.objects.get().utilise_le == premiere, "une fois par heure suffit"


def test_une_panne_est_dite_sans_se_montrer(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    def casser(*_: object) -> None:
        raise RuntimeError("mot de passe de la base")

    programme = programme_de(agent)
    monkeypatch.setattr("arpent.plateforme.echanges.api.operations.feuille", casser)
    reponse = programme.lire("/fiches")
    assert reponse.status_code == 500
    assert b"mot de passe" not in reponse.content
    assert reponse.json()["title"] == "Erreur interne"


def test_un_programme_ne_lit_que_par_la_porte_des_programmes(agent: Agent) -> None:
    """A token opens no page."""
    reponse = Client().get("/compte/", headers={"Authorization": f"Bearer {cle_de(agent)}"})
    assert reponse.status_code == 302
    assert isinstance(programme_de(agent), Programme)
