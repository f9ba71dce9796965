"""Who may touch a maquette, and when. No database."""

from __future__ import annotations

import pytest

from arpent.plateforme.negociations.droits import gestes_ouverts, peut_arbitrer
from arpent.plateforme.negociations.models import Scenario
from tests.plateforme.personnes import demarche, personne


def test_les_montants_se_changent_pendant_le_travail_seulement() -> None:
    chef = personne("chef_de_projet")
    assert peut_arbitrer(chef, Scenario(etat="travail"), demarche())
    avis = peut_arbitrer(chef, Scenario(etat="offert"), demarche())
    assert not avis
    assert "« offerte »" in avis.raison


def test_qui_n_arbitre_pas_ne_change_pas_les_montants() -> None:
    avis = peut_arbitrer(personne("president_epci"), Scenario(etat="travail"), demarche())
    assert not avis
    assert "Votre rôle ne permet pas ce geste" in avis.raison


@pytest.mark.parametrize(
    ("role", "etat", "attendus"),
    [
        ("chef_de_projet", "travail", ["offrir", "ecarter"]),
        ("chef_de_projet", "offert", ["ecarter", "reprendre"]),
        ("president_epci", "offert", ["accepter"]),
        ("president_epci", "travail", []),
        ("administrateur", "offert", ["accepter", "ecarter", "reprendre"]),
        ("maire", "offert", []),
    ],
)
def test_chacun_voit_les_gestes_de_son_role(role: str, etat: str, attendus: list[str]) -> None:
    gestes = gestes_ouverts(personne(role), Scenario(etat=etat), demarche())
    assert [g.geste for g in gestes] == attendus
