"""A formula is data: read, checked, told in words, applied step by step."""

from decimal import Decimal
from decimal import Decimal as D
from typing import Any

import pytest

from arpent.metier.repartition import RepartitionImpossible, appliquer, lire_formule, repartir_enveloppe
from arpent.metier.repartition.enveloppe import Cle

TROIS = ["a", "b", "c"]
VALEURS: dict[str, dict[str, Decimal | None] | None] = {
    "forfait": None,
    "population": {"a": D(100), "b": D(200), "c": D(700)},
    "score": {"a": D("0.9"), "b": D("0.5"), "c": D("0.5")},
    "voirie": {"a": D(1), "b": None, "c": D(2)},
}
POPULATION = [{"critere": "population", "poids": "1"}]


def totaux(brut: object, montant: str = "1000.00", **reste: Any) -> dict[str, str]:
    resultat = appliquer(D(montant), lire_formule(brut), TROIS, VALEURS, **reste)
    assert sum(p.total for p in resultat.parts.values()) + resultat.non_reparti == D(montant)
    return {t: str(p.total) for t, p in resultat.parts.items()}


def test_une_liste_de_poids_donne_le_partage_de_toujours() -> None:
    brut = [{"critere": "forfait", "poids": "0.5"}, {"critere": "population", "poids": 0.5}]
    cles = [
        Cle("forfait", "", D("0.5")),
        Cle("population", "", D("0.5"), VALEURS["population"]),
    ]
    attendu = repartir_enveloppe(D("100.01"), cles, TROIS)
    assert appliquer(D("100.01"), lire_formule(brut), TROIS, VALEURS) == attendu


def test_le_fixe_passe_avant_les_cles() -> None:
    (etape,) = appliquer(D(1000), lire_formule({"fixe": 100, "cles": POPULATION}), TROIS, VALEURS).etapes
    assert etape.phrase == "100,00\u00a0€ à chaque territoire, avant tout partage."
    assert totaux({"fixe": 100, "cles": POPULATION}) == {"a": "170.00", "b": "240.00", "c": "590.00"}


def test_un_montant_par_habitant_laisse_le_reste_non_reparti() -> None:
    assert totaux({"par_habitant": "0.90"}) == {"a": "90.00", "b": "180.00", "c": "630.00"}


def test_le_rang_prend_les_plus_bas_et_les_ex_aequo() -> None:
    rang = {"critere": "score", "nombre": 1, "part": 1}
    assert totaux({"rang": rang}) == {"a": "0.00", "b": "500.00", "c": "500.00"}
    resultat = appliquer(D(90), lire_formule({"rang": rang | {"selon": "population"}}), TROIS, VALEURS)
    assert resultat.etapes[0].concernes == ("b", "c")
    assert "2 territoires" in resultat.etapes[0].phrase
    assert resultat.parts["b"].total == D("20.00")


def test_rang_et_cles_se_partagent_l_enveloppe() -> None:
    brut = {"rang": {"critere": "score", "nombre": 2, "part": "0.2"}, "cles": POPULATION}
    assert totaux(brut) == {"a": "80.00", "b": "260.00", "c": "660.00"}


def test_un_rang_sur_un_critere_egal_pour_tous_prend_tout_le_monde() -> None:
    assert totaux({"rang": {"critere": "forfait", "nombre": 1, "part": 1}}, "90.00") == dict.fromkeys(
        TROIS, "30.00"
    )


@pytest.mark.parametrize(
    ("fixe", "garde", "parts"),
    [({}, D(500), ["50.00", "100.00", "350.00"]), ({"fixe": 300}, D(100), ["300.00"] * 3)],
)
def test_un_rang_a_qui_une_valeur_manque_garde_sa_part(
    fixe: dict[str, int], garde: Decimal, parts: list[str]
) -> None:
    """The keys never share what waits for the rank, even when less is left than the rank would take."""
    brut = {**fixe, "rang": {"critere": "voirie", "nombre": 2, "part": "0.5"}, "cles": POPULATION}
    resultat = appliquer(D(1000), lire_formule(brut), TROIS, VALEURS)
    assert resultat.non_reparti == garde
    assert resultat.manquants == {"rang": ("b",)}
    assert [str(resultat.parts[t].total) for t in TROIS] == parts


def test_un_rang_partage_selon_des_valeurs_nulles_est_refuse() -> None:
    formule = lire_formule({"rang": {"critere": "score", "nombre": 2, "part": 1, "selon": "nul"}})
    with pytest.raises(RepartitionImpossible, match="Rang : Le partage est impossible"):
        appliquer(D(1000), formule, TROIS, {**VALEURS, "nul": dict.fromkeys(TROIS, D(0))})


def test_un_coefficient_sur_une_enveloppe_nulle_ne_donne_rien() -> None:
    classes = {"a": "A", "b": "B", "c": "B"}
    assert totaux({"cles": POPULATION, "bonus": {"A": 2}}, "0.00", classes=classes) == dict.fromkeys(
        TROIS, "0.00"
    )


def test_une_borne_par_habitant_attend_les_habitants() -> None:
    sans = {**VALEURS, "population": {"a": D(100), "b": None, "c": D(700)}}
    brut = {"cles": [{"critere": "forfait", "poids": 1}], "plancher": {"par_habitant": 1}}
    resultat = appliquer(D(300), lire_formule(brut), TROIS, sans)
    assert resultat.manquants == {"bornes": ("b",)}
    assert [resultat.parts[t].total for t in TROIS] == [D(100)] * 3


@pytest.mark.parametrize(
    ("brut", "mots"),
    [
        ([], ""),
        ({"fixe": 100}, "100,00 € par territoire"),
        ({"par_habitant": 2}, "2,00 € par habitant"),
        (
            {"rang": {"critere": "score", "nombre": 2, "part": "0.2"}},
            "20 % aux 2 plus bas de « note », à parts égales",
        ),
        (
            {"rang": {"critere": "score", "nombre": 2, "part": "0.2", "selon": "population"}},
            "20 % aux 2 plus bas de « note », selon population",
        ),
        (POPULATION, "population 100 %"),
        (
            {"cles": POPULATION, "bonus": {"A": "1.2"}, "plancher": 5, "plafond": {"part": "0.5"}},
            "population 100 % ; coefficient de classe A × 1,20 ; plancher 5,00 € ; "
            "plafond 50 % de l’enveloppe",
        ),
    ],
)
def test_chaque_etape_se_dit_et_elle_seule(brut: object, mots: str) -> None:
    assert lire_formule(brut).en_mots({"score": "Note"}).replace("\u00a0", " ") == mots


def test_le_coefficient_de_classe_deplace_sans_ajouter() -> None:
    brut = {"cles": POPULATION, "bonus": {"A": 2}}
    assert totaux(brut, classes={"a": "A", "b": "B", "c": "B"}) == {
        "a": "181.82",
        "b": "181.82",
        "c": "636.36",
    }


def test_sans_classe_connue_le_coefficient_attend() -> None:
    formule = lire_formule({"cles": POPULATION, "bonus": {"A": 2}})
    resultat = appliquer(D(1000), formule, TROIS, VALEURS, classes={"a": "A"})
    assert resultat.manquants == {"bonus": ("b", "c")}
    assert resultat.parts["a"].total == D("100.00")


@pytest.mark.parametrize(
    ("bornes", "attendu"),
    [
        ({"plancher": 250}, {"a": "250.00", "b": "250.00", "c": "500.00"}),
        ({"plafond": 500}, {"a": "166.67", "b": "333.33", "c": "500.00"}),
        ({"plancher": 200, "plafond": 450}, {"a": "200.00", "b": "350.00", "c": "450.00"}),
        ({"plafond": {"part": "0.25"}}, {"a": "250.00", "b": "250.00", "c": "250.00"}),
        ({"plancher": {"par_habitant": 1}}, {"a": "100.00", "b": "200.00", "c": "700.00"}),
    ],
)
def test_planchers_et_plafonds_se_compensent(bornes: dict[str, Any], attendu: dict[str, str]) -> None:
    assert totaux({"cles": POPULATION, **bornes}) == attendu


def test_un_plancher_sans_cle_est_pris_sur_le_reste() -> None:
    assert totaux({"par_habitant": "0.5", "plancher": 80}) == {"a": "80.00", "b": "100.00", "c": "350.00"}
    assert totaux({"par_habitant": "0.5", "plafond": 80}) == {"a": "50.00", "b": "80.00", "c": "80.00"}


def test_une_valeur_absente_suspend_la_cle_et_les_bornes() -> None:
    brut = {
        "cles": [{"critere": "voirie", "poids": "0.5"}, {"critere": "forfait", "poids": "0.5"}],
        "plancher": 1,
    }
    resultat = appliquer(D(300), lire_formule(brut), TROIS, VALEURS)
    assert resultat.non_reparti == D(150)
    assert resultat.manquants == {"voirie": ("b",), "bornes": ()}


def test_un_habitant_inconnu_suspend_tout_ce_qui_suit() -> None:
    formule = lire_formule({"par_habitant": 1, "cles": [{"critere": "forfait", "poids": 1}]})
    resultat = appliquer(D(300), formule, TROIS, {"forfait": None, "population": {"a": D(1), "b": D(2)}})
    assert resultat.non_reparti == D(300)
    assert resultat.manquants == {"par_habitant": ("c",)}


@pytest.mark.parametrize(
    ("brut", "dit"),
    [
        ({"fixe": 400}, "La part fixe demande 1\u202f200,00\u00a0€ et il reste 1\u202f000,00\u00a0€"),
        ({"par_habitant": 2}, "Le montant par habitant demande"),
        ({"cles": POPULATION, "plancher": 400}, "Les planchers demandent 1\u202f200,00\u00a0€"),
        ({"cles": POPULATION, "plancher": {"par_habitant": 1}, "plafond": 300}, "Territoire C : le plancher"),
    ],
)
def test_ce_qui_ne_tient_pas_est_nomme(brut: object, dit: str) -> None:
    with pytest.raises(RepartitionImpossible, match=dit):
        totaux(brut, noms={"c": "Territoire C"})


@pytest.mark.parametrize(
    ("brut", "dit"),
    [
        ("moitié", "une liste de « critere » et « poids », ou une table"),
        ({"part": 1}, "L’étape « part » est inconnue"),
        ({"plancher": 5}, "ne partage rien"),
        ([{"critere": "population"}], "liste de « critere » et « poids »"),
        ([{"critere": "population", "poids": "0.9"}], "font 0.9 au lieu de 1"),
        ([{"critere": "population", "poids": "beaucoup"}], "doit être un nombre"),
        ([{"critere": "a", "poids": 2}, {"critere": "b", "poids": -1}], "supérieur à 0"),
        (POPULATION * 2, "figure deux fois"),
        ([{"critere": "bornes", "poids": 1}], "le nom d’une étape"),
        ({"fixe": "1.234"}, "au centime"),
        ({"rang": {"critere": "score"}}, "doit donner un critère et un nombre"),
        ({"rang": {"critere": "score", "nombre": 0}}, "entier d’au moins 1"),
        ({"rang": {"critere": "score", "nombre": 2, "part": 2}}, "entre 0 et 1"),
        ({"rang": {"critere": "score", "nombre": 2, "quota": 2}}, "« quota » est inconnue"),
        ({"fixe": 1, "bonus": {"A": 0}}, "supérieur à 0"),
        ({"fixe": 1, "bonus": [1]}, "un coefficient par classe"),
        ({"fixe": 1, "plancher": {"km": 2}}, "une seule unité"),
        ({"fixe": 1, "plafond": {"part": 2}}, "entre 0 et 1"),
        ({"fixe": 1, "plancher": 9, "plafond": 8}, "Le plancher dépasse le plafond"),
    ],
)
def test_une_formule_fausse_est_refusee(brut: object, dit: str) -> None:
    with pytest.raises(RepartitionImpossible, match=dit):
        lire_formule(brut)


def test_une_formule_se_lit_en_mots() -> None:
    formule = lire_formule(
        {
            "fixe": 100,
            "par_habitant": 2,
            "rang": {"critere": "score", "nombre": 3, "part": "0.1"},
            "cles": POPULATION,
            "bonus": {"A": "1.2"},
            "plancher": {"par_habitant": 20},
            "plafond": {"part": "0.25"},
        }
    )
    ecrit = formule.en_mots({"population": "Population"}).replace("\u00a0", " ")
    assert ecrit == (
        "100,00 € par territoire ; 2,00 € par habitant ; 10 % aux 3 plus bas de « score », à parts égales ; "
        "population 100 % ; coefficient de classe A × 1,20 ; plancher 20,00 € par habitant ; "
        "plafond 25 % de l’enveloppe"
    )
    assert formule.criteres() == ("population", "score")
    assert lire_formule([]).criteres() == ()
