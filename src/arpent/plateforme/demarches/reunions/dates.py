"""The days to come of a person: meetings they are called to, decisions they have to carry out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import Q
from django.urls import reverse

from arpent.metier.cycles.reunion import EtatReunion
from arpent.plateforme.acteurs.models import Agent

from ..models import Demarche
from .lecture import demarche_pour
from .models import MembreReunion, Reunion
from .models_suites import Decision

JourUtile = tuple[date, str, str, str]
"""The day, what it is, where it is read, the territory."""


def prochaines_dates(
    agent: Agent, demarches: Mapping[int, Demarche], le: date, nombre: int
) -> list[JourUtile]:
    """From that day on, at most `nombre` of each, in the démarches given. Two queries."""
    convie = MembreReunion.objects.filter(agent=agent, retire=False).order_by().values("reunion_id")
    reunions = Reunion.objects.filter(pk__in=convie, etat=EtatReunion.CONVOQUEE.value, jour__gte=le).order_by(
        "jour", "pk"
    )
    decisions = (
        Decision.objects.filter(
            Q(pk__in=Decision.objects.portees_par(agent).order_by().values("pk")),
            reunion__demarche__in=list(demarches), echeance__gte=le,
        )
        .a_faire()
        .select_related("reunion")
        .order_by("echeance", "pk")
    )  # fmt: skip
    jours: list[JourUtile] = []
    for reunion in reunions[:nombre]:
        if demarche := demarche_pour(reunion, demarches):
            url = reverse("reunions:reunion", args=[demarche.slug, reunion.pk])
            jours.append((reunion.jour, reunion.titre, url, demarche.territoire.nom))
    for decision in decisions[:nombre]:
        decision.reunion.demarche = demarches[decision.reunion.demarche_id]
        nom = decision.reunion.demarche.territoire.nom
        if decision.echeance:
            jours.append((decision.echeance, decision.texte[:120], decision.get_absolute_url(), nom))
    return jours
