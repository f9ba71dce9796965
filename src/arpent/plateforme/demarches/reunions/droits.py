"""Who may conduct a meeting, validate its minutes, carry out one of its decisions."""

from __future__ import annotations

from arpent.metier.cycles.reunion import CONDUIRE, VALIDER
from arpent.plateforme.acteurs.droits import ACCORDE, Avis, peut_partout
from arpent.plateforme.acteurs.models import Agent

from ..acces import peut_sur
from .models import MembreReunion, Reunion
from .models_suites import Decision


def peut_dans(agent: Agent, droit: str, reunion: Reunion) -> Avis:
    """`droit` over all the territories of the meeting. One query for one held with several of them."""
    if reunion.autres.exists():
        return peut_partout(agent, droit, reunion.demarche.autorite.pk)
    return peut_sur(agent, droit, reunion.demarche)


def peut_conduire(agent: Agent, reunion: Reunion) -> Avis:
    return peut_dans(agent, CONDUIRE, reunion)


def peut_valider(agent: Agent, reunion: Reunion) -> Avis:
    """Whoever presides over the meeting, or holds the right over its territories."""
    preside = reunion.membres.filter(place=MembreReunion.Place.PRESIDENCE, retire=False)
    if preside.filter(agent=agent).exists():
        return ACCORDE
    avis = peut_dans(agent, VALIDER, reunion)
    if avis:
        return avis
    return Avis(False, f"Le compte rendu est validé par la présidence de la réunion. {avis.raison}")


def peut_suivre(agent: Agent, decision: Decision) -> Avis:
    """Whoever has to carry it out, or conducts the meeting."""
    if Decision.objects.portees_par(agent).filter(pk=decision.pk).exists():
        return ACCORDE
    avis = peut_conduire(agent, decision.reunion)
    if avis:
        return avis
    qui = decision.responsable_nom or "la personne désignée"
    return Avis(False, f"Cette décision revient à {qui}, ou à qui conduit la réunion.")
