"""Finding the Rendez-vous, its questions and its packs; elsewhere they do not exist (404)."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.acteurs.droits import Avis
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions.genres import RENDEZ_VOUS
from arpent.plateforme.demarches.reunions.models import Reunion
from arpent.plateforme.demarches.reunions.models_suites import QuestionReunion

from ..models import DossierRendezVous
from .droits import peut_preparer

_CONTEXTE = ("demarche__territoire", "demarche__version_processus__processus__autorite")


def exiger(avis: Avis) -> None:
    """403 with the reason of the refusal."""
    if not avis:
        raise PermissionDenied(avis.raison)


def rendez_vous_ou_404(request: RequeteAgent, demarche: Demarche, pk: int) -> Reunion:
    """A Rendez-vous that the démarche holds or attends, if this agent may prepare it. One query."""
    reunion = get_object_or_404(
        Reunion.objects.de(demarche)
        .filter(genre__startswith=RENDEZ_VOUS)
        .select_related(*_CONTEXTE, "demarche__version_processus__processus__dispositif")
        .defer("demarche__version_processus__definition"),
        pk=pk,
    )
    exiger(peut_preparer(request.user, reunion))
    return reunion


def question_ou_404(reunion: Reunion, pk: int) -> QuestionReunion:
    """A question of that meeting, with the territory it is about."""
    question = (
        reunion.questions.select_related(
            "objet_demarche__territoire", "objet_demarche__version_processus__processus__autorite",
            "rendez_vous__avenant", "decision",
        )
        .defer("objet_demarche__version_processus__definition")
        .filter(pk=pk)
        .first()
    )  # fmt: skip
    if question is None:
        raise Http404("Cette question n’est pas dans cette réunion.")
    question.reunion = reunion
    return question


def dossier_ou_404(reunion: Reunion, pk: int) -> DossierRendezVous:
    return get_object_or_404(
        DossierRendezVous.objects.select_related("diapositives", "livret", "tableau"),
        pk=pk,
        reunion=reunion,
    )
