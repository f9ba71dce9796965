"""What each weight decides: every trial gives the classes that `noter` would give."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arpent.metier.vulnerabilite import (
    Composition,
    Famille,
    Indicateur,
    Modele,
    ModeleInvalide,
    ModeSeuils,
    Normalisation,
    Orientation,
    RegleComposition,
    Sens,
    Seuils,
    composer,
    eprouver,
    noter,
)

from .fabrique import MODELE, QUATRE

_lignes = st.fixed_dictionaries(
    {c: st.one_of(st.none(), st.integers(1, 400).map(float)) for c in ("mediane", "pauvrete", "chomage")}
)
_territoires = st.dictionaries(st.sampled_from("abcdefgh"), _lignes, min_size=2)


def _variante(modele: Modele, cible: str, facteur: float) -> Modele:
    genre, code = cible.split(":")
    if genre == "famille":
        familles = tuple(
            replace(f, poids=(f.poids or 0) * facteur) if f.code == code else f for f in modele.familles
        )
        return replace(modele, familles=familles)
    indicateurs = tuple(
        replace(i, poids=(i.poids or 0) * facteur) if i.code == code else i for i in modele.indicateurs
    )
    return replace(modele, indicateurs=indicateurs)


@settings(max_examples=60)
@given(
    _territoires,
    st.sampled_from(list(Normalisation)),
    st.sampled_from(list(Orientation)),
    st.sampled_from([Seuils(ModeSeuils.QUANTILE, (0.5,)), Seuils(ModeSeuils.N_DERNIERS, (2,))]),
)
def test_un_essai_donne_les_classes_de_la_notation(
    donnees: dict[str, dict[str, float | None]],
    normalisation: Normalisation,
    orientation: Orientation,
    seuils: Seuils,
) -> None:
    modele = replace(MODELE, normalisation=normalisation, orientation=orientation, seuils=seuils)
    resultat = eprouver(modele, donnees)
    base = noter(modele, donnees)
    assert resultat.classes == {n.territoire: n.classe.code if n.classe else None for n in base.notes}
    for essai in resultat.essais:
        notes = noter(_variante(modele, essai.cible, 1.2 if essai.hausse else 0.8), donnees)
        attendus = {n.territoire for n in notes.notes if n.classe != base.de(n.territoire).classe}
        assert set(essai.changent) == attendus


def test_un_poids_seul_dans_sa_famille_n_est_pas_essaye() -> None:
    cibles = {e.cible for e in eprouver(MODELE, QUATRE).essais}
    assert cibles == {"famille:revenu", "famille:emploi", "indicateur:mediane", "indicateur:pauvrete"}


def test_les_essais_se_suivent_familles_puis_indicateurs_plus_puis_moins() -> None:
    """A family without weight is not tried, nor the indicators it holds; 30 % is what was asked."""
    familles = (*MODELE.familles, Famille("age", "Âge", 0), Famille("vide", "Vide", 1))
    indicateurs = (
        *MODELE.indicateurs,
        Indicateur("retraites", "Retraités", "age", Sens.AGGRAVE, 1),
        Indicateur("jeunes", "Jeunes", "age", Sens.PROTEGE, 1),
        Indicateur("emplois", "Emplois", "emploi", Sens.PROTEGE, 0),
    )
    modele = replace(MODELE, familles=familles, indicateurs=indicateurs)
    donnees = {t: {**v, "retraites": 1.0, "jeunes": 1.0, "emplois": 1.0} for t, v in QUATRE.items()}
    resultat = eprouver(modele, donnees, amplitude=0.3)
    assert resultat.amplitude == 0.3
    assert [(e.cible, e.libelle, e.hausse) for e in resultat.essais] == [
        (cible, libelle, hausse)
        for cible, libelle in (
            ("famille:revenu", "Revenu"), ("famille:emploi", "Emploi"),
            ("indicateur:mediane", "Niveau de vie"), ("indicateur:pauvrete", "Pauvreté"),
        )
        for hausse in (True, False)
    ]  # fmt: skip


def test_un_poids_qui_bascule_une_classe_est_compte_et_nomme() -> None:
    """x is high on income, y on jobs: equal weights tie, any move parts them."""
    valeurs = {
        "x": {"mediane": 10.0, "pauvrete": 20.0, "chomage": 5.0},
        "y": {"mediane": 20.0, "pauvrete": 10.0, "chomage": 10.0},
    }
    modele = replace(MODELE, seuils=Seuils(ModeSeuils.FIXE, (0.05,)))
    resultat = eprouver(modele, valeurs, {"y": 1000.0})
    assert resultat.ici == "moindre"
    bascule = next(e for e in resultat.essais if e.cible == "famille:emploi" and e.hausse)
    assert (bascule.changent, bascule.part, bascule.ici) == (("y",), 0.5, "forte")
    assert bascule in resultat.defaites
    assert resultat.part_stable == 0.0


@pytest.mark.parametrize("regle", [r for r in RegleComposition if r is not RegleComposition.AUCUNE])
def test_la_classe_d_un_groupe_est_celle_de_la_composition(regle: RegleComposition) -> None:
    part = 0.4 if regle is RegleComposition.PART_POPULATION else None
    modele = replace(MODELE, composition=Composition(regle, part))
    populations = {"a": 600.0, "d": 400.0}
    classe = composer(noter(modele, QUATRE), populations).classe
    assert classe is not None
    assert eprouver(modele, QUATRE, populations).ici == classe.code


def test_un_modele_a_remplir_ne_s_eprouve_pas() -> None:
    vide = replace(MODELE, familles=(Famille("revenu", "Revenu", None), MODELE.familles[1]))
    with pytest.raises(ModeleInvalide, match="saisissez-les"):
        eprouver(vide, QUATRE)
