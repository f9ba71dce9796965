"""The diagnostic page and its plain data, on real figures."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.diagnostics.models import ConstatTerritorial
from arpent.plateforme.diagnostics.sorties import diagnostic_json
from arpent.plateforme.observatoire.magasin import Magasin
from arpent.plateforme.reglements.chargement import charger_dispositif
from arpent.plateforme.reglements.models import Dispositif
from tests.plateforme import fabrique

from .conftest import LIVRES, ouvrir_sur

Connecte = Callable[[Agent], Client]


def url(demarche: Demarche, nom: str = "diagnostic", *args: str) -> str:
    return reverse(f"diagnostics:{nom}", args=[demarche.slug, *args])


def test_le_portrait_montre_au_moins_25_indicateurs_en_6_familles(connecte: Connecte, demarche: Demarche):
    page = connecte(fabrique.agent("maire", demarche)).get(url(demarche, "portrait"))
    familles = page.context["familles"]
    renseignes = [x for f in familles for x in f.lignes if not x.absente]
    assert len(familles) >= 6
    assert len(renseignes) >= 25
    assert all(x.source for x in renseignes)
    assert sum(bool(x.evolution) for x in renseignes) >= 10
    assert sum(bool(x.france) for x in renseignes) >= 25


def test_le_titre_enonce_un_constat(connecte: Connecte, demarche: Demarche):
    texte = connecte(fabrique.agent("maire", demarche)).get(url(demarche)).content.decode()
    assert "Gorges Causses Cévennes perd des habitants" in texte


def test_une_valeur_absente_n_est_jamais_zero(connecte: Connecte, demarche: Demarche):
    page = connecte(fabrique.agent("maire", demarche)).get(url(demarche, "portrait"))
    absentes = [x for f in page.context["familles"] for x in f.lignes if x.absente]
    assert {x.valeur for x in absentes} <= {"non disponible", "secret statistique"}


def test_les_flux_de_revenus_donnent_une_fourchette_et_leurs_formules(connecte: Connecte, demarche: Demarche):
    page = connecte(fabrique.agent("maire", demarche)).get(url(demarche, "flux"))
    flux = page.context["flux"]
    assert flux.total.bas < flux.total.central < flux.total.haut
    assert sum(b.part for b in flux.bases) == 1
    texte = page.content.decode()
    assert "Comment chaque terme est calculé" in texte
    assert "Confiance" in texte


def test_la_classe_dit_pourquoi_et_que_ses_poids_sont_de_demonstration(
    connecte: Connecte, demarche: Demarche
):
    page = connecte(fabrique.agent("maire", demarche)).get(url(demarche, "vulnerabilite"))
    vulnerabilite = page.context["vulnerabilite"]
    assert vulnerabilite.composee.classe is not None
    assert vulnerabilite.sur == 11
    assert sum(a.apport for a in vulnerabilite.apports) == pytest.approx(vulnerabilite.composee.score)
    assert "poids ou seuils supposés" in page.content.decode()


def test_un_territoire_de_plusieurs_epci_a_une_classe_et_un_type_de_contrat(
    connecte: Connecte, magasin: Magasin
):
    region = charger_dispositif(LIVRES["nouvelle-aquitaine"], demonstration=True, par=None)
    demarche = ouvrir_sur(magasin, region, "200070043", "200070035", nom="Sud Vienne")
    page = connecte(fabrique.agent("chef_de_projet", demarche)).get(url(demarche, "vulnerabilite"))
    assert page.status_code == 200
    assert len(page.context["vulnerabilite"].membres) == 2
    vulnerabilite = page.context["vulnerabilite"]
    assert vulnerabilite.types_contrat[vulnerabilite.type_contrat].startswith("Contrat")


def test_sans_observatoire_la_page_dit_quoi_faire(
    connecte: Connecte, lozere: Dispositif, settings: Any, tmp_path: Path
):
    settings.ARPENT_DONNEES = tmp_path
    demarche = fabrique.demarche(dans=lozere)
    page = connecte(fabrique.agent("maire", demarche)).get(url(demarche))
    assert page.status_code == 200
    assert "arpent init" in page.content.decode()


def test_hors_de_son_perimetre_la_page_n_existe_pas(connecte: Connecte, demarche: Demarche):
    etranger = fabrique.agent("maire", fabrique.demarche())
    assert connecte(etranger).get(url(demarche)).status_code == 404


@pytest.mark.parametrize(
    ("role", "redige"), [("mission_appui", True), ("agent_epci", True), ("maire", False)]
)
def test_seuls_les_redacteurs_voient_les_boutons(
    connecte: Connecte, demarche: Demarche, role: str, redige: bool
):
    texte = connecte(fabrique.agent(role, demarche)).get(url(demarche, "constats")).content.decode()
    assert ("Ajouter un constat" in texte) is redige


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_constats(
    connecte: Connecte, demarche: Demarche, django_assert_max_num_queries: Callable[..., object]
):
    for i in range(12):
        ConstatTerritorial.objects.create(demarche=demarche, nature="force", texte=f"Constat {i}")
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    with django_assert_max_num_queries(13):  # type: ignore[attr-defined]
        client.get(url(demarche))


def test_les_donnees_se_lisent_en_json(demarche: Demarche):
    donnees = json.loads(json.dumps(diagnostic_json(demarche), allow_nan=False))
    assert sum(len(f["indicateurs"]) for f in donnees["familles"]) >= 25
    assert donnees["vulnerabilite"]["demonstration"] is True
    assert set(donnees["flux_de_revenus"]["total"]) == {"bas", "central", "haut"}
