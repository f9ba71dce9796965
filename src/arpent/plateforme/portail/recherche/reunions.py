"""Meetings and decisions, by their words."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from arpent.plateforme.demarches.reunions.lecture import demarche_pour
from arpent.plateforme.demarches.reunions.models import Reunion
from arpent.plateforme.demarches.reunions.models_suites import Decision
from arpent.plateforme.socle.templatetags.formats import date_fr

from .pieces import Demande, Trouve

LUES = 2_000
"""The latest ones: a meeting of ten years ago is found on the page of its territory."""


def reunions(asked: Demande) -> Sequence[Trouve]:
    """By title, kind or place, the latest first. Two queries, read in memory."""
    demarches = {d.pk: d for d in asked.demarches}
    lues = (
        Reunion.objects.visibles_par(asked.agent)
        .defer("synthese", "message")
        .prefetch_related("autres")
        .order_by("-jour", "-pk")[:LUES]
    )
    trouves = []
    for reunion in lues:
        if not asked.repond(reunion.titre, reunion.genre_libelle, reunion.lieu):
            continue
        if demarche := demarche_pour(reunion, demarches):
            url = reverse("reunions:reunion", args=[demarche.slug, reunion.pk])
            detail = f"{date_fr(reunion.jour)}, {reunion.get_etat_display()}, {demarche.territoire.nom}"
            trouves.append(Trouve(reunion.titre, detail, url))
        if len(trouves) > asked.limite:
            break
    return trouves


def decisions(asked: Demande) -> Sequence[Trouve]:
    """By their words, the latest first. One query, read in memory."""
    demarches = {d.pk: d for d in asked.demarches}
    lues = (
        Decision.objects.filter(reunion__demarche__in=list(demarches))
        .select_related("reunion")
        .defer("reunion__synthese", "reunion__message")
        .order_by("-reunion__jour", "-pk")[:LUES]
    )
    trouves = []
    for decision in lues:
        if asked.repond(decision.texte, decision.objet_libelle, decision.responsable_nom):
            demarche = demarches[decision.reunion.demarche_id]
            url = reverse("reunions:decision", args=[demarche.slug, decision.pk])
            detail = f"{decision.get_etat_display()}, {decision.reunion.titre}"
            trouves.append(Trouve(decision.texte[:150], detail, url))
        if len(trouves) > asked.limite:
            break
    return trouves
