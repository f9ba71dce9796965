"""The campaigns of a territory: launching one, following it, reading its results."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.actions import telecharger

from ..models import CampagneQuestionnaire, InvitationQuestionnaire
from ..questions.cadre import cadre_de
from ..volets import volets
from . import actions
from .actions import CampagneRefusee
from .destinataires import destinataires_proposes
from .fichiers import en_csv, en_xlsx
from .forms import LancementForm
from .lecture import campagnes_de, questionnaire_de, suivi_de
from .resultats import resultats_de

VOIR, REDIGER = "bilan.voir", "evaluation.rediger"


def _campagne(demarche: Demarche, pk: int) -> CampagneQuestionnaire:
    campagne: CampagneQuestionnaire = get_object_or_404(CampagneQuestionnaire, pk=pk, demarche=demarche)
    campagne.demarche = demarche
    return campagne


@page_demarche(VOIR)
def campagnes(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    le = date.today()
    lues = list(campagnes_de(demarche))
    contexte = {
        "demarche": demarche,
        "campagnes": [(c, c.est_ouverte(le)) for c in lues],
        "redige": bool(peut_sur(request.user, REDIGER, demarche)),
        "volets": volets(demarche, "questionnaires"),
    }
    return render(request, "suivi/questionnaires/campagnes.html", contexte)


@page_demarche(REDIGER, "GET", "HEAD", "POST")
def lancer(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """Who is asked, until when; what they will read."""
    le, posees = date.today(), cadre_de(demarche).questionnaire
    donnees = request.POST if request.method == "POST" else None
    form = LancementForm(donnees, proposes=destinataires_proposes(demarche, le), titre=posees.titre, le=le)
    if donnees is not None and form.is_valid():
        try:
            campagne = actions.lancer_campagne(
                demarche, form.invites, titre=form.cleaned_data["titre"],
                cloture_le=form.cleaned_data["cloture_le"], le=le, par=request.user,
            )  # fmt: skip
        except CampagneRefusee as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"Le questionnaire part à {len(form.invites)} structures.")
            return redirect(campagne.get_absolute_url())
    contexte = {
        "demarche": demarche, "form": form, "posees": posees,
        "retour": reverse("suivi:campagnes", args=[demarche.slug]),
    }  # fmt: skip
    status = 422 if donnees is not None else 200
    return render(request, "suivi/questionnaires/lancer.html", contexte, status=status)


@page_demarche(VOIR)
def campagne(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    lue, le = _campagne(demarche, pk), date.today()
    contexte = {
        "demarche": demarche,
        "campagne": lue,
        "ouverte": lue.est_ouverte(le),
        "posees": questionnaire_de(lue),
        "suivi": suivi_de(lue, le),
        "r": resultats_de(lue),
        "redige": bool(peut_sur(request.user, REDIGER, demarche)),
    }
    return render(request, "suivi/questionnaires/campagne.html", contexte)


def _geste(request: RequeteAgent, lue: CampagneQuestionnaire, faire: Callable[[], str]) -> HttpResponse:
    try:
        messages.success(request, faire())
    except CampagneRefusee as refus:
        messages.error(request, str(refus))
    return redirect(lue.get_absolute_url())


@page_demarche(REDIGER, "POST")
def campagne_relancer(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    lue = _campagne(demarche, pk)

    def faire() -> str:
        n = actions.relancer(lue, le=date.today(), par=request.user)
        return f"{n} courriel{'s' if n > 1 else ''} de relance en file."

    return _geste(request, lue, faire)


@page_demarche(REDIGER, "POST")
def campagne_clore(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    lue = _campagne(demarche, pk)

    def faire() -> str:
        actions.clore(lue, le=date.today(), par=request.user)
        return "Le questionnaire est clos ; les réponses envoyées restent comptées."

    return _geste(request, lue, faire)


@page_demarche(REDIGER, "POST")
def lien_revoquer(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    invitation = get_object_or_404(
        InvitationQuestionnaire.objects.select_related("campagne", "organisation"),
        pk=pk, campagne__demarche=demarche,
    )  # fmt: skip
    invitation.campagne.demarche = demarche

    def faire() -> str:
        actions.revoquer(invitation, le=date.today(), par=request.user)
        return f"Le lien de {invitation.organisation} est révoqué."

    return _geste(request, invitation.campagne, faire)


@page_demarche(VOIR)
def campagne_csv(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    reponse = HttpResponse(en_csv(resultats_de(_campagne(demarche, pk))), content_type="text/csv")
    reponse["Content-Disposition"] = f'attachment; filename="questionnaire-{demarche.slug}-{pk}.csv"'
    return reponse


@page_demarche(VOIR)
def campagne_xlsx(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    contenu = en_xlsx(resultats_de(_campagne(demarche, pk)), date.today())
    return telecharger(contenu, f"questionnaire-{demarche.slug}-{pk}.xlsx")
