"""Who may read what is written on a territory: the people who hold a right there, in two queries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Prefetch, Q

from .models import Agent, Habilitation
from .roles import ROLES, Portee


def agents_du_perimetre(
    droit: str, *, territoire_id: int, autorite_id: int, le: date | None = None
) -> list[Agent]:
    """Active accounts that hold `droit` over that territory, by name, their habilitations read. Two queries.

    `peut` and `maisons_de` then answer about each of them without a query.
    """
    le = le or date.today()
    par_portee: dict[Portee, list[str]] = {p: [] for p in Portee}
    for role in ROLES.values():
        if droit in role.droits:
            par_portee[role.portee].append(role.code)
    condition = (
        Q(role__in=par_portee[Portee.TOUT])
        | Q(role__in=par_portee[Portee.AUTORITE], autorite=autorite_id)
        | Q(
            role__in=[*par_portee[Portee.TERRITOIRE], *par_portee[Portee.ORGANISATION]],
            territoire=territoire_id,
        )
    )
    tenants = Habilitation.objects.en_cours(le).filter(condition).order_by().values("agent")
    en_cours = Habilitation.objects.en_cours(le).select_related("organisation", "autorite", "territoire")
    agents: list[Agent] = list(
        Agent.objects.filter(pk__in=tenants, is_active=True)
        .order_by("nom", "prenom", "pk")
        .prefetch_related(Prefetch("habilitations", queryset=en_cours, to_attr="lues"))
    )
    for agent in agents:
        vars(agent)["habilitations_en_cours"] = list(vars(agent)["lues"])
    return agents


def structure_de(agent: Agent) -> str:
    """The name of the body an agent acts for, read with its habilitations."""
    for h in agent.habilitations_en_cours:
        if maison := h.organisation or h.autorite:
            return maison.nom
    return ""


def noms_connus(le: date | None = None) -> Sequence[tuple[int, str]]:
    """(id, full name) of every account in use: whoever a text may name. One query."""
    en_cours = Habilitation.objects.en_cours(le or date.today()).order_by().values("agent")
    lignes = Agent.objects.filter(is_active=True, pk__in=en_cours).order_by("pk")
    return [(pk, f"{prenom} {nom}".strip()) for pk, prenom, nom in lignes.values_list("pk", "prenom", "nom")]
