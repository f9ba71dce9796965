"""Envelope formulas."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpent.metier.repartition import Cle, RepartitionImpossible, repartir_enveloppe

TROIS = ("est", "nord", "sud")
FORFAIT = Cle("forfait", "Part égale", D("0.50"))
POPULATION = Cle("population", "Population", D("0.50"), {"est": D(100), "nord": D(200), "sud": D(0)})


def test_chaque_cle_se_partage_selon_ses_valeurs() -> None:
    repartition = repartir_enveloppe(D("600.00"), [FORFAIT, POPULATION], TROIS)
    assert {t: part.total for t, part in repartition.parts.items()} == {
        "est": D("200.00"), "nord": D("300.00"), "sud": D("100.00"),
    }  # fmt: skip
    assert repartition.parts["nord"].detail == {"forfait": D("100.00"), "population": D("200.00")}
    assert repartition.non_reparti == 0
    assert repartition.manquants == {}


def test_une_cle_incomplete_n_est_pas_repartie_et_nomme_les_territoires() -> None:
    voirie = Cle("voirie", "Longueur de voirie", D("0.50"), {"est": D(10), "nord": None})
    repartition = repartir_enveloppe(D("600.00"), [FORFAIT, voirie], TROIS)
    assert repartition.manquants == {"voirie": ("nord", "sud")}
    assert repartition.non_reparti == D("300.00")
    assert all(part.total == D("100.00") for part in repartition.parts.values())


def test_zero_est_une_vraie_valeur() -> None:
    repartition = repartir_enveloppe(D("10.00"), [Cle("p", "Population", D(1), POPULATION.valeurs)], TROIS)
    assert repartition.manquants == {}
    assert repartition.parts["sud"].total == 0


CENTIMES = st.integers(0, 10**10).map(lambda centimes: D(centimes).scaleb(-2))
VALEURS = st.lists(st.integers(0, 10**6), min_size=3, max_size=3).filter(any)


@given(CENTIMES, VALEURS, VALEURS, st.integers(1, 98), st.booleans())
def test_tout_ce_qui_n_est_pas_reparti_est_dit(
    montant: D, voirie: list[int], population: list[int], poids: int, incomplete: bool
) -> None:
    valeurs: dict[str, D | None] = {t: D(v) for t, v in zip(TROIS, voirie, strict=True)}
    if incomplete:
        valeurs["sud"] = None
    cles = [
        Cle("forfait", "Part égale", D("0.01")),
        Cle("voirie", "Voirie", D(poids) / 100, valeurs),
        Cle(
            "population",
            "Population",
            D(99 - poids) / 100,
            {t: D(v) for t, v in zip(TROIS, population, strict=True)},
        ),
    ]
    repartition = repartir_enveloppe(montant, cles, TROIS)
    assert sum((part.total for part in repartition.parts.values()), repartition.non_reparti) == montant
    assert all(part.total == sum(part.detail.values(), D(0)) for part in repartition.parts.values())
    assert all("voirie" not in part.detail for part in repartition.parts.values()) is incomplete


@pytest.mark.parametrize(
    ("montant", "cles", "territoires", "message"),
    [
        ("600.00", [FORFAIT], TROIS, "Les poids des clés font 50 % au lieu de 100 %"),
        ("600.00", [], TROIS, "font 0 %"),
        ("600.00", [FORFAIT, FORFAIT], TROIS, "Une clé figure deux fois"),
        ("600.00", [Cle("a", "A", D(0)), Cle("b", "B", D(1))], TROIS, "« A » doit être supérieur à 0 %"),
        ("600.00", [Cle("a", "A", D("NaN"))], TROIS, "« A » doit être supérieur"),
        ("600.00", [FORFAIT, POPULATION], (), "Aucun territoire"),
        ("600.00", [FORFAIT, POPULATION], ("est", "est"), "Un territoire figure deux fois"),
        ("-1.00", [FORFAIT, POPULATION], TROIS, "montant positif"),
        ("1.001", [FORFAIT, POPULATION], TROIS, "arrondi au centime"),
        ("NaN", [FORFAIT, POPULATION], TROIS, "montant positif"),
        (
            "600.00",
            [FORFAIT, Cle("v", "Voirie", D("0.50"), dict.fromkeys(TROIS, D(0)))],
            TROIS,
            "Clé « Voirie »",
        ),
        (
            "600.00",
            [FORFAIT, Cle("v", "Voirie", D("0.50"), dict.fromkeys(TROIS, D(-1)))],
            TROIS,
            "Clé « Voirie »",
        ),
    ],
)
def test_une_formule_fausse_est_refusee(
    montant: str, cles: list[Cle], territoires: tuple[str, ...], message: str
) -> None:
    with pytest.raises(RepartitionImpossible) as refus:
        repartir_enveloppe(D(montant), cles, territoires)
    assert message in str(refus.value)
