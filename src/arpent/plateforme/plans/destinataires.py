"""Who is told of what happens on a fiche."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from arpent.plateforme.acteurs.models import Habilitation

from .models import Fiche

_INSTRUISENT = ("chef_de_projet", "instructeur")
_PORTENT = ("maire", "secretaire_mairie", "president_syndicat", "agent_epci", "president_epci")


def gens_du_porteur(fiche: Fiche) -> list[int]:
    """The agents of the owner on that territory. One query."""
    en_cours = Habilitation.objects.en_cours(date.today())
    a_qui = Q(organisation_id=fiche.maitre_ouvrage_id, territoire_id=fiche.demarche.territoire_id)
    return list(en_cours.filter(a_qui, role__in=_PORTENT).values_list("agent_id", flat=True))


def gens_de_l_autorite(fiche: Fiche, roles: tuple[str, ...] = _INSTRUISENT) -> list[int]:
    """The agents of the authority who examine (or hold one of `roles`). One query."""
    en_cours = Habilitation.objects.en_cours(date.today())
    rows = en_cours.filter(role__in=roles, autorite_id=fiche.demarche.autorite.pk)
    return list(rows.values_list("agent_id", flat=True))
