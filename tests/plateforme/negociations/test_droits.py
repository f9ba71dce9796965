"""Who may touch a maquette, and when. No database."""

from __future__ import annotations

import pytest

from arpent.plateforme.acteurs.models import Habilitation
from arpent.plateforme.negociations.droits import gestes_ouverts, peut_arbitrer
from arpent.plateforme.negociations.models import DemandeReserve, Scenario
from arpent.plateforme.negociations.reserve import droits as reserve
from tests.plateforme.personnes import (
    AUTRE_MAIRIE,
    AUTRE_TERRITOIRE,
    MAIRIE,
    demarche,
    fiche,
    habilitation,
    personne,
)


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


# --- the reserve ----------------------------------------------------------------------------------


def _demande(etat: str = "brouillon", mairie: int = MAIRIE) -> DemandeReserve:
    la_fiche = fiche(mairie=mairie)
    return DemandeReserve(demarche=la_fiche.demarche, fiche=la_fiche, etat=etat)


@pytest.mark.parametrize(
    ("qui", "porteurs"),
    [
        (habilitation("maire"), {MAIRIE}),
        (habilitation("maire", territoire_id=AUTRE_TERRITOIRE), set()),
        (habilitation("maire", organisation_id=None), {0}),
        (habilitation("president_epci"), None),
        (habilitation("administrateur"), None),
        (habilitation("chef_de_projet"), set()),
    ],
)
def test_pour_qui_l_on_demande(qui: Habilitation, porteurs: set[int] | None) -> None:
    assert reserve.porteurs_de(personne(qui), demarche()) == porteurs


def test_un_maire_demande_pour_sa_commune_seulement() -> None:
    maire = personne("maire")
    assert reserve.peut_demander_pour(maire, _demande())
    avis = reserve.peut_demander_pour(maire, _demande(mairie=AUTRE_MAIRIE))
    assert not avis
    assert avis.raison.startswith(f"Cette demande est celle de Mairie {AUTRE_MAIRIE}")
    assert reserve.peut_demander_pour(personne("agent_epci"), _demande(mairie=AUTRE_MAIRIE))


@pytest.mark.parametrize(
    ("etat", "modifiable", "dit"),
    [
        ("brouillon", True, ""),
        ("a_completer", True, ""),
        ("deposee", False, "vous la renvoyer à compléter"),
        ("tiree", False, "elle ne se modifie plus"),
    ],
)
def test_une_demande_se_modifie_tant_que_le_territoire_la_tient(
    etat: str, modifiable: bool, dit: str
) -> None:
    avis = reserve.peut_modifier(personne("maire"), _demande(etat))
    assert bool(avis) is modifiable
    assert dit in avis.raison
    assert not reserve.peut_modifier(personne("chef_de_projet"), _demande(etat))


@pytest.mark.parametrize(
    ("role", "etat", "attendus"),
    [
        ("maire", "brouillon", ["deposer_demande_reserve", "retirer_demande_reserve"]),
        ("president_epci", "deposee", ["retirer_demande_reserve"]),
        ("instructeur", "deposee", ["completer_demande_reserve", "instruire_reserve"]),
        ("instructeur", "instruite", ["completer_demande_reserve"]),
        (
            "chef_de_projet",
            "instruite",
            ["completer_demande_reserve", "accorder_reserve", "refuser_reserve"],
        ),
        ("chef_de_projet", "accordee", ["tirer_reserve", "rendre_reserve"]),
        ("elu_autorite", "instruite", []),
        ("maire", "accordee", []),
    ],
)
def test_chacun_voit_ses_gestes_sur_une_demande(role: str, etat: str, attendus: list[str]) -> None:
    assert [t.geste for t in reserve.gestes_ouverts(personne(role), _demande(etat))] == attendus
