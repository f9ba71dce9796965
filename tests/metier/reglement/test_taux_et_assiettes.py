"""Coefficient, maximal rate, flat sums, unit costs, excluded spending, shares of the cost."""

from decimal import Decimal as D
from typing import Any

import pytest

from arpent.metier.plan_financement import Financeur, StatutFinancement
from arpent.metier.reglement import ReglementInvalide, Verdict, lire_reglement
from tests.metier.reglement.fabrique import constat, donnees, enonce, evaluer, financement, simple

TAUX = {"genre": "taux_intervention", "taux": "25 %"}
BONUS = {"genre": "bonification", "points": "5 %", "si": {"champ": "population", "est": "<", "valeur": 900}}
SOLIDARITE = {"genre": "coefficient", "valeur_fixe": {"valeur": "0,94", "source": "Délibération"}}
PROPRE = {"genre": "coefficient", "indicateur": "solidarite"}
VIDE = {"valeur": None}


@pytest.mark.parametrize(
    ("regles", "champs", "calcul"),
    [
        ([SOLIDARITE], {}, "(25 % × 0,94, soit 23,5 %) × 200 000,00 € = 47 000,00 €"),
        ([SOLIDARITE, BONUS], {}, "((25 % + 5 points) × 0,94, soit 28,2 %) × 200 000,00 € = 56 400,00 €"),
        ([PROPRE], {"indicateurs": {"solidarite": D("1.123")}},
         "(25 % × 1,123, soit 28,075 %) × 200 000,00 € = 56 150,00 €"),
        ([PROPRE], {}, "25 % × 200 000,00 € = 50 000,00 €"),
        ([{"genre": "plafond_taux", "taux": "28 %"}, BONUS], {},
         "(25 % + 5 points, soit 28 %) × 200 000,00 € = 56 000,00 €"),
        ([{"genre": "plafond_taux", "taux": "20 %"}], {}, "(25 %, soit 20 %) × 200 000,00 € = 40 000,00 €"),
        ([{"genre": "plafond_taux", "taux": VIDE}], {}, "25 % × 200 000,00 € = 50 000,00 €"),
    ],
)  # fmt: skip
def test_le_taux_s_ecrit_comme_sur_le_papier(
    regles: list[dict[str, Any]], champs: dict[str, Any], calcul: str
) -> None:
    assert simple(constat(TAUX, *regles, **champs).calcul) == calcul


@pytest.mark.parametrize(
    ("regle", "champs", "verdict", "extrait"),
    [
        (SOLIDARITE, {}, Verdict.CONFORME, "multiplié par 0,94"),
        (PROPRE, {"indicateurs": {"solidarite": D(1)}}, Verdict.CONFORME, "multiplié par 1."),
        (PROPRE, {}, Verdict.A_VERIFIER, "l’indicateur « solidarite »"),
        ({"genre": "coefficient", "valeur_fixe": VIDE}, {}, Verdict.A_VERIFIER, "Le coefficient n’est pas"),
        ({"genre": "plafond_taux", "taux": "80 %"}, {}, Verdict.CONFORME, "ne dépasse pas 80 %"),
        ({"genre": "plafond_taux", "taux": VIDE}, {}, Verdict.A_VERIFIER, "Le taux maximal n’est pas"),
    ],
)
def test_ce_qui_agit_sur_le_taux_le_dit(
    regle: dict[str, Any], champs: dict[str, Any], verdict: Verdict, extrait: str
) -> None:
    obtenu = constat(regle, **champs)
    assert (obtenu.verdict, obtenu.plafond) == (verdict, None)
    assert extrait in simple(obtenu.explication)


def test_un_coefficient_dit_sa_source_et_l_indicateur_qu_il_lit() -> None:
    assert constat(SOLIDARITE).source == "Délibération"
    assert lire_reglement(donnees(PROPRE)).champs_lus == {"indicateur.solidarite"}
    assert lire_reglement(donnees(SOLIDARITE)).champs_lus == frozenset()


LOGEMENTS = {"genre": "forfait", "montant": "4 000 €", "unite": "logements"}
RESERVOIR = {"genre": "plafond_unitaire", "montant": "1 500 €", "unite": "m3"}
SANS_ETUDES = {"genre": "depenses_exclues", "postes": ["etudes", "foncier"]}


@pytest.mark.parametrize(
    ("regle", "champs", "verdict", "plafond", "calcul"),
    [
        (LOGEMENTS, {"quantites": {"logements": D(5)}}, Verdict.NON_CONFORME, "20000.00",
         "5 logements × 4 000,00 € = 20 000,00 €"),
        (LOGEMENTS, {"quantites": {"logements": D("7.5")}}, Verdict.CONFORME, "30000.00",
         "7,5 logements × 4 000,00 € = 30 000,00 €"),
        (LOGEMENTS, {}, Verdict.A_VERIFIER, None, ""),
        ({"genre": "forfait", "montant": "30 000 €"}, {}, Verdict.CONFORME, "30000.00",
         "Forfait : 30 000,00 €"),
        ({**LOGEMENTS, "montant": VIDE}, {}, Verdict.A_VERIFIER, None, ""),
        (RESERVOIR, {}, Verdict.A_VERIFIER, None, ""),
        ({**RESERVOIR, "montant": VIDE}, {}, Verdict.A_VERIFIER, None, ""),
        (SANS_ETUDES, {}, Verdict.A_VERIFIER, None, ""),
    ],
)  # fmt: skip
def test_un_forfait_et_un_cout_unitaire_demandent_leur_quantite(
    regle: dict[str, Any], champs: dict[str, Any], verdict: Verdict, plafond: str | None, calcul: str
) -> None:
    obtenu = constat(regle, **champs)
    assert (obtenu.verdict, obtenu.plafond) == (verdict, None if plafond is None else D(plafond))
    assert simple(obtenu.calcul) == calcul


@pytest.mark.parametrize(
    ("regle", "champs", "calcul", "maximum"),
    [
        (RESERVOIR, {"quantites": {"m3": D(100)}}, "100 m3 × 1 500,00 € = 150 000,00 €", "37500.00"),
        (RESERVOIR, {"quantites": {"m3": D(200)}}, "200 m3 × 1 500,00 € = 300 000,00 €", "50000.00"),
        (SANS_ETUDES, {"depenses": {"etudes": D("10000.00"), "travaux": D("190000.00")}},
         "200 000,00 € − 10 000,00 € (etudes) = 190 000,00 €", "47500.00"),
        (SANS_ETUDES, {"depenses": {"etudes": D("10000.00")}, "assiette": D("150000.00")},
         "200 000,00 € − 10 000,00 € (etudes) = 190 000,00 €", "37500.00"),
        (SANS_ETUDES, {"depenses": {"etudes": D("150000.00"), "foncier": D("60000.00")}},
         "200 000,00 € − 150 000,00 € (etudes) − 60 000,00 € (foncier) = 0,00 €", "0.00"),
        (SANS_ETUDES, {"depenses": {"travaux": D("1.00")}}, "", "50000.00"),
    ],
)  # fmt: skip
def test_l_assiette_est_limitee_avant_le_taux(
    regle: dict[str, Any], champs: dict[str, Any], calcul: str, maximum: str
) -> None:
    resultat = evaluer(TAUX, regle, **champs)
    assert simple(resultat.constats[1].calcul) == calcul
    assert resultat.aide_maximale == D(maximum)


def test_une_limite_d_assiette_moins_stricte_ne_desserre_pas_la_premiere() -> None:
    resultat = evaluer(
        TAUX, {"genre": "plafond_assiette", "montant": "100 000 €"}, RESERVOIR, quantites={"m3": D(100)}
    )
    assert resultat.aide_maximale == D("25000.00")


MOITIE = {"genre": "plafond_financeur", "part": "50 %"}
ACQUIS = financement(Financeur.DEPARTEMENT, "20000.00")
DEMANDE = financement(Financeur.DEPARTEMENT, "30000.00", StatutFinancement.SOLLICITE)
REFUSE = financement(Financeur.DEPARTEMENT, "5000.00", StatutFinancement.REFUSE)
ETAT = financement(Financeur.ETAT, "60000.00")
MECENAT = financement(Financeur.PRIVE, "10000.00")
PROPRE_PART = {"genre": "autofinancement_minimal", "part": "30 %"}


@pytest.mark.parametrize(
    ("regle", "champs", "plafond", "calcul"),
    [
        (MOITIE, {}, "100000.00", "50 % × 200 000,00 € = 100 000,00 € ; − 0,00 € déjà acquis = 100 000,00 €"),
        (MOITIE, {"financements": (ACQUIS, DEMANDE, REFUSE, ETAT)}, "80000.00",
         "50 % × 200 000,00 € = 100 000,00 € ; − 20 000,00 € déjà acquis = 80 000,00 €"),
        ({**MOITIE, "base": "assiette"}, {"assiette": D("30000.00"), "financements": (ACQUIS,)}, "0.00",
         "50 % × 30 000,00 € = 15 000,00 € ; − 20 000,00 € déjà acquis = −5 000,00 €, donc aucune aide "
         "possible"),
        (PROPRE_PART, {"financements": (ETAT, MECENAT)}, "70000.00",
         "30 % × 200 000,00 € = 60 000,00 € à garder ; aide possible : 200 000,00 € − 60 000,00 € − "
         "70 000,00 € = 70 000,00 €"),
        (PROPRE_PART, {"financements": (financement(Financeur.ETAT, "150000.00"),)}, "0.00",
         "30 % × 200 000,00 € = 60 000,00 € à garder ; aide possible : 200 000,00 € − 60 000,00 € − "
         "150 000,00 € = −10 000,00 €, donc aucune aide possible"),
    ],
)  # fmt: skip
def test_une_part_du_cout_tient_compte_des_autres_financements(
    regle: dict[str, Any], champs: dict[str, Any], plafond: str, calcul: str
) -> None:
    obtenu = constat(regle, **champs)
    assert (obtenu.plafond, simple(obtenu.calcul)) == (D(plafond), calcul)


@pytest.mark.parametrize("regle", [{**MOITIE, "part": VIDE}, {**PROPRE_PART, "part": VIDE}])
def test_une_part_que_l_autorite_n_a_pas_donnee_est_a_verifier(regle: dict[str, Any]) -> None:
    assert (constat(regle).verdict, constat(regle).plafond) == (Verdict.A_VERIFIER, None)


@pytest.mark.parametrize(
    ("combinaison", "demandee", "verdict"),
    [
        ("et", "19999.99", Verdict.NON_CONFORME),
        ("et", "20000.00", Verdict.CONFORME),
        ("ou", "4999.99", Verdict.NON_CONFORME),
        ("ou", "5000.00", Verdict.CONFORME),
    ],
)
def test_un_plancher_double_exige_les_deux_ou_l_un_des_deux(
    combinaison: str, demandee: str, verdict: Verdict
) -> None:
    regle = {"genre": "plancher_aide", "montant": "5 000 €", "part": "10 %", "combinaison": combinaison}
    assert constat(regle, aide_demandee=D(demandee)).verdict == verdict


@pytest.mark.parametrize("regle", [{"genre": "coefficient"}, {**SOLIDARITE, "indicateur": "solidarite"}])
def test_un_coefficient_est_fixe_ou_propre_au_maitre_d_ouvrage(regle: dict[str, Any]) -> None:
    with pytest.raises(ReglementInvalide, match="un seul des deux"):
        lire_reglement(donnees(regle))


@pytest.mark.parametrize(
    ("regle", "phrase"),
    [
        (SOLIDARITE, "Le taux est multiplié par un coefficient : 0,94."),
        (PROPRE, "Le taux est multiplié par l’indicateur « solidarite » du maître d’ouvrage."),
        ({"genre": "plafond_taux", "taux": "80 %"}, "Taux maximal, bonifications comprises : 80 %."),
        (LOGEMENTS, "Forfait par unité (logements) : 4 000,00 €."),
        ({"genre": "forfait", "montant": 3000}, "Forfait : 3 000,00 €."),
        (RESERVOIR, "Coût éligible maximal par unité (m3) : 1 500,00 €."),
        (SANS_ETUDES, "Dépenses exclues de l’assiette : etudes ; foncier."),
        (MOITIE, "Cumul des aides de la collectivité, en part du coût HT : 50 %."),
        ({**MOITIE, "base": "assiette"},
         "Cumul des aides de la collectivité, en part de l’assiette éligible : 50 %."),
        (PROPRE_PART, "Autofinancement minimal, en part du coût HT : 30 %."),
        ({"genre": "plancher_aide", "montant": 5000, "part": "10 %", "combinaison": "ou"},
         "Plancher de l’aide : 5 000,00 € ou 10 % de l’assiette."),
        (BONUS, "Bonification : 5 points."),
    ],
)  # fmt: skip
def test_les_regles_de_taux_et_d_assiette_s_enoncent(regle: dict[str, Any], phrase: str) -> None:
    assert enonce(regle) == phrase
