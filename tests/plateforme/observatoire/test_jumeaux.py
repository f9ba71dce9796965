"""Territoires jumeaux: a documented distance, symmetric, honest about what is missing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from arpent.plateforme.observatoire.catalogue import catalogue
from arpent.plateforme.observatoire.jumeaux import jumeaux, lire_regle, regle
from arpent.plateforme.observatoire.portrait import portrait
from arpent.plateforme.observatoire.valeurs_epci import valeurs_epci

GORGES, GEVAUDAN = "200069151", "244800470"
DOC = Path(__file__).parents[3] / "docs" / "algorithmes" / "jumeaux.md"


def de(magasin, *epci, nombre=None):
    communes = [c for siren in epci for c in magasin.communes_de(siren)]
    return jumeaux(magasin, communes, epci, nombre=nombre)


def test_chaque_colonne_de_la_matrice_est_la_comparaison_epci_par_epci(magasin):
    ou = valeurs_epci(magasin)
    for quoi in catalogue().indicateurs.values():
        for siren in ou.sirens[::37]:
            attendue = magasin.comparaison(f"epci:{siren}", quoi)
            assert ou.valeur(siren, quoi) == (None if attendue is None else pytest.approx(attendue)), (
                quoi.code,
                siren,
            )


def test_les_jumeaux_sont_ordonnes_et_sans_le_territoire(magasin):
    proches = de(magasin, GORGES).proches
    assert len(proches) == regle().nombre
    assert [p.distance for p in proches] == sorted(p.distance for p in proches)
    assert GORGES not in {p.siren for p in proches}


def test_la_distance_est_symetrique(magasin):
    tous = de(magasin, GORGES, nombre=2000).proches
    retour = {p.siren: p.distance for p in de(magasin, GEVAUDAN, nombre=2000).proches}
    assert next(p.distance for p in tous if p.siren == GEVAUDAN) == retour[GORGES]


def test_un_groupe_est_place_par_ses_valeurs_recomposees_et_dit_ce_qui_manque(magasin):
    lus = de(magasin, GORGES, GEVAUDAN)
    assert "Niveau de vie médian" in lus.sans
    assert lus.proches
    assert all(p.couverture < 1 for p in lus.proches)
    assert not {GORGES, GEVAUDAN} & {p.siren for p in lus.proches}


def test_un_perimetre_sans_donnees_n_a_pas_de_jumeau_et_le_dit(magasin):
    lus = jumeaux(magasin, ["99999"], [])
    assert lus.proches == ()
    assert "manquent" in lus.motif


def test_la_mediane_des_jumeaux_est_la_valeur_de_l_un_d_eux(magasin):
    pairs = de(magasin, GORGES).sirens
    lignes = portrait(magasin, magasin.communes_de(GORGES), [GORGES], familles=["revenus"], pairs=pairs)[
        0
    ].lignes
    mediane = next(x for x in lignes if x.indicateur.code == "niveau_vie_median")
    valeurs = {magasin.comparaison(f"epci:{s}", mediane.indicateur) for s in pairs}
    assert mediane.jumeaux in valeurs
    assert mediane.rang_jumeaux is not None
    assert mediane.rang_jumeaux.sur == 8


def test_deux_pairs_ne_font_pas_une_mediane(magasin):
    lignes = portrait(magasin, magasin.communes_de(GORGES), [GORGES], pairs=[GEVAUDAN, "200069128"])
    assert all(x.jumeaux is None for f in lignes for x in f.lignes)


@pytest.mark.parametrize(
    ("champ", "message"),
    [({"indicateur": "inconnu"}, "catalogue"), ({"poids": 0}, "poids"), ({"forme": "cube"}, "forme")],
)
def test_une_regle_fausse_est_refusee(champ, message):
    dimension = {"indicateur": "population", "libelle": "Population", "poids": 1} | champ
    brut = {"couverture_minimale": 0.6, "borne": 3, "nombre": 7, "dimensions": [dimension]}
    with pytest.raises(ValueError, match=message):
        lire_regle(brut)


def test_la_page_de_methode_donne_les_memes_poids():
    lues = dict(re.findall(r"^\| ([^|]+?) \| `(\w+)` \|", DOC.read_text(encoding="utf-8"), re.MULTILINE))
    assert lues == {d.libelle: d.indicateur for d in regle().dimensions}
