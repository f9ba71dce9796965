"""Conducting a démarche: its steps and its phases. The page that shows them is the portail's."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from arpent.metier.cycles.cycle import TransitionRefusee
from arpent.metier.cycles.demarche import CYCLE_DEMARCHE
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.socle.templatetags.formats import date_fr

from . import actions
from .acces import page_demarche
from .forms import EtapeForm
from .models import Demarche


@page_demarche("demarche.conduire", "POST")
def marquer_etape(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """A step is done on a date, or is no longer said done. What it asks and is not met sends to its page."""
    etapes = list(demarche.etapes.all())
    form = EtapeForm(request.POST, etapes=etapes)
    if not form.is_valid():
        raisons = " ".join(str(e) for erreurs in form.errors.values() for e in erreurs)
        messages.error(request, f"L’étape n’a pas été enregistrée. {raisons}")
        return redirect(f"{demarche.get_absolute_url()}#etapes")
    etape = next(e for e in etapes if e.pk == form.cleaned_data["etape"])
    faite_le = form.cleaned_data["faite_le"]
    if etape.passee_outre and faite_le is None:
        messages.info(request, "La raison de passer outre, notée avec la date, reste au journal.")
    try:
        actions.marquer_etape(
            etape, faite_le, par=cast(Agent, request.user), motif=form.cleaned_data["motif"]
        )
    except actions.EtapeRefusee as refus:
        messages.error(request, str(refus))
        return redirect(f"{reverse('demarches:etape', args=[demarche.slug, etape.code])}?faite_le={faite_le}")
    if faite_le:
        messages.success(request, f"« {etape.libelle} » est faite depuis le {date_fr(faite_le)}.")
    else:
        messages.success(request, f"« {etape.libelle} » est de nouveau à faire.")
    if request.POST.get("retour") == "accueil":
        return redirect("portail:accueil")
    return redirect(f"{demarche.get_absolute_url()}#etapes")


@page_demarche("demarche.conduire", "POST")
def geste(request: HttpRequest, demarche: Demarche, geste: str) -> HttpResponse:
    """Moves the démarche along its cycle, if nobody moved it since the page was read."""
    if request.POST.get("etat_lu") != demarche.etat:
        messages.error(
            request,
            f"Cette démarche est passée entre-temps à la phase « {CYCLE_DEMARCHE.libelle(demarche.etat)} » : "
            "rien n’a été changé. Vérifiez, puis recommencez si besoin.",
        )
        return redirect(demarche)
    try:
        avancee = actions.faire_avancer(demarche, geste, par=cast(Agent, request.user))
    except TransitionRefusee as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, f"La démarche est en phase « {CYCLE_DEMARCHE.libelle(avancee.etat)} ».")
    return redirect(demarche)
