"""A project territory that groups several EPCI."""

from dataclasses import replace

import pytest

from arpent.metier.vulnerabilite import (
    REGLE,
    Composition,
    Echelle,
    Notes,
    RegleComposition,
    TypeParticulier,
    composer,
    enoncer_regle,
    noter,
)

from .fabrique import MODELE, QUATRE


def _notes() -> Notes:
    return noter(MODELE, QUATRE)


def test_un_seul_epci_garde_sa_note() -> None:
    notes = _notes()
    composee = composer(notes, {"d": 5000})
    assert composee.score == notes.de("d").score
    assert composee.classe == notes.de("d").classe
    assert (composee.type_contrat, composee.ingenierie) == ("renforce", True)
    assert not composee.est_heterogene


def test_le_score_est_pondere_par_la_population() -> None:
    notes = _notes()
    a, d = notes.de("a").score, notes.de("d").score
    assert a is not None
    assert d is not None
    assert composer(notes, {"a": 3000, "d": 1000}).score == pytest.approx((3 * a + d) / 4)


def test_un_territoire_mixte_est_signale_et_explique() -> None:
    composee = composer(_notes(), {"a": 1000, "d": 9000})
    assert composee.est_heterogene
    assert composee.classe is not None
    assert composee.classe.code == "forte"
    assert "Moindre (1), Forte (1)" in composee.explication
    assert composee.regle == REGLE


def test_un_type_de_contrat_lie_au_lieu_passe_avant_celui_de_la_classe() -> None:
    particulier = TypeParticulier("solidarite", "Ancienne capitale", frozenset({"a"}))
    notes = noter(replace(MODELE, types_particuliers=(particulier,)), QUATRE)
    assert composer(notes, {"a": 1, "d": 1}).type_contrat == "solidarite"
    assert composer(notes, {"d": 1}).type_contrat == "renforce"


def test_sans_assez_de_population_notee_le_territoire_n_est_pas_classe() -> None:
    valeurs = {**QUATRE, "d": {"mediane": 18.0}}
    notes = noter(MODELE, valeurs)
    assert composer(notes, {"c": 79, "d": 21}).score is None
    assert composer(notes, {"c": 79, "d": 21}).explication.startswith("Non classé")
    assert composer(notes, {"c": 80, "d": 20}).score == notes.de("c").score


@pytest.mark.parametrize(
    ("populations", "message"),
    [({}, "Le territoire est vide"), ({"z": 10.0}, "z n’est pas notée"), ({"a": 0.0}, "nombre positif")],
)
def test_une_composition_impossible_dit_pourquoi(populations: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        composer(_notes(), populations)


@pytest.mark.parametrize(
    ("regle", "attendue"),
    [
        (
            RegleComposition.MOYENNE_PONDEREE,
            "Le score du territoire est la moyenne des scores de ses communes, pondérée par leur "
            "population ; sa classe est celle où tombe ce score, avec les seuils calculés entre communes.",
        ),
        (
            RegleComposition.MAJORITE,
            "Le territoire prend la classe où vit le plus grand nombre de ses habitants, commune par "
            "commune ; à égalité, la plus vulnérable.",
        ),
        (
            RegleComposition.PLUS_VULNERABLE,
            "Le territoire prend la classe de la plus vulnérable de ses communes.",
        ),
        (
            RegleComposition.PART_POPULATION,
            "Le territoire prend la classe la plus vulnérable qui, avec les classes plus vulnérables, réunit "
            "au moins 35,5 % de ses habitants.",
        ),
        (
            RegleComposition.AUCUNE,
            "Ce modèle classe les communes une à une : il ne donne pas de classe au territoire.",
        ),
    ],
)
def test_chaque_regle_s_ecrit_en_une_phrase(regle: RegleComposition, attendue: str) -> None:
    part = 0.355 if regle is RegleComposition.PART_POPULATION else None
    composition = Composition(regle, part)
    assert enoncer_regle(composition, Echelle.COMMUNE).replace("\u00a0", " ") == attendue
    par_epci = attendue.replace("communes", "intercommunalités").replace("commune", "intercommunalité")
    assert enoncer_regle(composition).replace("\u00a0", " ") == par_epci
