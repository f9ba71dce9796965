"""Who is told of an offer and of its answer."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from arpent.metier.argent import formater_euros
from arpent.plateforme.acteurs.models import Habilitation
from arpent.plateforme.acteurs.roles import ROLES, Portee
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.notifications.actions import notifier

from .models import Scenario
from .passerelle import maquette_de


def agents_du_territoire(demarche: Demarche) -> set[int]:
    """Agents who act for the territory today. One query."""
    roles = [r.code for r in ROLES.values() if r.portee is Portee.TERRITOIRE and "maquette.voir" in r.droits]
    en_cours = Habilitation.objects.en_cours(date.today())
    return set(
        en_cours.filter(territoire_id=demarche.territoire_id, role__in=roles).values_list(
            "agent_id", flat=True
        )
    )


def agents_de_l_autorite(demarche: Demarche) -> set[int]:
    """Agents who arbitrate for the authority today. One query."""
    roles = [
        r.code for r in ROLES.values() if r.portee is Portee.AUTORITE and "maquette.arbitrer" in r.droits
    ]
    en_cours = Habilitation.objects.en_cours(date.today())
    return set(
        en_cours.filter(autorite_id=demarche.autorite.pk, role__in=roles).values_list("agent_id", flat=True)
    )


def annoncer(scenario: Scenario, geste: str) -> None:
    """Tells the other side."""
    demarche = scenario.demarche
    url = reverse("negociations:maquette", args=[demarche.slug])
    if geste == "offrir":
        total = formater_euros(maquette_de(scenario).total_propose)
        notifier(
            agents_du_territoire(demarche),
            rubrique="negociation",
            sujet=f"{demarche.territoire.nom} : une offre vous est faite",
            texte=f"{demarche.autorite.nom} propose {total} d’aides. Examinez la maquette et répondez.",
            url=url,
        )
    elif geste == "accepter":
        notifier(
            agents_de_l_autorite(demarche),
            rubrique="negociation",
            sujet=f"{demarche.territoire.nom} : l’offre est acceptée",
            texte="La maquette est arrêtée : le contrat peut être préparé.",
            url=url,
        )
