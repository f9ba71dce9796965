"""The progress of the projects of a territory, then of one: milestones, photos, what blocks."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.acteurs.droits import Avis
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.socle.champs_fichier import servir
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ..models import PhotoChantier, PointBloquant
from . import actions
from .actions import SuiviRefuse
from .droits import NOTER, VOIR, pas_encore, peut_noter
from .forms import JalonFormSet, LeverForm, PointForm, VersionForm, initiales
from .lecture import avancement_de, page_du_projet


def _dans_la_realisation(request: RequeteAgent) -> None:
    """The rail shows the place of the realisation."""
    request.place = "realisation"  # type: ignore[attr-defined]


def _fiche(request: RequeteAgent, demarche: Demarche, numero: int) -> Fiche:
    """404 for a draft of somebody else, as everywhere. One query."""
    _dans_la_realisation(request)
    visibles = Fiche.objects.visibles_par(request.user).select_related("maitre_ouvrage", "axe")
    fiche: Fiche = get_object_or_404(visibles, demarche=demarche, numero=numero)
    fiche.demarche = demarche
    return fiche


def _a_noter(request: RequeteAgent, demarche: Demarche, numero: int) -> Fiche:
    fiche = _fiche(request, demarche, numero)
    if not (avis := peut_noter(request.user, fiche)):
        raise PermissionDenied(avis.raison)
    return fiche


def _adresse(fiche: Fiche) -> str:
    return reverse("suivi:avancement_projet", args=[fiche.demarche.slug, fiche.numero])


def _refuser(request: RequeteAgent, fiche: Fiche, raison: str) -> HttpResponse:
    messages.error(request, raison)
    return redirect(_adresse(fiche))


@page_demarche(VOIR)
def avancement(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """The territory, by axis, or what is late (`?voir=retards`). Three queries beside those of every page."""
    _dans_la_realisation(request)
    contexte = {
        "demarche": demarche,
        "a": avancement_de(demarche, date.today()),
        "retards_seuls": request.GET.get("voir") == "retards",
    }
    return render(request, "suivi/avancement/territoire.html", contexte)


@page_demarche(VOIR)
def projet(request: RequeteAgent, demarche: Demarche, numero: int) -> HttpResponse:
    fiche = _fiche(request, demarche, numero)
    return _page(request, fiche)


def _page(request: RequeteAgent, fiche: Fiche, status: int = 200, **reste: Any) -> HttpResponse:
    page = page_du_projet(fiche, date.today())
    attend = pas_encore(fiche)
    note = peut_noter(request.user, fiche) if not attend else Avis(False, attend)
    contexte = {
        "demarche": fiche.demarche, "fiche": fiche, "p": page, "note": note, "attend": attend,
        "points": [
            (point, reste.get(f"lever_{point.pk}") or LeverForm(point=point, auto_id=f"id_{point.pk}_%s"),
             point.est_en_retard(date.today()))
            for point in page.ouverts
        ],
    }  # fmt: skip
    return render(request, "suivi/avancement/projet.html", contexte, status=status)


@page_demarche(NOTER, "GET", "HEAD", "POST")
def point(request: RequeteAgent, demarche: Demarche, numero: int) -> HttpResponse:
    """The two minutes of the owner: one short form, made for a phone."""
    fiche = _a_noter(request, demarche, numero)
    if attend := pas_encore(fiche):
        return _refuser(request, fiche, attend)
    page = page_du_projet(fiche, date.today())
    restants = [j for j in page.jalons if j.atteint_le is None]
    envoi = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = PointForm(*envoi, fiche=fiche, jalons=restants, le=date.today())
    if request.method == "POST" and form.is_valid():
        try:
            actions.faire_le_point(fiche, **form.saisie(), par=request.user)
        except SuiviRefuse as refus:
            form.add_error("photo" if form.cleaned_data["photo"] else None, str(refus))
        else:
            messages.success(request, "C’est noté. Merci.")
            return redirect(_adresse(fiche))
    contexte = {"demarche": demarche, "fiche": fiche, "form": form, "p": page, "retour": _adresse(fiche)}
    return render(request, "suivi/avancement/point.html", contexte, status=422 if form.errors else 200)


@page_demarche(NOTER, "POST")
def poser(request: RequeteAgent, demarche: Demarche, numero: int) -> HttpResponse:
    """The model milestones of the dispositif."""
    fiche = _a_noter(request, demarche, numero)
    if attend := pas_encore(fiche):
        return _refuser(request, fiche, attend)
    try:
        actions.poser_jalons(fiche, par=request.user)
    except SuiviRefuse as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, "Les jalons types sont posés : corrigez leurs dates si besoin.")
    return redirect(_adresse(fiche))


@page_demarche(NOTER, "GET", "HEAD", "POST")
def jalons(request: RequeteAgent, demarche: Demarche, numero: int) -> HttpResponse:
    fiche = _a_noter(request, demarche, numero)
    if attend := pas_encore(fiche):
        return _refuser(request, fiche, attend)
    page = page_du_projet(fiche, date.today())
    donnees = request.POST if request.method == "POST" else None
    version = VersionForm(
        donnees, initial={"version_lue": page.ligne.suivi.version if page.ligne.suivi else 1}
    )
    lignes = JalonFormSet(donnees, initial=initiales(page.jalons), prefix="jalons")
    if donnees is not None and version.is_valid() and lignes.is_valid():
        saisis = [s for s in (f.saisi() for f in lignes.forms) if s is not None]
        try:
            actions.ecrire_jalons(
                fiche, saisis, version_lue=version.cleaned_data["version_lue"], par=request.user
            )
        except SuiviRefuse as refus:
            version.add_error(None, str(refus))
        except ConflitDeVersion as conflit:
            return page_conflit(
                request, conflit, titre="Les jalons ont changé entre-temps", retour=request.path
            )
        else:
            messages.success(request, "Les jalons sont enregistrés.")
            return redirect(_adresse(fiche))
    contexte = {
        "demarche": demarche,
        "fiche": fiche,
        "version": version,
        "lignes": lignes,
        "retour": _adresse(fiche),
    }
    status = 422 if donnees is not None else 200
    return render(request, "suivi/avancement/jalons.html", contexte, status=status)


def _photo(fiche: Fiche, pk: int) -> PhotoChantier:
    photo: PhotoChantier = get_object_or_404(PhotoChantier, pk=pk, fiche=fiche, retiree_le=None)
    photo.fiche = fiche
    return photo


@page_demarche(VOIR)
def photo(request: RequeteAgent, demarche: Demarche, numero: int, pk: int) -> HttpResponse:
    """The picture, shown in the page."""
    lue = _photo(_fiche(request, demarche, numero), pk)
    return servir(lue.fichier, lue.nom_fichier, lue.type_mime, montrer=True)


@page_demarche(NOTER, "POST")
def photo_retirer(request: RequeteAgent, demarche: Demarche, numero: int, pk: int) -> HttpResponse:
    fiche = _a_noter(request, demarche, numero)
    try:
        actions.retirer_photo(_photo(fiche, pk), par=request.user)
    except SuiviRefuse as refus:  # somebody else did it at the same instant
        return _refuser(request, fiche, str(refus))
    messages.success(request, "La photo est retirée.")
    return redirect(_adresse(fiche))


@page_demarche(NOTER, "POST")
def lever(request: RequeteAgent, demarche: Demarche, numero: int, pk: int) -> HttpResponse:
    """Closes a blocking point with a word."""
    fiche = _a_noter(request, demarche, numero)
    if attend := pas_encore(fiche):
        return _refuser(request, fiche, attend)
    bloquant = PointBloquant.objects.filter(pk=pk, fiche=fiche).first()
    if bloquant is None:
        raise Http404("Ce point bloquant n’existe pas.")
    bloquant.fiche = fiche
    form = LeverForm(request.POST, point=bloquant, auto_id=f"id_{pk}_%s")
    if form.is_valid():
        lu = form.cleaned_data
        try:
            actions.lever_blocage(
                bloquant, lu["mot"], le=date.today(), version_lue=lu["version_lue"], par=request.user
            )
        except SuiviRefuse as refus:
            form.add_error(None, str(refus))
        except ConflitDeVersion as conflit:
            return page_conflit(
                request, conflit, titre="Ce point a changé entre-temps", retour=_adresse(fiche)
            )
        else:
            messages.success(request, "Le point est levé.")
            return redirect(f"{_adresse(fiche)}#blocages")
    return _page(request, fiche, 422, **{f"lever_{pk}": form})
