"""Why this class, how far the next one is, and what another model would say."""

from dataclasses import replace
from math import fsum, isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpent.metier.vulnerabilite import (
    Composition,
    ModeSeuils,
    Normalisation,
    Notes,
    Orientation,
    RegleComposition,
    Seuils,
    composer,
    croiser,
    dire_les_seuils,
    expliquer,
    noter,
)

from .fabrique import CLASSES, MODELE, QUATRE


@given(st.sampled_from(list(Normalisation)), st.sampled_from(list(Orientation)), st.sampled_from("abcd"))
def test_les_ecarts_s_additionnent_en_ecart_au_score_moyen(
    normalisation: Normalisation, orientation: Orientation, lieu: str
) -> None:
    notes = noter(replace(MODELE, normalisation=normalisation, orientation=orientation), QUATRE)
    composee = composer(notes, {lieu: 10.0})
    pourquoi = expliquer(notes, composee, {lieu: 10.0})
    moyenne = fsum(n.score or 0 for n in notes.notes) / 4
    signe = 1 if orientation is Orientation.HAUT else -1
    assert composee.score is not None
    total = fsum(r.ecart for r in pourquoi.raisons)
    assert isclose(total, signe * (composee.score - moyenne), abs_tol=1e-8)


def test_le_plus_fragile_a_des_raisons_et_le_moins_fragile_des_protections() -> None:
    notes = noter(MODELE, QUATRE)
    pire = expliquer(notes, composer(notes, {"d": 1.0}), {"d": 1.0})
    mieux = expliquer(notes, composer(notes, {"a": 1.0}), {"a": 1.0})
    assert len(pire.pour) == 3
    assert not pire.contre
    assert len(mieux.contre) == 3
    assert mieux.phrase == "Ce qui protège : chômage, pauvreté et niveau de vie."


def test_la_distance_se_lit_en_points_jusqu_a_la_classe_voisine() -> None:
    notes = noter(replace(MODELE, seuils=Seuils(ModeSeuils.FIXE, (0.5,))), QUATRE)
    haut = expliquer(notes, composer(notes, {"c": 1.0}), {"c": 1.0}).distances
    assert [(d.classe.code, d.vers_plus_vulnerable) for d in haut] == [("forte", True)]
    assert haut[0].ecart == pytest.approx(0.5 - 0.447214, abs=1e-6)
    phrase = "Il faudrait 0,05 point de vulnérabilité de plus pour passer en « Forte »."
    assert haut[0].phrase == phrase
    bas = expliquer(notes, composer(notes, {"d": 1.0}), {"d": 1.0}).distances
    assert [(d.classe.code, d.vers_plus_vulnerable) for d in bas] == [("moindre", False)]


def test_sans_score_qui_decide_il_n_y_a_pas_de_distance() -> None:
    modele = replace(MODELE, composition=Composition(RegleComposition.PLUS_VULNERABLE))
    notes = noter(modele, QUATRE)
    populations = {"a": 1.0, "d": 1.0}
    assert expliquer(notes, composer(notes, populations), populations).distances == ()


def test_les_seuils_se_disent_en_une_phrase() -> None:
    def dits(mode: ModeSeuils, valeur: float) -> str:
        return dire_les_seuils(noter(replace(MODELE, seuils=Seuils(mode, (valeur,))), QUATRE))

    assert "50" in dits(ModeSeuils.QUANTILE, 0.5)
    assert "les 2 derniers" in dits(ModeSeuils.N_DERNIERS, 2)
    assert "à partir de 0,50" in dits(ModeSeuils.FIXE, 0.5)


@pytest.mark.parametrize(
    ("composition", "populations", "classe"),
    [
        (Composition(RegleComposition.MAJORITE), {"a": 60.0, "d": 40.0}, "moindre"),
        (Composition(RegleComposition.MAJORITE), {"a": 50.0, "d": 50.0}, "forte"),
        (Composition(RegleComposition.PLUS_VULNERABLE), {"a": 99.0, "d": 1.0}, "forte"),
        (Composition(RegleComposition.PART_POPULATION, 0.4), {"a": 60.0, "d": 40.0}, "forte"),
        (Composition(RegleComposition.PART_POPULATION, 0.41), {"a": 60.0, "d": 40.0}, "moindre"),
    ],
)
def test_la_regle_de_composition_decide_et_se_dit(
    composition: Composition, populations: dict[str, float], classe: str
) -> None:
    composee = composer(noter(replace(MODELE, composition=composition), QUATRE), populations)
    assert composee.classe is not None
    assert composee.classe.code == classe
    assert composee.regle.startswith("Le territoire prend la classe")


def test_sans_composition_chaque_membre_garde_sa_classe() -> None:
    modele = replace(MODELE, composition=Composition(RegleComposition.AUCUNE))
    composee = composer(noter(modele, QUATRE), {"a": 1.0, "d": 1.0})
    assert composee.classe is None
    assert composee.est_heterogene
    assert "Moindre (1), Forte (1)" in composee.explication


def _inverse() -> Notes:
    return noter(MODELE, {t: QUATRE[u] for t, u in zip("abcd", "dcba", strict=True)})


def test_deux_modeles_opposes_changent_tout_et_se_correlent_a_moins_un() -> None:
    croisement = croiser(noter(MODELE, QUATRE), _inverse())
    assert croisement.tableau == ((0, 2), (2, 0))
    assert croisement.correlation == pytest.approx(-1)
    assert croisement.part_qui_change == 1
    assert {d.saut for d in croisement.changent} == {3, 1, -1, -3}


def test_le_meme_modele_ne_change_rien() -> None:
    croisement = croiser(noter(MODELE, QUATRE), noter(MODELE, QUATRE))
    assert (croisement.correlation, croisement.changent) == (1.0, ())


def test_des_classes_qui_ne_se_repondent_pas_ne_changent_pas() -> None:
    trois = replace(
        MODELE,
        classes=(*CLASSES, replace(CLASSES[1], code="extreme")),
        seuils=Seuils(ModeSeuils.QUANTILE, (0.5, 0.75)),
    )
    croisement = croiser(noter(MODELE, QUATRE), noter(trois, QUATRE))
    assert not croisement.classes_comparables
    assert croisement.part_qui_change is None
    assert sum(map(sum, croisement.tableau)) == 4
