"""From the official files, as published, to the portrait of an EPCI; then one file less at a time."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from arpent.plateforme.observatoire import lac
from arpent.plateforme.observatoire.calcul import ValeurIndicateur
from arpent.plateforme.observatoire.catalogue import catalogue
from arpent.plateforme.observatoire.chargement import construire, etat
from arpent.plateforme.observatoire.chargeurs.charger import charger
from arpent.plateforme.observatoire.magasin import Magasin, ouvrir
from arpent.plateforme.observatoire.portrait import portrait

FICHIERS = Path(__file__).parent / "chargeurs" / "fichiers"
CHARGES = {
    "base-cc-evol-struct-pop-2022.CSV": "rp",
    "base-cc-logement-2021.CSV": "rp",
    "base_cc_comparateur.csv": "comparateur",
    "cc_filosofi_2021_COM.csv": "filosofi",
}
EPCI = ("244800405", "200069151")
"""Cœur de Lozère, and an EPCI some of whose communes are secret in Filosofi."""
ARRONDI = 0.15
"""The carriers publish shares to the tenth of a point: what is made again from them is that far at most."""

Lues = dict[tuple[str, str], ValeurIndicateur]


def lire(magasin: Magasin) -> Lues:
    return {
        (siren, code): magasin.valeurs(magasin.communes_de(siren), [siren], code)
        for siren in EPCI
        for code in catalogue().indicateurs
    }


@pytest.fixture(scope="module")
def charge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    donnees = tmp_path_factory.mktemp("officiels")
    for nom in CHARGES:
        assert charger(FICHIERS / nom, donnees).tables
    construire(donnees)
    return donnees


@pytest.fixture(scope="module")
def avant(magasin: Magasin) -> Lues:
    return lire(magasin)


@pytest.fixture(scope="module")
def apres(charge: Path) -> Lues:
    return lire(ouvrir(charge))


@pytest.mark.parametrize("fichier", CHARGES)
def test_chaque_fichier_charge_parle_dans_le_portrait(apres: Lues, avant: Lues, fichier: str) -> None:
    siennes = [cle for cle, v in apres.items() if f"(fichier {fichier})" in v.source]
    assert siennes
    assert not any("(fichier " in avant[cle].source for cle in siennes)


def test_les_valeurs_officielles_sont_celles_des_extraits_a_l_arrondi_pres(avant: Lues, apres: Lues) -> None:
    compares = 0
    for cle, lue in apres.items():
        ancienne = avant[cle]
        if "(fichier " not in lue.source or lue.millesime != ancienne.millesime or ancienne.valeur is None:
            continue
        assert lue.valeur == pytest.approx(ancienne.valeur, rel=1e-3, abs=ARRONDI), cle
        assert lue.couverture == pytest.approx(ancienne.couverture, abs=1e-4), cle
        compares += 1
    assert compares >= 30


def test_ce_que_les_fichiers_ne_disent_pas_ne_bouge_pas(avant: Lues, apres: Lues) -> None:
    for cle, lue in apres.items():
        if lue.source == avant[cle].source and lue.millesime == avant[cle].millesime:
            if avant[cle].valeur is None:
                continue
            assert lue.valeur == pytest.approx(avant[cle].valeur, rel=1e-2), cle


def test_le_secret_d_un_fichier_officiel_se_lit_dans_la_couverture(apres: Lues) -> None:
    lue = apres["200069151", "menages_fiscaux"]
    assert lue.valeur
    assert lue.couverture < 1
    assert lue.secret
    assert "secret" in lue.note


@pytest.mark.parametrize("jeu", sorted(set(CHARGES.values())))
def test_un_fichier_retire_degrade_sans_panne_ni_zero(
    charge: Path, apres: Lues, avant: Lues, tmp_path: Path, jeu: str
) -> None:
    shutil.copytree(charge / lac.LAC, tmp_path / lac.LAC)
    construire(tmp_path)
    assert etat(tmp_path).a_jour
    shutil.rmtree(tmp_path / lac.LAC / jeu)
    assert not etat(tmp_path).a_jour
    construire(tmp_path)
    magasin = ouvrir(tmp_path)
    retires = {f for f, j in CHARGES.items() if j == jeu}
    for cle, lue in lire(magasin).items():
        assert not any(f"(fichier {f})" in lue.source for f in retires), cle
        if lue.valeur is None:
            assert lue.note, cle
        elif lue.valeur == 0:
            assert 0 in (apres[cle].valeur, avant[cle].valeur), cle
        if avant[cle].valeur is not None:
            assert lue.valeur is not None, cle
    assert portrait(magasin, magasin.communes_de(EPCI[0]), [EPCI[0]])


def test_sans_fichier_un_indicateur_dit_lequel_charger(avant: Lues) -> None:
    lue = avant[EPCI[0], "part_hommes"]
    assert lue.valeur is None
    assert "chargez le recensement de la population" in lue.note
