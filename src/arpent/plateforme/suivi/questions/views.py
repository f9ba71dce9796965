"""The questions of evaluation: all of them, then one with its answer."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from arpent.metier.cycles import CYCLE_REPONSE_EVALUATION
from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ..models import ReponseEvaluation
from ..volets import volets
from . import actions
from .actions import ReponseRefusee
from .forms import ReponseForm
from .lecture import questions_de

VOIR, REDIGER = "bilan.voir", "evaluation.rediger"


@page_demarche(VOIR)
def questions(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    contexte = {
        "demarche": demarche,
        "q": questions_de(demarche, date.today()),
        "redige": bool(peut_sur(request.user, REDIGER, demarche)),
        "volets": volets(demarche, "questions"),
    }
    return render(request, "suivi/questions/questions.html", contexte)


def _page(
    request: RequeteAgent, demarche: Demarche, code: str, form: ReponseForm | None, status: int = 200
) -> HttpResponse:
    lues = questions_de(demarche, date.today())
    ligne = lues.ligne(code)
    if ligne is None:
        raise Http404("Cette question n’est pas de l’évaluation de ce territoire.")
    reponse = ligne.reponse
    gestes = [
        t for t in CYCLE_REPONSE_EVALUATION.gestes_possibles(ligne.etat)
        if t.geste != "rediger_reponse_evaluation"
    ]  # fmt: skip
    contexte = {
        "demarche": demarche,
        "ligne": ligne,
        "campagne": lues.campagne,
        "redige": bool(peut_sur(request.user, REDIGER, demarche)),
        "form": form or ReponseForm(instance=reponse),
        "modifiable": any(
            t.geste == "rediger_reponse_evaluation"
            for t in CYCLE_REPONSE_EVALUATION.gestes_possibles(ligne.etat)
        ),
        "gestes": gestes,
        "versions": list(reponse.versions.all()) if reponse else [],
    }
    return render(request, "suivi/questions/question.html", contexte, status=status)


@page_demarche(VOIR)
def question(request: RequeteAgent, demarche: Demarche, code: str) -> HttpResponse:
    return _page(request, demarche, code, None)


@page_demarche(REDIGER, "POST")
def reponse_ecrire(request: RequeteAgent, demarche: Demarche, code: str) -> HttpResponse:
    existante = ReponseEvaluation.objects.filter(demarche=demarche, code=code).first()
    form = ReponseForm(request.POST, instance=existante)
    if form.is_valid():
        try:
            ecrite = actions.ecrire_reponse(
                demarche, code, form.cleaned_data["texte"], version_lue=form.cleaned_data["version_lue"],
                par=request.user,
            )  # fmt: skip
        except ConflitDeVersion as conflit:
            retour = reverse("suivi:question", args=[demarche.slug, code])
            return page_conflit(request, conflit, titre="Cette réponse a changé entre-temps", retour=retour)
        except ReponseRefusee as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "La réponse est enregistrée.")
            return redirect(ecrite.get_absolute_url())
    return _page(request, demarche, code, form, 422)


@page_demarche(REDIGER, "POST")
def reponse_geste(request: RequeteAgent, demarche: Demarche, code: str) -> HttpResponse:
    """Validates or reopens."""
    try:
        actions.changer_etat(demarche, code, request.POST.get("geste", ""), par=request.user)
    except ReponseRefusee as refus:
        messages.error(request, str(refus))
        return redirect("suivi:questions", demarche.slug)
    messages.success(request, "C’est noté.")
    return redirect("suivi:question", demarche.slug, code)
