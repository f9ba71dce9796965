"""Who may give which role, where, for how long. No database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from arpent.plateforme.acteurs.attributions import (
    ATTRIBUABLES,
    AUTRE_PARTIE,
    DUREE_INVITE,
    GERER,
    INVITES,
    defaut_de_duree,
    defaut_de_perimetre,
    peut_attribuer,
    roles_attribuables,
)
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.acteurs.roles import ROLES, Portee
from tests.plateforme.personnes import (
    AUTORITE,
    AUTRE_AUTORITE,
    AUTRE_TERRITOIRE,
    MAIRIE,
    TERRITOIRE,
    habilitation,
    personne,
)

LE = date(2026, 6, 1)
LARGEUR = {Portee.ORGANISATION: 0, Portee.TERRITOIRE: 1, Portee.AUTORITE: 2, Portee.TOUT: 3}


@pytest.mark.parametrize("role", sorted(ATTRIBUABLES))
def test_personne_ne_donne_plus_que_ce_qu_il_a(role: str) -> None:
    for donne in ATTRIBUABLES[role]:
        assert ROLES[donne].droits - ROLES[role].droits <= AUTRE_PARTIE, donne
        assert LARGEUR[ROLES[donne].portee] <= LARGEUR[ROLES[role].portee], donne


def test_qui_donne_des_roles_a_le_droit_de_les_gerer_et_lui_seul() -> None:
    assert {code for code, role in ROLES.items() if GERER in role.droits} == set(ATTRIBUABLES)


@pytest.mark.parametrize(
    ("role", "donne", "autorite", "territoire", "raison"),
    [
        ("administrateur", "administrateur", None, None, ""),
        ("administrateur", "chef_de_projet", AUTRE_AUTORITE, None, ""),
        ("chef_de_projet", "instructeur", AUTORITE, None, ""),
        ("chef_de_projet", "instructeur", AUTRE_AUTORITE, None, "dépasse le vôtre"),
        ("chef_de_projet", "instructeur", None, None, "dépasse le vôtre"),
        ("chef_de_projet", "maire", None, TERRITOIRE, ""),
        ("chef_de_projet", "maire", None, AUTRE_TERRITOIRE, "dépasse le vôtre"),
        ("chef_de_projet", "invite", None, None, "dépasse le vôtre"),
        ("chef_de_projet", "administrateur", None, None, "ne permet pas de donner celui-ci"),
        ("instructeur", "instructeur", AUTORITE, None, "ne permet pas de donner celui-ci"),
        ("president_epci", "agent_epci", None, TERRITOIRE, "ne permet pas de donner celui-ci"),
    ],
)
def test_un_role_se_donne_dans_son_perimetre(
    role: str, donne: str, autorite: int | None, territoire: int | None, raison: str
) -> None:
    avis = peut_attribuer(
        personne(role), donne, autorite_id=autorite, territoire_id=territoire, territoires={TERRITOIRE}
    )
    assert bool(avis) is (raison == "")
    assert raison in avis.raison


def test_qui_remplace_ne_donne_aucun_role() -> None:
    pretee = habilitation("administrateur")
    pretee.au_nom_de = Agent(pk=9, nom="Absente")
    assert roles_attribuables(personne(pretee)) == []
    assert "administrateur" in roles_attribuables(personne("administrateur"))


@pytest.mark.parametrize(
    ("role", "autorite", "territoire", "organisation", "mot"),
    [
        ("instructeur", None, TERRITOIRE, MAIRIE, "autorité"),
        ("instructeur", AUTORITE, None, None, ""),
        ("invite", AUTORITE, None, None, "territoire"),
        ("maire", None, None, MAIRIE, "territoire"),
        ("maire", None, TERRITOIRE, None, "structure"),
        ("maire", None, TERRITOIRE, MAIRIE, ""),
        ("administrateur", None, None, None, ""),
    ],
)
def test_un_role_sans_perimetre_est_refuse(
    role: str, autorite: int | None, territoire: int | None, organisation: int | None, mot: str
) -> None:
    defaut = defaut_de_perimetre(
        role, autorite_id=autorite, territoire_id=territoire, organisation_id=organisation
    )
    assert (defaut == "") is (mot == "")
    assert mot in defaut


@pytest.mark.parametrize(
    ("role", "debut", "fin", "mot"),
    [
        ("maire", LE, None, ""),
        ("maire", LE, LE, ""),
        ("maire", LE, LE - timedelta(1), "avant le début"),
        ("maire", LE - timedelta(400), LE - timedelta(1), "déjà passée"),
        ("invite", LE, None, "indiquez la date de fin"),
        ("invite", LE, LE + timedelta(DUREE_INVITE), ""),
        ("invite", LE, LE + timedelta(DUREE_INVITE + 1), "un an au plus"),
        ("invite_redacteur", LE - timedelta(300), LE + timedelta(DUREE_INVITE), ""),
    ],
)
def test_un_invite_l_est_pour_un_temps(role: str, debut: date, fin: date | None, mot: str) -> None:
    defaut = defaut_de_duree(role, debut=debut, fin=fin, le=LE)
    assert (defaut == "") is (mot == "")
    assert mot in defaut


def test_un_invite_ne_lit_pas_l_annuaire_et_ne_signe_pas() -> None:
    for role in INVITES:
        assert not ROLES[role].droits & {"annuaire.voir", "contrat.signer", "fiche.proposer"}
