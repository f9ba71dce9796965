"""The pages of the vulnerability: class and reasons, solidity, comparison, export."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.observatoire.magasin import Magasin
from arpent.plateforme.reglements.chargement import charger_dispositif
from arpent.plateforme.reglements.models import Dispositif
from tests.plateforme import fabrique

from .conftest import LIVRES, ouvrir_sur

Connecte = Callable[[Agent], Client]


def url(demarche: Demarche, nom: str = "vulnerabilite", suite: str = "") -> str:
    return reverse(f"diagnostics:{nom}", args=[demarche.slug]) + suite


@pytest.fixture
def sud_vienne(magasin: Magasin, db: None) -> Demarche:
    region = charger_dispositif(LIVRES["nouvelle-aquitaine"], demonstration=True, par=None)
    return ouvrir_sur(magasin, region, "200070043", "200070035", nom="Sud Vienne")


def test_la_page_dit_la_classe_ses_raisons_et_la_distance(connecte: Connecte, demarche: Demarche) -> None:
    page = connecte(fabrique.agent("maire", demarche)).get(url(demarche))
    v = page.context["vulnerabilite"]
    texte = page.content.decode()
    assert v.composee.classe.libelle in texte
    assert "Ce qui rend plus vulnérable que la moyenne" in texte
    assert "point" in v.pourquoi.distances[0].phrase
    assert "elle ne décide rien" in texte
    assert "poids ou seuils supposés" in texte
    assert sum(a.apport for a in v.apports) == pytest.approx(v.composee.score)


def test_un_territoire_mixte_dit_sa_regle_et_ses_effets(connecte: Connecte, sud_vienne: Demarche) -> None:
    page = connecte(fabrique.agent("chef_de_projet", sud_vienne)).get(url(sud_vienne))
    texte = page.content.decode()
    assert len(page.context["vulnerabilite"].membres) == 2
    assert "pondérée par leur population" in texte
    assert "Aide à l’ingénierie" in texte


@pytest.mark.parametrize("nom", ["vulnerabilite", "vulnerabilite_sensibilite", "vulnerabilite_comparaison"])
def test_chaque_page_pose_peu_de_requetes(
    connecte: Connecte, demarche: Demarche, nom: str, django_assert_max_num_queries: Any
) -> None:
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    with django_assert_max_num_queries(12):
        assert client.get(url(demarche, nom)).status_code == 200


def test_la_solidite_essaie_chaque_poids_et_suit_le_territoire(
    connecte: Connecte, sud_vienne: Demarche
) -> None:
    page = connecte(fabrique.agent("chef_de_projet", sud_vienne)).get(
        url(sud_vienne, "vulnerabilite_sensibilite")
    )
    s = page.context["sensibilite"]
    assert len(s.essais) == 24  # four families and eight indicators, both ways
    assert any(e.part > 0 for e in s.essais)
    assert page.context["ici"]


def test_deux_modeles_se_comparent_et_le_total_est_celui_des_communs(
    connecte: Connecte, demarche: Demarche
) -> None:
    page = connecte(fabrique.agent("maire", demarche)).get(
        url(demarche, "vulnerabilite_comparaison", "?avec=aquitaine-2014")
    )
    croisement = page.context["croisement"]
    assert sum(map(sum, croisement.tableau)) == len(croisement.communs) == 11
    assert -1 <= croisement.correlation <= 1


def test_sans_criteres_dgf_la_formule_de_l_allier_dit_quoi_charger(
    connecte: Connecte, demarche: Demarche
) -> None:
    page = connecte(fabrique.agent("maire", demarche)).get(url(demarche, suite="?modele=allier"))
    texte = page.content.decode()
    assert page.status_code == 200
    assert "chargez les critères de répartition de la DGF" in texte
    assert "Lecture d’essai" in texte


@pytest.mark.parametrize("suite", ["?modele=inconnu", "?modele=" + "x" * 300])
def test_un_modele_inconnu_n_existe_pas(connecte: Connecte, demarche: Demarche, suite: str) -> None:
    assert connecte(fabrique.agent("maire", demarche)).get(url(demarche, suite=suite)).status_code == 404


def test_l_export_donne_tous_les_territoires_compares(connecte: Connecte, demarche: Demarche) -> None:
    reponse = connecte(fabrique.agent("maire", demarche)).get(url(demarche, "vulnerabilite_csv"))
    lignes = reponse.content.decode("utf-8-sig").strip().splitlines()
    assert lignes[0] == '"Lieu";"Score";"Rang";"Classe"'
    assert len(lignes) == 12


def test_sans_observatoire_chaque_page_dit_quoi_faire(
    connecte: Connecte, lozere: Dispositif, settings: Any, tmp_path: Any
) -> None:
    settings.ARPENT_DONNEES = tmp_path
    demarche = fabrique.demarche(dans=lozere)
    client = connecte(fabrique.agent("maire", demarche))
    for nom in ("vulnerabilite", "vulnerabilite_sensibilite", "vulnerabilite_comparaison"):
        page = client.get(url(demarche, nom))
        assert page.status_code == 200
        assert "arpent init" in page.content.decode()
    assert client.get(url(demarche, "vulnerabilite_csv")).status_code == 302


def test_hors_de_son_perimetre_rien_n_existe(connecte: Connecte, demarche: Demarche) -> None:
    client = connecte(fabrique.agent("maire", fabrique.demarche()))
    for nom in ("vulnerabilite", "vulnerabilite_sensibilite", "vulnerabilite_csv", "modeles"):
        assert client.get(url(demarche, nom)).status_code == 404


@pytest.mark.parametrize(
    ("nom", "extension", "debut"),
    [("raisons", "csv", b"\xef\xbb\xbf"), ("carte", "svg", b"<svg"), ("sensibilite", "png", b"\x89PNG")],
)
def test_une_figure_se_telecharge(
    connecte: Connecte, demarche: Demarche, nom: str, extension: str, debut: bytes
):
    client = connecte(fabrique.agent("maire", demarche))
    adresse = reverse("diagnostics:vulnerabilite_figure", args=[demarche.slug, nom, extension])
    assert client.get(adresse).content.startswith(debut)
    assert client.get(adresse.replace(nom, "inconnue")).status_code == 404
    assert client.get(adresse.replace(f".{extension}", ".exe")).status_code == 404
