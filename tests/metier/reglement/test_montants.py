"""Rules of amount: rate, bonus, ceilings, floor."""

from decimal import Decimal as D
from typing import Any

import pytest

from arpent.metier.reglement import Verdict, lire_reglement
from tests.metier.reglement.fabrique import constat, donnees, enonce, evaluer, simple

VIDE = {"valeur": None, "valeur_demonstration": "30 %", "source": "Taux non publié"}
PAR_THEME = {"par": "theme", "valeurs": {"voirie": "40 %", "cadre-de-vie": VIDE}}


def taux(valeur: Any) -> dict[str, Any]:
    return {"genre": "taux_intervention", "taux": valeur}


def montant(genre: str, valeur: Any) -> dict[str, Any]:
    return {"genre": genre, "montant": valeur}


BONUS = {"genre": "bonification", "classes": ["forte"], "points": "5 %"}


def test_le_taux_s_applique_a_l_assiette() -> None:
    obtenu = constat(taux("30 %"), assiette=D("150000.00"), aide_demandee=D("45000.01"))
    assert obtenu.plafond == D("45000.00")
    assert simple(obtenu.calcul) == "30 % × 150 000,00 € = 45 000,00 €"
    assert obtenu.verdict == Verdict.NON_CONFORME
    assert "dépasse de 0,01 € le maximum de 45 000,00 €" in simple(obtenu.explication)


def test_une_aide_egale_au_maximum_est_conforme() -> None:
    assert constat(taux("15 %")).verdict == Verdict.CONFORME


def test_le_taux_peut_dependre_du_theme() -> None:
    assert constat(taux(PAR_THEME)).plafond == D("80000.00")


@pytest.mark.parametrize(
    ("valeur", "champs", "extrait"),
    [
        (VIDE, {}, "Le taux n’est pas renseigné"),
        (PAR_THEME, {"theme": "cadre-de-vie"}, "Le taux pour le thème « cadre-de-vie » n’est pas renseigné"),
        (PAR_THEME, {"theme": "sport"}, "Le taux pour le thème « sport »"),
        (
            {"par": "classe_vulnerabilite", "valeurs": {"forte": "40 %"}},
            {},
            "donnée non renseignée : la classe du territoire",
        ),
        ({"par": "maturite", "valeurs": {"amorcage_a": "40 %"}}, {}, "la maturité « projet structurant »"),
        (
            {"par": "beneficiaire_nature", "valeurs": {"cc": "40 %"}},
            {},
            "un bénéficiaire de type « commune »",
        ),
    ],
)
def test_un_taux_que_l_autorite_n_a_pas_donne_est_a_verifier(
    valeur: Any, champs: dict[str, Any], extrait: str
) -> None:
    obtenu = constat(taux(valeur), **champs)
    assert (obtenu.verdict, obtenu.plafond) == (Verdict.A_VERIFIER, None)
    assert extrait in simple(obtenu.explication)


def test_une_valeur_de_demonstration_est_marquee_comme_telle() -> None:
    obtenu = constat(taux(VIDE), demonstration=True)
    assert (obtenu.plafond, obtenu.demonstration, obtenu.source) == (D("60000.00"), True, "Taux non publié")
    assert lire_reglement(donnees(taux(VIDE)), demonstration=True).demonstration
    assert not lire_reglement(donnees(taux(VIDE))).demonstration


def test_une_valeur_certaine_l_emporte_sur_celle_de_demonstration() -> None:
    obtenu = constat(taux({**VIDE, "valeur": "25 %"}), demonstration=True)
    assert (obtenu.plafond, obtenu.demonstration) == (D("50000.00"), False)


def test_la_bonification_s_ajoute_au_taux_quel_que_soit_l_ordre_des_articles() -> None:
    for regles in ([taux("30 %"), BONUS], [BONUS, taux("30 %")]):
        resultat = evaluer(*regles, classe_vulnerabilite="forte")
        assert resultat.aide_maximale == D("70000.00")
        assert resultat.plafond_liant is not None
        assert (
            simple(resultat.plafond_liant.calcul)
            == "(30 % + 5 points, soit 35 %) × 200 000,00 € = 70 000,00 €"
        )


def test_un_taux_bonifie_ne_depasse_pas_cent_pour_cent() -> None:
    assert constat(taux("98 %"), BONUS, classe_vulnerabilite="forte").plafond == D("200000.00")


CONDITIONS: list[tuple[dict[str, Any], dict[str, Any], Verdict, str]] = [
    ({"classes": ["forte"]}, {"classe_vulnerabilite": "forte"}, Verdict.CONFORME, "augmenté de 5 points"),
    ({"classes": ["forte"]}, {"classe_vulnerabilite": "moindre"}, Verdict.SANS_OBJET, "pas réunies"),
    ({"classes": ["forte"]}, {}, Verdict.A_VERIFIER, "la classe du territoire"),
    ({"secteurs": ["ville"]}, {"secteurs": ("ville", "emploi")}, Verdict.CONFORME, "5 points"),
    ({"secteurs": ["ville"]}, {"secteurs": ("emploi",)}, Verdict.SANS_OBJET, "pas réunies"),
    ({"population_max": 800}, {}, Verdict.CONFORME, "5 points"),
    ({"population_max": 799}, {}, Verdict.SANS_OBJET, "pas réunies"),
    ({"population_max": 800}, {"beneficiaire_population": None}, Verdict.A_VERIFIER, "la population"),
    ({"population_max": 800, "points": VIDE}, {}, Verdict.A_VERIFIER, "n’est pas renseigné"),
]


@pytest.mark.parametrize(("conditions", "champs", "verdict", "extrait"), CONDITIONS)
def test_la_bonification_demande_toutes_ses_conditions(
    conditions: dict[str, Any], champs: dict[str, Any], verdict: Verdict, extrait: str
) -> None:
    regle = {"genre": "bonification", "points": "5 %", **conditions}
    resultat = evaluer(regle, taux("30 %"), **champs)
    assert resultat.constats[0].verdict == verdict
    assert extrait in simple(resultat.constats[0].explication)
    assert resultat.aide_maximale == (D("70000.00") if verdict is Verdict.CONFORME else D("60000.00"))


def test_le_plafond_d_aide_limite_l_aide() -> None:
    regle = montant(
        "plafond_aide", {"par": "beneficiaire_nature", "valeurs": {"commune": "15 000 €", "cc": 20000}}
    )
    resultat = evaluer(regle, taux("30 %"))
    assert (resultat.aide_maximale, resultat.aide_calculee) == (D("15000.00"), D("15000.00"))
    assert resultat.plafond_liant == resultat.constats[0]
    attendu = "Plafond pour un bénéficiaire de type « commune » : 15 000,00 €"
    assert simple(resultat.constats[0].calcul) == attendu


def test_un_plafond_vide_est_a_verifier() -> None:
    obtenu = constat(montant("plafond_aide", {"valeur": None}))
    assert (obtenu.verdict, obtenu.plafond) == (Verdict.A_VERIFIER, None)


@pytest.mark.parametrize(
    ("plafond", "champs", "verdict", "extrait", "maximum"),
    [
        ("100 000 €", {}, Verdict.CONFORME, "ramenée au plafond de 100 000,00 €", "30000.00"),
        ("300 000 €", {}, Verdict.CONFORME, "retenue en entier", "60000.00"),
        ({"valeur": None}, {}, Verdict.A_VERIFIER, "Le plafond d’assiette n’est pas renseigné", "60000.00"),
        ("100 000 €", {"assiette": D("200000.01")}, Verdict.NON_CONFORME, "dépasse le coût HT", "30000.00"),
    ],
)
def test_le_plafond_d_assiette_limite_la_base_du_taux(
    plafond: Any, champs: dict[str, Any], verdict: Verdict, extrait: str, maximum: str
) -> None:
    resultat = evaluer(taux("30 %"), montant("plafond_assiette", plafond), **champs)
    assert resultat.constats[1].verdict == verdict
    assert extrait in simple(resultat.constats[1].explication)
    assert resultat.aide_maximale == D(maximum)


def test_de_deux_plafonds_d_assiette_le_plus_petit_joue() -> None:
    grand = {**montant("plafond_assiette", "150 000 €"), "code": "a"}
    petit = {**montant("plafond_assiette", "100 000 €"), "code": "b"}
    assert evaluer(taux("30 %"), petit, grand).aide_maximale == D("30000.00")


PLANCHERS: list[tuple[dict[str, Any], dict[str, Any], Verdict, str, str]] = [
    ({"montant": "5 000 €"}, {}, Verdict.CONFORME, "atteint le plancher de 5 000,00 €", "60000.00"),
    ({"montant": "5 000 €"}, {"aide_demandee": D("4999.99")}, Verdict.NON_CONFORME, "inférieure", "60000.00"),
    ({"montant": "60 000,01 €"}, {}, Verdict.NON_CONFORME, "reste sous le plancher", "0.00"),
    ({"part": "10 %"}, {}, Verdict.CONFORME, "plancher de 20 000,00 €", "60000.00"),
    ({"montant": "5 000 €", "part": "20 %"}, {}, Verdict.NON_CONFORME, "plancher de 40 000,00 €", "60000.00"),
    ({"montant": {"valeur": None}, "part": "20 %"}, {}, Verdict.A_VERIFIER, "Le plancher n’est", "60000.00"),
    ({"part": {"valeur": None}}, {}, Verdict.A_VERIFIER, "Le plancher en taux", "60000.00"),
    ({"montant": "5 000 €"}, {"cout_ht": D("0.00")}, Verdict.SANS_OBJET, "Aucune aide", "0.00"),
]


@pytest.mark.parametrize(("plancher", "champs", "verdict", "extrait", "maximum"), PLANCHERS)
def test_sous_le_plancher_rien_n_est_donne(
    plancher: dict[str, Any], champs: dict[str, Any], verdict: Verdict, extrait: str, maximum: str
) -> None:
    resultat = evaluer({"genre": "plancher_aide", **plancher}, taux("30 %"), **champs)
    assert resultat.constats[0].verdict == verdict
    assert extrait in simple(resultat.constats[0].explication)
    assert resultat.aide_maximale == D(maximum)


def test_un_plancher_hors_d_atteinte_devient_la_regle_qui_decide() -> None:
    resultat = evaluer(montant("plancher_aide", {**VIDE, "valeur_demonstration": "70 000 €"}), taux("30 %"),
                       demonstration=True)  # fmt: skip
    assert resultat.plafond_liant == resultat.constats[0]
    assert resultat.constats[0].demonstration
    assert resultat.constats[0].source == "Taux non publié"


@pytest.mark.parametrize(
    ("regle", "phrase"),
    [
        (taux(VIDE), "Taux d’intervention : non renseigné."),
        (taux(PAR_THEME), "Taux d’intervention : Voirie : 40 % ; cadre-de-vie : non renseigné."),
        (montant("plafond_aide", "1 000 €"), "Plafond de l’aide : 1 000,00 €."),
        (montant("plafond_assiette", 1000), "Plafond de l’assiette : 1 000,00 €."),
        (montant("plancher_aide", 1000), "Plancher de l’aide : 1 000,00 €."),
        ({"genre": "plancher_aide", "montant": 1000, "part": "10 %"},
         "Plancher de l’aide : 1 000,00 € et 10 % de l’assiette."),
        ({"genre": "plancher_aide", "part": "10 %"}, "Plancher de l’aide : 10 % de l’assiette."),
        ({**BONUS, "secteurs": ["ville", "emploi"], "population_max": 2000},
         "Bonification : 5 points (secteur : ville, emploi ; classe : Forte vulnérabilité ; "
         "population : 2 000 habitants au plus)."),
        ({"genre": "bonification", "population_max": 500, "points": "1 %"},
         "Bonification : 1 point (population : 500 habitants au plus)."),
        ({"genre": "bonification", "secteurs": ["ville"], "points": VIDE},
         "Bonification : non renseigné (secteur : ville)."),
    ],
)  # fmt: skip
def test_chaque_regle_s_enonce_avec_ses_valeurs(regle: dict[str, Any], phrase: str) -> None:
    assert enonce(regle) == phrase


def test_l_enonce_dit_qu_une_valeur_est_de_demonstration() -> None:
    assert enonce(taux(VIDE), demonstration=True) == "Taux d’intervention : 30 % (valeur de démonstration)."
