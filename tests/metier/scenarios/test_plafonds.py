"""What the règlement says of several projects of one owner binds the optimiser too."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from arpent.metier.reglement import AideAnterieure, Projet, Reglement, lire_reglement
from arpent.metier.scenarios.optimisation import (
    Nombre,
    Objectif,
    Plafond,
    Portee,
    Probleme,
    expliquer,
    optimiser,
    pas_a_pas,
)
from arpent.metier.scenarios.plafonds import ProjetLu, contraintes_du_reglement

from .fabrique_optimisation import candidat

D = Decimal


def reglement(**regle: Any) -> Reglement:
    return lire_reglement(
        {
            "dispositif": "essai", "version": "1", "intitule": "Essai", "en_vigueur_le": "2020-01-01",
            "financeur": "departement", "libelles": {"fonds_base": "Fonds de base"},
            "articles": [{"numero": "7", "titre": "Règle", "prose": "Texte.", "regles": [regle]}],
        }
    )  # fmt: skip


def lu(
    nom: str,
    aide: str,
    *,
    porteur: str = "Chirac",
    anterieures: tuple[AideAnterieure, ...] = (),
    **projet: Any,
) -> ProjetLu:
    """A project of that owner, to be aided in 2025 or 2026."""
    c = candidat(nom, aide, annees=projet.pop("annees", (2025, 2026)), maitre_ouvrage=porteur)
    champs: dict[str, Any] = {
        "titre": nom, "theme": "voirie", "maturite": "structurant", "nature_depense": "investissement",
        "beneficiaire_nature": "commune", "beneficiaire_population": 300, "cout_ht": c.cout, "assiette": None,
        "aide_demandee": D(aide), "financements": (), "classe_vulnerabilite": None, "a_deliberation": True,
        "derogation": None,
    }  # fmt: skip
    return ProjetLu(c, Projet(**(champs | projet)), porteur, anterieures)


def aide(annee: int, montant: str, theme: str = "voirie") -> AideAnterieure:
    return AideAnterieure(annee, D(montant), theme=theme)


TROIS_ANS = {"genre": "plafond_periode", "montant": 60000, "annees": 3, "depuis": 2024}


def test_le_plafond_d_une_periode_compte_les_aides_deja_recues():
    deja = (aide(2024, "10000"), aide(2023, "99999"))
    lus = [lu(n, "40000", anterieures=deja) for n in "abc"] + [lu("d", "40000", porteur="Bois")]
    (plafond,) = contraintes_du_reglement(reglement(**TROIS_ANS), lus, {})
    assert isinstance(plafond, Plafond)
    assert plafond.montant == D("50000")
    assert plafond.portee == Portee(identifiants=frozenset("abc"), annees=frozenset({2025, 2026}))
    assert plafond.libelle == "Plafond de la période, Chirac, 2024-2026 (article 7)"


def test_une_periode_glissante_donne_un_plafond_par_fenetre():
    glissante = {"genre": "plafond_periode", "montant": 60000, "annees": 2}
    lus = [lu(n, "40000", anterieures=(aide(2024, "25000"),)) for n in "ab"]
    fenetres = contraintes_du_reglement(reglement(**glissante), lus, {})
    assert [(k.montant, sorted(k.portee.annees or ())) for k in fenetres if isinstance(k, Plafond)] == [
        (D("35000"), [2025]),
        (D("60000"), [2025, 2026]),
    ]


def test_par_theme_chaque_theme_a_son_plafond():
    par_theme = TROIS_ANS | {"perimetre": "theme"}
    deja = (aide(2025, "30000", "voirie"), aide(2025, "5000", "eau"))
    lus = [lu(n, "40000", anterieures=deja) for n in "ab"]
    lus += [lu(n, "40000", theme="eau", anterieures=deja) for n in "cd"]
    plafonds = contraintes_du_reglement(reglement(**par_theme), lus, {})
    assert [(k.montant, k.portee.identifiants) for k in plafonds if isinstance(k, Plafond)] == [
        (D("30000"), frozenset("ab")),
        (D("55000"), frozenset("cd")),
    ]


def test_ce_qui_ne_peut_pas_gener_ne_donne_rien():
    assert contraintes_du_reglement(reglement(**TROIS_ANS), [lu("a", "40000")], {}) == ()
    inconnu = TROIS_ANS | {"montant": {"valeur": None}}
    assert contraintes_du_reglement(reglement(**inconnu), [lu(n, "40000") for n in "abc"], {}) == ()
    hors = TROIS_ANS | {"depuis": 2010}
    assert contraintes_du_reglement(reglement(**hors), [lu(n, "40000") for n in "abc"], {}) == ()


def test_une_aide_au_dela_du_plafond_ne_rend_pas_le_reste_negatif():
    lus = [lu("a", "100", anterieures=(aide(2025, "70000"),))]
    (plafond,) = contraintes_du_reglement(reglement(**TROIS_ANS), lus, {})
    assert isinstance(plafond, Plafond)
    assert plafond.montant == 0


def test_le_nombre_de_projets_par_an():
    un_par_an = {"genre": "nombre_projets", "maximum": 1}
    lus = [lu(n, "100", anterieures=(aide(2025, "5"),)) for n in "ab"]
    nombres = contraintes_du_reglement(reglement(**un_par_an), lus, {})
    assert [(k.maximum, sorted(k.portee.annees or ())) for k in nombres if isinstance(k, Nombre)] == [
        (0, [2025]),
        (1, [2026]),
    ]
    assert contraintes_du_reglement(reglement(**un_par_an), [lu("a", "100", annees=(2026,))], {}) == ()


def test_la_part_reservee_borne_les_operations_qui_ne_sont_pas_prioritaires():
    quota = {
        "genre": "quota_enveloppe", "enveloppe": "fonds_base", "part": "75 %",
        "prioritaires": {"champ": "theme", "parmi": ["eau"]},
    }  # fmt: skip
    lus = [lu("a", "20000"), lu("b", "20000"), lu("c", "90000", theme="eau")]
    (plafond,) = contraintes_du_reglement(reglement(**quota), lus, {"fonds_base": D("100000")})
    assert isinstance(plafond, Plafond)
    assert plafond.montant == D("25000")
    assert plafond.portee.identifiants == frozenset("ab")
    assert contraintes_du_reglement(reglement(**quota), lus, {}) == ()
    assert contraintes_du_reglement(reglement(**quota), lus, {"fonds_base": D("200000")}) == ()


def test_une_regle_conditionnelle_ne_vise_que_les_siens():
    petites = TROIS_ANS | {"si": {"champ": "population", "est": "<", "valeur": 500}}
    lus = [lu(n, "40000") for n in "ab"] + [
        lu(n, "40000", porteur="Grande", beneficiaire_population=900) for n in "cd"
    ]
    plafonds = contraintes_du_reglement(reglement(**petites), lus, {})
    assert [k.portee.identifiants for k in plafonds] == [frozenset("ab")]


@pytest.mark.parametrize("objectif", [Objectif.CLASSEMENT, Objectif.TRAVAUX])
def test_l_optimiseur_et_le_second_avis_les_respectent_et_nomment_l_article(objectif):
    lus = [lu(n, "40000", anterieures=(aide(2024, "10000"),)) for n in "abc"]
    contraintes = (
        Plafond("total", "Enveloppe", D("1000000")),
        *contraintes_du_reglement(reglement(**TROIS_ANS), lus, {}),
    )
    probleme = Probleme(tuple(x.candidat for x in lus), contraintes, (objectif,))
    solution, second = optimiser(probleme), pas_a_pas(probleme)
    assert len(solution.choix) == 1
    assert second is not None
    assert len(second.choix) == 1
    sorties = expliquer(probleme, solution.choix)
    assert len(sorties) == 2
    assert all("article 7" in str(sortie) for sortie in sorties.values())


def test_les_annees_hors_de_la_periode_restent_libres():
    jusqu_en_2025 = TROIS_ANS | {"depuis": 2023}
    lus = [lu(n, "40000") for n in "abc"]
    contraintes = (
        Plafond("total", "Enveloppe", D("1000000")),
        *contraintes_du_reglement(reglement(**jusqu_en_2025), lus, {}),
    )
    probleme = Probleme(tuple(x.candidat for x in lus), contraintes, (Objectif.TRAVAUX,))
    choix = optimiser(probleme).choix
    assert len(choix) == 3
    assert sum(x.aide for x in choix.values() if x.annee == 2025) <= 60000
    assert 2026 in {x.annee for x in choix.values()}
