"""Scales: by code, by tiers, by cases; what is missing is named, what is wrong is refused."""

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest

from arpent.metier.plan_financement import Financeur
from arpent.metier.reglement import Contexte, ReglementInvalide, Verdict, lire_reglement
from tests.metier.reglement.fabrique import LE, PROJET, constat, donnees, enonce, simple

TRANCHES = {
    "par": "population",
    "tranches": [
        {"moins_de": 500, "valeur": "30 %", "source": "Délibération"},
        {"a_partir_de": 500, "jusqu_a": 2000, "valeur": "25 %"},
        {"plus_de": 2000, "moins_de": 10000, "valeur": None},
        {"a_partir_de": 10001, "valeur": None, "valeur_demonstration": "10 %"},
    ],
}
CAS = {
    "lignes": [
        {"si": {"champ": "zonages", "parmi": ["frr"]}, "valeur": "40 %"},
        {"si": {"champ": "population", "est": "<", "valeur": 2000}, "valeur": "30 %"},
        {"valeur": "20 %"},
    ]
}


def taux(valeur: Any) -> dict[str, Any]:
    return {"genre": "taux_intervention", "taux": valeur}


@pytest.mark.parametrize(
    ("population", "plafond", "extrait"),
    [
        (0, "60000.00", ""),
        (499, "60000.00", ""),
        (500, "50000.00", ""),
        (2000, "50000.00", ""),
        (2001, None, "Le taux pour 2 001 habitants n’est pas renseigné"),
        (10000, None, "Le taux pour 10 000 habitants n’est pas renseigné"),
        (10001, None, "Le taux pour 10 001 habitants n’est pas renseigné"),
        (None, None, "Le taux dépend d’une donnée non renseignée : la population du maître d’ouvrage"),
    ],
)
def test_un_bareme_par_tranches_tient_ses_bornes(
    population: int | None, plafond: str | None, extrait: str
) -> None:
    obtenu = constat(taux(TRANCHES), beneficiaire_population=population)
    assert obtenu.plafond == (None if plafond is None else D(plafond))
    assert extrait in simple(obtenu.explication)
    assert (obtenu.verdict is Verdict.A_VERIFIER) is (plafond is None)


def test_une_tranche_garde_sa_source_et_sa_valeur_de_demonstration() -> None:
    assert constat(taux(TRANCHES), beneficiaire_population=1).source == "Délibération"
    exemple = constat(taux(TRANCHES), beneficiaire_population=10001, demonstration=True)
    assert (exemple.plafond, exemple.demonstration) == (D("20000.00"), True)


@pytest.mark.parametrize(
    ("champs", "plafond", "extrait"),
    [
        ({"zonages": ("frr",)}, "80000.00", ""),
        ({"zonages": (), "beneficiaire_population": 1999}, "60000.00", ""),
        ({"zonages": (), "beneficiaire_population": 2000}, "40000.00", ""),
        ({}, None, "Le taux dépend d’une donnée non renseignée : les zonages."),
        ({"zonages": (), "beneficiaire_population": None}, None, "la population du maître d’ouvrage"),
    ],
)
def test_un_bareme_par_cas_retient_le_premier_qui_convient(
    champs: dict[str, Any], plafond: str | None, extrait: str
) -> None:
    obtenu = constat(taux(CAS), **champs)
    assert obtenu.plafond == (None if plafond is None else D(plafond))
    assert extrait in simple(obtenu.explication)


def test_un_projet_hors_de_tous_les_cas_est_a_verifier() -> None:
    seul = {"lignes": [{"si": {"champ": "population", "est": "<", "valeur": 500}, "valeur": "40 %"}]}
    obtenu = constat(taux(seul))
    assert (obtenu.verdict, obtenu.plafond) == (Verdict.A_VERIFIER, None)
    assert simple(obtenu.explication).startswith("Le taux n’est pas renseigné")


def test_un_cas_sans_valeur_est_nomme() -> None:
    obtenu = constat(taux({"lignes": [{"valeur": None}]}))
    assert "Le taux (autres cas) n’est pas renseigné" in simple(obtenu.explication)


def test_un_plafond_par_tranche_de_cout_dit_le_cout() -> None:
    tranches = [
        {"moins_de": "100 000 €", "valeur": 5000},
        {"a_partir_de": "100 000 €", "valeur": 50000},
    ]
    regle = {"genre": "plafond_aide", "montant": {"par": "cout_ht", "tranches": tranches}}
    assert simple(constat(regle).calcul) == "Plafond pour 200 000,00 € : 50 000,00 €"
    assert simple(constat(regle, cout_ht=D("99999.99")).calcul) == "Plafond pour 99 999,99 € : 5 000,00 €"


def test_un_bareme_ne_precise_rien_d_une_donnee_inconnue() -> None:
    [regle] = lire_reglement(donnees(taux(TRANCHES))).regles
    [bareme] = regle.baremes()
    inconnu = replace(PROJET, beneficiaire_population=None)
    assert bareme.precision(inconnu, Contexte(LE, Financeur.DEPARTEMENT)) == ""


@pytest.mark.parametrize(
    ("valeur", "phrase"),
    [
        (TRANCHES, "Taux d’intervention : moins de 500 habitants : 30 % ; au moins 500 habitants et au plus "
         "2 000 habitants : 25 % ; plus de 2 000 habitants et moins de 10 000 habitants : non renseigné ; "
         "au moins 10 001 habitants : non renseigné."),
        (CAS, "Taux d’intervention : zonage « frr » : 40 % ; maître d’ouvrage de moins de 2 000 habitants : "
         "30 % ; autres cas : 20 %."),
        ({"par": "rang", "tranches": [{"valeur": "10 %"}]}, "Taux d’intervention : tous les cas : 10 %."),
    ],
)  # fmt: skip
def test_un_bareme_s_enonce_ligne_par_ligne(valeur: Any, phrase: str) -> None:
    assert enonce(taux(valeur)) == phrase


@pytest.mark.parametrize(
    ("valeur", "message"),
    [
        ({"par": "population", "valeurs": {"500": "30 %"}}, "la clé « tranches » doit être une liste"),
        ({"par": "zonages", "valeurs": {"frr": "30 %"}}, "la clé « par » vaut « zonages »"),
        ({"par": "population", "tranches": [{"moins_de": 500}]}, "la clé « valeur » est absente"),
        ({"par": "population", "tranches": [{"moins_de": 5, "jusqu_a": 5, "valeur": None}]},
         "deux bornes du même côté : retirez « moins_de »"),
        ({"par": "population", "tranches": [{"moins_de": "peu", "valeur": None}]},
         "un nombre entre guillemets"),
        ({"par": "population", "tranches": [{"entre": 5, "valeur": None}]}, "clé inconnue « entre »"),
        ({"par": "population", "tranches": [{"valeur": None}], "note": 1}, "clé inconnue « note »"),
        ({"lignes": [{"valeur": "30"}]}, "doit être un taux"),
        ({"lignes": [{"valeur": "30 %", "sinon": 1}]}, "clé inconnue « sinon »"),
        ({"lignes": [{"valeur": "30 %"}], "par": "theme"}, "clé inconnue « par »"),
    ],
)  # fmt: skip
def test_un_bareme_mal_ecrit_est_refuse(valeur: Any, message: str) -> None:
    with pytest.raises(ReglementInvalide) as refus:
        lire_reglement(donnees(taux(valeur)))
    assert message in simple(str(refus.value))
