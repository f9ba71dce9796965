"""The store, on the real extracts."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from arpent.extraits import lecture
from arpent.plateforme.observatoire import chargement
from arpent.plateforme.observatoire.catalogue import IndicateurInconnu, Publie, catalogue
from arpent.plateforme.observatoire.magasin import Magasin, ObservatoireVide, ouvrir
from arpent.plateforme.observatoire.models import Jeu

from .conftest import epci_de_demonstration

GEVAUDAN = ["244800470"]
GUERET = ["200034825", "200041556"]
COEUR_DE_LOZERE = ["244800405"]


def lire(magasin: Magasin, epci: Sequence[str], code: str):
    communes = [c for siren in epci for c in magasin.communes_de(siren)]
    return magasin.valeurs(communes, epci, code)


def test_la_population_d_un_epci_est_celle_publiee(magasin):
    for siren in epci_de_demonstration():
        assert lire(magasin, [siren], "population").valeur == magasin.epci.valeur(siren, "P23_POP")


def test_la_part_des_75_ans_recalculee_est_celle_publiee(magasin):
    """EPCI whose communes are all known: the recomputed share is the published one, to its rounding."""
    compares = 0
    for siren in epci_de_demonstration():
        valeur, publiee = lire(magasin, [siren], "part_75_plus"), magasin.epci.valeur(siren, "dmv_75p_pct_22")
        if not valeur.partiel:
            assert valeur.valeur == pytest.approx(publiee, abs=0.06), siren
            compares += 1
    assert compares >= 20


def test_l_indice_de_vieillissement_recalcule_est_celui_publie(magasin):
    for siren in GEVAUDAN + COEUR_DE_LOZERE + GUERET:
        recalcule = lire(magasin, [siren], "indice_vieillissement").valeur
        assert recalcule == pytest.approx(magasin.epci.valeur(siren, "dmv_iv_ind_22"), rel=0.01)


def test_chaque_epci_a_au_moins_25_valeurs_et_20_evolutions(magasin):
    for siren in epci_de_demonstration():
        lues = [lire(magasin, [siren], code) for code in catalogue().indicateurs]
        assert sum(v.valeur is not None for v in lues) >= 60, siren
        assert sum(v.evolution is not None for v in lues) >= 20, siren


def test_chaque_territoire_de_projet_a_au_moins_25_valeurs(magasin):
    for territoire in lecture.territoires():
        lues = [lire(magasin, territoire["groupements"], code) for code in catalogue().indicateurs]
        assert sum(v.valeur is not None for v in lues) >= 25, territoire["slug"]


def test_une_mediane_de_plusieurs_epci_n_est_pas_calculee_mais_detaillee(magasin):
    valeur = lire(magasin, GUERET, "niveau_vie_median")
    assert valeur.valeur is None
    assert valeur.note.startswith("Non agrégeable")
    assert [d.siren for d in valeur.detail] == GUERET
    assert all(d.valeur and 15_000 < d.valeur < 30_000 for d in valeur.detail)
    assert not valeur.secret


def test_un_taux_publie_se_recompose_entre_les_valeurs_des_epci(magasin):
    for code, quoi in catalogue().indicateurs.items():
        if isinstance(quoi.calcul, Publie) and quoi.calcul.base:
            valeur = lire(magasin, GUERET, code)
            bornes = [d.valeur for d in valeur.detail if d.valeur is not None]
            assert min(bornes) <= valeur.valeur <= max(bornes), code
            assert "ecomposé" in valeur.note


def test_les_comptes_de_mende_manquent_et_la_page_le_sait(magasin):
    valeur = lire(magasin, COEUR_DE_LOZERE, "epargne_brute")
    assert valeur.valeur is None
    assert valeur.couverture < 0.5
    assert valeur.note.startswith("Non calculé")


def test_une_valeur_partielle_est_signalee(magasin):
    """CC Mont Lozère: the two communes of Gard have no accounts in the extract."""
    valeur = lire(magasin, ["200069128"], "dgf")
    assert valeur.valeur is not None
    assert valeur.partiel
    assert "Valeur partielle" in valeur.note
    assert valeur.evolution is None


def test_une_commune_inconnue_ne_vaut_pas_zero(magasin):
    communes = [*magasin.communes_de(GEVAUDAN[0]), "99999"]
    complete = magasin.valeurs(magasin.communes_de(GEVAUDAN[0]), GEVAUDAN, "part_75_plus")
    assert magasin.valeurs(communes, [], "part_75_plus").valeur == complete.valeur


def test_sans_epci_une_valeur_publiee_est_dite_non_disponible(magasin):
    valeur = magasin.valeurs(magasin.communes_de(GEVAUDAN[0]), [], "niveau_vie_median")
    assert valeur.valeur is None
    assert "Publié par EPCI seulement" in valeur.note


def test_un_perimetre_vide_n_a_aucune_valeur(magasin):
    assert magasin.valeurs([], [], "population").valeur is None


def test_un_indicateur_inconnu_est_refuse(magasin):
    with pytest.raises(IndicateurInconnu, match="n’existe pas dans le catalogue"):
        magasin.valeurs([], GEVAUDAN, "inconnu")


def test_un_observatoire_vide_dit_quoi_faire(tmp_path):
    with pytest.raises(ObservatoireVide, match="arpent init"):
        ouvrir(tmp_path)


def test_le_magasin_ouvert_est_garde_puis_relu_quand_le_manifeste_change(tmp_path):
    chargement.construire(tmp_path)
    premier = ouvrir(tmp_path)
    assert ouvrir(tmp_path) is premier
    chargement.construire(tmp_path)
    manifeste = tmp_path / "observatoire" / "manifeste.json"
    os.utime(manifeste, ns=(1, 1))
    second = ouvrir(tmp_path)
    assert second is not premier
    assert len(list((tmp_path / "observatoire").glob("v-*"))) == 1
    # the old store stays readable by a page that had opened it
    assert premier.communes.valeur("48092", "population_2023") == second.communes.valeur(
        "48092", "population_2023"
    )


@pytest.mark.django_db
def test_charger_deux_fois_ne_reconstruit_rien_et_consigne_les_jeux(tmp_path: Path):
    lignes: list[str] = []
    chargement.charger_extraits(tmp_path, lignes.append)
    manifeste = (tmp_path / "observatoire" / "manifeste.json").read_bytes()
    assert chargement.etat(tmp_path).a_jour
    chargement.charger_extraits(tmp_path, lignes.append)
    assert (tmp_path / "observatoire" / "manifeste.json").read_bytes() == manifeste
    assert lignes[-2] == "Indicateurs : déjà à jour"
    fichiers = lecture.manifeste()["fichiers"]
    assert Jeu.objects.count() == len(fichiers)
    assert set(Jeu.objects.values_list("sha256", flat=True)) == {f["sha256"] for f in fichiers}


def test_un_etat_absent_est_vide(tmp_path):
    assert chargement.etat(tmp_path) == chargement.Etat(charge=False, a_jour=False)
