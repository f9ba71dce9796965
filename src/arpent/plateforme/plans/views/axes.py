"""Writing an axis."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ..axes import enregistrer_axe
from ..forms import AxeForm
from ..models import Axe


def _saisir_axe(request: HttpRequest, demarche: Demarche, axe: Axe) -> HttpResponse:
    donnees = request.POST if request.method == "POST" else None
    form = AxeForm(donnees, instance=axe, demarche=demarche)
    retour = reverse("plans:plan", args=[demarche.slug])
    if donnees is not None and form.is_valid():
        version = None if axe.pk is None else form.cleaned_data["version_lue"]
        enjeux = list(form.cleaned_data["enjeux"])
        try:
            enregistre = enregistrer_axe(
                form.save(commit=False), enjeux, par=cast(Agent, request.user), version_lue=version
            )
        except ConflitDeVersion as conflit:
            reouvrir = reverse("plans:axe_modifier", args=[demarche.slug, axe.numero])
            return page_conflit(request, conflit, titre="L’axe a changé entre-temps", retour=reouvrir)
        messages.success(request, f"L’axe {enregistre.numero} est enregistré.")
        return redirect(retour)
    contexte = {"demarche": demarche, "axe": axe, "form": form, "retour": retour}
    return render(request, "plans/axe_form.html", contexte, status=200 if donnees is None else 400)


@page_demarche("plan.structurer", "GET", "HEAD", "POST")
def axe_creer(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    return _saisir_axe(request, demarche, Axe(demarche=demarche))


@page_demarche("plan.structurer", "GET", "HEAD", "POST")
def axe_modifier(request: HttpRequest, demarche: Demarche, numero: int) -> HttpResponse:
    return _saisir_axe(request, demarche, get_object_or_404(Axe, demarche=demarche, numero=numero))
