"""Who may do what where. An answer is granted or carries its reason and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from django.contrib.auth.models import AnonymousUser

from .models import Agent, Habilitation
from .roles import ROLES, Portee


@dataclass(frozen=True, slots=True)
class Avis:
    """A permission answer: usable as a boolean, and `raison` is shown to the person refused."""

    accorde: bool
    raison: str = ""

    def __bool__(self) -> bool:
        return self.accorde


ACCORDE = Avis(True)


def _couvre(habilitation: Habilitation, territoire_id: int | None, autorite_id: int | None) -> bool:
    match habilitation.definition.portee:
        case Portee.TOUT:
            return True
        case Portee.AUTORITE:
            return autorite_id is None or habilitation.autorite_id == autorite_id
        case Portee.TERRITOIRE | Portee.ORGANISATION:
            return territoire_id is None or habilitation.territoire_id == territoire_id
        case _ as unreachable:
            assert_never(unreachable)


def peut(
    agent: Agent | AnonymousUser,
    droit: str,
    *,
    territoire_id: int | None = None,
    autorite_id: int | None = None,
) -> Avis:
    """Whether one habilitation in force grants `droit` over that territory or authority (None: anywhere)."""
    if not isinstance(agent, Agent):
        return Avis(False, "Connectez-vous pour continuer.")
    for habilitation in agent.habilitations_en_cours:
        if droit in habilitation.definition.droits and _couvre(habilitation, territoire_id, autorite_id):
            return ACCORDE
    qui = ", ".join(sorted({r.libelle for r in ROLES.values() if droit in r.droits}))
    return Avis(False, f"Votre rôle ne permet pas ce geste. Il revient à : {qui}.")


def peut_partout(agent: Agent | AnonymousUser, droit: str, autorite_id: int) -> Avis:
    """`peut` over every territory of that authority: what is held on one territory does not count."""
    avis = peut(agent, droit, autorite_id=autorite_id)
    if not avis or not isinstance(agent, Agent):
        return avis
    larges = {Portee.TOUT, Portee.AUTORITE}
    for habilitation in agent.habilitations_en_cours:
        definition = habilitation.definition
        if (
            definition.portee in larges
            and droit in definition.droits
            and _couvre(habilitation, None, autorite_id)
        ):
            return ACCORDE
    return Avis(False, "Ce geste porte sur tous les territoires : votre rôle n’en couvre qu’une partie.")


def organisations_de(agent: Agent, territoire_id: int) -> set[int] | None:
    """Bodies whose fiches the agent may write on that territory; None means all of them."""
    ids: set[int] = set()
    for habilitation in agent.habilitations_en_cours:
        if "fiche.rediger" not in habilitation.definition.droits:
            continue
        match habilitation.definition.portee:
            case Portee.ORGANISATION:
                if habilitation.territoire_id == territoire_id and habilitation.organisation_id:
                    ids.add(habilitation.organisation_id)
            case Portee.TERRITOIRE:
                if habilitation.territoire_id == territoire_id:
                    return None
            case _:
                return None
    return ids


def themes_de(agent: Agent, territoire_id: int, organisation_id: int | None) -> frozenset[str] | None:
    """Codes of the themes whose fiches the agent may write for that body; None: all of them.

    A habilitation without theme bounds nothing; several add up.
    """
    codes: set[str] = set()
    for habilitation in agent.habilitations_en_cours:
        definition = habilitation.definition
        if "fiche.rediger" not in definition.droits or not _couvre(habilitation, territoire_id, None):
            continue
        if definition.portee is Portee.ORGANISATION and habilitation.organisation_id != organisation_id:
            continue
        if not habilitation.themes:
            return None
        codes.update(habilitation.themes.split(","))
    return frozenset(codes)
