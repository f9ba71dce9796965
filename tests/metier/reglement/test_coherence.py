"""A règlement that contradicts itself is found out, with the case that shows it; a sound one is not."""

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arpent.metier.reglement import (
    GenreIncoherence,
    Incoherence,
    Projet,
    Reglement,
    Verdict,
    lire_reglement,
    preinstruire,
    verifier_coherence,
)
from arpent.metier.reglement.bareme import Bareme
from arpent.metier.reglement.regles.plafond_aide import PlafondAide
from arpent.metier.reglement.regles.plancher_aide import PlancherAide
from arpent.metier.reglement.regles.taux_intervention import TauxIntervention
from tests.metier.reglement.cas import DISPOSITIFS, EXEMPLES, lire_yaml, reglements
from tests.metier.reglement.fabrique import LE, PROJET, donnees, simple

G = GenreIncoherence


def champ(nom: str, est: str, valeur: Any) -> dict[str, Any]:
    return {"champ": nom, "est": est, "valeur": valeur}


def parmi(nom: str, *codes: str) -> dict[str, Any]:
    return {"champ": nom, "parmi": list(codes)}


def taux(valeur: Any, code: str = "t", **cles: Any) -> dict[str, Any]:
    return {"genre": "taux_intervention", "code": code, "taux": valeur, **cles}


def plancher(**cles: Any) -> dict[str, Any]:
    return {"genre": "plancher_aide", **cles}


def bonus(points: str, code: str, **cles: Any) -> dict[str, Any]:
    return {"genre": "bonification", "code": code, "points": points, **cles}


def verifier(*regles: dict[str, Any]) -> tuple[Incoherence, ...]:
    return verifier_coherence(lire_reglement(donnees(*regles)))


COMMUNE_500 = {"et": [parmi("beneficiaire", "commune"), champ("population", "<=", 500)]}
TRANCHES: dict[str, Any] = {"par": "population", "tranches": [
    {"moins_de": 500, "valeur": "30 %"}, {"a_partir_de": 500, "valeur": "25 %"}]}  # fmt: skip

CONTRADICTIONS: list[tuple[list[dict[str, Any]], GenreIncoherence, str, str]] = [
    ([taux("20 %", si=parmi("theme", "voirie")), taux("30 %", "u", si=COMMUNE_500)], G.DEUX_TAUX,
     "Deux taux pour un même cas : 20 % (article 1) et 30 % (article 1).",
     "commune de 500 habitants, thème « Voirie »"),
    ([taux("20 %"), taux("30 %", "u")], G.DEUX_TAUX, "20 % (article 1) et 30 %", "tous les projets"),
    ([taux(TRANCHES), taux("25 %", "u")], G.DEUX_TAUX, "30 % (article 1) et 25 %", "499 habitants"),
    ([taux("20 %", si=champ("debut_le", "<", "2026-06-01")), taux("10 %", "u")], G.DEUX_TAUX, "20 %",
     "début le 31/05/2026"),
    ([taux("20 %", si=champ("cper", "=", True)), taux("10 %", "u")], G.DEUX_TAUX, "20 %", "projet du CPER"),
    ([taux("20 %", si=champ("cper", "=", False)), taux("10 %", "u")], G.DEUX_TAUX, "20 %",
     "projet hors CPER"),
    ([taux("20 %", si=parmi("zonages", "frr")), taux("10 %", "u", si={"non": parmi("zonages", "qpv")})],
     G.DEUX_TAUX, "20 %", "zonage : « frr »"),
    ([taux("20 %", si={"non": parmi("zonages", "frr")}), taux("10 %", "u")], G.DEUX_TAUX, "20 %",
     "zonage : aucun"),
    ([taux("20 %", si={"champ": "population", "renseigne": False}), taux("10 %", "u")], G.DEUX_TAUX, "20 %",
     "sans la population du maître d’ouvrage"),
    ([taux("20 %", si=champ("indicateur.pf", ">", "0,9")), taux("10 %", "u")], G.DEUX_TAUX, "20 %",
     "pf : 0,9"),
    ([taux("20 %", si=champ("depense.etudes", ">", 0)), taux("10 %", "u")], G.DEUX_TAUX, "20 %",
     "dépense « etudes » : 0,01 €"),
    ([taux("20 %", si={"champ": "depense.etudes", "renseigne": False}), taux("10 %", "u")], G.DEUX_TAUX,
     "20 %", "sans la dépense « etudes »"),
    ([taux("20 %", si=parmi("poste", "generaliste")), taux("10 %", "u", si=champ("quotite", "<", "0,5"))],
     G.DEUX_TAUX, "20 %", "poste « poste généraliste », quotité : 0"),
    ([taux("20 %", si={"non": parmi("categorie", "ecole")}), taux("10 %", "u")], G.DEUX_TAUX, "20 %",
     "autre catégorie"),
    ([plancher(montant="5 000 €"), {"genre": "plafond_aide", "montant": {"par": "population", "tranches": [
        {"moins_de": 500, "valeur": "4 999,99 €"}, {"a_partir_de": 500, "valeur": "10 000 €"}]}}],
     G.PLANCHER_AU_DESSUS, "au moins 5 000,00 € (article 1) et au plus 4 999,99 €", "499 habitants"),
    ([plancher(montant="5 000 €"), {"genre": "plafond_periode", "montant": "4 000 €"}], G.PLANCHER_AU_DESSUS,
     "au plus 4 000,00 €", "tous les projets"),
    ([plancher(montant="5 000 €"), {"genre": "forfait", "montant": "4 000 €"}], G.PLANCHER_AU_DESSUS,
     "au plus 4 000,00 €", "tous les projets"),
    ([plancher(montant="5 000 €"), {"genre": "etalement", "annuel": "1 000 €", "annees": 4}],
     G.PLANCHER_AU_DESSUS, "au plus 4 000,00 €", "tous les projets"),
    ([plancher(part="31 %"), taux("20 %"), bonus("10 %", "b", classes=["A"])], G.PLANCHER_AU_DESSUS,
     "au moins 31 % de l’assiette (article 1) pour un taux de 30 %", "classe « A »"),
    ([plancher(part="25 %"), taux("30 %"), {"genre": "plafond_taux", "taux": {"lignes": [
        {"si": parmi("classe", "A"), "valeur": "20 %"}, {"valeur": "80 %"}]}}],
     G.PLANCHER_AU_DESSUS, "au moins 25 % de l’assiette", "classe « A »"),
    ([plancher(part="30 %"), taux("40 %"), {"genre": "coefficient", "valeur_fixe": "0,5"}],
     G.PLANCHER_AU_DESSUS, "pour un taux de 20 %", "tous les projets"),
    ([taux({"par": "population", "tranches": [{"moins_de": 500, "valeur": "30 %"},
                                             {"plus_de": 500, "valeur": "25 %"}]})], G.TROU,
     "« Taux d’intervention » (article 1) : aucune tranche pour 500 habitants.", "500 habitants"),
    ([taux({"par": "population", "tranches": [{"jusqu_a": 500, "valeur": "30 %"},
                                             {"a_partir_de": 500, "valeur": "25 %"}]})], G.RECOUVREMENT,
     "2 tranches pour 500 habitants", "500 habitants"),
    ([taux({"par": "population", "tranches": [{"moins_de": 500, "valeur": "30 %"}]})], G.TROU,
     "aucune tranche pour 500 habitants", "500 habitants"),
    ([taux({"par": "cout_ht", "tranches": [{"a_partir_de": "100 €", "valeur": "30 %"}]})], G.TROU,
     "aucune tranche pour 99,99 €", "coût HT : 99,99 €"),
    ([taux({"par": "rang", "tranches": [
        {"valeur": "30 %"}, {"plus_de": 5, "moins_de": 5, "valeur": "1 %"}]})],
     G.TRANCHE_VIDE, "une tranche est vide (plus de 5 et moins de 5)", "plus de 5 et moins de 5"),
    ([taux("80 %"), bonus("15 %", "b", classes=["A"]), bonus("10 %", "c", secteurs=["ville"])],
     G.TAUX_EXCESSIF, "Le taux (article 1) atteint 105 % avec ses bonifications", "secteur : « ville »"),
    ([taux("80 %"), bonus("30 %", "b", population_max=500)], G.TAUX_EXCESSIF, "110 %", "500 habitants"),
    ([taux("80 %"), {"genre": "coefficient", "valeur_fixe": "1,3"}], G.TAUX_EXCESSIF, "104 %",
     "tous les projets"),
    ([taux({"lignes": [{"si": COMMUNE_500, "valeur": "30 %"}]})], G.TROU, "aucun cas du barème ne convient",
     "commune de 501 habitants"),
    ([taux({"lignes": [{"si": champ("population", "<", 500), "valeur": "30 %"},
                       {"si": champ("population", "<", 300), "valeur": "25 %"}, {"valeur": "20 %"}]})],
     G.JAMAIS_ATTEINT, "ce cas du barème n’est jamais atteint", "maître d’ouvrage de moins de 300 habitants"),
    ([taux("30 %", si={"et": [champ("population", ">", 500), champ("population", "<", 501)]})],
     G.JAMAIS_ATTEINT, "aucun projet ne peut remplir la condition",
     "maître d’ouvrage de plus de 500 habitants et maître d’ouvrage de moins de 501 habitants"),
    ([{"genre": "theme_eligible", "themes": ["voirie", "sport"]},
      {"genre": "exclusion", "cas": parmi("theme", "sport")}], G.ELIGIBLE_ET_EXCLU,
     "À la fois éligible (article 1) et exclu (article 1) : thème « sport ».", "thème « sport »"),
    ([{"genre": "theme_eligible", "themes": ["voirie"]},
      {"genre": "theme_eligible", "code": "u", "themes": ["sport"]}], G.ELIGIBLE_ET_EXCLU, "éligible",
     "thème « Voirie »"),
    ([{"genre": "categorie_eligible", "categories": ["ecole"]},
      {"genre": "condition_requise", "exige": parmi("categorie", "stade")}], G.ELIGIBLE_ET_EXCLU, "éligible",
     "catégorie « ecole »"),
    ([{"genre": "beneficiaire_eligible", "natures": ["commune"]},
      {"genre": "exclusion", "cas": parmi("beneficiaire", "commune")}], G.ELIGIBLE_ET_EXCLU, "éligible",
     "commune"),
]  # fmt: skip


@pytest.mark.parametrize(("regles", "genre", "message", "cas"), CONTRADICTIONS)
def test_une_contradiction_est_montree_par_un_cas(
    regles: list[dict[str, Any]], genre: GenreIncoherence, message: str, cas: str
) -> None:
    trouvees = [t for t in verifier(*regles) if t.genre is genre]
    assert trouvees
    assert message in simple(trouvees[0].message)
    assert cas in simple(trouvees[0].cas)
    assert trouvees[0].cas in trouvees[0].message
    assert set(trouvees[0].regles) <= {r.get("code", r["genre"]) for r in regles}


A_ET_B = {"et": [parmi("criteres", "a"), parmi("criteres", "b")]}
CONNUE = {"champ": "population", "renseigne": True}
SAINS: list[list[dict[str, Any]]] = [
    [],
    [taux("20 %", si=parmi("theme", "voirie")), taux("30 %", "u", si={"non": parmi("theme", "voirie")})],
    [taux("20 %"), taux("20 %", "u")],
    [taux("20 %"), taux({"valeur": None}, "u")],
    [taux(TRANCHES)],
    [taux({"par": "population", "tranches": [{"a_partir_de": 500, "valeur": "25 %"}]},
          si=champ("population", ">=", 500))],
    [taux({"par": "population", "tranches": [
        {"jusqu_a": 5, "valeur": None}, {"plus_de": 5, "valeur": None}]})],
    [taux({"par": "population", "tranches": [{"moins_de": 5, "valeur": "1 %"},
        {"a_partir_de": 5, "jusqu_a": 5, "valeur": "2 %"}, {"plus_de": 5, "valeur": "3 %"}]})],
    [taux({"par": "indicateur.pf", "tranches": [{"jusqu_a": "0,9", "valeur": "1 %"},
                                                {"plus_de": "0,9", "valeur": "2 %"}]},
          si={"champ": "indicateur.pf", "renseigne": True})],
    [taux({"par": "theme", "valeurs": {"voirie": "20 %"}}),
     taux({"par": "theme", "valeurs": {"sport": "9 %"}}, "u")],
    [taux(TRANCHES, si={"ou": [CONNUE, {"non": CONNUE}]})],
    [plancher(montant="5 000 €"), {"genre": "plafond_aide", "montant": "5 000 €"}],
    [plancher(montant="5 000 €", si=champ("population", ">", 10)),
     {"genre": "plafond_aide", "montant": "1 €", "si": champ("population", "<=", 10)}],
    [plancher(montant={"valeur": None}), {"genre": "plafond_aide", "montant": "1 €"}],
    [plancher(part="10 %"), {"genre": "forfait", "montant": "1 €", "unite": "m3"}],
    [plancher(montant="10 €"), {"genre": "forfait", "montant": "1 €", "unite": "m3"}],
    [plancher(montant="10 €"), {"genre": "etalement", "annuel": {"valeur": None}, "annees": 2}],
    [plancher(part="20 %"), taux("20 %")],
    [plancher(part={"valeur": None}), taux("20 %")],
    [plancher(part="30 %"), taux("20 %"), bonus("10 %", "b", si=champ("population", ">=", 0))],
    [plancher(part="30 %"), taux("20 %"), {"genre": "coefficient", "indicateur": "solidarite"}],
    [taux("80 %"), bonus("20 %", "b", classes=["A"])],
    [taux("80 %"), bonus("30 %", "b", classes=["A"]), {"genre": "plafond_taux", "taux": "90 %"}],
    [taux("80 %"), bonus("15 %", "b", si=parmi("classe", "A")), bonus("15 %", "c", si=parmi("classe", "B"))],
    [taux({"par": "theme", "valeurs": {"voirie": "80 %"}}), bonus("21 %", "b", si={"et": [
        parmi("theme", "sport"), champ("population", "<", 5)]})],
    [taux({"valeur": None}), bonus("99 %", "b", classes=["A"])],
    [{"genre": "theme_eligible", "themes": ["sport"]}, {"genre": "exclusion", "cas": {"et": [
        parmi("theme", "sport"), champ("population", "<", 500)]}}],
    [taux("9 %", si={"et": [A_ET_B, {"non": parmi("criteres", "c")}]})],
    [taux("9 %", si={"et": [A_ET_B, {"non": parmi("criteres", *"cdefg")}]})],
    [taux({"lignes": [{"si": {"et": [A_ET_B, {"non": parmi("criteres", *"cdefg")}]}, "valeur": "1 %"},
                      {"valeur": "2 %"}]})],
]  # fmt: skip


@pytest.mark.parametrize("regles", SAINS)
def test_un_reglement_sain_n_est_pas_accuse(regles: list[dict[str, Any]]) -> None:
    assert verifier(*regles) == ()


@pytest.mark.parametrize("nom", reglements())
def test_chaque_exemple_est_coherent(nom: str) -> None:
    assert verifier_coherence(lire_reglement(lire_yaml(EXEMPLES / f"{nom}.yaml"), demonstration=True)) == ()


@pytest.mark.parametrize("slug", ["lozere", "nouvelle-aquitaine"])
@pytest.mark.parametrize("demonstration", [False, True])
def test_chaque_dispositif_livre_est_coherent(slug: str, demonstration: bool) -> None:
    contenu = lire_yaml(DISPOSITIFS / slug / "reglement.yaml")
    assert verifier_coherence(lire_reglement(contenu, demonstration)) == ()


NEUF_CHAMPS = [
    "population",
    "rang",
    "annee",
    "cout_ht",
    "aide_demandee",
    "quotite",
    "indicateur.a",
    "quantite.b",
]


def test_trop_de_cas_est_dit_plutot_que_devine() -> None:
    large = {"et": [champ(nom, ">", 5) for nom in NEUF_CHAMPS]}
    trouvees = verifier(
        taux("20 %", si=large),
        taux("30 %", "u"),
        taux({"lignes": [{"si": large, "valeur": "1 %"}, {"valeur": "2 %"}]}, "v"),
    )
    assert {t.genre for t in trouvees} >= {G.NON_VERIFIE}
    assert any("simplifiez" in t.message for t in trouvees)


# --- the property: what is declared consistent is -------------------------------------------------

BORNES = st.integers(0, 6)
CONDITIONS = st.one_of(
    st.builds(champ, st.just("population"), st.sampled_from(["<", "<=", "=", "!=", ">=", ">"]), BORNES),
    st.builds(parmi, st.just("theme"), st.sampled_from(["voirie", "sport"])),
    st.builds(parmi, st.just("zonages"), st.sampled_from(["frr", "qpv"])),
)
SI = st.one_of(
    st.none(),
    CONDITIONS,
    st.lists(CONDITIONS, min_size=2, max_size=2).map(lambda cs: {"et": cs}),
    st.lists(CONDITIONS, min_size=2, max_size=2).map(lambda cs: {"ou": cs}),
    CONDITIONS.map(lambda c: {"non": c}),
)


def _tranches(valeurs: list[str]) -> Any:
    tranche = st.builds(
        lambda bas, haut, valeur: {
            **({} if bas is None else {bas[0]: bas[1]}), **({} if haut is None else {haut[0]: haut[1]}),
            "valeur": valeur,
        },
        st.none() | st.tuples(st.sampled_from(["a_partir_de", "plus_de"]), BORNES),
        st.none() | st.tuples(st.sampled_from(["moins_de", "jusqu_a"]), BORNES),
        st.sampled_from(valeurs),
    )  # fmt: skip
    return st.lists(tranche, min_size=1, max_size=3).map(lambda ts: {"par": "population", "tranches": ts})


def _regle(genre: str, cle: str, valeurs: list[str], code: str) -> Any:
    valeur = st.sampled_from(valeurs) | _tranches(valeurs)
    return st.builds(
        lambda v, si: {"genre": genre, "code": code, cle: v, **({} if si is None else {"si": si})}, valeur, SI
    )


MONTANTS = ["1 000 €", "2 000 €", "3 000 €"]
TIRES = st.tuples(
    _regle("taux_intervention", "taux", ["10 %", "20 %"], "t1"),
    _regle("taux_intervention", "taux", ["10 %", "20 %"], "t2"),
    _regle("plafond_aide", "montant", MONTANTS, "haut"),
    _regle("plancher_aide", "montant", MONTANTS, "bas"),
)
PROJETS = st.lists(
    st.builds(
        lambda theme, population, zonages: replace(
            PROJET, theme=theme, beneficiaire_population=population, zonages=tuple(zonages)
        ),
        st.sampled_from(["voirie", "sport", "culture"]),
        st.integers(0, 8),
        st.sets(st.sampled_from(["frr", "qpv"])),
    ),
    min_size=1,
    max_size=30,
)


def _valeurs(reglement: Reglement, classe: type, attribut: str, projet: Projet) -> list[D]:
    baremes: list[Bareme] = [
        getattr(r, attribut) for r in reglement.regles if isinstance(r, classe) and r.s_applique(projet)
    ]
    connues = [bareme.pour(projet).valeur for bareme in baremes]
    assert None not in connues, "un trou"
    assert all(
        sum(t.contient(D(projet.beneficiaire_population or 0)) for t in b.tranches) <= 1 for b in baremes
    )
    return [valeur for valeur in connues if valeur is not None]


@settings(max_examples=300)
@given(TIRES, PROJETS)
def test_un_reglement_dit_coherent_n_a_ni_deux_taux_ni_plancher_au_dessus_du_plafond(
    regles: tuple[dict[str, Any], ...], projets: list[Projet]
) -> None:
    reglement = lire_reglement(donnees(*regles))
    if verifier_coherence(reglement):
        return
    for projet in projets:
        assert len(set(_valeurs(reglement, TauxIntervention, "taux", projet))) <= 1
        hauts = _valeurs(reglement, PlafondAide, "montant", projet)
        bas = _valeurs(reglement, PlancherAide, "montant", projet)
        assert not hauts or not bas or max(bas) <= min(hauts)


@settings(max_examples=200)
@given(TIRES, PROJETS)
def test_une_contradiction_visible_sur_un_projet_est_toujours_trouvee(
    regles: tuple[dict[str, Any], ...], projets: list[Projet]
) -> None:
    reglement = lire_reglement(donnees(*regles))
    genres = {t.genre for t in verifier_coherence(reglement)}
    for projet in projets:
        taux_lus = {
            r.taux.pour(projet).valeur
            for r in reglement.regles
            if isinstance(r, TauxIntervention) and r.s_applique(projet)
        } - {None}
        if len(taux_lus) > 1:
            assert G.DEUX_TAUX in genres
            return


def test_ce_qui_est_dit_incoherent_se_voit_a_la_pre_instruction() -> None:
    regles = [plancher(montant="5 000 €"), {"genre": "plafond_aide", "montant": "4 000 €"}]
    assert verifier(*regles)[0].genre is G.PLANCHER_AU_DESSUS
    resultat = preinstruire(PROJET, lire_reglement(donnees(*regles)), LE)
    assert (resultat.aide_maximale, resultat.verdict) == (D("0.00"), Verdict.NON_CONFORME)
