"""Rounding, sharing, reading and writing money."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpent.metier.argent import (
    MontantIllisible,
    arrondir,
    en_lettres,
    etaler,
    formater_euros,
    formater_nombre,
    formater_taux,
    lire_montant,
    partager,
)

MONTANTS = st.integers(0, 10**12).map(lambda centimes: D(centimes).scaleb(-2))
POIDS = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=3),
    st.decimals(0, 10**6, places=3, allow_nan=False),
    min_size=1,
    max_size=12,
).filter(lambda poids: sum(poids.values()) > 0)


@pytest.mark.parametrize(
    ("entree", "attendu"),
    [("0.005", "0.01"), ("0.004", "0.00"), ("-0.005", "-0.01"), ("2.675", "2.68"), ("1", "1.00")],
)
def test_le_demi_centime_s_arrondit_en_s_eloignant_de_zero(entree: str, attendu: str) -> None:
    assert str(arrondir(D(entree))) == attendu


def test_un_arrondi_nul_n_est_jamais_negatif() -> None:
    assert str(arrondir(D("-0.001"))) == "0.00"


@given(MONTANTS, POIDS)
def test_un_partage_ne_perd_ni_ne_cree_un_centime(montant: D, poids: dict[str, D]) -> None:
    parts = partager(montant, poids)
    assert sum(parts.values()) == montant
    assert parts.keys() == poids.keys()


@given(MONTANTS, POIDS)
def test_chaque_part_est_a_moins_d_un_centime_de_la_part_exacte(montant: D, poids: dict[str, D]) -> None:
    total = sum(poids.values())
    for cle, part in partager(montant, poids).items():
        assert abs(part * total - montant * poids[cle]) < D("0.01") * total


@given(MONTANTS, POIDS)
def test_un_partage_ne_depend_pas_de_l_ordre_des_cles(montant: D, poids: dict[str, D]) -> None:
    assert partager(montant, dict(sorted(poids.items(), reverse=True))) == partager(montant, poids)


def test_a_restes_egaux_le_centime_va_a_la_premiere_cle() -> None:
    assert partager(D("0.02"), {"c": D(1), "b": D(1), "a": D(1)}) == {
        "c": D("0.00"),
        "b": D("0.01"),
        "a": D("0.01"),
    }


def test_un_poids_nul_ne_recoit_rien() -> None:
    assert partager(D("10.00"), {"a": D(0), "b": D(3)}) == {"a": D("0.00"), "b": D("10.00")}


@pytest.mark.parametrize(
    ("montant", "poids", "message"),
    [
        ("10.00", {"a": D(-1), "b": D(2)}, "« a »"),
        ("10.00", {"a": D("NaN")}, "« a »"),
        ("10.00", {"a": D(0)}, r"^Le partage est impossible\s: tous les poids sont nuls.$"),
        ("10.00", {}, "tous les poids sont nuls"),
        ("-1.00", {"a": D(1)}, "^Le montant à partager doit être positif et arrondi au centime.$"),
        ("1.001", {"a": D(1)}, "centime"),
    ],
)
def test_un_partage_impossible_est_refuse(montant: str, poids: dict[str, D], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        partager(D(montant), poids)


@pytest.mark.parametrize(
    ("montant", "centimes", "attendu"),
    [
        (D("12345.67"), True, "12\u202f345,67\u00a0€"),
        (D("12345.67"), False, "12\u202f346\u00a0€"),
        (D("0"), True, "0,00\u00a0€"),
        (D("-1234567.8"), True, "−1\u202f234\u202f567,80\u00a0€"),
        (None, True, "–"),
    ],
)
def test_un_montant_s_ecrit_a_la_francaise(montant: D | None, centimes: bool, attendu: str) -> None:
    assert formater_euros(montant, centimes) == attendu


def test_un_nombre_s_ecrit_a_la_francaise() -> None:
    assert formater_nombre(76486) == "76\u202f486"
    assert formater_nombre(D("-0.04"), 1) == "0,0"
    assert formater_nombre(D("14.85"), 1) == "14,9"
    assert formater_nombre(None) == "–"


@pytest.mark.parametrize(
    ("taux", "decimales", "attendu"),
    [
        ("0.6", 1, "60,0\u00a0%"),
        ("0.2", None, "20\u00a0%"),
        ("1", None, "100\u00a0%"),
        ("0", None, "0\u00a0%"),
        ("0.39682", None, "39,68\u00a0%"),
        ("0.235", None, "23,5\u00a0%"),
    ],
)
def test_un_taux_s_ecrit_en_pourcentage(taux: str, decimales: int | None, attendu: str) -> None:
    assert formater_taux(D(taux), decimales) == attendu


def test_un_taux_absent_s_ecrit_par_un_tiret() -> None:
    assert formater_taux(None) == "–"


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("12 345,67 €", "12345.67"),
        ("12345.67", "12345.67"),
        ("1 234", "1234.00"),
        ("12\u202f345,67\u00a0€", "12345.67"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1.234.567", "1234567.00"),
        ("1,234,567", "1234567.00"),
        ("0", "0.00"),
        ("0.125", "0.13"),
        ("238131.94000000001", "238131.94"),
        ("15 EUR", "15.00"),
        ("15 euros", "15.00"),
        ("10000000000", "10000000000.00"),
    ],
)
def test_les_ecritures_courantes_se_lisent(texte: str, attendu: str) -> None:
    assert lire_montant(texte) == D(attendu)


@pytest.mark.parametrize(
    ("texte", "message"),
    [
        ("", "Aucun montant"),
        ("  € ", "Aucun montant"),
        ("-5", "négatif"),
        ("−5,00", "négatif"),
        ("(5,00)", "négatif"),
        ("1.234", "ambigu : écrivez 1 234 pour les milliers ou 1,23 pour les centimes"),
        ("12,345", "ambigu"),
        ("NaN", "n’est pas un montant"),
        ("inf", "n’est pas un montant"),
        ("1e6", "n’est pas un montant"),
        ("12 34", "n’est pas un montant"),
        ("1,2,3", "n’est pas un montant"),
        ("douze", "n’est pas un montant"),
        ("12 k€", "n’est pas un montant"),
        ("٣٤", "n’est pas un montant"),
        ("=1+1", "n’est pas un montant"),
        ("10000000000,01", "10 milliards"),
        ("9" * 400, "10 milliards"),
    ],
)
def test_une_ecriture_douteuse_est_refusee_avec_sa_raison(texte: str, message: str) -> None:
    with pytest.raises(MontantIllisible) as refus:
        lire_montant(texte)
    assert message in str(refus.value)


@given(MONTANTS)
def test_ce_qui_est_ecrit_se_relit_a_l_identique(montant: D) -> None:
    assert lire_montant(formater_euros(montant)) == montant


@given(st.text())
def test_aucun_texte_ne_fait_tomber_la_lecture(texte: str) -> None:
    try:
        lu = lire_montant(texte)
    except MontantIllisible:
        return
    assert lu >= 0


@pytest.mark.parametrize(
    ("montant", "attendu"),
    [
        ("0", "zéro euro"),
        ("1", "un euro"),
        ("2.02", "deux euros et deux centimes"),
        ("17", "dix-sept euros"),
        ("21", "vingt et un euros"),
        ("70", "soixante-dix euros"),
        ("71", "soixante et onze euros"),
        ("80", "quatre-vingts euros"),
        ("81", "quatre-vingt-un euros"),
        ("91", "quatre-vingt-onze euros"),
        ("100", "cent euros"),
        ("101", "cent un euros"),
        ("200", "deux cents euros"),
        ("201", "deux cent un euros"),
        ("1000", "mille euros"),
        ("80000", "quatre-vingt mille euros"),
        ("200000", "deux cent mille euros"),
        ("1000000", "un million d’euros"),
        ("80000000", "quatre-vingts millions d’euros"),
        ("2000000001", "deux milliards un euros"),
        ("490000", "quatre cent quatre-vingt-dix mille euros"),
        ("280080", "deux cent quatre-vingt mille quatre-vingts euros"),
        ("1000001", "un million un euros"),
        ("200000000", "deux cents millions d’euros"),
        ("1000000000", "un milliard d’euros"),
        ("12345.67", "douze mille trois cent quarante-cinq euros et soixante-sept centimes"),
        ("1.71", "un euro et soixante et onze centimes"),
        ("0.01", "zéro euro et un centime"),
        ("21428.20", "vingt et un mille quatre cent vingt-huit euros et vingt centimes"),
        ("300000000200.80", "trois cents milliards deux cents euros et quatre-vingts centimes"),
    ],
)
def test_un_montant_s_ecrit_en_lettres(montant: str, attendu: str) -> None:
    assert en_lettres(D(montant)) == attendu


@pytest.mark.parametrize("montant", ["-1", "1000000000000"])
def test_un_montant_negatif_ou_demesure_ne_s_ecrit_pas_en_lettres(montant: str) -> None:
    with pytest.raises(ValueError, match=r"^Seul un montant positif, inférieur .* en lettres\.$"):
        en_lettres(D(montant))


@given(
    st.integers(0, 10**12).map(lambda cents: D(cents) / 100),
    st.sampled_from([("1",), ("0.3", "0.5", "0.2"), ("0.333", "0.333", "0.334"), ("0.125",) * 8]),
)
def test_un_montant_etale_se_retrouve_au_centime(montant, parts):
    parts = [D(p) for p in parts]
    etale = etaler(montant, parts)
    assert sum(etale) == montant
    assert all(x == arrondir(x) for x in etale)
    assert all(abs(x - montant * p) <= D("0.005") for x, p in zip(etale[:-1], parts[:-1], strict=True))


def test_la_derniere_part_prend_le_reste():
    assert etaler(D("100.01"), [D("0.5"), D("0.5")]) == [D("50.01"), D("50.00")]
