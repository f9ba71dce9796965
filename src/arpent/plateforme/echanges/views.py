"""Importing a plan: send, check the columns, look, confirm. Nothing is written before the last step."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any, cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.structures import structures_du_territoire
from arpent.plateforme.reglements.models import Theme

from .actions import abandonner, changer_correspondance, confirmer, recevoir, tableau_de
from .apercu import Apercu, verifier
from .correspondance import PAR_CODE
from .exemple import classeur_exemple, csv_rejets
from .forms import CorrespondanceForm, FichierForm
from .lecture import FichierIllisible
from .models import ImportPlan

PREMIERES = 20
REJETS_MONTRES = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _recevoir(demarche: Demarche, fichier: UploadedFile[Any], par: Agent) -> ImportPlan:
    with tempfile.NamedTemporaryFile(prefix="arpent-import-") as copie:
        for bloc in fichier.chunks():
            copie.write(bloc)
        copie.flush()
        return recevoir(demarche, Path(copie.name), fichier.name or "", par=par)


@page_demarche("plan.importer", "GET", "HEAD", "POST")
def importer(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """The file to send."""
    form = FichierForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            lecture = _recevoir(demarche, form.cleaned_data["fichier"], cast(Agent, request.user))
        except FichierIllisible as refus:
            form.add_error("fichier", str(refus))
        else:
            return redirect("echanges:import_apercu", demarche.slug, lecture.pk)
    status = 400 if request.method == "POST" else 200
    return render(request, "echanges/importer.html", {"demarche": demarche, "form": form}, status=status)


@page_demarche("plan.importer")
def import_exemple(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """A workbook to fill in, with an owner and a theme of this territory."""
    structure = structures_du_territoire(demarche).first()
    theme = Theme.objects.filter(dispositif__processus=demarche.version_processus.processus_id).first()
    contenu = classeur_exemple(
        structure.nom if structure else "", theme.libelle if theme else "", date.today()
    )
    response = HttpResponse(contenu, content_type=XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="plan-a-importer.xlsx"'
    return response


def _lecture(request: HttpRequest, demarche: Demarche, pk: int) -> ImportPlan:
    """The agent's own import in progress: another's does not exist."""
    agent = cast(Agent, request.user)
    return get_object_or_404(ImportPlan, pk=pk, demarche=demarche, agent_id=agent.pk)


def _montrer(
    request: HttpRequest, demarche: Demarche, lecture: ImportPlan, form: CorrespondanceForm, refus: str = ""
) -> HttpResponse:
    apercu: Apercu | None = None
    try:
        apercu = verifier(demarche, tableau_de(lecture), lecture.correspondance)
    except FichierIllisible as erreur:
        refus = refus or str(erreur)
    rejets = apercu.rejets if apercu else ()
    contexte = {
        "demarche": demarche,
        "lecture": lecture,
        "form": form,
        "refus": refus,
        "apercu": apercu,
        "nombre": len(lecture.lignes),
        "valides": len(apercu.valides) if apercu else 0,
        "lignes_rejetees": apercu.lignes_rejetees if apercu else 0,
        "premieres": [(v.ligne, v.saisie.champs, v.saisie.financements) for v in apercu.valides[:PREMIERES]]
        if apercu
        else [],
        "rejets": rejets[:REJETS_MONTRES],
        "rejets_nombre": len(rejets),
        "avertissements": apercu.avertissements[:REJETS_MONTRES] if apercu else (),
        "avertissements_nombre": len(apercu.avertissements) if apercu else 0,
        "reconnues": len(lecture.correspondance),
        "colonnes_nombre": len(lecture.entetes),
        "oubliees": [
            e for i, e in enumerate(lecture.entetes) if e and i not in lecture.correspondance.values()
        ],
        "libelle_cout": PAR_CODE["cout_ht"].libelle,
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "echanges/apercu.html", contexte, status=status)


@page_demarche("plan.importer", "GET", "HEAD", "POST")
def import_apercu(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """What would be imported; POST changes which column is what."""
    lecture = _lecture(request, demarche, pk)
    if lecture.etat != ImportPlan.Etat.LU:
        messages.info(request, f"Cet import est déjà {lecture.get_etat_display()}.")
        return redirect("plans:plan", demarche.slug)
    donnees = request.POST if request.method == "POST" else None
    form = CorrespondanceForm(donnees, entetes=lecture.entetes, choisies=lecture.correspondance)
    if donnees is not None and form.is_valid():
        changer_correspondance(lecture, form.colonnes())
        return redirect("echanges:import_apercu", demarche.slug, pk)
    return _montrer(request, demarche, lecture, form)


@page_demarche("plan.importer")
def import_rejets(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """Every reject as a CSV file."""
    lecture = _lecture(request, demarche, pk)
    try:
        rejets = verifier(demarche, tableau_de(lecture), lecture.correspondance).rejets
    except FichierIllisible as refus:
        messages.error(request, str(refus))
        return redirect("echanges:import_apercu", demarche.slug, pk)
    response = HttpResponse(csv_rejets(rejets), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="lignes-rejetees.csv"'
    return response


@page_demarche("plan.importer", "POST")
def import_confirmer(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """Writes the drafts."""
    lecture = _lecture(request, demarche, pk)
    try:
        nombre = confirmer(lecture, par=cast(Agent, request.user))
    except FichierIllisible as refus:
        lecture.refresh_from_db()
        if lecture.etat != ImportPlan.Etat.LU:
            messages.info(request, str(refus))
            return redirect("plans:plan", demarche.slug)
        form = CorrespondanceForm(entetes=lecture.entetes, choisies=lecture.correspondance)
        return _montrer(request, demarche, lecture, form, str(refus))
    s = "s" if nombre > 1 else ""
    messages.success(request, f"{nombre} fiche{s} importée{s}, à l’état de brouillon.")
    return redirect(f"{reverse('plans:plan', args=[demarche.slug])}?etat=brouillon")


@page_demarche("plan.importer", "POST")
def import_abandonner(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """Forgets the file."""
    try:
        abandonner(_lecture(request, demarche, pk), par=cast(Agent, request.user))
        messages.success(request, "L’import est abandonné : rien n’a été écrit.")
    except FichierIllisible as refus:
        messages.info(request, str(refus))
    return redirect("plans:plan", demarche.slug)
