"""Reading a règlement: what is accepted, and refusals that name the article and the key."""

from datetime import date
from typing import Any

import pytest

from arpent.metier.plan_financement import Financeur
from arpent.metier.reglement import GENRES, ReglementInvalide, lire_reglement
from arpent.metier.reglement.lecteur import Lecteur
from tests.metier.reglement.fabrique import donnees, simple


def test_un_reglement_se_lit_avec_ses_articles() -> None:
    reglement = lire_reglement(
        {**donnees({"genre": "plan_equilibre", "code": "eq", "intitule": "Équilibre"}), "version": 3}
    )
    assert (reglement.version, reglement.financeur) == ("3", Financeur.DEPARTEMENT)
    assert reglement.en_vigueur_le == date(2026, 1, 1)
    [regle] = reglement.regles
    assert (regle.code, regle.article, regle.intitule) == ("eq", "1", "Équilibre")


def test_un_article_peut_n_avoir_aucune_regle_et_une_date_etre_deja_une_date() -> None:
    contenu = donnees()
    contenu["en_vigueur_le"] = date(2026, 1, 1)
    del contenu["acte"], contenu["libelles"]
    reglement = lire_reglement(contenu)
    assert reglement.regles == ()
    assert (reglement.acte, dict(reglement.libelles)) == ("", {})


TAUX = {"genre": "taux_intervention"}
PLAFOND = {"genre": "plafond_aide"}
BONUS = {"genre": "bonification", "points": "5 %"}
REGLES_FAUSSES: list[tuple[dict[str, Any], str]] = [
    ({"genre": "magie"}, "Article 1 : genre de règle inconnu « magie ». Connus : theme_eligible"),
    ({"genre": ""}, "Article 1 : la clé « genre »"),
    (
        {"genre": "theme_eligible"},
        "Article 1, règle « theme_eligible » : la clé « themes » doit être une liste",
    ),
    ({"genre": "theme_eligible", "themes": []}, "la clé « themes » doit être une liste"),
    ({"genre": "theme_eligible", "themes": [1]}, "la clé « themes » doit être une liste"),
    ({"genre": "theme_eligible", "themes": "voirie"}, "la clé « themes » doit être une liste"),
    (
        {"genre": "nature_depense", "natures": ["investissement"], "reservees": ["fonctionnement"]},
        "la clé « classes »",
    ),
    ({**TAUX}, "la clé « taux » est absente ; pour une valeur non publiée"),
    ({**TAUX, "taux": 0.3}, 'la clé « taux » doit être un taux entre guillemets, par exemple "30 %"'),
    ({**TAUX, "taux": "0,3"}, "doit être un taux"),
    ({**TAUX, "taux": "101 %"}, "doit être un taux"),
    (
        {**TAUX, "taux": "30 %", "plafnd": 1},
        "clé inconnue « plafnd ». Clés attendues : code, genre, intitule, si, taux.",
    ),
    (
        {**TAUX, "taux": {"valeur": "30 %", "note": "?"}},
        "Article 1, règle « taux_intervention », taux : clé inconnue",
    ),
    ({**TAUX, "taux": {"par": "meteo", "valeurs": {}}}, "la clé « par » vaut « meteo »"),
    ({**TAUX, "taux": {"par": "theme"}}, "la table « valeurs » est vide"),
    ({**TAUX, "taux": {"par": "theme", "valeurs": ["30 %"]}}, "doit être une table"),
    ({**TAUX, "taux": {"par": "theme", "valeurs": {1: "30 %"}}}, "doit être une table"),
    (
        {**TAUX, "taux": {"par": "theme", "valeurs": {"voirie": "beaucoup"}}},
        "la clé « voirie » doit être un taux",
    ),
    ({**PLAFOND, "montant": 15.5}, "doit être un montant entre guillemets"),
    ({**PLAFOND, "montant": True}, "doit être un montant entre guillemets"),
    ({**PLAFOND, "montant": "1.500"}, "clé « montant » : « 1.500 » est ambigu"),
    ({**PLAFOND, "montant": -1}, "est négatif"),
    ({"genre": "plancher_aide"}, "donnez au moins « montant » ou « part »"),
    (BONUS, "donnez au moins une condition"),
    ({**BONUS, "population_max": "500"}, "la clé « population_max » doit être un nombre entier"),
    ({**BONUS, "population_max": -1}, "la clé « population_max » doit être un nombre entier"),
    ({**BONUS, "population_max": True}, "la clé « population_max » doit être un nombre entier"),
    (
        {"genre": "participation_minimale", "parametre": "x"},
        "paramètre légal inconnu « x ». Connus : commencement_apres_dossier",
    ),
]


@pytest.mark.parametrize(("regle", "message"), REGLES_FAUSSES)
def test_une_regle_fausse_nomme_son_article_et_sa_cle(regle: dict[str, Any], message: str) -> None:
    with pytest.raises(ReglementInvalide) as refus:
        lire_reglement(donnees(regle))
    assert simple(str(refus.value)).startswith("Article 1")
    assert message in simple(str(refus.value))


ARTICLE = {"numero": "1", "titre": "Essai", "prose": "Essai."}


@pytest.mark.parametrize(
    ("changement", "message"),
    [
        ({"dispositif": None}, "Règlement : la clé « dispositif » doit être un texte"),
        ({"version": True}, "Règlement : la clé « version »"),
        ({"intitule": "  "}, "Règlement : la clé « intitule »"),
        (
            {"en_vigueur_le": "1er janvier"},
            "la clé « en_vigueur_le » doit être une date, par exemple 2026-01-01",
        ),
        ({"en_vigueur_le": None}, "la clé « en_vigueur_le »"),
        ({"financeur": "mecene"}, "financeur inconnu « mecene ». Connus : etat"),
        ({"libelles": ["a"]}, "la clé « libelles » doit être une table"),
        ({"articles": []}, "la clé « articles » doit être une liste"),
        ({"articles": "tous"}, "la clé « articles » doit être une liste"),
        ({"articles": ["un"]}, "la clé « articles » doit être une liste"),
        ({"articles": [ARTICLE, ARTICLE]}, "deux articles portent le numéro 1"),
        ({"articles": [{"titre": "Essai"}]}, "Article sans numéro : la clé « numero »"),
        ({"articles": [{**ARTICLE, "regles": "x"}]}, "Article 1 : la clé « regles » doit être une liste"),
        ({"articles": [{**ARTICLE, "regle": []}]}, "Article 1 : clé inconnue « regle »"),
        (
            {"articles": [{**ARTICLE, "regles": [{"genre": "cumul_aides"}] * 2}]},
            "deux règles portent le code",
        ),
        ({"auteur": "?"}, "Règlement : clé inconnue « auteur »"),
    ],
)
def test_un_reglement_mal_forme_est_refuse(changement: dict[str, Any], message: str) -> None:
    with pytest.raises(ReglementInvalide) as refus:
        lire_reglement({**donnees(), **changement})
    assert message in simple(str(refus.value))


def test_ce_qui_n_est_pas_une_table_est_refuse() -> None:
    with pytest.raises(ReglementInvalide, match="dispositif"):
        lire_reglement(None)  # type: ignore[arg-type]


def test_chaque_genre_a_un_intitule() -> None:
    assert all(classe.INTITULE for classe in GENRES.values())


def test_une_liste_facultative_absente_est_vide() -> None:
    assert Lecteur({}, "Essai").textes("codes", facultatif=True) == ()
    assert Lecteur({"codes": ["a"]}, "Essai").textes("codes", facultatif=True) == ("a",)
    with pytest.raises(ReglementInvalide, match="liste de textes"):
        Lecteur({}, "Essai").textes("codes")
