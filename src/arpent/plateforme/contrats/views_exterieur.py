"""The page that takes over a contract signed outside Arpent."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.forms.bases import JourField
from arpent.plateforme.socle.champs_fichier import FichierField
from arpent.plateforme.socle.envois import Envoi

from .assemblage import assembler, trouver_contrat
from .contrat_exterieur import ContratExterieur, reprendre_contrat_signe
from .exigences import ContratRefuse

CONCLURE = "contrat.conclure"


class ContratExterieurForm(forms.Form):
    """The contract as it was signed."""

    reference = forms.CharField(
        label="Référence", max_length=60, required=False, help_text="Le numéro que porte le contrat signé."
    )
    signe_le = JourField(label="Signé le")
    date_effet = JourField(label="Date d’effet")
    acte = forms.CharField(label="Numéro de la délibération de l’autorité", max_length=120)
    acte_le = JourField(label="Délibération du")
    fichier = FichierField(label="Contrat signé (PDF)")


@page_demarche(CONCLURE, "GET", "HEAD", "POST")
def exterieur(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    contrat = trouver_contrat(demarche)
    if contrat is None:
        raise Http404("Le contrat de ce territoire n’est pas encore préparé.")
    retour = reverse("contrats:contrat", args=[demarche.slug])
    debut = {"reference": contrat.reference, "date_effet": contrat.date_effet}
    form = ContratExterieurForm(request.POST or None, request.FILES or None, initial=debut)
    if request.method == "POST" and form.is_valid():
        lu = form.cleaned_data
        envoye = lu["fichier"]
        saisie = ContratExterieur(
            lu["reference"], lu["date_effet"], lu["signe_le"], lu["acte"], lu["acte_le"],
            Envoi(envoye.name, envoye.read()),
        )  # fmt: skip
        try:
            reprendre_contrat_signe(contrat, saisie, par=request.user, le=date.today())
        except ContratRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "Le contrat signé est repris : il est en vigueur.")
            return redirect(retour)
    assemblage = assembler(demarche, date.today())
    contexte: dict[str, Any] = {
        "demarche": demarche,
        "form": form,
        "retour": retour,
        "nombre_projets": len(assemblage.matiere.inscrites),
        "total_aides": assemblage.total_aides,
        "parties": assemblage.matiere.parties,
    }
    return render(request, "contrats/exterieur.html", contexte, status=422 if form.is_bound else 200)
