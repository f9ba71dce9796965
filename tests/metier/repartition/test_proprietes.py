"""What holds for every formula: nothing lost, bounds kept, order of the territories indifferent."""

from decimal import Decimal as D
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from arpent.metier.repartition import RepartitionImpossible, appliquer, lire_formule, mesurer

CODES = ["a", "b", "c", "d", "e"]
VALEUR = st.integers(0, 50_000).map(D)
HABITANTS = st.fixed_dictionaries({t: st.integers(1, 40_000).map(D) for t in CODES})
CLASSES = st.fixed_dictionaries({t: st.sampled_from("ABC") for t in CODES})
MONTANT = st.integers(0, 2_000_000_000).map(lambda c: D(c) / 100)


@st.composite
def formules(draw: st.DrawFn) -> dict[str, Any]:
    part = draw(st.integers(1, 99))
    brut: dict[str, Any] = {
        "cles": [
            {"critere": "forfait", "poids": D(part) / 100},
            {"critere": "population", "poids": 1 - D(part) / 100},
        ]
    }
    if draw(st.booleans()):
        brut["fixe"] = draw(st.integers(1, 10_000))
    if draw(st.booleans()):
        brut["rang"] = {"critere": "score", "nombre": draw(st.integers(1, 6)), "part": "0.1"}
    if draw(st.booleans()):
        brut["bonus"] = {"A": draw(st.integers(1, 5)), "B": "0.5"}
    if draw(st.booleans()):
        brut["plancher"] = draw(st.integers(0, 2_000_000))
    if draw(st.booleans()):
        brut["plafond"] = {"par_habitant": draw(st.integers(1, 2_000))}
    return brut


def _appliquer(montant: D, brut: object, gens: dict[str, D], ordre: list[str], **reste: Any) -> Any:
    valeurs = {"forfait": None, "population": gens, "score": {t: gens[t] % 7 for t in gens}}
    try:
        return appliquer(montant, lire_formule(brut), ordre, valeurs, **reste)
    except RepartitionImpossible:
        return None


@given(MONTANT, formules(), HABITANTS, CLASSES, st.permutations(CODES))
def test_rien_ne_se_perd_et_l_ordre_ne_compte_pas(
    montant: D, brut: dict[str, Any], gens: dict[str, D], classes: dict[str, str], ordre: list[str]
) -> None:
    resultat = _appliquer(montant, brut, gens, CODES, classes=classes)
    autre = _appliquer(montant, brut, gens, ordre, classes=classes)
    assert (resultat is None) == (autre is None)
    assume(resultat is not None)
    assert sum(p.total for p in resultat.parts.values()) + resultat.non_reparti == montant
    assert {t: resultat.parts[t].total for t in CODES} == {t: autre.parts[t].total for t in CODES}
    for t, part in resultat.parts.items():
        assert part.total == sum(part.detail.values()) >= 0
        assert part.total == part.total.quantize(D("0.01"))
        assert part.total >= brut.get("plancher", 0)
        if plafond := brut.get("plafond"):
            assert part.total <= plafond["par_habitant"] * gens[t]


@given(MONTANT, HABITANTS, st.integers(0, 100_000), st.integers(100_000, 20_000_000))
def test_qui_a_plus_de_poids_ne_recoit_jamais_moins(
    montant: D, gens: dict[str, D], bas: int, haut: int
) -> None:
    brut = {"cles": [{"critere": "population", "poids": 1}], "plancher": bas, "plafond": haut}
    resultat = _appliquer(montant, brut, gens, CODES)
    assume(resultat is not None)
    rangs = sorted(CODES, key=lambda t: (gens[t], resultat.parts[t].total))
    totaux = [resultat.parts[t].total for t in rangs]
    assert totaux == sorted(totaux)
    # The money left over is only what the caps refuse.
    assert resultat.non_reparti == 0 or all(total == haut for total in totaux)


@given(MONTANT, HABITANTS, st.integers(0, 1_000))
def test_une_enveloppe_plus_grande_ne_fait_perdre_personne(
    montant: D, gens: dict[str, D], de_plus: int
) -> None:
    brut = {"cles": [{"critere": "population", "poids": 1}], "plafond": 3_000_000}
    petite = _appliquer(montant, brut, gens, CODES)
    grande = _appliquer(montant + de_plus, brut, gens, CODES)
    for t in CODES:
        assert grande.parts[t].total >= petite.parts[t].total - D("0.01")


@given(HABITANTS, st.fixed_dictionaries(dict.fromkeys(CODES, VALEUR)))
def test_gini_et_theil_suivent_leur_definition(gens: dict[str, D], montants: dict[str, D]) -> None:
    mesure = mesurer(montants, gens)
    if not any(montants.values()):
        assert mesure is None
        return
    assert mesure is not None
    tous, argent = sum(gens.values(), D(0)), sum(montants.values(), D(0))
    double = sum(
        (
            gens[i] / tous * gens[j] / tous * abs(montants[i] / gens[i] - montants[j] / gens[j])
            for i in CODES
            for j in CODES
        ),
        D(0),
    )
    assert abs(D(mesure.gini) - double / (2 * argent / tous)) < D("1e-9")
    assert 0 <= mesure.gini < 1
    assert mesure.theil >= 0
    assert mesure.bas <= mesure.moyenne <= mesure.haut
