"""Who may invite whom. The table is read aloud; the perimeter is that of the habilitation one holds."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from arpent.plateforme.territoires.perimetres import en_cours

from ..attributions import INVITES, defaut_de_perimetre
from ..droits import ACCORDE, Avis
from ..models import Agent, Habilitation, Invitation, Organisation
from ..roles import ROLES, Portee

_COMMUNAUX = frozenset({"maire", "secretaire_mairie", "president_syndicat"})
_DU_TERRITOIRE = _COMMUNAUX | INVITES | {"president_epci", "agent_epci"}
INVITABLES: dict[str, frozenset[str]] = {
    "administrateur": frozenset(ROLES),
    "chef_de_projet": frozenset(ROLES) - {"administrateur"},
    "president_epci": _DU_TERRITOIRE,
    "agent_epci": _DU_TERRITOIRE - {"president_epci"},
    "maire": frozenset({"secretaire_mairie"}),
}
"""Role → roles it may offer, inside its own perimeter. Nobody offers more than they hold but for one's own
territory's elected people, whom the authority and the EPCI know."""


def roles_proposables(agent: Agent) -> list[str]:
    """Codes of the roles the agent may offer somewhere, in the order of the table of roles. No query."""
    permis: set[str] = set()
    for habilitation in agent.habilitations_en_cours:
        permis |= INVITABLES.get(habilitation.role, frozenset())
    return [code for code in ROLES if code in permis]


def organisations_du_territoire(territoire_id: int, le: date) -> Q:
    """Condition on Organisation: communes, EPCI and syndicats of the territory, those who act there."""
    compose = en_cours(le, "groupement__compositions__") & Q(
        groupement__compositions__territoire=territoire_id
    )
    membre = en_cours(
        le, "commune__appartenances__", "commune__appartenances__groupement__compositions__"
    ) & Q(commune__appartenances__groupement__compositions__territoire=territoire_id)
    agit = Q(habilitations__territoire=territoire_id)
    dedans = Organisation.objects.order_by()
    return (
        Q(pk__in=dedans.filter(compose).values("pk"))
        | Q(pk__in=dedans.filter(membre).values("pk"))
        | Q(pk__in=dedans.filter(agit).values("pk"))
    )


def _couvre(
    h: Habilitation, role: str, autorite_id: int | None, territoire_id: int | None,
    organisation_id: int | None, territoires: Collection[int],
) -> bool:  # fmt: skip
    """Whether the perimeter asked for lies inside that of the habilitation."""
    visee = ROLES[role].portee
    portee = h.definition.portee
    if portee is Portee.TOUT:
        return True
    if portee is Portee.AUTORITE:
        if visee is Portee.AUTORITE:
            return autorite_id is not None and autorite_id == h.autorite_id
        return territoire_id in territoires
    if visee in {Portee.AUTORITE, Portee.TOUT} or territoire_id != h.territoire_id:
        return False
    return portee is Portee.TERRITOIRE or organisation_id == h.organisation_id


def peut_inviter(
    agent: Agent, role: str, *, autorite_id: int | None, territoire_id: int | None,
    organisation_id: int | None, territoires: Collection[int],
) -> Avis:  # fmt: skip
    """Whether one habilitation in force lets the agent offer that role over that perimeter. No query.

    `territoires`: those of the authorities the agent works for (the démarches lie above this room).
    """
    if role not in ROLES or role not in roles_proposables(agent):
        return Avis(
            False, "Votre rôle ne permet pas d’inviter à ce titre. Demandez au chef de projet territorial."
        )
    if manque := defaut_de_perimetre(
        role, autorite_id=autorite_id, territoire_id=territoire_id, organisation_id=organisation_id
    ):
        return Avis(False, manque)
    for habilitation in agent.habilitations_en_cours:
        if role in INVITABLES.get(habilitation.role, frozenset()) and _couvre(
            habilitation, role, autorite_id, territoire_id, organisation_id, territoires
        ):
            return ACCORDE
    return Avis(
        False, "Ce périmètre dépasse le vôtre : invitez pour vos structures, ou demandez au chef de projet."
    )


def invitations_visibles(agent: Agent, territoires: Collection[int]) -> Q:
    """Condition on Invitation: those sent by the agent, and those of the perimeter one may invite in."""
    visible = Q(invite_par=agent)
    for h in agent.habilitations_en_cours:
        if h.role not in INVITABLES:
            continue
        match h.definition.portee:
            case Portee.TOUT:
                return Q(pk__isnull=False)
            case Portee.AUTORITE:
                visible |= Q(autorite=h.autorite_id) | Q(autorite=None, territoire__in=territoires)
            case Portee.TERRITOIRE:
                visible |= Q(territoire=h.territoire_id)
            case _:
                visible |= Q(territoire=h.territoire_id, organisation=h.organisation_id)
    return visible


def peut_gerer(agent: Agent, invitation: Invitation, territoires: Collection[int]) -> Avis:
    """Send again or cancel: who sent it, or who could have."""
    if invitation.invite_par_id == agent.pk and invitation.role in roles_proposables(agent):
        return ACCORDE
    return peut_inviter(
        agent, invitation.role, autorite_id=invitation.autorite_id, territoire_id=invitation.territoire_id,
        organisation_id=invitation.organisation_id, territoires=territoires,
    )  # fmt: skip
