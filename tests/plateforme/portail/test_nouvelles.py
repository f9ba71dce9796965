"""Mes nouvelles, mes courriels, la file des courriels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.notifications.actions import notifier
from arpent.plateforme.notifications.courriels import mettre_en_file
from arpent.plateforme.notifications.models import (
    ChoixRubrique,
    Courriel,
    ModeleCourriel,
    Notification,
    Rythme,
)
from arpent.plateforme.notifications.rubriques import RUBRIQUES
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
Connecte = Callable[[Agent], Client]


@pytest.fixture
def agent() -> Agent:
    return fabrique.agent("instructeur", fabrique.demarche())


@pytest.fixture
def administrateur() -> Agent:
    return fabrique.agent("administrateur", fabrique.demarche())


def file(nombre: int) -> list[Courriel]:
    return [
        mettre_en_file(f"a{n}@exemple.fr", sujet=f"Objet {n}", texte="x", cle=str(n), raison="essai")
        for n in range(nombre)
    ]


def compter(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as vues:
        assert client.get(url).status_code == 200
    return len(vues)


def test_ouvrir_une_nouvelle_la_marque_lue_et_mene_ou_il_faut(connecte: Connecte, agent: Agent):
    notifier([agent.pk], rubrique="fiches", sujet="Une fiche", texte="École", url="/territoires/")
    nouvelle = Notification.objects.get()
    reponse = connecte(agent).post(f"/mes-nouvelles/{nouvelle.pk}/lire/")
    assert reponse.headers["Location"] == "/territoires/"
    nouvelle.refresh_from_db()
    assert nouvelle.lue_le is not None


def test_la_nouvelle_d_un_autre_n_existe_pas(connecte: Connecte, agent: Agent):
    notifier([agent.pk + 1], rubrique="fiches", sujet="Une fiche", texte="École")
    assert connecte(agent).post(f"/mes-nouvelles/{Notification.objects.get().pk}/lire/").status_code == 404


def test_les_nouvelles_se_filtrent_par_rubrique(connecte: Connecte, agent: Agent):
    notifier([agent.pk], rubrique="fiches", sujet="Une fiche", texte="École")
    notifier([agent.pk], rubrique="avis", sujet="Un avis", texte="Pont")
    page = connecte(agent).get("/mes-nouvelles/?rubrique=avis").content.decode()
    assert "Pont" in page
    assert "École" not in page


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_nouvelles(connecte: Connecte, agent: Agent):
    client = connecte(agent)
    notifier([agent.pk], rubrique="fiches", sujet="Une fiche", texte="0", url="/territoires/")
    une = compter(client, "/mes-nouvelles/")
    for n in range(20):
        notifier(
            [agent.pk], rubrique="fiches", sujet="Une fiche", texte=f"{n} bis", url=f"/territoires/t{n}/"
        )
    assert compter(client, "/mes-nouvelles/") <= min(une + 1, 8)


def test_regler_ses_courriels_garde_les_ecarts_seulement(connecte: Connecte, agent: Agent):
    choix = {f"f_{code}": r.frequence.value for code, r in RUBRIQUES.items()} | {"f_fiches": "hebdomadaire"}
    client = connecte(agent)
    reponse = client.post("/mes-nouvelles/reglages/", choix | {"heure": "17", "jour": "4"})
    assert reponse.status_code == 302
    assert [(c.rubrique, c.frequence) for c in ChoixRubrique.objects.all()] == [("fiches", "hebdomadaire")]
    assert (Rythme.objects.get().heure, Rythme.objects.get().jour) == (17, 4)
    assert client.get("/mes-nouvelles/reglages/").context["form"]["f_fiches"].initial == "hebdomadaire"


def test_un_choix_inconnu_est_refuse_et_rien_n_est_garde(connecte: Connecte, agent: Agent):
    reponse = connecte(agent).post("/mes-nouvelles/reglages/", {"heure": "3", "jour": "9"})
    assert reponse.status_code == 200
    assert reponse.context["form"].errors
    assert not Rythme.objects.exists()


def test_la_file_montre_l_etat_et_se_filtre(connecte: Connecte, administrateur: Agent):
    premier, *_ = file(3)
    Courriel.objects.filter(pk=premier.pk).update(etat="echec", erreur="Le serveur refuse cette adresse.")
    client = connecte(administrateur)
    page = client.get("/courriels/?etat=echec").content.decode()
    assert "a0@exemple.fr" in page
    assert "a1@exemple.fr" not in page
    assert "Le serveur refuse cette adresse." in page
    assert compter(client, "/courriels/") <= 8


def test_un_courriel_non_remis_se_relance(connecte: Connecte, administrateur: Agent):
    (courriel,) = file(1)
    Courriel.objects.update(etat="echec", essais=8)
    client = connecte(administrateur)
    client.post(f"/courriels/{courriel.pk}/relancer/")
    courriel.refresh_from_db()
    assert (courriel.etat, courriel.essais) == ("en_file", 0)
    assert "Vous recevez ce courriel parce que" in client.get(f"/courriels/{courriel.pk}/").content.decode()
    client.post(f"/courriels/{courriel.pk}/abandonner/")
    courriel.refresh_from_db()
    assert courriel.etat == "abandonne"


def test_le_texte_d_un_courriel_s_ecrit_et_montre_ce_qu_il_donne(connecte: Connecte, administrateur: Agent):
    client, url = connecte(administrateur), "/courriels/textes/resume_jour/"
    envoi: dict[str, Any] = {"sujet": "Bonjour", "corps": "Chère {prenom}, {nouvelles}", "version_lue": 1}
    assert client.post(url, envoi).status_code == 302
    assert "Chère Claire" in client.get(url).content.decode()
    assert client.post(url, envoi).status_code == 409, "quelqu’un l’a changé depuis"
    fautif = client.post(url, envoi | {"corps": "{inconnu}", "version_lue": 2})
    assert "n’existe pas" in fautif.content.decode()
    assert "{inconnu}" in fautif.content.decode(), "la saisie est gardée"
    client.post(url, {"revenir": "1"})
    assert not ModeleCourriel.objects.exists()


def test_un_lien_personnel_ne_se_lit_pas_dans_la_file(connecte: Connecte, administrateur: Agent):
    secret = mettre_en_file(
        "a@exemple.fr", sujet="Votre accès", texte="lien-jeton", cle="s", raison="essai", secret=True
    )
    page = connecte(administrateur).get(f"/courriels/{secret.pk}/").content.decode()
    assert "lien-jeton" not in page
    assert "seul son destinataire" in page
