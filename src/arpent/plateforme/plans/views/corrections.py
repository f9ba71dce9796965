"""Sending a fiche back with what is to be corrected field by field, and the owner's answers."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from arpent.metier.cycles import CYCLE_FICHE, TransitionRefusee
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche

from ..actions import ActionRefusee
from ..corrections import demander_corrections, repondre_correction
from ..droits import PRE_INSTRUIRE, peut_rediger, peut_sur_le_theme
from ..forms.actes import ComplementForm, CorrectionsFormSet, ReponseForm
from ..models import Commentaire
from .fiche import exiger
from .volets import fiche_ou_404


def _demandes(formset: forms.BaseFormSet[Any]) -> dict[str, str]:
    """What is asked by field; two rows on one field are joined."""
    demandes: dict[str, str] = {}
    for ligne in formset.cleaned_data:
        if texte := ligne.get("texte", "").strip():
            champ = ligne.get("champ", "")
            demandes[champ] = f"{demandes[champ]}\n{texte}" if champ in demandes else texte
    return demandes


@page_demarche("fiche.pre_instruire", "GET", "HEAD", "POST")
def corrections_demander(request: HttpRequest, demarche: Demarche, numero: int) -> HttpResponse:
    """« Demander un complément », with the fields concerned."""
    fiche = fiche_ou_404(request, demarche, numero)
    exiger(peut_sur_le_theme(cast(Agent, request.user), PRE_INSTRUIRE, fiche))
    donnees = request.POST if request.method == "POST" else None
    form, champs = ComplementForm(donnees), CorrectionsFormSet(donnees, prefix="champs")
    if donnees is not None and all([form.is_valid(), champs.is_valid()]):
        try:
            demander_corrections(
                fiche, _demandes(champs), motif=form.cleaned_data["motif"], par=cast(Agent, request.user)
            )
        except (ActionRefusee, TransitionRefusee) as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "La fiche est renvoyée : le maître d’ouvrage est prévenu.")
            return redirect(fiche.get_absolute_url())
    possible = any(t.geste == "demander_complement" for t in CYCLE_FICHE.gestes_possibles(fiche.etat))
    contexte = {"demarche": demarche, "fiche": fiche, "form": form, "champs": champs, "possible": possible}
    return render(request, "plans/corrections_form.html", contexte, status=200 if donnees is None else 400)


@page_demarche("plan.voir", "POST")
def correction_repondre(request: HttpRequest, demarche: Demarche, numero: int, pk: int) -> HttpResponse:
    """The owner answers a correction, or says that it is done."""
    fiche = fiche_ou_404(request, demarche, numero)
    agent = cast(Agent, request.user)
    exiger(peut_rediger(agent, fiche))
    objet = get_object_or_404(Commentaire, pk=pk, fiche=fiche, genre=Commentaire.Genre.CORRECTION)
    form = ReponseForm(request.POST)
    try:
        if not form.is_valid():
            raise ActionRefusee("La réponse est trop longue : 5 000 caractères au plus.")
        repondre_correction(
            objet, texte=form.cleaned_data["texte"], fait=form.cleaned_data["fait"], par=agent
        )
    except ActionRefusee as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, "Votre réponse est enregistrée.")
    return redirect(f"{fiche.get_absolute_url()}#corrections")
