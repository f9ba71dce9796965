"""Conditions: read from data, judged with three answers, said in plain French."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpent.metier.reglement import Poste, Projet, ReglementInvalide, Verdict, lire_reglement
from arpent.metier.reglement.champs import CHAMPS, FAMILLES_DE_CHAMPS, TypeChamp, champ_projet
from arpent.metier.reglement.conditions import CONTRAIRES, OPERATEURS, Condition
from arpent.metier.reglement.lecteur import Lecteur
from arpent.metier.reglement.lecture_conditions import lire_condition
from tests.metier.reglement.fabrique import PROJET, constat, donnees, evaluer, simple

LIBELLES = {"A": "Classe A", "voirie": "Voirie"}
PETITE = {"champ": "population", "est": "<", "valeur": 500}
CLASSE_A = {"champ": "classe", "parmi": ["A"]}
COMMUNE = {"champ": "beneficiaire", "parmi": ["commune"]}


def lire(donnees: Any) -> Condition:
    return lire_condition(Lecteur({"si": donnees}, "Essai"), "si")


def juger(donnees: Any, **champs: Any) -> bool | None:
    return lire(donnees).juger(replace(PROJET, **champs))[0]


@pytest.mark.parametrize(
    ("condition", "phrase"),
    [
        ({"et": [COMMUNE, PETITE, CLASSE_A]}, "commune de moins de 500 habitants et classe « Classe A »"),
        ({"et": [PETITE, CLASSE_A]}, "maître d’ouvrage de moins de 500 habitants et classe « Classe A »"),
        ({"et": [{"ou": [PETITE, CLASSE_A]}, COMMUNE]},
         "(maître d’ouvrage de moins de 500 habitants ou classe « Classe A ») et commune"),
        ({"ou": [COMMUNE, {"champ": "theme", "parmi": ["voirie", "sport"]}]},
         "commune ou thème « Voirie » ou « sport »"),
        ({"non": {"et": [COMMUNE, PETITE]}},
         "tout maître d’ouvrage sauf commune ou maître d’ouvrage d’au moins 500 habitants"),
        ({"non": {"ou": [CLASSE_A, PETITE]}},
         "classe autre que « Classe A » et maître d’ouvrage d’au moins 500 habitants"),
        ({"champ": "theme", "est": "!=", "valeur": "voirie"}, "thème autre que « Voirie »"),
        ({"champ": "zonages", "parmi": ["frr", "qpv"]}, "zonage « frr » ou « qpv »"),
        ({"champ": "cout_ht", "est": ">=", "valeur": "1 000 000 €"}, "coût HT : au moins 1 000 000,00 €"),
        ({"champ": "indicateur.effort_fiscal", "est": "<=", "valeur": "1,05"},
         "effort fiscal : au plus 1,05"),
        ({"champ": "quantite.logements", "est": ">", "valeur": 10}, "quantité : plus de 10 logements"),
        ({"champ": "depense.etudes", "valeur": 0}, "dépense « etudes » : exactement 0,00 €"),
        ({"champ": "rang", "est": "!=", "valeur": 1}, "rang du dossier : tout sauf 1"),
        ({"champ": "annee", "valeur": 2026}, "année : exactement 2026"),
        ({"champ": "debut_le", "est": "<", "valeur": "2026-03-01"}, "début avant le 01/03/2026"),
        ({"champ": "cper", "valeur": True}, "projet du CPER"),
        ({"champ": "cper", "valeur": False}, "projet hors CPER"),
        ({"champ": "cper", "est": "!=", "valeur": False}, "projet du CPER"),
        ({"champ": "population", "renseigne": True}, "donnée connue : la population du maître d’ouvrage"),
        ({"non": {"champ": "population", "renseigne": True}},
         "donnée non renseignée : la population du maître d’ouvrage"),
    ],
)  # fmt: skip
def test_une_condition_se_dit_en_francais(condition: dict[str, Any], phrase: str) -> None:
    assert simple(lire(condition).enonce(LIBELLES)) == phrase


@pytest.mark.parametrize(
    ("condition", "champs", "attendu"),
    [
        (PETITE, {"beneficiaire_population": 499}, True),
        (PETITE, {"beneficiaire_population": 500}, False),
        (PETITE, {"beneficiaire_population": None}, None),
        ({"champ": "cout_ht", "est": ">=", "valeur": "200 000 €"}, {}, True),
        ({"champ": "cout_ht", "est": ">", "valeur": "200 000 €"}, {}, False),
        ({"champ": "secteurs", "parmi": ["ville", "emploi"]}, {"secteurs": ("emploi",)}, True),
        ({"champ": "secteurs", "est": "!=", "valeur": "ville"}, {"secteurs": ()}, True),
        ({"champ": "zonages", "parmi": ["frr"]}, {}, None),
        ({"champ": "zonages", "parmi": ["frr"]}, {"zonages": ()}, False),
        (
            {"champ": "debut_le", "est": ">=", "valeur": date(2026, 1, 1)},
            {"debut_le": date(2026, 1, 1)},
            True,
        ),
        ({"champ": "deliberation", "valeur": True}, {}, True),
        ({"champ": "au_programme", "valeur": True}, {}, None),
        ({"champ": "indicateur.pf", "est": "<", "valeur": "800"}, {"indicateurs": {"pf": D(799)}}, True),
        ({"champ": "indicateur.pf", "est": "<", "valeur": "800"}, {}, None),
        ({"champ": "depense.etudes", "est": ">", "valeur": 0}, {}, None),
        ({"champ": "depense.etudes", "est": ">", "valeur": 0}, {"depenses": {}}, False),
        ({"champ": "depense.etudes", "est": ">", "valeur": 0}, {"depenses": {"etudes": D("0.01")}}, True),
        ({"champ": "poste", "parmi": ["generaliste"]}, {"poste": Poste("generaliste")}, True),
        ({"champ": "quotite", "est": ">=", "valeur": "0,5"}, {"poste": Poste("generaliste", D("0.5"))}, True),
        ({"champ": "quotite", "est": ">=", "valeur": "0,5"}, {}, None),
        ({"champ": "population", "renseigne": False}, {"beneficiaire_population": None}, True),
    ],
)
def test_une_condition_se_juge_sur_le_projet(
    condition: dict[str, Any], champs: dict[str, Any], attendu: bool | None
) -> None:
    assert juger(condition, **champs) is attendu
    assert juger({"non": condition}, **champs) is (None if attendu is None else not attendu)


VRAI, FAUX = COMMUNE, {"champ": "beneficiaire", "parmi": ["petr"]}


@pytest.mark.parametrize(
    ("condition", "attendu"),
    [
        ({"et": [VRAI, VRAI]}, True),
        ({"et": [CLASSE_A, FAUX]}, False),
        ({"et": [CLASSE_A, VRAI]}, None),
        ({"ou": [CLASSE_A, VRAI]}, True),
        ({"ou": [FAUX, FAUX]}, False),
        ({"ou": [CLASSE_A, FAUX]}, None),
        ({"et": [{"ou": [FAUX, VRAI]}, {"non": FAUX}]}, True),
    ],
)
def test_une_donnee_inconnue_ne_compte_que_si_elle_decide(
    condition: dict[str, Any], attendu: bool | None
) -> None:
    assert juger(condition) is attendu


def test_ce_qui_manque_est_nomme_une_seule_fois() -> None:
    condition = lire({"et": [CLASSE_A, CLASSE_A, {"champ": "zonages", "parmi": ["frr"]}]})
    assert condition.juger(PROJET) == (None, ("la classe du territoire", "les zonages"))


@given(st.integers(0, 1000), st.sampled_from(sorted(OPERATEURS)), st.integers(0, 1000))
def test_un_operateur_et_son_contraire_ne_disent_jamais_la_meme_chose(a: int, est: str, b: int) -> None:
    assert OPERATEURS[est](a, b) is not OPERATEURS[CONTRAIRES[est]](a, b)


def profonde(niveaux: int) -> dict[str, Any]:
    return {"et": [profonde(niveaux - 1)]} if niveaux else PETITE


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("population < 500", "la clé « si » doit être une table"),
        ({}, "la clé « champ » doit être un texte"),
        ({"champ": "meteo", "valeur": 1}, "champ inconnu « meteo ». Connus : theme"),
        ({"champ": "indicateur.", "valeur": 1}, "champ inconnu « indicateur. »"),
        ({"champ": "astre.lune", "valeur": 1}, "champ inconnu « astre.lune »"),
        ({"champ": "population", "est": "~", "valeur": 1}, "la clé « est » vaut « ~ »"),
        ({"champ": "population", "est": "<"}, "la clé « valeur » est absente"),
        ({"champ": "population", "est": "<", "valeur": 1.5}, "un nombre entre guillemets"),
        ({"champ": "population", "est": "<", "valeur": {"valeur": None}}, "la clé « valeur » est vide"),
        ({"champ": "population", "parmi": ["500"]}, "« population » ne se compare pas à une liste"),
        ({"champ": "beneficiaire", "parmi": ["comune"]}, "code inconnu « comune » pour « beneficiaire »"),
        ({"champ": "theme", "est": "<", "valeur": "a"}, "« theme » ne se compare que par « = » ou « != »"),
        ({"champ": "cper", "est": ">", "valeur": True}, "« cper » ne se compare que par"),
        ({"champ": "cper", "valeur": "oui"}, "la clé « valeur » doit être « true »"),
        ({"champ": "debut_le", "valeur": "demain"}, "doit être une date"),
        ({"et": []}, "la clé « et » doit être une liste non vide"),
        ({"et": [PETITE], "ou": [PETITE]}, "clé inconnue « ou »"),
        ({**PETITE, "unite": "habitants"}, "clé inconnue « unite »"),
        (profonde(6), "trop profonde : 6 niveaux au plus"),
        ({"et": [PETITE] * 61}, "trop longue : 60 comparaisons au plus"),
    ],
)
def test_une_condition_fausse_est_refusee_et_dit_pourquoi(condition: Any, message: str) -> None:
    with pytest.raises(ReglementInvalide) as refus:
        lire(condition)
    assert message in simple(str(refus.value))


def test_une_condition_profonde_mais_permise_se_lit() -> None:
    assert juger(profonde(5)) is False


@pytest.mark.parametrize("nom", [*CHAMPS, *(f"{famille}.x" for famille in FAMILLES_DE_CHAMPS)])
def test_chaque_champ_se_lit_sur_un_projet_qui_dit_tout(nom: str) -> None:
    complet = Projet(
        "École", "voirie", "structurant", "investissement", "commune", 800, D("100.00"), D("90.00"),
        D("30.00"), (), "A", True, None, ("ville",), "batiment", "200000000", ("frr",), ("basse",), ("bois",),
        ("devis",),
        {"x": D(1)}, {"x": D("1.00")}, {"x": D(1)}, 2026, date(2026, 1, 1), date(2026, 1, 1),
        date(2026, 1, 1), None, 1, True, (), (), Poste("generaliste"), True, True, True,
    )  # fmt: skip
    champ = champ_projet(nom)
    assert champ is not None
    attendus = {TypeChamp.NOMBRE: (int, D), TypeChamp.MONTANT: (D,), TypeChamp.CODE: (str,),
                TypeChamp.CODES: (tuple,), TypeChamp.BOOLEEN: (bool,), TypeChamp.DATE: (date,)}  # fmt: skip
    assert isinstance(champ.lire(complet), attendus[champ.type])


PLAFOND = {"genre": "plafond_aide", "montant": "10 000 €", "si": {"et": [COMMUNE, PETITE]}}


@pytest.mark.parametrize(
    ("population", "verdict", "maximum", "extrait"),
    [
        (499, Verdict.NON_CONFORME, "10000.00", "dépasse"),
        (500, Verdict.SANS_OBJET, "200000.00", "ne vise que ce cas : commune de moins de 500 habitants"),
        (None, Verdict.A_VERIFIER, "200000.00", "non renseignée : la population du maître d’ouvrage"),
    ],
)
def test_une_regle_ne_joue_que_si_sa_condition_est_remplie(
    population: int | None, verdict: Verdict, maximum: str, extrait: str
) -> None:
    resultat = evaluer(PLAFOND, beneficiaire_population=population)
    assert (resultat.constats[0].verdict, resultat.aide_maximale) == (verdict, D(maximum))
    assert extrait in simple(resultat.constats[0].explication)


def test_un_bonus_dont_la_condition_n_est_pas_remplie_ne_compte_pas() -> None:
    bonus = {"genre": "bonification", "points": "10 %", "si": PETITE}
    assert constat({"genre": "taux_intervention", "taux": "20 %"}, bonus).plafond == D("40000.00")
    assert constat(
        {"genre": "taux_intervention", "taux": "20 %"}, bonus, beneficiaire_population=499
    ).plafond == D("60000.00")


def test_l_enonce_d_une_regle_dit_sa_condition() -> None:
    [regle] = lire_reglement(donnees(PLAFOND)).regles
    assert simple(regle.enonce_complet({})) == (
        "Si commune de moins de 500 habitants : Plafond de l’aide : 10 000,00 €."
    )


def test_le_reglement_dit_les_champs_qu_il_lit() -> None:
    lu = lire_reglement(
        donnees(
            {"genre": "plafond_aide", "montant": {"par": "classe", "valeurs": {"A": 1}}, "si": PETITE},
            {"genre": "taux_intervention", "taux": {"lignes": [
                {"si": {"champ": "zonages", "parmi": ["frr"]}, "valeur": "30 %"}, {"valeur": "20 %"}]}},
        )
    )  # fmt: skip
    assert lu.champs_lus == {"classe", "population", "zonages"}
    assert lire_reglement(donnees()).champs_lus == frozenset()


@pytest.mark.parametrize(
    ("regle", "lit"),
    [
        ({"genre": "bonification", "points": "5 %", "classes": ["A"]}, True),
        ({"genre": "bonification", "points": "5 %", "secteurs": ["ville"]}, False),
        ({"genre": "nature_depense", "natures": ["investissement"]}, False),
        ({"genre": "nature_depense", "natures": ["investissement"], "reservees": ["fonctionnement"],
          "classes": ["A"]}, True),
    ],
)  # fmt: skip
def test_une_regle_dit_si_elle_depend_de_la_classe(regle: dict[str, Any], lit: bool) -> None:
    assert ("classe" in lire_reglement(donnees(regle)).champs_lus) is lit


@pytest.mark.parametrize("champ", CHAMPS.values(), ids=lambda champ: champ.nom)
def test_chaque_champ_se_dit_dans_une_phrase(champ) -> None:
    assert CHAMPS[champ.nom] is champ
    assert re.match(r"(l[ea]s? |l’|un |une |si )", champ.libelle), champ.libelle
    assert champ.nom_court.strip()
    assert champ.cas == "" or champ.cas.strip()
