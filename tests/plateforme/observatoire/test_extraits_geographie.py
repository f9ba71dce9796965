"""Outlines, borders and time of the committed extracts: they hold together."""

from typing import Any

import pytest

from arpent.extraits import lecture

Point = tuple[float, float]


@pytest.fixture(scope="module")
def epci() -> dict[str, dict[str, str]]:
    return {x["siren"]: x for x in lecture.lignes("france/epci")}


@pytest.fixture(scope="module")
def contours() -> dict[str, dict[str, Any]]:
    return {e["properties"]["code"]: e["geometry"] for e in lecture.entites("france/contours_epci")}


@pytest.fixture(scope="module")
def communes() -> dict[str, dict[str, str]]:
    return {x["code_insee"]: x for x in lecture.lignes("france/communes")}


def anneaux(geometrie: dict[str, Any]) -> list[list[list[float]]]:
    polygones = geometrie["coordinates"]
    if geometrie["type"] == "Polygon":
        polygones = [polygones]
    return [anneau for polygone in polygones for anneau in polygone]


def points(geometrie: dict[str, Any]) -> set[Point]:
    return {(x, y) for anneau in anneaux(geometrie) for x, y in anneau}


def test_chaque_epci_de_metropole_a_un_contour_ferme(epci, contours):
    metropole = {s for s, x in epci.items() if not x["departement_principal"].startswith("97")}
    assert set(contours) <= set(epci)
    assert metropole - set(contours) == set()
    for siren, geometrie in contours.items():
        for anneau in anneaux(geometrie):
            assert anneau[0] == anneau[-1], siren
            assert len(anneau) >= 4, siren


def test_deux_epci_limitrophes_gardent_une_frontiere_commune_apres_simplification(contours):
    """Five kilometres of common border: at least two common points, without a gap or an overlap between."""
    sommets = {siren: points(geometrie) for siren, geometrie in contours.items()}
    longues = [x for x in lecture.lignes("france/adjacence_epci") if int(x["longueur_commune_m"]) > 5_000]
    assert len(longues) > 2_500
    ecartes = [
        (x["epci_a"], x["epci_b"]) for x in longues if len(sommets[x["epci_a"]] & sommets[x["epci_b"]]) < 2
    ]
    assert ecartes == []


def test_les_limites_des_epci_sont_rangees_et_entre_epci_connus(epci):
    for x in lecture.lignes("france/adjacence_epci"):
        assert x["epci_a"] < x["epci_b"]
        assert {x["epci_a"], x["epci_b"]} <= set(epci)


def test_un_ancien_code_mene_a_une_commune_d_aujourd_hui(communes):
    passage = {x["code_ancien"]: x["code_2025"] for x in lecture.lignes("france/passage_communes_vers_2025")}
    assert all(ancien != neuf for ancien, neuf in passage.items())
    assert set(passage.values()) <= set(communes)
    # corrected: the carrier sends it to the code that Les Hauts-Talican left in 2024
    assert passage["60455"] == "60694"
    assert communes["60694"]["nom"] == "Les Hauts-Talican"


def test_les_mouvements_sont_dates_et_disent_ce_que_devient_la_commune():
    mouvements = list(lecture.lignes("france/mouvements_communes"))
    assert len(mouvements) > 13_000
    assert min(x["DATE_EFF"] for x in mouvements) >= "1943-01-01"
    assert all(x["COM_AP"] for x in mouvements)
    assert {x["MOD"] for x in mouvements if not x["COM_AV"]} == {"20"}, "seule une création vient de rien"


def test_les_158_communes_de_lozere_de_2017_sont_les_152_d_aujourd_hui(communes):
    passage = {x["code_ancien"]: x["code_2025"] for x in lecture.lignes("france/passage_communes_vers_2025")}
    anciennes = list(lecture.lignes("lozere/appartenance_2017"))
    assert len(anciennes) == 158
    devenues = {passage.get(x["code_insee"], x["code_insee"]) for x in anciennes}
    assert devenues == {c for c, x in communes.items() if x["departement"] == "48"}
    assert len({x["epci_siren"] for x in anciennes}) == 11


def test_la_liste_nationale_est_celle_des_perimetres(communes):
    for x in lecture.lignes_des_perimetres("communes"):
        ligne = communes[x["code_insee"]]
        assert {c: x[c] for c in ("nom", "epci_siren", "population_municipale_2023", "surface_ha")} == {
            c: ligne[c] for c in ("nom", "epci_siren", "population_municipale_2023", "surface_ha")
        }


def test_les_projets_restent_ceux_des_territoires_de_demonstration():
    demo = {t["slug"] for t in lecture.territoires() if t["dispositif"] == "nouvelle-aquitaine"}
    lus = {x["territoire"] for x in lecture.lignes("nouvelle_aquitaine/detr_dsil_2018_2019")}
    assert lus == demo
