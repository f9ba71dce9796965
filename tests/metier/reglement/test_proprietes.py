"""The promises of the maximum, over a règlement that uses the whole catalogue and projects of all sorts."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from arpent.metier.plan_financement import Financement, Financeur, StatutFinancement
from arpent.metier.reglement import (
    CATALOGUE,
    AideAnterieure,
    Enveloppe,
    Poste,
    Projet,
    Verdict,
    lire_reglement,
    preinstruire,
)
from tests.metier.reglement.fabrique import LE, PROJET, donnees

PETITE = {"champ": "population", "est": "<", "valeur": 500}
PAR_POPULATION = {"par": "population", "tranches": [
    {"moins_de": 500, "valeur": "33,33 %"}, {"a_partir_de": 500, "valeur": "25 %"}]}  # fmt: skip
REGLES: list[dict[str, Any]] = [
    {"genre": "theme_eligible", "themes": ["voirie"], "exclus": ["sport"]},
    {"genre": "categorie_eligible", "exclues": ["culte"]},
    {"genre": "beneficiaire_eligible", "natures": ["commune", "association"], "exceptionnelles": ["petr"]},
    {"genre": "nature_depense", "natures": ["investissement", "fonctionnement"]},
    {"genre": "maturite", "admises": ["structurant"]},
    {"genre": "taille_projet", "cout_min": "100 €"},
    {"genre": "condition_requise", "exige": {"champ": "population", "est": "<", "valeur": 900}},
    {"genre": "exclusion", "cas": {"champ": "categorie", "parmi": ["culte"]}},
    {"genre": "poste_ingenierie", "admis": [{"type": "generaliste", "maximum": 1}, {"type": "encadrement"}],
     "au_prorata": ["encadrement"]},
    {"genre": "fin_de_vigueur", "le": "2026-06-13"},
    {"genre": "taux_intervention", "taux": PAR_POPULATION},
    {"genre": "bonification", "points": "7,77 %", "si": PETITE},
    {"genre": "coefficient", "indicateur": "solidarite"},
    {"genre": "plafond_taux", "taux": "38 %"},
    {"genre": "forfait", "montant": "1 234,56 €", "unite": "logements", "si": PETITE},
    {"genre": "plafond_assiette", "montant": "400 000 €"},
    {"genre": "plafond_assiette_periode", "montant": "350 000 €", "annees": 3},
    {"genre": "plafond_unitaire", "montant": "1 500 €", "unite": "m3"},
    {"genre": "depenses_exclues", "postes": ["etudes"]},
    {"genre": "plafond_aide", "montant": "90 000 €"},
    {"genre": "plafond_periode", "montant": "80 000 €", "annees": 4},
    {"genre": "plafond_financeur", "part": "50 %"},
    {"genre": "autofinancement_minimal", "part": "33,33 %"},
    {"genre": "plancher_aide", "montant": "100 €", "part": "1 %", "combinaison": "ou"},
    {"genre": "nombre_projets", "maximum": 3},
    {"genre": "dossiers_classes", "maximum": 3, "retenus": 1},
    {"genre": "precedent_solde", "croisees": ["pont"]},
    {"genre": "etalement", "annuel": "25 000 €", "annees": 3},
    {"genre": "droit_tirage", "montant": "30 000 €", "depuis": 2024, "annees": 3, "report": True},
    {"genre": "enveloppe_disponible", "enveloppe": "a", "communicantes": ["b"], "part_fongible": "33,33 %"},
    {"genre": "quota_enveloppe", "enveloppe": "a", "part": "66,67 %", "prioritaires": PETITE},
    {"genre": "tranches_enveloppe", "enveloppe": "a", "tranches": [
        {"libelle": "1", "part": "33,33 %"}, {"libelle": "2", "part": "66,67 %"}]},
    {"genre": "plan_equilibre"},
    {"genre": "deliberation_transmise"},
    {"genre": "pieces_requises", "pieces": ["devis"]},
    *({"genre": classe.GENRE} for classe in CATALOGUE if classe.FAMILLE == "droit"),
]  # fmt: skip
REGLEMENT = lire_reglement(donnees(*REGLES))


def test_le_reglement_de_ces_proprietes_emploie_tout_le_catalogue() -> None:
    assert {regle.GENRE for regle in REGLEMENT.regles} == {classe.GENRE for classe in CATALOGUE}


def centimes(maximum: int) -> Any:
    return st.integers(0, maximum * 100).map(lambda x: D(x).scaleb(-2))


GRANDS = st.integers(9_999, 50_000_000).map(lambda x: D(x).scaleb(-2))
ANTERIEURES = st.none() | st.lists(
    st.builds(
        AideAnterieure,
        st.integers(2023, 2026), centimes(20000), centimes(100000), st.sampled_from(["voirie", "sport"]),
        st.sampled_from(["pont", "ecole"]), st.just(""), st.sampled_from([True, True, True, False]),
    ),
    max_size=3,
).map(tuple)  # fmt: skip
ENVELOPPES = st.none() | st.tuples(
    st.builds(Enveloppe, st.just("a"), st.just("A"), GRANDS, centimes(9000), centimes(9000),
              st.sampled_from([None, 0, 1, 2])),
    st.builds(Enveloppe, st.just("b"), st.just("B"), centimes(90000), centimes(90000)),
)  # fmt: skip
POSTES = st.none() | st.builds(
    Poste,
    st.sampled_from(["generaliste", "encadrement", "administratif"]),
    st.sampled_from([D("0.33"), D(1)]),
    st.sampled_from([None, False, True]),
    st.sampled_from([None, 0, 1]),
)
LIGNES = st.lists(
    st.builds(
        Financement,
        st.sampled_from(Financeur), st.just(""), centimes(20000), st.sampled_from(StatutFinancement),
    ),
    max_size=2,
).map(tuple)  # fmt: skip
OPTIONS = st.fixed_dictionaries(
    {
        "cout_ht": GRANDS,
        "financements": LIGNES,
        "beneficiaire_population": st.sampled_from([None, 499, 500, 800]),
        "aides_anterieures": ANTERIEURES,
        "enveloppes": ENVELOPPES,
        "poste": st.none() | st.none() | POSTES,
        "quantites": st.sampled_from([{}, {"m3": D(100), "logements": D("12.5")}]),
        "indicateurs": st.sampled_from([{}, {"solidarite": D("0.94")}, {"solidarite": D("1.5")}]),
        "depenses": st.sampled_from([None, {}, {"etudes": D("1234.56")}]),
        "rang": st.sampled_from([None, 1, 2]),
        "pieces": st.sampled_from([None, (), ("devis",)]),
        "categorie": st.sampled_from(["", "ecole", "pont"]),
        "commence_le": st.sampled_from([None, None, None, date(2026, 3, 1)]),
    }
)
PROJETS = OPTIONS.map(lambda options: replace(PROJET, **options))


@given(PROJETS)
def test_accorder_le_maximum_ne_viole_aucun_plafond(projet: Projet) -> None:
    maximum = preinstruire(projet, REGLEMENT, LE).aide_maximale
    assert maximum == maximum.quantize(D("0.01")) >= 0
    if maximum > 0:
        constats = preinstruire(replace(projet, aide_demandee=maximum), REGLEMENT, LE).constats
        assert not [c.regle for c in constats if c.plafond is not None and c.verdict is Verdict.NON_CONFORME]


@given(PROJETS)
def test_un_centime_de_plus_que_le_maximum_viole_le_plafond_liant(projet: Projet) -> None:
    resultat = preinstruire(projet, REGLEMENT, LE)
    liant = resultat.plafond_liant
    if liant is None:
        return
    assert liant.plafond == resultat.aide_maximale
    depasse = preinstruire(replace(projet, aide_demandee=resultat.aide_maximale + D("0.01")), REGLEMENT, LE)
    assert {c.regle: c.verdict for c in depasse.constats}[liant.regle] is Verdict.NON_CONFORME


@given(PROJETS, centimes(500000))
def test_le_maximum_ne_depend_pas_de_ce_qu_on_demande(projet: Projet, demandee: D) -> None:
    resultat = preinstruire(replace(projet, aide_demandee=demandee), REGLEMENT, LE)
    assert resultat.aide_maximale == preinstruire(projet, REGLEMENT, LE).aide_maximale


@given(PROJETS)
def test_une_donnee_inconnue_est_dite_et_ne_pose_jamais_de_plafond(projet: Projet) -> None:
    for constat in preinstruire(projet, REGLEMENT, LE).constats:
        assert constat.explication
        if "non renseignée" in constat.explication:
            assert (constat.verdict, constat.plafond) == (Verdict.A_VERIFIER, None)
