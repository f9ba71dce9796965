"""Reading a process: every fault is told with its place; what is written is read back the same."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import arpent.dispositifs
from arpent.metier.processus import (
    CATALOGUE,
    COMPOSITIONS,
    LIEUX,
    Condition,
    Definition,
    Echelle,
    EtapeModele,
    Frequence,
    Phase,
    ProcessusInvalide,
    TypeReunion,
    ecrire_condition,
    ecrire_definition,
    lire_conditions,
    lire_definition,
)

DOSSIER = Path(arpent.dispositifs.__file__).parent
BASE: dict[str, Any] = {
    "slug": "essai",
    "nom": "Essai",
    "version": 1,
    "phases": [
        {
            "code": "diagnostic",
            "libelle": "Diagnostic",
            "etapes": [
                {"code": "copil", "libelle": "COPIL", "mois": 1, "duree_jours": 1, "reunion": "copil"},
                {
                    "code": "partage",
                    "libelle": "Partage",
                    "place": "diagnostic",
                    "conditions": [
                        {"code": "etape_faite", "cible": "copil"},
                        {"code": "fiches_proposees", "nombre": 2},
                        {"code": "reunion_tenue", "cible": "copil", "nombre": 2},
                    ],
                },
            ],
        }
    ],
    "reunions": [
        {
            "code": "copil",
            "libelle": "Comité de pilotage",
            "echelle": "territoire",
            "composition": ["maires"],
            "frequence": "annuelle",
        }
    ],
}


def etape(d: dict[str, Any], rang: int = 1) -> dict[str, Any]:
    trouvee: dict[str, Any] = d["phases"][0]["etapes"][rang]
    return trouvee


FAUTES: list[tuple[str, Callable[[dict[str, Any]], object], str]] = [
    ("sans phase", lambda d: d.update(phases=[]), "il faut au moins une phase et une étape"),
    ("phases absentes", lambda d: d.pop("phases"), "il faut au moins une phase"),
    ("phases en texte", lambda d: d.update(phases="rien"), "« phases » doit être une liste"),
    ("phase en texte", lambda d: d.update(phases=["x"]), "la ligne 1 de « phases » doit être un bloc"),
    ("phase vide", lambda d: d["phases"].append({"code": "b", "libelle": "B"}), "elle n’a aucune étape"),
    ("clé inconnue", lambda d: etape(d).update(duree=3), "clé inconnue « duree »"),
    ("libellé absent", lambda d: etape(d).pop("libelle"), "étape « partage » : la clé « libelle » manque"),
    ("libellé blanc", lambda d: etape(d).update(libelle="  "), "« libelle » doit être un texte"),
    ("libellé long", lambda d: etape(d).update(libelle="x" * 201), "dépasse 200 caractères"),
    ("code en majuscules", lambda d: etape(d).update(code="Été"), "s’écrit en minuscules sans accent"),
    ("code absent", lambda d: etape(d).pop("code"), "étape n° 2 : la clé « code » manque"),
    ("code en double", lambda d: etape(d).update(code="copil"), "deux étapes portent le code « copil »"),
    ("mois nul", lambda d: etape(d).update(mois=0), "« mois » doit être un nombre entier entre 1 et 60"),
    ("durée en texte", lambda d: etape(d).update(duree_jours="dix"), "« duree_jours » doit être un nombre"),
    ("durée booléenne", lambda d: etape(d).update(duree_jours=True), "« duree_jours » doit être un nombre"),
    ("oui en texte", lambda d: etape(d).update(facultative="oui"), "« facultative » doit être « true »"),
    ("lieu inconnu", lambda d: etape(d).update(place="cuisine"), "« cuisine » n’est pas une valeur"),
    ("réunion inconnue", lambda d: etape(d).update(reunion="bal"), "la réunion « bal » n’est pas décrite"),
    ("condition inconnue", lambda d: etape(d).update(conditions=[{"code": "lune"}]), "n’existe pas"),
    ("condition sans code", lambda d: etape(d).update(conditions=[{}]), "la clé « code » manque"),
    (
        "sans cible",
        lambda d: etape(d).update(conditions=[{"code": "reunion_tenue"}]),
        "écrivez dans « cible » le code attendu",
    ),
    (
        "sans nombre",
        lambda d: etape(d).update(conditions=[{"code": "fiches_proposees"}]),
        "écrivez dans « nombre » le minimum",
    ),
    (
        "étape qui suit",
        lambda d: etape(d, 0).update(conditions=[{"code": "etape_faite", "cible": "partage"}]),
        "« partage » n’est pas une étape qui précède",
    ),
    (
        "réunion visée inconnue",
        lambda d: etape(d).update(conditions=[{"code": "reunion_tenue", "cible": "bal"}]),
        "la réunion « bal » n’est pas décrite",
    ),
    (
        "échelle inconnue",
        lambda d: d["reunions"][0].update(echelle="lune"),
        "pas une valeur de « echelle »",
    ),
    ("fréquence absente", lambda d: d["reunions"][0].pop("frequence"), "la clé « frequence » manque"),
    ("composition inconnue", lambda d: d["reunions"][0].update(composition=["x"]), "pas une composition"),
    ("villes en texte", lambda d: d["reunions"][0].update(villes="Mende"), "doit être une liste de textes"),
    ("ville longue", lambda d: d["reunions"][0].update(villes=["x" * 201]), "un texte de « villes » dépasse"),
    (
        "trop d’étapes",
        lambda d: d["phases"][0].update(etapes=[{"code": f"e{i}", "libelle": "E"} for i in range(101)]),
        "100 étapes au plus",
    ),
]


@pytest.mark.parametrize(("gater", "message"), [f[1:] for f in FAUTES], ids=[f[0] for f in FAUTES])
def test_une_faute_est_dite_avec_son_lieu(gater: Callable[[dict[str, Any]], object], message: str) -> None:
    donnees = copy.deepcopy(BASE)
    gater(donnees)
    with pytest.raises(ProcessusInvalide) as refus:
        lire_definition(donnees)
    assert message in str(refus.value).replace("\u00a0", " ")


def test_toutes_les_fautes_sont_dites_a_la_fois() -> None:
    donnees = copy.deepcopy(BASE)
    etape(donnees).update(mois=0, place="cuisine")
    donnees["reunions"][0]["echelle"] = "lune"
    with pytest.raises(ProcessusInvalide) as refus:
        lire_definition(donnees)
    assert len(refus.value.fautes) == 3


@pytest.mark.parametrize("donnees", [None, [], "phases"])
def test_ce_qui_n_est_pas_une_table_est_refuse(donnees: object) -> None:
    with pytest.raises(ProcessusInvalide, match="table de clés"):
        lire_definition(donnees)


def test_un_processus_d_une_version_ancienne_se_lit_sans_ses_nouvelles_cles() -> None:
    ancien = {
        "phases": [{"code": "a", "libelle": "A", "etapes": [{"code": "b", "libelle": "B", "reunion": "x"}]}]
    }
    definition = lire_definition(ancien)
    assert definition.etapes == (EtapeModele("b", "B", reunion="x"),)
    assert definition.reunion("x") is None
    assert definition.jalons == ()


def test_une_reunion_dit_son_rythme() -> None:
    reunion = lire_definition(BASE).reunion("copil")
    assert reunion is not None
    assert reunion.rythme == "chaque année"
    assert TypeReunion("a", "A", Echelle.VILLE, (), Frequence.ANNUELLE, 5).rythme == "chaque année, 5 par an"


@pytest.mark.parametrize("nom", ["lozere", "nouvelle-aquitaine"])
def test_un_processus_livre_ecrit_puis_relu_est_le_meme(nom: str) -> None:
    definition = lire_definition(yaml.safe_load((DOSSIER / nom / "processus.yaml").read_text("utf-8")))
    assert lire_definition(ecrire_definition(definition)) == definition


def test_les_conditions_gardees_se_relisent_et_l_illisible_est_laisse() -> None:
    conditions = lire_definition(BASE).etapes[1].conditions
    ecrites = [*(ecrire_condition(c) for c in conditions), {"code": "disparue"}, "rien"]
    assert lire_conditions(ecrites) == conditions
    assert lire_conditions("rien") == ()


TEXTES = st.text("abcdefghijkl é’", min_size=1, max_size=20).filter(lambda t: t.strip() == t)


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    """Any process that holds together."""
    reunions = tuple(
        TypeReunion(
            f"r{i}",
            draw(TEXTES),
            draw(st.sampled_from(Echelle)),
            tuple(draw(st.lists(st.sampled_from(sorted(COMPOSITIONS)), unique=True))),
            draw(st.sampled_from(Frequence)),
            draw(st.none() | st.integers(1, 100)),
            tuple(draw(st.lists(TEXTES, max_size=2))),
            draw(st.integers(1, 1440)),
            tuple(draw(st.lists(TEXTES, max_size=2))),
        )
        for i in range(draw(st.integers(0, 2)))
    )
    simples = [c for c, g in CATALOGUE.items() if not g.demande]
    phases, rang = [], 0
    for p in range(draw(st.integers(1, 3))):
        etapes = []
        for _ in range(draw(st.integers(1, 3))):
            conditions = [Condition(c) for c in draw(st.lists(st.sampled_from(simples), max_size=2))]
            if rang:
                conditions.append(Condition("etape_faite", cible=f"e{draw(st.integers(0, rang - 1))}"))
            etapes.append(
                EtapeModele(
                    f"e{rang}",
                    draw(TEXTES),
                    draw(st.none() | st.integers(1, 60)),
                    draw(st.none() | st.integers(1, 3660)),
                    draw(st.just("") | TEXTES),
                    draw(st.sampled_from(["", "chef_de_projet"])),
                    draw(st.booleans()),
                    draw(st.booleans()),
                    draw(st.sampled_from(["", *(r.code for r in reunions)])),
                    draw(st.sampled_from(["", *LIEUX])),
                    tuple(conditions),
                )
            )
            rang += 1
        phases.append(Phase(f"p{p}", draw(TEXTES), tuple(etapes)))
    return Definition(tuple(phases), reunions)


@given(definitions())
def test_ecrire_puis_lire_ne_perd_rien(definition: Definition) -> None:
    assert lire_definition(ecrire_definition(definition)) == definition
