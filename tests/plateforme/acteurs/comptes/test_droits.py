"""Who may invite whom, where. No database."""

from __future__ import annotations

import pytest
from django.db.models import Q

from arpent.plateforme.acteurs.attributions import INVITES
from arpent.plateforme.acteurs.comptes.droits import (
    INVITABLES,
    invitations_visibles,
    peut_gerer,
    peut_inviter,
    roles_proposables,
)
from arpent.plateforme.acteurs.droits import themes_de
from arpent.plateforme.acteurs.models import Invitation
from arpent.plateforme.acteurs.roles import ROLES, Portee
from tests.plateforme.personnes import (
    AUTORITE,
    AUTRE_AUTORITE,
    AUTRE_MAIRIE,
    AUTRE_TERRITOIRE,
    MAIRIE,
    TERRITOIRE,
    habilitation,
    personne,
)

ICI = frozenset({TERRITOIRE})


def _peut(
    qui: str, role: str, territoire: int | None, organisation: int | None, autorite: int | None
) -> bool:
    return bool(
        peut_inviter(
            personne(qui), role, autorite_id=autorite, territoire_id=territoire, organisation_id=organisation,
            territoires=ICI,
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    ("qui", "role", "territoire", "organisation", "autorite", "permis"),
    [
        ("administrateur", "administrateur", None, None, None, True),
        ("administrateur", "chef_de_projet", None, None, AUTRE_AUTORITE, True),
        ("administrateur", "maire", AUTRE_TERRITOIRE, MAIRIE, None, True),
        ("chef_de_projet", "chef_de_projet", None, None, AUTORITE, True),
        ("chef_de_projet", "chef_de_projet", None, None, AUTRE_AUTORITE, False),
        ("chef_de_projet", "administrateur", None, None, None, False),
        ("chef_de_projet", "president_epci", TERRITOIRE, None, None, True),
        ("chef_de_projet", "president_epci", AUTRE_TERRITOIRE, None, None, False),
        ("chef_de_projet", "maire", TERRITOIRE, MAIRIE, None, True),
        ("chef_de_projet", "invite", TERRITOIRE, None, None, True),
        ("president_epci", "agent_epci", TERRITOIRE, None, None, True),
        ("president_epci", "president_epci", TERRITOIRE, None, None, True),
        ("president_epci", "maire", TERRITOIRE, AUTRE_MAIRIE, None, True),
        ("president_epci", "maire", AUTRE_TERRITOIRE, MAIRIE, None, False),
        ("president_epci", "chef_de_projet", None, None, AUTORITE, False),
        ("agent_epci", "secretaire_mairie", TERRITOIRE, MAIRIE, None, True),
        ("agent_epci", "invite_redacteur", TERRITOIRE, MAIRIE, None, True),
        ("agent_epci", "president_epci", TERRITOIRE, None, None, False),
        ("maire", "secretaire_mairie", TERRITOIRE, MAIRIE, None, True),
        ("maire", "secretaire_mairie", TERRITOIRE, AUTRE_MAIRIE, None, False),
        ("maire", "secretaire_mairie", AUTRE_TERRITOIRE, MAIRIE, None, False),
        ("maire", "maire", TERRITOIRE, MAIRIE, None, False),
        ("secretaire_mairie", "secretaire_mairie", TERRITOIRE, MAIRIE, None, False),
        ("sous_prefet", "invite", TERRITOIRE, None, None, False),
        ("invite", "invite", TERRITOIRE, None, None, False),
        ("chef_de_projet", "agent_epci", None, None, None, False),
        ("chef_de_projet", "inconnu", TERRITOIRE, None, None, False),
    ],
)
def test_on_invite_dans_son_perimetre_et_pas_plus(
    qui: str, role: str, territoire: int | None, organisation: int | None, autorite: int | None, permis: bool
) -> None:
    assert _peut(qui, role, territoire, organisation, autorite) is permis


@pytest.mark.parametrize("qui", sorted(ROLES))
def test_personne_n_invite_a_un_titre_qui_donne_plus_de_portee_que_le_sien(qui: str) -> None:
    rangs = list(Portee)
    for role in INVITABLES.get(qui, frozenset()):
        assert rangs.index(ROLES[role].portee) >= rangs.index(ROLES[qui].portee), role


def test_le_droit_d_inviter_est_celui_de_la_table() -> None:
    assert {code for code, role in ROLES.items() if "compte.inviter" in role.droits} == set(INVITABLES)


def test_seul_l_administrateur_fait_un_administrateur() -> None:
    assert [qui for qui, roles in INVITABLES.items() if "administrateur" in roles] == ["administrateur"]


def test_un_invite_ne_gere_rien() -> None:
    for code in INVITES:
        assert not {
            d for d in ROLES[code].droits if d.endswith((".decider", ".arbitrer", ".signer", ".inviter"))
        }
    ecrit = {d for d in ROLES["invite"].droits if not d.endswith(".voir")}
    assert ecrit <= {"conversation.ecrire"}


def test_une_invitation_refusee_dit_a_qui_demander() -> None:
    avis = peut_inviter(
        personne("maire"), "maire", autorite_id=None, territoire_id=TERRITOIRE, organisation_id=MAIRIE,
        territoires=ICI,
    )  # fmt: skip
    assert "chef de projet" in avis.raison


@pytest.mark.parametrize(
    ("role", "manque"),
    [
        ("chef_de_projet", "autorité"),
        ("agent_epci", "territoire"),
        ("maire", "territoire"),
        ("administrateur", ""),
    ],
)
def test_un_perimetre_incomplet_est_nomme(role: str, manque: str) -> None:
    dit = peut_inviter(
        personne("administrateur"), role, autorite_id=None, territoire_id=None, organisation_id=None,
        territoires=ICI,
    )  # fmt: skip
    assert bool(dit) is not bool(manque)
    assert manque in dit.raison
    assert peut_inviter(
        personne("administrateur"), role, autorite_id=AUTORITE, territoire_id=TERRITOIRE,
        organisation_id=MAIRIE, territoires=ICI,
    )  # fmt: skip


def test_une_mairie_se_choisit_aussi() -> None:
    dit = peut_inviter(
        personne("administrateur"), "maire", autorite_id=None, territoire_id=TERRITOIRE, organisation_id=None,
        territoires=ICI,
    )  # fmt: skip
    assert "structure" in dit.raison


def test_sans_habilitation_aucun_role_a_proposer() -> None:
    assert roles_proposables(personne()) == []
    assert invitations_visibles(personne("sous_prefet"), ICI) == Q(invite_par=personne("sous_prefet"))


@pytest.mark.parametrize("qui", ["administrateur", "chef_de_projet", "president_epci", "maire"])
def test_la_liste_a_la_condition_de_la_portee(qui: str) -> None:
    agent = personne(qui)
    assert invitations_visibles(agent, ICI) != Q(invite_par=agent)


def test_qui_a_envoye_peut_renvoyer_tant_qu_il_peut_encore_inviter() -> None:
    chef, ancien = personne("chef_de_projet"), personne("secretaire_mairie")
    envoyee = Invitation(
        role="maire", territoire_id=AUTRE_TERRITOIRE, organisation_id=MAIRIE, invite_par_id=1
    )
    assert peut_gerer(chef, envoyee, ICI)
    assert not peut_gerer(ancien, envoyee, ICI)
    d_un_autre = Invitation(role="maire", territoire_id=TERRITOIRE, organisation_id=MAIRIE, invite_par_id=2)
    assert peut_gerer(chef, d_un_autre, ICI)
    assert not peut_gerer(personne("maire", pk=3), d_un_autre, ICI)


@pytest.mark.parametrize(
    ("habilitations", "codes"),
    [
        ([habilitation("maire")], None),
        ([habilitation("invite_redacteur", themes="voirie,eau")], {"voirie", "eau"}),
        ([habilitation("invite_redacteur", themes="eau"), habilitation("secretaire_mairie")], None),
        ([habilitation("invite_redacteur", themes="eau", organisation_id=AUTRE_MAIRIE)], set()),
        ([habilitation("invite_redacteur", themes="eau", territoire_id=AUTRE_TERRITOIRE)], set()),
        ([habilitation("sous_prefet")], set()),
        ([habilitation("agent_epci", themes="eau")], {"eau"}),
    ],
)
def test_les_themes_bornent_l_ecriture(habilitations: list[object], codes: set[str] | None) -> None:
    lus = themes_de(personne(*habilitations), TERRITOIRE, MAIRIE)  # type: ignore[arg-type]
    assert lus == (None if codes is None else frozenset(codes))
