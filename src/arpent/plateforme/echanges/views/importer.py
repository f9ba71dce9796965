"""Importing a plan: send, check the columns, look, confirm. Nothing is written before the last step."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.structures import structures_du_territoire
from arpent.plateforme.reglements.models import Theme

from .. import actions, reception
from ..actions import apercu_de, correspondance_de
from ..apercu import Apercu, causes
from ..etats import ImportRefuse
from ..exemple import classeur_exemple, csv_rejets
from ..forms import ConfirmationForm, CorrespondanceForm, FichierForm, colonnes_lues
from ..lecture import FichierIllisible
from ..models import ImportPlan
from ..reperes import Rejet
from ..retour.actions import bilan_de
from .retour import lecture_ou_404, montrer_retour

PREMIERES = 10
REJETS_MONTRES = 25
EN_COURS_MONTRES = 5
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _recevoir(demarche: Demarche, fichier: UploadedFile[Any], par: Agent) -> ImportPlan:
    with tempfile.NamedTemporaryFile(prefix="arpent-import-") as copie:
        for bloc in fichier.chunks():
            copie.write(bloc)
        copie.flush()
        return reception.recevoir(demarche, Path(copie.name), fichier.name or "", par=par)


@page_demarche("plan.importer", "GET", "HEAD", "POST")
def importer(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """The file to send, and the imports of the agent not confirmed yet. One query of its own."""
    agent = cast(Agent, request.user)
    tailles = [f.size or 0 for _, fichiers in request.FILES.lists() for f in fichiers]
    if any(taille > settings.ARPENT_TAILLE_MAX_FICHIER for taille in tailles):
        return render(request, "413.html", status=413)
    envoye = request.method == "POST"
    form = FichierForm(request.POST, request.FILES) if envoye else FichierForm()
    if envoye and form.is_valid():
        try:
            lecture = _recevoir(demarche, form.cleaned_data["fichier"], agent)
        except FichierIllisible as refus:
            form.add_error("fichier", str(refus))
        else:
            return redirect("echanges:apercu", demarche.slug, lecture.pk)
    en_cours = ImportPlan.objects.filter(demarche=demarche, agent_id=agent.pk, etat=ImportPlan.Etat.LU).defer(
        "lignes", "numeros", "entetes"
    )[:EN_COURS_MONTRES]
    contexte = {"demarche": demarche, "form": form, "en_cours": en_cours}
    return render(request, "echanges/importer.html", contexte, status=400 if envoye else 200)


@page_demarche("plan.importer")
def exemple(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """A workbook to fill in, with an owner and a theme of this territory."""
    structure = structures_du_territoire(demarche).first()
    theme = Theme.objects.filter(dispositif__processus=demarche.version_processus.processus_id).first()
    contenu = classeur_exemple(
        structure.nom if structure else "", theme.libelle if theme else "", date.today()
    )
    response = HttpResponse(contenu, content_type=XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="plan-a-importer.xlsx"'
    return response


def _rejets_du_rapport(lecture: ImportPlan) -> list[Rejet]:
    return [Rejet(*rejet) for rejet in lecture.rapport.get("rejets", [])]


def _des_rejets(rejets: Sequence[Rejet]) -> dict[str, Any]:
    """What a page shows of the rejects."""
    return {
        "rejets": rejets[:REJETS_MONTRES],
        "rejets_nombre": len(rejets),
        "lignes_rejetees": len({r.ligne for r in rejets}),
        "causes": causes(rejets),
    }


def _montrer(
    request: HttpRequest, demarche: Demarche, lecture: ImportPlan, form: CorrespondanceForm
) -> HttpResponse:
    vu: Apercu | None = None
    refus = ""
    try:
        vu = apercu_de(demarche, lecture)
    except FichierIllisible as erreur:
        refus = str(erreur)
    contexte = {
        "demarche": demarche,
        "lecture": lecture,
        "form": form,
        "rangees": form.rangees(),
        "reconnues": len(lecture.correspondance),
        "refus": refus,
        "nombre": len(lecture.lignes),
        "autres_feuilles": [f["nom"] for f in lecture.rapport.get("autres", [])],
        "valides": len(vu.valides) if vu else 0,
        "premieres": vu.valides[:PREMIERES] if vu else (),
        "notes": vu.notes if vu else (),
        "avertissements": vu.avertissements[:REJETS_MONTRES] if vu else (),
        "avertissements_nombre": len(vu.avertissements) if vu else 0,
        **_des_rejets(vu.rejets if vu else ()),
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "echanges/apercu.html", contexte, status=status)


@page_demarche("plan.importer", "GET", "HEAD", "POST")
def apercu(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """What would be imported, or what was; POST changes what each column becomes. Six queries of its own."""
    lecture = lecture_ou_404(demarche, pk)
    if lecture.etat != ImportPlan.Etat.LU:
        rejets = _rejets_du_rapport(lecture)
        contexte = {
            "demarche": demarche,
            "lecture": lecture,
            "creees": lecture.rapport.get("creees", 0),
            "modifiees": lecture.rapport.get("modifiees", 0),
            "cellules": lecture.rapport.get("cellules", 0),
            "est_retour": lecture.genre == ImportPlan.Genre.RETOUR,
            **_des_rejets(rejets),
        }
        return render(request, "echanges/resultat.html", contexte)
    if lecture.genre == ImportPlan.Genre.RETOUR:
        return montrer_retour(request, demarche, lecture)
    donnees = request.POST if request.method == "POST" else None
    colonnes = colonnes_lues(lecture.entetes, lecture.lignes)
    form = CorrespondanceForm(donnees, colonnes=colonnes, choisies=correspondance_de(lecture))
    if donnees is not None and form.is_valid():
        actions.changer_correspondance(lecture, form.correspondance(), par=cast(Agent, request.user))
        return redirect("echanges:apercu", demarche.slug, pk)
    return _montrer(request, demarche, lecture, form)


@page_demarche("plan.importer")
def rejets(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """Every reject, of an import confirmed or not, as a CSV file."""
    lecture = lecture_ou_404(demarche, pk)
    tous: Sequence[Rejet] = _rejets_du_rapport(lecture)
    if lecture.etat == ImportPlan.Etat.LU and lecture.genre == ImportPlan.Genre.RETOUR:
        tous = bilan_de(demarche, lecture, cast(Agent, request.user)).rejets
    elif lecture.etat == ImportPlan.Etat.LU:
        try:
            tous = apercu_de(demarche, lecture).rejets
        except FichierIllisible as refus:
            messages.error(request, str(refus))
            return redirect("echanges:apercu", demarche.slug, pk)
    response = HttpResponse(csv_rejets(tous), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="lignes-rejetees.csv"'
    return response


@page_demarche("plan.importer", "POST")
def confirmer(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """Writes the drafts, then shows what was done."""
    lecture = lecture_ou_404(demarche, pk)
    form = ConfirmationForm(request.POST)
    attendu = form.cleaned_data["attendu"] if form.is_valid() else -1
    try:
        nombre = actions.confirmer(lecture, par=cast(Agent, request.user), attendu=attendu)
    except ImportRefuse as refus:
        messages.error(request, str(refus))
    else:
        s = "s" if nombre > 1 else ""
        messages.success(request, f"{nombre} fiche{s} importée{s} dans le plan, à l’état de brouillon.")
    return redirect("echanges:apercu", demarche.slug, pk)


@page_demarche("plan.importer", "POST")
def abandonner(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """Forgets the file."""
    try:
        actions.abandonner(lecture_ou_404(demarche, pk), par=cast(Agent, request.user))
        messages.success(request, "L’import est abandonné : rien n’a été écrit dans le plan.")
    except ImportRefuse as refus:
        messages.info(request, str(refus))
    return redirect("echanges:importer", demarche.slug)


@page_demarche("plan.importer", "POST")
def feuille(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """Reads another sheet of the same workbook."""
    lecture = lecture_ou_404(demarche, pk)
    try:
        nom = request.POST.get("feuille", "")
        reception.choisir_feuille(lecture, nom, par=cast(Agent, request.user))
    except ImportRefuse as refus:
        messages.error(request, str(refus))
    return redirect("echanges:apercu", demarche.slug, pk)
