"""Writing a process without a developer: its draft, its elements, its lock, its publication."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml
from django.test import Client
from django.urls import reverse

from arpent.metier.processus import lire_definition
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import BrouillonProcessus, Demarche, Processus
from arpent.plateforme.demarches.processus import contenu as gestes
from arpent.plateforme.demarches.processus import redaction
from arpent.plateforme.demarches.processus.fichiers import lire_yaml
from arpent.plateforme.journal.models import Entree
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
Connecte = Callable[[Agent], Client]


@pytest.fixture
def demarche() -> Demarche:
    return fabrique.demarche()


@pytest.fixture
def agent(demarche: Demarche) -> Agent:
    return fabrique.agent("chef_de_projet", demarche)


@pytest.fixture
def chef(connecte: Connecte, agent: Agent) -> Client:
    return connecte(agent)


@pytest.fixture
def brouillon(demarche: Demarche, agent: Agent) -> BrouillonProcessus:
    return redaction.ouvrir_brouillon(demarche.processus, par=agent)


def url(nom: str, processus: Processus, *suite: object) -> str:
    return reverse(f"demarches:{nom}", args=[processus.slug, *suite])


def envoi(brouillon: BrouillonProcessus, **champs: Any) -> dict[str, Any]:
    brouillon.refresh_from_db()
    return {"version_lue": brouillon.version, **champs}


def codes(brouillon: BrouillonProcessus) -> list[list[str]]:
    brouillon.refresh_from_db()
    return [[e["code"] for e in p["etapes"]] for p in brouillon.definition["phases"]]


ETAPE = {
    "libelle": "Réunion publique",
    "phase": "diagnostic",
    "duree_jours": "10",
    "simples": ["diagnostic_partage"],
}


def test_la_page_du_processus_se_lit_par_tous_et_ne_s_ecrit_que_par_son_autorite(
    connecte: Connecte, demarche: Demarche, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    maire = connecte(fabrique.agent("maire", demarche))
    with django_assert_max_num_queries(8):
        texte = maire.get(url("processus", demarche.processus)).content.decode()
    assert "COPIL de lancement" in texte
    assert "Ouvrir un brouillon" not in texte
    assert maire.post(url("brouillon_processus_ouvrir", demarche.processus)).status_code == 403
    ailleurs = connecte(fabrique.agent("chef_de_projet", fabrique.demarche(dans=_autre_dispositif())))
    assert ailleurs.post(url("brouillon_processus_ouvrir", demarche.processus)).status_code == 404


def _autre_dispositif() -> Any:
    return fabrique.dispositif(fabrique.organisation("region", "Région"))


def test_on_ajoute_modifie_deplace_et_retire_une_etape(chef: Client, brouillon: BrouillonProcessus) -> None:
    p, pk = brouillon.processus, brouillon.pk
    chef.post(url("element_nouveau", p, pk, "etapes"), envoi(brouillon, **ETAPE))
    assert codes(brouillon) == [["copil", "atelier", "reunion-publique"]]
    modifiee = ETAPE | {"libelle": "Réunion des habitants", "etape_faite": ["copil"], "fiches_proposees": "3"}
    chef.post(url("element", p, pk, "etapes", "reunion-publique"), envoi(brouillon, **modifiee))
    brouillon.refresh_from_db()
    etape = gestes.trouver(brouillon.definition, "etapes", "reunion-publique")
    assert etape["libelle"] == "Réunion des habitants"
    assert etape["conditions"] == [
        {"code": "diagnostic_partage"},
        {"code": "etape_faite", "cible": "copil"},
        {"code": "fiches_proposees", "nombre": 3},
    ]
    chef.post(url("element_geste", p, pk, "etapes", "reunion-publique"), envoi(brouillon, geste="monter"))
    assert codes(brouillon) == [["copil", "reunion-publique", "atelier"]]
    chef.post(url("element_geste", p, pk, "etapes", "atelier"), envoi(brouillon, geste="supprimer"))
    assert codes(brouillon) == [["copil", "reunion-publique"]]
    faits = [e.geste for e in Entree.objects.order_by("numero") if "processus" in e.geste]
    assert faits == [
        "ouvrir_processus",
        "ajouter_au_processus",
        "modifier_processus",
        "deplacer_dans_processus",
        "retirer_du_processus",
    ]


def test_une_etape_passe_d_une_phase_a_la_suivante(chef: Client, brouillon: BrouillonProcessus) -> None:
    p, pk = brouillon.processus, brouillon.pk
    chef.post(url("element_nouveau", p, pk, "phases"), envoi(brouillon, libelle="Suite"))
    assert codes(brouillon) == [["copil", "atelier"], []]
    chef.post(url("element_geste", p, pk, "etapes", "atelier"), envoi(brouillon, geste="descendre"))
    assert codes(brouillon) == [["copil"], ["atelier"]]
    deplacee = {"libelle": "Atelier", "phase": "diagnostic"}
    chef.post(url("element", p, pk, "etapes", "atelier"), envoi(brouillon, **deplacee))
    assert codes(brouillon) == [["copil", "atelier"], []]
    page = chef.get(url("brouillon_processus", p, pk)).content.decode()
    assert "elle n’a aucune étape" in page
    assert "Préparer la publication" not in page


def test_une_reunion_garde_ses_villes_et_son_ordre_du_jour(
    chef: Client, brouillon: BrouillonProcessus
) -> None:
    reunion = {
        "libelle": "Rendez-vous de Territoire", "echelle": "ville", "composition": ["maires", "services"],
        "frequence": "annuelle", "par_an": "5", "villes": "Mende\n\nFlorac\n", "duree_minutes": "180",
        "ordre_du_jour": "Avancement",
    }  # fmt: skip
    p, pk = brouillon.processus, brouillon.pk
    chef.post(url("element_nouveau", p, pk, "reunions"), envoi(brouillon, **reunion))
    brouillon.refresh_from_db()
    (gardee,) = brouillon.definition["reunions"]
    assert gardee["code"] == "rendez-vous-de-territoire"
    assert (gardee["villes"], gardee["par_an"]) == (["Mende", "Florac"], 5)
    page = chef.get(url("element", p, pk, "reunions", gardee["code"])).content.decode()
    assert "Mende\nFlorac" in page


def test_un_formulaire_faux_reste_rempli_et_dit_quoi_corriger(
    chef: Client, brouillon: BrouillonProcessus
) -> None:
    adresse = url("element_nouveau", brouillon.processus, brouillon.pk, "etapes")
    reponse = chef.post(
        adresse, envoi(brouillon, **ETAPE | {"libelle": "", "duree_jours": "0", "acteur": "Nous"})
    )
    assert reponse.status_code == 422
    assert 'value="Nous"' in reponse.content.decode()
    assert codes(brouillon) == [["copil", "atelier"]]


def test_deux_redacteurs_ne_s_ecrasent_pas(chef: Client, brouillon: BrouillonProcessus) -> None:
    p, pk = brouillon.processus, brouillon.pk
    lu = envoi(brouillon)
    chef.post(url("element_nouveau", p, pk, "phases"), lu | {"libelle": "Première"})
    reponse = chef.post(url("element_nouveau", p, pk, "phases"), lu | {"libelle": "Seconde"})
    assert reponse.status_code == 409
    assert "seconde" in reponse.content.decode()
    assert len(codes(brouillon)) == 2


def test_publier_fait_une_version_datee_et_la_demarche_garde_la_sienne(
    chef: Client, brouillon: BrouillonProcessus, demarche: Demarche
) -> None:
    p, pk = brouillon.processus, brouillon.pk
    chef.post(url("element_nouveau", p, pk, "etapes"), envoi(brouillon, **ETAPE))
    page = chef.get(url("brouillon_processus_publier", p, pk)).content.decode()
    assert "Réunion publique" in page
    assert "la démarche en cours garde la sienne" in page
    sans_note = chef.post(url("brouillon_processus_publier", p, pk), envoi(brouillon, note=""))
    assert sans_note.status_code == 422
    chef.post(url("brouillon_processus_publier", p, pk), envoi(brouillon, note="Une réunion de plus."))
    version = p.versions.get(numero=2)
    assert (version.note, version.publiee_le is not None) == ("Une réunion de plus.", True)
    assert len(lire_definition(version.definition).etapes) == 3
    demarche.refresh_from_db()
    assert demarche.version_processus.numero == 1
    assert "Ce brouillon est publié" in chef.get(url("element_nouveau", p, pk, "phases")).content.decode()
    refus = chef.post(url("element_nouveau", p, pk, "phases"), envoi(brouillon, libelle="Trop tard"))
    assert refus.status_code == 422
    assert "Une réunion de plus." in chef.get(url("processus", p)).content.decode()


def test_rien_ne_se_publie_deux_fois_a_l_identique(chef: Client, brouillon: BrouillonProcessus) -> None:
    adresse = url("brouillon_processus_publier", brouillon.processus, brouillon.pk)
    reponse = chef.post(adresse, envoi(brouillon, note="Pour rien"))
    assert "rien à publier" in reponse.content.decode()
    assert brouillon.processus.versions.count() == 1


def test_un_seul_brouillon_a_la_fois_et_l_abandonne_se_reprend(
    chef: Client, brouillon: BrouillonProcessus
) -> None:
    p, pk = brouillon.processus, brouillon.pk
    reponse = chef.post(url("brouillon_processus_ouvrir", p), follow=True)
    assert "Un brouillon est déjà en rédaction" in reponse.content.decode()
    chef.post(url("brouillon_processus_geste", p, pk), envoi(brouillon, geste="abandonner"))
    brouillon.refresh_from_db()
    assert brouillon.etat == "abandonne"
    chef.post(url("brouillon_processus_ouvrir", p))
    refus = chef.post(
        url("brouillon_processus_geste", p, pk), envoi(brouillon, geste="reprendre"), follow=True
    )
    assert "Un autre brouillon est en rédaction" in refus.content.decode()
    p.brouillons.exclude(pk=pk).delete()
    chef.post(url("brouillon_processus_geste", p, pk), envoi(brouillon, geste="reprendre"))
    brouillon.refresh_from_db()
    assert brouillon.etat == "redaction"


@pytest.mark.parametrize("nature", ["lune", "brouillons"])
def test_une_rubrique_inconnue_n_existe_pas(chef: Client, brouillon: BrouillonProcessus, nature: str) -> None:
    assert chef.get(url("element_nouveau", brouillon.processus, brouillon.pk, nature)).status_code == 404


def test_un_element_retire_entre_temps_n_existe_plus(chef: Client, brouillon: BrouillonProcessus) -> None:
    p, pk = brouillon.processus, brouillon.pk
    assert chef.get(url("element", p, pk, "etapes", "disparue")).status_code == 404
    assert (
        chef.post(url("element_geste", p, pk, "etapes", "copil"), envoi(brouillon, geste="voler")).status_code
        == 404
    )


def test_le_fichier_exporte_se_relit(chef: Client, demarche: Demarche) -> None:
    fichier = chef.get(url("processus_export", demarche.processus, 1)).content.decode()
    assert yaml.safe_load(fichier)["slug"] == demarche.processus.slug
    assert lire_definition(lire_yaml(fichier)) == lire_definition(demarche.version_processus.definition)
    assert chef.get(url("processus_export", demarche.processus, 9)).status_code == 404


def test_le_code_d_une_nouvelle_etape_n_est_jamais_celui_d_une_autre() -> None:
    contenu: gestes.Contenu = {"phases": [{"code": "p", "libelle": "P", "etapes": []}]}
    contenu, premier = gestes.ajouter(contenu, "etapes", {"libelle": "Été !"}, "p")
    contenu, second = gestes.ajouter(contenu, "etapes", {"libelle": "Été"}, "p")
    contenu, reserve = gestes.ajouter(contenu, "etapes", {"libelle": "Nouveau"}, "p")
    assert (premier, second, reserve) == ("ete", "ete-2", "nouveau-2")
    assert gestes.ajouter(contenu, "phases", {"libelle": "!!!"})[1] == "phase"
