"""Who is told of what happens on a fiche."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from arpent.plateforme.acteurs.models import Habilitation

from .models import Fiche

_INSTRUISENT = ("chef_de_projet", "instructeur")
_PORTENT = ("maire", "secretaire_mairie", "president_syndicat", "agent_epci", "president_epci")


def gens_de_la_structure(organisation_id: int, territoire_id: int) -> list[int]:
    """The agents who act for that body on that territory. One query."""
    en_cours = Habilitation.objects.en_cours(date.today())
    a_qui = Q(organisation_id=organisation_id, territoire_id=territoire_id)
    return list(en_cours.filter(a_qui, role__in=_PORTENT).values_list("agent_id", flat=True))


def gens_du_porteur(fiche: Fiche) -> list[int]:
    """The agents of the owner on that territory. One query."""
    return gens_de_la_structure(fiche.maitre_ouvrage_id, fiche.demarche.territoire_id)


def gens_d_une_autorite(autorite_id: int, roles: tuple[str, ...] = _INSTRUISENT) -> list[int]:
    """The agents of an authority who examine (or hold one of `roles`). One query."""
    en_cours = Habilitation.objects.en_cours(date.today())
    rows = en_cours.filter(role__in=roles, autorite_id=autorite_id)
    return list(rows.values_list("agent_id", flat=True))


def gens_de_l_autorite(fiche: Fiche, roles: tuple[str, ...] = _INSTRUISENT) -> list[int]:
    """The agents of the authority of a fiche who examine (or hold one of `roles`). One query."""
    return gens_d_une_autorite(fiche.demarche.autorite.pk, roles)
