"""Each condition of the catalogue: met, not met with what is missing, unknown."""

from __future__ import annotations

from typing import Any

import pytest

from arpent.metier.processus import CATALOGUE, Condition, Faits, juger, phrase
from arpent.metier.processus.conditions import enumerer

C = Condition
CAS: list[tuple[Condition, dict[str, Any], bool | None, str]] = [
    (C("etapes_precedentes"), {}, True, ""),
    (C("etapes_precedentes"), {"etapes_precedentes_a_faire": ("A", "B")}, False, "Restent à faire : A, B."),
    (C("etape_faite", cible="a"), {"etapes_faites": frozenset({"a"})}, True, ""),
    (C("etape_faite", cible="a"), {}, False, "Cette étape n’est pas encore faite."),
    (C("diagnostic_partage"), {"diagnostic_partage": True}, True, ""),
    (C("diagnostic_partage"), {"diagnostic_partage": False}, False, "Ouvrez le plan d’actions"),
    (C("diagnostic_partage"), {}, None, ""),
    (C("fiches_proposees", 2), {"fiches_proposees": 2}, True, ""),
    (C("fiches_proposees", 2), {"fiches_proposees": 1}, False, "Il en faut 2 : 1 proposée."),
    (C("fiches_proposees", 3), {"fiches_proposees": 2}, False, "Il en faut 3 : 2 proposées."),
    (C("fiches_proposees"), {"fiches_proposees": 0}, False, "Il en faut 1 : aucune n’est proposée."),
    (C("fiches_proposees", 2), {}, None, ""),
    (C("fiches_deliberees"), {"fiches_sans_deliberation": ()}, True, ""),
    (C("fiches_deliberees"), {"fiches_sans_deliberation": ("École",)}, False, "Sans délibération : École."),
    (C("fiches_deliberees"), {}, None, ""),
    (C("fiches_preinstruites"), {"fiches_sans_preinstruction": ("École",)}, False, "Sans pré-instruction"),
    (C("maquette_offerte"), {"maquette_offerte": False}, False, "Aucune offre"),
    (C("maquette_offerte"), {"maquette_offerte": True}, True, ""),
    (C("accord_conclu"), {"accord_conclu": False}, False, "ne se rejoignent pas"),
    (C("contrat_vote"), {"contrat_ouvert": False}, False, "pas encore ouvert"),
    (C("contrat_vote"), {"contrat_ouvert": True, "parties_sans_vote": ("Mende",)}, False, "Mende"),
    (C("contrat_vote"), {"contrat_ouvert": True, "parties_sans_vote": ()}, True, ""),
    (C("contrat_vote"), {}, None, ""),
    (C("contrat_signe"), {"contrat_signe": False}, False, "n’ont pas signé"),
    (C("reunion_tenue", cible="copil"), {}, None, ""),
    (C("reunion_tenue", cible="copil"), {"comptes_rendus_valides": {"copil": 1}}, True, ""),
    (C("reunion_tenue", 2, "copil"), {"comptes_rendus_valides": {"copil": 1}}, False, "1 sur 2"),
    (C("reunion_tenue", cible="copil"), {"comptes_rendus_valides": {}}, False, "0 sur 1"),
]


@pytest.mark.parametrize(("condition", "faits", "remplie", "manque"), CAS)
def test_une_condition_repond_et_dit_ce_qui_manque(
    condition: Condition, faits: dict[str, Any], remplie: bool | None, manque: str
) -> None:
    (verdict,) = juger((condition,), Faits(**faits))
    assert verdict.remplie is remplie
    assert manque in verdict.manque.replace("\u00a0", " ")
    assert bool(verdict.manque) == (remplie is False)


def test_chaque_genre_du_catalogue_est_eprouve() -> None:
    assert {c.code for c, *_ in CAS} == set(CATALOGUE)


def test_une_condition_se_lit_a_voix_haute() -> None:
    assert phrase(C("fiches_proposees", 3)) == "au moins 3 fiches proposées"
    assert phrase(C("fiches_proposees", 1)) == "au moins 1 fiche proposée"
    nommee = phrase(C("reunion_tenue", 2, "copil"), {"copil": "Comité de pilotage"})
    assert nommee == "la réunion «\u00a0Comité de pilotage\u00a0» est tenue 2 fois, compte rendu validé"
    assert "«\u00a0copil\u00a0»" in phrase(C("etape_faite", cible="copil"))


def test_une_longue_liste_est_abregee() -> None:
    assert enumerer(tuple("ABCDE")) == "A, B, C, D, E"
    assert enumerer(tuple("ABCDEF")) == "A, B, C, D, E et 1 autre"
    assert enumerer(tuple("ABCDEFG")) == "A, B, C, D, E et 2 autres"
