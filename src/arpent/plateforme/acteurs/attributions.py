"""Who may give which role, where, for how long. The table is read aloud; nobody gives more than they hold."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from .droits import ACCORDE, Avis
from .models import Agent
from .roles import ROLES, Portee

GERER = "habilitation.gerer"
INVITES = frozenset({"invite", "invite_redacteur"})
"""Guests (a consultancy, a State service): an end date is compulsory, at most DUREE_INVITE away."""
DUREE_INVITE = 365
"""Days."""
ATTRIBUABLES: dict[str, frozenset[str]] = {
    "administrateur": frozenset(ROLES),
    "chef_de_projet": frozenset(ROLES) - {"administrateur"},
}
"""Role → roles it may give, extend and close, inside its own perimeter."""
AUTRE_PARTIE = frozenset(
    {
        "contrat.signer",
        "dossier.deposer",
        "maquette.accepter",
        "reserve.demander",
        "scenario.lire_territoire",
    }
)
"""Rights of the other side of the table: the authority gives them to the territory without holding them."""


def roles_attribuables(agent: Agent) -> list[str]:
    """Codes of the roles the agent may give somewhere, in the order of the table of roles. No query."""
    permis: set[str] = set()
    for habilitation in agent.habilitations_en_cours:
        if GERER in habilitation.definition.droits:
            permis |= ATTRIBUABLES.get(habilitation.role, frozenset())
    return [code for code in ROLES if code in permis]


def peut_attribuer(
    par: Agent, role: str, *, autorite_id: int | None, territoire_id: int | None, territoires: Collection[int]
) -> Avis:
    """Whether one habilitation in force lets `par` give (extend, close) that role over that perimeter.

    `territoires`: those of the démarches in the perimeter of `par` (they lie above this room). No query.
    """
    for habilitation in par.habilitations_en_cours:
        definition = habilitation.definition
        if GERER not in definition.droits or role not in ATTRIBUABLES.get(habilitation.role, frozenset()):
            continue
        if definition.portee is Portee.TOUT:
            return ACCORDE
        if ROLES[role].portee is Portee.AUTORITE:
            if autorite_id is not None and autorite_id == habilitation.autorite_id:
                return ACCORDE
        elif territoire_id is not None and territoire_id in territoires:
            return ACCORDE
    if role not in roles_attribuables(par):
        return Avis(False, "Votre rôle ne permet pas de donner celui-ci. Demandez à un administrateur.")
    return Avis(False, "Ce périmètre dépasse le vôtre : demandez à un administrateur.")


def defaut_de_perimetre(
    role: str, *, autorite_id: int | None, territoire_id: int | None, organisation_id: int | None
) -> str:
    """What misses for the role to hold somewhere, in one French line; empty when nothing does."""
    portee = ROLES[role].portee
    if portee is Portee.AUTORITE and autorite_id is None:
        return "Ce rôle s’exerce pour une autorité : choisissez-la."
    if portee in {Portee.TERRITOIRE, Portee.ORGANISATION} and territoire_id is None:
        return "Ce rôle s’exerce sur un territoire : choisissez-le."
    if portee is Portee.ORGANISATION and organisation_id is None:
        return "Ce rôle représente une structure : choisissez-la."
    return ""


def defaut_de_duree(role: str, *, debut: date, fin: date | None, le: date) -> str:
    """Why a period is refused on the day `le`; empty when it holds. A guest always has an end."""
    if fin is not None and fin < max(debut, le):
        return "La date de fin est avant le début, ou déjà passée : corrigez-la."
    if role not in INVITES:
        return ""
    if fin is None:
        return "Un invité l’est pour un temps : indiquez la date de fin."
    if (fin - max(debut, le)).days > DUREE_INVITE:
        return "L’accès d’un invité dure un an au plus : rapprochez la date de fin (elle peut se prolonger)."
    return ""
