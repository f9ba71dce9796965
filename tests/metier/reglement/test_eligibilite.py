"""Eligibility rules: theme, owner, nature of the spending, maturity, délibération."""

from decimal import Decimal as D
from typing import Any

import pytest

from arpent.metier.reglement import Verdict
from tests.metier.reglement.fabrique import constat, enonce, evaluer, simple

THEME = {"genre": "theme_eligible", "themes": ["voirie", "cadre-de-vie"]}
BENEFICIAIRE = {"genre": "beneficiaire_eligible", "natures": ["commune", "cc"], "exceptionnelles": ["petr"]}
NATURE = {
    "genre": "nature_depense",
    "natures": ["investissement"],
    "reservees": ["fonctionnement"],
    "classes": ["forte"],
}
MATURITE = {"genre": "maturite", "admises": ["structurant", "amorcage_a"], "a_preciser": ["amorcage_b"]}
DELIBERATION = {"genre": "deliberation_transmise"}

CAS: list[tuple[dict[str, Any], dict[str, Any], Verdict, str]] = [
    (THEME, {}, Verdict.CONFORME, "« Voirie » est éligible"),
    (THEME, {"theme": "sport"}, Verdict.NON_CONFORME, "« sport » ne figure pas"),
    (THEME, {"theme": ""}, Verdict.A_VERIFIER, "choisissez-le sur la fiche"),
    (BENEFICIAIRE, {"beneficiaire_nature": "cc"}, Verdict.CONFORME, "communauté de communes"),
    (BENEFICIAIRE, {"beneficiaire_nature": "petr"}, Verdict.A_VERIFIER, "à titre exceptionnel"),
    (BENEFICIAIRE, {"beneficiaire_nature": "association"}, Verdict.NON_CONFORME, "ne figure pas"),
    (NATURE, {}, Verdict.CONFORME, "(investissement)"),
    (NATURE, {"nature_depense": "fonctionnement"}, Verdict.A_VERIFIER, "n’est pas renseignée"),
    (NATURE, {"nature_depense": "fonctionnement", "classe_vulnerabilite": "forte"}, Verdict.CONFORME,
     "dans la classe « Forte vulnérabilité »"),
    (NATURE, {"nature_depense": "fonctionnement", "classe_vulnerabilite": "moindre"}, Verdict.NON_CONFORME,
     "dans la classe « moindre »"),
    ({"genre": "nature_depense", "natures": ["investissement"]}, {"nature_depense": "fonctionnement"},
     Verdict.NON_CONFORME, "Sont éligibles : investissement"),
    (MATURITE, {"maturite": "amorcage_a"}, Verdict.CONFORME, "projet en amorçage (A)"),
    (MATURITE, {"maturite": "amorcage_b"}, Verdict.A_VERIFIER, "à préciser"),
    (MATURITE, {"maturite": "idee"}, Verdict.NON_CONFORME, "ne permet pas d’aide"),
    (DELIBERATION, {}, Verdict.CONFORME, "transmise"),
    (DELIBERATION, {"a_deliberation": False}, Verdict.NON_CONFORME, "doit l’adopter"),
]  # fmt: skip


@pytest.mark.parametrize(("regle", "champs", "verdict", "extrait"), CAS)
def test_chaque_regle_repond_et_dit_pourquoi(
    regle: dict[str, Any], champs: dict[str, Any], verdict: Verdict, extrait: str
) -> None:
    obtenu = constat(regle, **champs)
    assert obtenu.verdict == verdict
    assert extrait in simple(obtenu.explication)


@pytest.mark.parametrize(("regle", "champs", "verdict", "extrait"), CAS)
def test_une_regle_d_eligibilite_qui_dit_non_ne_permet_aucune_aide(
    regle: dict[str, Any], champs: dict[str, Any], verdict: Verdict, extrait: str
) -> None:
    resultat = evaluer(regle, **champs)
    if verdict is Verdict.NON_CONFORME and regle is not DELIBERATION:
        assert resultat.plafond_liant == resultat.constats[0]
        assert (resultat.aide_maximale, resultat.aide_calculee) == (0, 0)
    else:
        assert resultat.plafond_liant is None
        assert resultat.aide_maximale == D("200000.00")


@pytest.mark.parametrize(
    ("regle", "phrase"),
    [
        (THEME, "Thèmes éligibles : Voirie ; cadre-de-vie."),
        (BENEFICIAIRE, "Bénéficiaires : commune ; communauté de communes ; à titre exceptionnel : "
         "pôle d’équilibre territorial et rural."),
        ({"genre": "beneficiaire_eligible", "natures": ["commune"]}, "Bénéficiaires : commune."),
        (NATURE, "Dépenses éligibles : investissement ; fonctionnement, pour les seules classes : "
         "Forte vulnérabilité."),
        ({"genre": "nature_depense", "natures": ["investissement"]}, "Dépenses éligibles : investissement."),
        (MATURITE, "Maturités admises : projet structurant ; projet en amorçage (A) ; à préciser d’abord : "
         "projet en amorçage (B)."),
        ({"genre": "maturite", "admises": ["structurant"]}, "Maturités admises : projet structurant."),
        (DELIBERATION, "Chaque fiche projet est adoptée par délibération de l’assemblée du maître "
         "d’ouvrage."),
    ],
)  # fmt: skip
def test_chaque_regle_s_enonce_en_une_phrase(regle: dict[str, Any], phrase: str) -> None:
    assert enonce(regle) == phrase
