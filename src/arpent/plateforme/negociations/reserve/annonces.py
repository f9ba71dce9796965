"""Who is told of a request and of its answer."""

from __future__ import annotations

from datetime import date

from arpent.plateforme.acteurs.models import Habilitation
from arpent.plateforme.acteurs.roles import ROLES, Portee
from arpent.plateforme.notifications.actions import notifier

from ..annonces import agents_de_l_autorite, agents_du_territoire
from ..models import DemandeReserve
from .droits import VOIR


def agents_du_porteur(demande: DemandeReserve) -> set[int]:
    """Agents who act today for the owner of the project. One query."""
    roles = [r.code for r in ROLES.values() if r.portee is Portee.ORGANISATION and VOIR in r.droits]
    en_cours = Habilitation.objects.en_cours(date.today())
    siennes = en_cours.filter(
        organisation_id=demande.fiche.maitre_ouvrage_id,
        territoire_id=demande.demarche.territoire_id,
        role__in=roles,
    )
    return set(siennes.values_list("agent_id", flat=True))


def a_l_autorite(demande: DemandeReserve, sujet: str, texte: str) -> None:
    demarche = demande.demarche
    notifier(
        agents_de_l_autorite(demarche), rubrique="reserve",
        sujet=f"{demarche.territoire.nom} : {sujet}", texte=texte,
        url=demande.get_absolute_url(),
    )  # fmt: skip


def au_territoire(demande: DemandeReserve, sujet: str, texte: str) -> None:
    """The intercommunalité, and the owner of the project."""
    notifier(
        agents_du_territoire(demande.demarche) | agents_du_porteur(demande),
        rubrique="reserve",
        sujet=f"Réserve, projet {demande.fiche.numero} : {sujet}",
        texte=texte,
        url=demande.get_absolute_url(),
    )
