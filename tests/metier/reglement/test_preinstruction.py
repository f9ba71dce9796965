"""Whole pré-instruction: the binding cap, its properties, the overall verdict."""

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpent.metier.plan_financement import Financement, Financeur, StatutFinancement
from arpent.metier.reglement import (
    LIBELLES_VERDICT,
    LIVRES,
    PARAMETRES,
    Constat,
    Projet,
    Verdict,
    lire_reglement,
    preinstruire,
)
from tests.metier.reglement.fabrique import LE, PROJET, donnees, evaluer, financement

REGLEMENT = lire_reglement(
    donnees(
        {"genre": "theme_eligible", "themes": ["voirie", "cadre-de-vie"]},
        {
            "genre": "taux_intervention",
            "taux": {"par": "theme", "valeurs": {"voirie": "33,33 %", "sport": "10 %"}},
        },
        {"genre": "plafond_assiette", "montant": "300 000 €"},
        {"genre": "plafond_aide", "montant": "90 000 €"},
        {"genre": "plancher_aide", "montant": "2 000 €"},
        {"genre": "participation_minimale"},
        {"genre": "cumul_aides"},
    )
)
CENTIMES = st.integers(0, 5 * 10**7).map(lambda centimes: D(centimes).scaleb(-2))
PROJETS = st.builds(
    lambda theme, nature, cout, part, lignes: replace(
        PROJET, theme=theme, beneficiaire_nature=nature, cout_ht=cout,
        assiette=None if part is None else (cout * part).quantize(D("0.01")),
        financements=tuple(Financement(f, f.value, montant, s) for f, montant, s in lignes),
    ),
    st.sampled_from(["voirie", "cadre-de-vie", "sport"]),
    st.sampled_from(["commune", "association"]),
    CENTIMES,
    st.sampled_from([None, D("0.5"), D("0.9")]),
    st.lists(
        st.tuples(st.sampled_from(Financeur), CENTIMES.map(lambda m: (m / 8).quantize(D("0.01"))),
                  st.sampled_from(StatutFinancement)),
        max_size=4,
    ),
)  # fmt: skip


def _evaluer(projet: Projet, aide: D) -> tuple[Constat, ...]:
    return preinstruire(replace(projet, aide_demandee=aide), REGLEMENT, LE).constats


@given(PROJETS)
def test_l_aide_maximale_ne_viole_aucun_plafond(projet: Projet) -> None:
    maximum = preinstruire(projet, REGLEMENT, LE).aide_maximale
    assert maximum >= 0
    if maximum > 0:
        constats = _evaluer(projet, maximum)
        assert not [c for c in constats if c.plafond is not None and c.verdict is Verdict.NON_CONFORME]


@given(PROJETS)
def test_un_centime_de_plus_viole_le_plafond_liant(projet: Projet) -> None:
    resultat = preinstruire(projet, REGLEMENT, LE)
    liant = resultat.plafond_liant
    if liant is None:
        return
    depasse = {c.regle: c for c in _evaluer(projet, resultat.aide_maximale + D("0.01"))}
    assert depasse[liant.regle].verdict is Verdict.NON_CONFORME
    assert liant.plafond == resultat.aide_maximale


@given(PROJETS, CENTIMES)
def test_l_aide_maximale_ne_depend_pas_de_l_aide_demandee(projet: Projet, aide: D) -> None:
    resultat = preinstruire(replace(projet, aide_demandee=aide), REGLEMENT, LE)
    assert resultat.aide_maximale == preinstruire(projet, REGLEMENT, LE).aide_maximale
    assert resultat.aide_calculee == min(aide, resultat.aide_maximale)


@given(PROJETS, CENTIMES)
def test_sa_propre_demande_inscrite_au_plan_ne_compte_pas_contre_soi(projet: Projet, montant: D) -> None:
    sans = preinstruire(projet, REGLEMENT, LE).aide_maximale
    demande = financement(Financeur.DEPARTEMENT, str(montant), StatutFinancement.ENVISAGE)
    avec = replace(projet, financements=(*projet.financements, demande))
    assert preinstruire(avec, REGLEMENT, LE).aide_maximale == sans


def test_les_constats_gardent_l_ordre_des_articles() -> None:
    resultat = preinstruire(PROJET, REGLEMENT, LE)
    assert [c.regle for c in resultat.constats] == [regle.code for regle in REGLEMENT.regles]
    assert resultat.version == "1"


def test_sans_plafond_le_maximum_est_ce_que_les_autres_laissent_du_cout() -> None:
    autres = (financement(Financeur.ETAT, "50000.00"), financement(Financeur.PRIVE, "10000.00"))
    resultat = evaluer({"genre": "plan_equilibre"}, financements=autres)
    assert (resultat.aide_maximale, resultat.plafond_liant) == (D("140000.00"), None)


def test_a_plafonds_egaux_le_premier_article_est_nomme() -> None:
    premier = {"genre": "plafond_aide", "code": "premier", "montant": 1000}
    second = {"genre": "plafond_aide", "code": "second", "montant": 1000}
    liant = evaluer(premier, second).plafond_liant
    assert liant is not None
    assert liant.regle == "premier"


@pytest.mark.parametrize(
    ("regles", "champs", "verdict"),
    [
        ([{"genre": "deliberation_transmise"}], {}, Verdict.CONFORME),
        ([{"genre": "cumul_aides"}], {}, Verdict.CONFORME),
        ([{"genre": "plafond_aide", "montant": {"valeur": None}}], {}, Verdict.A_VERIFIER),
        (
            [{"genre": "plafond_aide", "montant": {"valeur": None}}, {"genre": "deliberation_transmise"}],
            {"a_deliberation": False},
            Verdict.NON_CONFORME,
        ),
    ],
)
def test_le_verdict_est_celui_de_la_regle_la_plus_severe(
    regles: list[dict[str, Any]], champs: dict[str, Any], verdict: Verdict
) -> None:
    assert evaluer(*regles, **champs).verdict == verdict


@pytest.mark.parametrize("champ", ["cout_ht", "aide_demandee", "assiette"])
def test_un_projet_aux_montants_negatifs_est_refuse(champ: str) -> None:
    with pytest.raises(ValueError, match="positif"):
        replace(PROJET, **{champ: D("-1.00")})  # type: ignore[arg-type]


def test_chaque_verdict_a_un_libelle() -> None:
    assert set(LIBELLES_VERDICT) == set(Verdict)


def test_un_parametre_legal_a_une_source_et_une_seule_valeur_par_jour() -> None:
    for parametre in PARAMETRES:
        assert parametre.source
        assert LIVRES.au(parametre.code, parametre.depuis) == parametre
        simultanes = [p for p in PARAMETRES if p.code == parametre.code and p.vaut(parametre.depuis)]
        assert simultanes == [parametre]


def test_un_parametre_abroge_ne_vaut_plus() -> None:
    dernier_jour = LE
    abroge = replace(PARAMETRES[0], jusqu_a=dernier_jour)
    assert abroge.vaut(dernier_jour)
    assert not abroge.vaut(dernier_jour.replace(day=2))
    assert LIVRES.au("inconnu", LE) is None
