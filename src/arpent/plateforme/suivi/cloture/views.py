"""The page that closes a contract: what is open, the balance, one gesture."""

from __future__ import annotations

from datetime import date

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.actions import servir

from ..models import ClotureContrat
from ..volets import volets
from .actions import ClotureRefusee, clore_contrat
from .lecture import page_de

VOIR, CONCLURE = "bilan.voir", "contrat.conclure"


class ClotureForm(forms.Form):
    """Why it is closed although something is open."""

    motif = forms.CharField(
        label="Motif, et qui suivra ce qui reste ouvert", required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip


def _page(request: RequeteAgent, demarche: Demarche, form: ClotureForm, status: int = 200) -> HttpResponse:
    contexte = {
        "demarche": demarche,
        "p": page_de(demarche, date.today()),
        "form": form,
        "conclut": bool(peut_sur(request.user, CONCLURE, demarche)),
        "volets": volets(demarche, "cloture"),
    }
    return render(request, "suivi/cloture/cloture.html", contexte, status=status)


@page_demarche(VOIR)
def cloture(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    return _page(request, demarche, ClotureForm())


@page_demarche(CONCLURE, "POST")
def clore(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    form = ClotureForm(request.POST)
    if form.is_valid():
        try:
            clore_contrat(demarche, form.cleaned_data["motif"], par=request.user, le=date.today())
        except ClotureRefusee as refus:
            form.add_error("motif", str(refus))
        else:
            messages.success(request, "Le contrat est clos, son bilan est archivé.")
            return redirect("suivi:cloture", demarche.slug)
    return _page(request, demarche, form, 422)


@page_demarche(VOIR)
def cloture_pdf(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """As it was archived."""
    faite = ClotureContrat.objects.select_related("document").filter(contrat__demarche=demarche).first()
    if faite is None:
        raise Http404("Ce contrat n’est pas clos.")
    return servir(faite.document)
