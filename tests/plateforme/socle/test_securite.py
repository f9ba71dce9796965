"""What touches security leaves one line that can be read by a machine, and says nothing secret."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, RequestFactory, override_settings

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.socle.securite import EVENEMENTS, chemin_sans_jeton, noter
from tests.plateforme import fabrique

Connecte = Callable[[Agent], Client]


@pytest.fixture
def traces(caplog: pytest.LogCaptureFixture) -> Callable[[], list[dict[str, Any]]]:
    caplog.set_level(logging.INFO, "arpent.securite")
    return lambda: [json.loads(r.getMessage()) for r in caplog.records if r.name == "arpent.securite"]


def test_une_trace_dit_quand_qui_d_ou_et_quoi(traces: Callable[[], list[dict[str, Any]]]) -> None:
    request = RequestFactory().post("/territoires/ici/?secret=1", REMOTE_ADDR="192.0.2.7")
    request.user = Agent(pk=7)
    noter("acces_refuse", request, droit="maquette.arbitrer")
    (trace,) = traces()
    assert datetime.fromisoformat(trace.pop("le")).utcoffset().total_seconds() == 0  # type: ignore[union-attr]
    assert trace == {
        "evenement": "acces_refuse", "adresse": "192.0.2.7", "methode": "POST",
        "chemin": "/territoires/ici/", "agent": 7, "droit": "maquette.arbitrer",
    }  # fmt: skip


def test_un_texte_hostile_ne_fait_pas_une_seconde_ligne(traces: Callable[[], list[dict[str, Any]]]) -> None:
    noter("essai", genre='a\r\n{"evenement": "essai_reussi"}\x1b[31m\u2028' + "x" * 500)
    (trace,) = traces()
    assert len(trace["genre"]) == 200
    ligne = json.dumps(trace, ensure_ascii=True)
    assert not re.search(r"[\r\n\x1b\u2028]", ligne)


@pytest.mark.parametrize(
    ("chemin", "note"),
    [
        ("/invitation/MTI:1tY2k9:Qw-x7_abcdefghij/", "/invitation/…/"),
        ("/agenda/9f86d081884c7d659a2feaa0c55ad015/agenda.ics", "/agenda/…/agenda.ics"),
        ("/mot-de-passe/choisir/abcdefghijklmnopqrst9", "/mot-de-passe/choisir/…"),
        (
            "/territoires/cevennes-au-mont-lozere/plan/",
            "/territoires/cevennes-au-mont-lozere/plan/",
        ),
    ],
)
def test_le_secret_d_un_lien_n_est_pas_ecrit(chemin: str, note: str) -> None:
    assert chemin_sans_jeton(RequestFactory().get(chemin)) == note


def test_un_evenement_qui_n_est_pas_a_la_liste_est_une_faute() -> None:
    with pytest.raises(KeyError):
        noter("autre_chose")


def test_la_liste_des_evenements_est_celle_de_la_documentation() -> None:
    texte = (Path(__file__).parents[3] / "docs/homologation.md").read_text()
    for evenement, sens in EVENEMENTS.items():
        assert f"| `{evenement}` | {sens} |" in texte


@pytest.mark.django_db
class TestCeQuiEstNote:
    def test_une_connexion_refusee_puis_reussie(self, traces: Callable[[], list[dict[str, Any]]]) -> None:
        agent = fabrique.agent("administrateur")
        client = Client()
        for mot in ("faux", "mot-de-passe-solide"):
            client.post("/connexion/", {"username": agent.courriel, "password": mot})
        client.post("/deconnexion/")
        assert [t["evenement"] for t in traces()] == [
            "essai", "essai", "essai_reussi", "session_ouverte", "session_fermee"
        ]  # fmt: skip
        tout = json.dumps(traces())
        assert agent.courriel not in tout
        assert "mot-de-passe-solide" not in tout
        assert traces()[3]["moyen"] == "mot de passe"

    def test_trop_d_essais(self, traces: Callable[[], list[dict[str, Any]]]) -> None:
        client = Client()
        for _ in range(21):
            client.post("/connexion/", {"username": "x@exemple.fr", "password": "faux"})
        assert traces()[-1]["evenement"] == "essais_epuises"

    def test_une_porte_fermee_un_objet_d_ailleurs_une_demande_absurde(
        self, connecte: Connecte, traces: Callable[[], list[dict[str, Any]]]
    ) -> None:
        demarche, autre = fabrique.demarche(), fabrique.demarche()
        client = connecte(fabrique.agent("maire", demarche))
        assert client.get("/courriels/").status_code == 403
        assert client.get(f"/territoires/{autre.slug}/").status_code == 404
        assert client.get("/recherche/?q=a%00b").status_code == 400
        assert [t["evenement"] for t in traces()[-3:]] == ["acces_refuse", "introuvable", "demande_illisible"]

    def test_un_formulaire_sans_jeton(self, traces: Callable[[], list[dict[str, Any]]]) -> None:
        client = Client(enforce_csrf_checks=True)
        assert client.post("/connexion/", {"username": "a@exemple.fr", "password": "x"}).status_code == 403
        assert traces()[-1]["evenement"] == "formulaire_refuse"

    def test_se_deconnecter_vide_ce_que_le_navigateur_gardait(self, connecte: Connecte) -> None:
        reponse = connecte(fabrique.agent("administrateur")).post("/deconnexion/")
        assert reponse.headers["Clear-Site-Data"] == '"cache", "storage"'

    @pytest.mark.parametrize("methode", ["TRACE", "TRACK", "CONNECT", "DEBUG", "PUT", "DELETE", "PATCH"])
    def test_les_methodes_qui_ne_servent_pas_sont_refusees(self, connecte: Connecte, methode: str) -> None:
        client = connecte(fabrique.agent("administrateur"))
        for chemin in ("/", "/territoires/", "/fiches/", "/compte/", "/accessibilite/"):
            assert client.generic(methode, chemin).status_code == 405

    @override_settings(
        SECURE_SSL_REDIRECT=True, SECURE_HSTS_SECONDS=31_536_000, SECURE_HSTS_INCLUDE_SUBDOMAINS=True
    )
    def test_derriere_tls_chaque_reponse_impose_tls_un_an_aux_sous_domaines(self) -> None:
        client = Client()
        assert client.get("/connexion/").headers["Location"] == "https://testserver/connexion/"
        for chemin in ("/connexion/", "/nulle-part/", "/"):
            reponse = client.get(chemin, secure=True)
            assert reponse.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"

    def test_une_page_n_est_gardee_par_aucun_cache(self, connecte: Connecte) -> None:
        client = connecte(fabrique.agent("administrateur"))
        for chemin in ("/", "/territoires/", "/compte/"):
            assert client.get(chemin).headers["Cache-Control"] == "private, no-store"

    def test_rien_de_ce_qui_n_est_pas_servi_ne_se_liste(self) -> None:
        for chemin in (
            "/statique/",
            "/statique/socle/",
            "/fichiers/",
            "/.git/config",
            "/arpent.sqlite3",
            "/cle-secrete",
        ):
            assert Client().get(chemin).status_code == 404
