"""The page where a contract comes back from Word and is compared, article by article."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from arpent.metier.cycles.contrat import EtatContrat
from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from .assemblage import Assemblage, assembler, trouver_contrat
from .exigences import ContratRefuse
from .forms_redaction import RetourForm
from .retour_word import RetourIllisible, lire_retour
from .retours import Ligne, Reprise, lire_propositions, reprendre_retour, resume, version_de

REDIGER = "contrat.rediger"
ARTICLES_MAX = 300


def _assemblage(demarche: Demarche) -> Assemblage:
    if trouver_contrat(demarche) is None:
        raise Http404("Le contrat de ce territoire n’est pas encore préparé.")
    return assembler(demarche, date.today())


def _retour(demarche: Demarche) -> str:
    return reverse("contrats:redaction", args=[demarche.slug])


@page_demarche(REDIGER, "GET", "HEAD", "POST")
def retour_word(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """The form that takes the file; then what it changes. Nothing is written."""
    assemblage = _assemblage(demarche)
    contrat = assemblage.matiere.contrat
    envoye = request.method == "POST"
    form = RetourForm(request.POST, request.FILES) if envoye else RetourForm()
    lignes: list[Ligne] = []
    version = None
    if envoye and form.is_valid():
        try:
            retour = lire_retour(form.cleaned_data["fichier"].read())
            version = version_de(contrat, retour.version)
            lignes = lire_propositions(assemblage, version, retour)
        except (RetourIllisible, ContratRefuse) as refus:
            form.add_error("fichier", str(refus))
    contexte: dict[str, Any] = {
        "demarche": demarche,
        "form": form,
        "lignes": lignes,
        "resume": resume(lignes),
        "version": version,
        "ouvert": contrat.etat == EtatContrat.REDACTION,
        "retour": _retour(demarche),
    }
    return render(request, "contrats/retour_word.html", contexte, status=422 if form.errors else 200)


def _reprises(request: RequeteAgent) -> list[Reprise]:
    lues = []
    for rang in request.POST.getlist("reprendre")[:ARTICLES_MAX]:
        lue = request.POST.get(f"version-{rang}", "")
        lues.append(
            Reprise(
                request.POST.get(f"code-{rang}", ""),
                request.POST.get(f"titre-{rang}", ""),
                request.POST.get(f"texte-{rang}", ""),
                int(lue) if lue.isdecimal() and len(lue) < 9 else 0,
            )
        )
    return lues


@page_demarche(REDIGER, "POST")
def retour_reprendre(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """Adopts the ticked articles, all or none."""
    contrat = _assemblage(demarche).matiere.contrat
    reprises = _reprises(request)
    if not reprises:
        messages.error(request, "Cochez au moins un article à reprendre.")
        return redirect(reverse("contrats:retour_word", args=[demarche.slug]))
    try:
        faites = reprendre_retour(contrat, reprises, par=request.user)
    except ConflitDeVersion as conflit:
        return page_conflit(
            request, conflit, titre="Un article a changé entre-temps", retour=_retour(demarche)
        )
    except ContratRefuse as refus:
        messages.error(request, f"Rien n’a été repris. {refus}")
        return redirect(reverse("contrats:retour_word", args=[demarche.slug]))
    messages.success(
        request, f"{faites} articles repris du document." if faites > 1 else "Un article repris du document."
    )
    return redirect(_retour(demarche))
