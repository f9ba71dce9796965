"""Scores, ranks, classes and the reasons for them."""

from dataclasses import replace
from math import fsum, isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpent.metier.vulnerabilite import (
    Classe,
    Famille,
    Indicateur,
    Modele,
    ModeleInvalide,
    ModeSeuils,
    Normalisation,
    Orientation,
    Sens,
    Seuils,
    noter,
)

from .fabrique import MODELE, QUATRE, avec

Valeurs = dict[str, dict[str, float | None]]


def valeurs(**changees: dict[str, float | None]) -> Valeurs:
    copie: Valeurs = {t: dict(ligne) for t, ligne in QUATRE.items()}
    for territoire, ligne in changees.items():
        copie[territoire].update(ligne)
    return copie


@pytest.mark.parametrize("normalisation", list(Normalisation))
def test_le_plus_fragile_partout_est_au_premier_rang(normalisation: Normalisation) -> None:
    notes = noter(avec(normalisation), valeurs())
    assert [notes.de(t).rang for t in "abcd"] == [4, 3, 2, 1]
    assert [n.classe.code for n in notes.notes if n.classe] == ["moindre", "moindre", "forte", "forte"]


@pytest.mark.parametrize("normalisation", list(Normalisation))
def test_une_orientation_basse_garde_les_rangs_et_inverse_les_scores(normalisation: Normalisation) -> None:
    haut = noter(avec(normalisation), valeurs())
    bas = noter(replace(avec(normalisation), orientation=Orientation.BAS), valeurs())
    assert [n.rang for n in haut.notes] == [n.rang for n in bas.notes]
    assert [n.classe for n in haut.notes] == [n.classe for n in bas.notes]
    scores = [n.score for n in bas.notes if n.score is not None]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    ("normalisation", "attendues"),
    [
        (Normalisation.Z_SCORE, [-1.341641, -0.447214, 0.447214, 1.341641]),
        (Normalisation.MIN_MAX, [0, 1 / 3, 2 / 3, 1]),
        (Normalisation.RANG, [0, 1 / 3, 2 / 3, 1]),
        (Normalisation.RATIO_MOYENNE, [6 / 9, 8 / 9, 10 / 9, 12 / 9]),
    ],
)
def test_chaque_normalisation_donne_les_valeurs_attendues(
    normalisation: Normalisation, attendues: list[float]
) -> None:
    notes = noter(avec(normalisation), valeurs())
    obtenues = [notes.de(t).contributions[2].normalisee for t in "abcd"]
    assert obtenues == pytest.approx(attendues, abs=1e-6)


def test_les_apports_s_additionnent_en_score_et_les_poids_en_un() -> None:
    for note in noter(MODELE, valeurs()).notes:
        assert note.score is not None
        assert isclose(fsum(c.apport for c in note.contributions), note.score, abs_tol=1e-9)
        assert isclose(fsum(c.poids for c in note.contributions), 1)


def test_chaque_famille_pese_selon_son_poids_quel_que_soit_son_nombre_d_indicateurs() -> None:
    poids = [c.poids for c in noter(MODELE, valeurs()).de("a").contributions]
    assert poids == [0.25, 0.25, 0.5]


def test_un_indicateur_absent_laisse_son_poids_a_sa_famille() -> None:
    note = noter(MODELE, valeurs(d={"pauvrete": None})).de("d")
    assert [c.poids for c in note.contributions] == [0.5, 0, 0.5]
    assert note.couverture == 0.75
    assert note.manquants == ("pauvrete",)
    assert note.classe is not None


def test_une_valeur_absente_n_est_pas_un_zero() -> None:
    note = noter(MODELE, valeurs(d={"chomage": 0.0})).de("d")
    manque = noter(replace(MODELE, couverture_minimale=0.5), valeurs(d={"chomage": None})).de("d")
    assert note.score is not None
    assert manque.score is not None
    assert manque.score > note.score


def test_trop_de_valeurs_absentes_le_territoire_n_est_pas_classe() -> None:
    notes = noter(MODELE, valeurs(d={"chomage": None}))
    note = notes.de("d")
    assert (note.score, note.rang, note.classe) == (None, None, None)
    assert note.motif == "Non classé\u00a0: trop d’indicateurs manquent (Chômage)."
    assert [notes.de(t).rang for t in "abc"] == [3, 2, 1]


def test_un_nombre_non_fini_est_une_valeur_absente() -> None:
    assert noter(MODELE, valeurs(d={"pauvrete": float("nan")})).de("d").manquants == ("pauvrete",)


def test_un_indicateur_constant_ne_departage_personne() -> None:
    plats = {t: {**ligne, "chomage": 7.0} for t, ligne in QUATRE.items()}
    for normalisation in Normalisation:
        normalisees = {n.contributions[2].normalisee for n in noter(avec(normalisation), plats).notes}
        assert len(normalisees) == 1


def test_le_rapport_a_la_moyenne_refuse_une_valeur_negative() -> None:
    with pytest.raises(ModeleInvalide, match="Choisissez une autre normalisation"):
        noter(avec(Normalisation.RATIO_MOYENNE), valeurs(a={"chomage": -1.0}))


def test_le_rapport_a_la_moyenne_refuse_zero_comme_un_nombre_negatif() -> None:
    with pytest.raises(ModeleInvalide) as erreur:
        noter(avec(Normalisation.RATIO_MOYENNE), valeurs(b={"chomage": 0.0}))
    assert str(erreur.value).replace("\u00a0", " ") == (
        "L’indicateur « chomage » vaut 0 pour b : le rapport à la moyenne demande des valeurs positives. "
        "Choisissez une autre normalisation."
    )


def test_les_ex_aequo_ont_le_meme_rang_et_la_meme_classe() -> None:
    notes = noter(replace(MODELE, seuils=Seuils(ModeSeuils.N_DERNIERS, (2,))), valeurs(b=dict(QUATRE["c"])))
    assert [notes.de(t).rang for t in "abcd"] == [4, 2, 2, 1]
    assert [notes.de(t).classe for t in "bcd"] == [notes.modele.classes[1]] * 3


def test_des_seuils_fixes_se_lisent_sur_le_score() -> None:
    notes = noter(replace(MODELE, seuils=Seuils(ModeSeuils.FIXE, (1.3,))), valeurs())
    assert [n.classe.code for n in notes.notes if n.classe] == ["moindre", "moindre", "moindre", "forte"]
    assert notes.bornes == (1.3,)


def test_une_famille_de_poids_nul_ou_vide_ne_compte_pas() -> None:
    familles = (*MODELE.familles, Famille("vide", "Vide", 1))
    notes = noter(replace(MODELE, familles=familles), valeurs())
    assert [n.score for n in notes.notes] == [n.score for n in noter(MODELE, valeurs()).notes]
    revenu_seul = replace(MODELE, familles=(MODELE.familles[0], replace(MODELE.familles[1], poids=0)))
    assert [c.poids for c in noter(revenu_seul, valeurs()).de("a").contributions] == [0.5, 0.5, 0]


def test_une_classe_peut_etre_vide() -> None:
    notes = noter(replace(MODELE, seuils=Seuils(ModeSeuils.N_DERNIERS, (0,))), valeurs())
    assert notes.bornes == (None,)
    assert {n.classe.code for n in notes.notes if n.classe} == {"moindre"}


def test_un_modele_sans_poids_ou_sans_seuils_dit_quoi_saisir() -> None:
    sans_poids = replace(MODELE, familles=tuple(replace(f, poids=None) for f in MODELE.familles))
    for modele in (sans_poids, replace(MODELE, seuils=None)):
        assert not modele.est_applicable
        with pytest.raises(ModeleInvalide, match="saisissez ceux de votre autorité"):
            noter(modele, valeurs())


def test_la_formule_publiee_de_l_allier_s_ecrit_comme_un_modele() -> None:
    """0.50 PF/PFm + 0.25 / (EF/EFm) + 0.25 / (VH/VHm); the lowest communes are the beneficiaries."""
    modele = Modele(
        code="allier",
        libelle="Allier",
        source="Département de l’Allier",
        familles=(Famille("richesse", "Richesse", 0.5), Famille("charges", "Charges", 0.5)),
        indicateurs=(
            Indicateur("pf", "Potentiel fiscal", "richesse", Sens.PROTEGE, 1),
            Indicateur("ef", "Effort fiscal", "charges", Sens.AGGRAVE, 1),
            Indicateur("vh", "Voirie par habitant", "charges", Sens.AGGRAVE, 1),
        ),
        normalisation=Normalisation.RATIO_MOYENNE,
        orientation=Orientation.BAS,
        seuils=Seuils(ModeSeuils.N_DERNIERS, (1,)),
        classes=(Classe("autre", "Autre"), Classe("defavorisee", "Défavorisée")),
    )
    notes = noter(
        modele,
        {"riche": {"pf": 900.0, "ef": 0.8, "vh": 10.0}, "pauvre": {"pf": 500.0, "ef": 1.2, "vh": 30.0}},
    )
    assert notes.de("pauvre").score == pytest.approx(0.5 * 500 / 700 + 0.25 / (1.2 / 1) + 0.25 / (30 / 20))
    assert notes.de("riche").score == pytest.approx(0.5 * 900 / 700 + 0.25 / (0.8 / 1) + 0.25 / (10 / 20))
    assert notes.de("pauvre").classe == modele.classes[1]
    assert notes.de("riche").classe == modele.classes[0]


_lignes = st.fixed_dictionaries(
    {c: st.one_of(st.none(), st.integers(1, 400).map(float)) for c in ("mediane", "pauvrete", "chomage")}
)
_territoires = st.dictionaries(st.sampled_from("abcdefgh"), _lignes, min_size=1)


@given(
    _territoires,
    st.sampled_from(list(Normalisation)),
    st.sampled_from(list(QUATRE["a"])),
    st.sampled_from([0.25, 2.0, 1024.0]),
)
def test_changer_l_unite_d_un_indicateur_ne_change_aucun_rang(
    donnees: Valeurs, normalisation: Normalisation, colonne: str, facteur: float
) -> None:
    """Powers of two, so that the change of unit is exact in floating point."""
    converties: Valeurs = {}
    for territoire, ligne in donnees.items():
        valeur = ligne[colonne]
        converties[territoire] = {**ligne, colonne: None if valeur is None else valeur * facteur}
    avant, apres = noter(avec(normalisation), donnees), noter(avec(normalisation), converties)
    assert [n.rang for n in avant.notes] == [n.rang for n in apres.notes]
    assert [n.classe for n in avant.notes] == [n.classe for n in apres.notes]


@given(st.data(), _territoires, st.sampled_from(list(Normalisation)))
def test_l_ordre_des_territoires_ne_change_rien(
    tirage: st.DataObject, donnees: Valeurs, normalisation: Normalisation
) -> None:
    ordre = tirage.draw(st.permutations(sorted(donnees)))
    avant = noter(avec(normalisation), donnees)
    apres = noter(avec(normalisation), {t: donnees[t] for t in ordre})
    assert all(avant.de(t).score == apres.de(t).score for t in donnees)
    assert all(avant.de(t).classe == apres.de(t).classe for t in donnees)


@given(_territoires)
def test_les_rangs_ne_dependent_que_de_l_ordre_des_valeurs_avec_la_normalisation_par_rang(
    donnees: Valeurs,
) -> None:
    carres: Valeurs = {
        t: {c: None if v is None else v * v for c, v in ligne.items()} for t, ligne in donnees.items()
    }
    modele = avec(Normalisation.RANG)
    assert [n.score for n in noter(modele, donnees).notes] == [n.score for n in noter(modele, carres).notes]


@given(_territoires, st.sampled_from(list(Normalisation)))
def test_une_classe_plus_fragile_n_a_jamais_un_meilleur_score(
    donnees: Valeurs, normalisation: Normalisation
) -> None:
    notes = noter(avec(normalisation), donnees)
    forts = [n.score for n in notes.notes if n.score is not None and n.classe == notes.modele.classes[1]]
    autres = [n.score for n in notes.notes if n.score is not None and n.classe == notes.modele.classes[0]]
    assert not forts or not autres or min(forts) > max(autres)
    assert all((n.score is None) == bool(n.motif) for n in notes.notes)
