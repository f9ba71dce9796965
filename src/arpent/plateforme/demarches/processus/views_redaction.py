"""The draft of a process: read with its checks, its elements written, moved, taken away, published."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from arpent.metier.cycles.demarche import EtatDemarche
from arpent.metier.processus import lire_definition
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ..models import BrouillonProcessus, Demarche, Processus
from . import contenu as gestes
from . import presentation, redaction
from .acces import page_brouillon, page_processus
from .forms import EtapeModeleForm, GesteForm, PhaseForm, PublierForm, ReunionForm, initial_etape
from .redaction import RedactionRefusee

PAS = {"monter": -1, "descendre": 1}
TITRES = {"phases": "une phase", "etapes": "une étape", "reunions": "une réunion"}
DROIT = "processus.rediger"


def adresse(brouillon: BrouillonProcessus, ancre: str = "") -> str:
    url = reverse("demarches:brouillon_processus", args=[brouillon.processus.slug, brouillon.pk])
    return f"{url}#{ancre}" if ancre else url


@page_processus(DROIT, "POST")
def ouvrir(request: HttpRequest, processus: Processus) -> HttpResponse:
    """A new draft of the version in force."""
    try:
        brouillon = redaction.ouvrir_brouillon(processus, par=cast(Agent, request.user))
    except RedactionRefusee as refus:
        messages.error(request, str(refus))
        return redirect("demarches:processus", processus.slug)
    messages.success(request, "Le brouillon est ouvert. Rien n’est publié tant que vous ne le décidez pas.")
    return redirect(adresse(brouillon))


@page_brouillon(DROIT)
def brouillon(request: HttpRequest, brouillon: BrouillonProcessus) -> HttpResponse:
    """The draft: its elements, what is wrong, its calendar and diagram, what it changes."""
    contenu = brouillon.definition
    definition = redaction.lire_ou_rien(contenu)
    figures: dict[str, Any] = {}
    if definition is not None:
        utiles = presentation.jusqu_a_la_signature(presentation.calendrier(definition, date.today()))
        figures = {
            "figure_schema": presentation.figure_schema(brouillon.processus.nom, definition),
            "figure_calendrier": presentation.figure_calendrier(
                "Si une démarche ouvrait aujourd’hui", utiles
            ),
            "phases": presentation.lire_phases(definition),
        }
    depuis = brouillon.depuis.definition if brouillon.depuis else None
    contexte = {
        "brouillon": brouillon,
        "processus": brouillon.processus,
        "contenu": contenu,
        "fautes": redaction.fautes_de(contenu),
        "ecarts": redaction.changements(depuis, contenu) if depuis else (),
        "modifiable": brouillon.etat == BrouillonProcessus.Etat.REDACTION,
        **figures,
    }
    return render(request, "demarches/brouillon.html", contexte)


def _formulaire(
    nature: str, donnees: Any, brouillon: BrouillonProcessus, code: str, initial: dict[str, Any]
) -> PhaseForm | EtapeModeleForm | ReunionForm:
    initial = {"version_lue": brouillon.version} | initial
    if nature == "etapes":
        return EtapeModeleForm(donnees, initial=initial, contenu=brouillon.definition, code=code)
    if nature == "phases":
        return PhaseForm(donnees, initial=initial)
    return ReunionForm(donnees, initial={"duree_minutes": 120} | initial)


def _enregistrer(
    request: HttpRequest,
    brouillon: BrouillonProcessus,
    voulu: gestes.Contenu,
    form: forms.Form,
    *,
    geste: str,
    quoi: str,
    vers: str,
) -> HttpResponse | None:
    """Saves and answers: a redirect, or the conflict. None when the form says why it was refused."""
    try:
        redaction.enregistrer(
            brouillon, voulu, geste=geste, quoi=quoi, par=cast(Agent, request.user),
            version_lue=form.cleaned_data["version_lue"],
        )  # fmt: skip
    except ConflitDeVersion as conflit:
        return page_conflit(
            request, conflit, titre="Le brouillon a changé entre-temps", retour=adresse(brouillon)
        )
    except RedactionRefusee as refus:
        form.add_error(None, str(refus))
        return None
    messages.success(request, "C’est enregistré dans le brouillon.")
    return redirect(vers)


def _exiger(nature: str) -> None:
    if nature not in gestes.NATURES:
        raise Http404("Cette rubrique n’existe pas.")


@page_brouillon(DROIT, "GET", "HEAD", "POST")
def element_nouveau(request: HttpRequest, brouillon: BrouillonProcessus, nature: str) -> HttpResponse:
    """One more phase, step or meeting."""
    _exiger(nature)
    if nature == "etapes" and not brouillon.definition["phases"]:
        messages.info(request, "Écrivez d’abord une phase : une étape en fait partie.")
        return redirect(adresse(brouillon))
    donnees = request.POST if request.method == "POST" else None
    form = _formulaire(nature, donnees, brouillon, "", {"phase": request.GET.get("phase", "")})
    if donnees is not None and form.is_valid():
        voulu, code = gestes.ajouter(
            brouillon.definition, nature, form.valeurs(), form.cleaned_data.get("phase", "")
        )
        if reponse := _enregistrer(
            request, brouillon, voulu, form, geste="ajouter_au_processus", quoi=form.cleaned_data["libelle"],
            vers=adresse(brouillon, f"{nature}-{code}"),
        ):  # fmt: skip
            return reponse
    return _page_element(request, brouillon, nature, form, f"Ajouter {TITRES[nature]}")


@page_brouillon(DROIT, "GET", "HEAD", "POST")
def element(request: HttpRequest, brouillon: BrouillonProcessus, nature: str, code: str) -> HttpResponse:
    """One phase, step or meeting, written again."""
    _exiger(nature)
    objet = _element_ou_404(brouillon, nature, code)
    donnees = request.POST if request.method == "POST" else None
    initial = initial_etape(brouillon.definition, objet) if nature == "etapes" else objet
    form = _formulaire(nature, donnees, brouillon, code, initial)
    if donnees is not None and form.is_valid():
        voulu = gestes.modifier(
            brouillon.definition, nature, code, form.valeurs(), form.cleaned_data.get("phase", "")
        )
        if reponse := _enregistrer(
            request, brouillon, voulu, form, geste="modifier_processus", quoi=form.cleaned_data["libelle"],
            vers=adresse(brouillon, f"{nature}-{code}"),
        ):  # fmt: skip
            return reponse
    return _page_element(request, brouillon, nature, form, f"Modifier « {objet['libelle']} »")


def _element_ou_404(brouillon: BrouillonProcessus, nature: str, code: str) -> dict[str, Any]:
    try:
        return gestes.trouver(brouillon.definition, nature, code)
    except gestes.Introuvable:
        raise Http404("Cet élément n’existe pas ou a été retiré du brouillon.") from None


def _page_element(
    request: HttpRequest, brouillon: BrouillonProcessus, nature: str, form: forms.Form, titre: str
) -> HttpResponse:
    contexte = {
        "brouillon": brouillon,
        "processus": brouillon.processus,
        "form": form,
        "titre": titre,
        "retour": adresse(brouillon),
        "modifiable": brouillon.etat == BrouillonProcessus.Etat.REDACTION,
    }
    return render(request, "demarches/element.html", contexte, status=422 if form.is_bound else 200)


@page_brouillon(DROIT, "POST")
def element_geste(
    request: HttpRequest, brouillon: BrouillonProcessus, nature: str, code: str
) -> HttpResponse:
    """Up, down, away."""
    _exiger(nature)
    objet = _element_ou_404(brouillon, nature, code)
    form = GesteForm(request.POST)
    geste = form.cleaned_data["geste"] if form.is_valid() else ""
    if geste == "supprimer":
        voulu, vers = gestes.retirer(brouillon.definition, nature, code), adresse(brouillon)
    elif geste in PAS:
        voulu = gestes.deplacer(brouillon.definition, nature, code, PAS[geste])
        vers = adresse(brouillon, f"{nature}-{code}")
    else:
        raise Http404("Ce geste n’existe pas.")
    reponse = _enregistrer(
        request, brouillon, voulu, form,
        geste="retirer_du_processus" if geste == "supprimer" else "deplacer_dans_processus",
        quoi=str(objet["libelle"]), vers=vers,
    )  # fmt: skip
    if reponse is None:
        messages.error(request, " ".join(str(e) for e in form.non_field_errors()))
        return redirect(adresse(brouillon))
    return reponse


@page_brouillon(DROIT, "GET", "HEAD", "POST")
def publier(request: HttpRequest, brouillon: BrouillonProcessus) -> HttpResponse:
    """Shows what the publication changes and for whom, asks once for the note, publishes."""
    donnees = request.POST if request.method == "POST" else None
    form = PublierForm(donnees, initial={"version_lue": brouillon.version})
    if donnees is not None and form.is_valid():
        try:
            version = redaction.publier(
                brouillon, form.cleaned_data["note"], par=cast(Agent, request.user),
                version_lue=form.cleaned_data["version_lue"],
            )  # fmt: skip
        except ConflitDeVersion as conflit:
            return page_conflit(
                request, conflit, titre="Le brouillon a changé entre-temps", retour=request.get_full_path()
            )
        except RedactionRefusee as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"La version {version.numero} est publiée. Elle ne changera plus.")
            return redirect("demarches:processus", brouillon.processus.slug)
    en_cours = redaction.en_vigueur(brouillon.processus)
    fautes = redaction.fautes_de(brouillon.definition)
    contexte = {
        "brouillon": brouillon,
        "processus": brouillon.processus,
        "form": form,
        "fautes": fautes,
        "en_cours": en_cours,
        "ecarts": redaction.changements(en_cours.definition, brouillon.definition) if en_cours else (),
        "nouveau": len(lire_definition(brouillon.definition).etapes) if not en_cours and not fautes else 0,
        "demarches": _demarches_en_cours(brouillon.processus),
        "modifiable": brouillon.etat == BrouillonProcessus.Etat.REDACTION,
        "retour": adresse(brouillon),
    }
    statut = 422 if form.is_bound else 200
    return render(request, "demarches/brouillon_publier.html", contexte, status=statut)


def _demarches_en_cours(processus: Processus) -> int:
    """How many running démarches keep their version. One query."""
    suivies = Demarche.objects.filter(version_processus__processus=processus)
    return suivies.exclude(etat=EtatDemarche.CLOSE.value).count()


@page_brouillon(DROIT, "POST")
def geste(request: HttpRequest, brouillon: BrouillonProcessus) -> HttpResponse:
    """The draft set aside, or taken up again."""
    form = GesteForm(request.POST)
    voulu = form.cleaned_data["geste"] if form.is_valid() else ""
    if voulu not in {"abandonner", "reprendre"}:
        raise Http404("Ce geste n’existe pas.")
    try:
        redaction.changer_etat(
            brouillon, voulu, par=cast(Agent, request.user), version_lue=form.cleaned_data["version_lue"]
        )
    except ConflitDeVersion as conflit:
        return page_conflit(
            request, conflit, titre="Le brouillon a changé entre-temps", retour=adresse(brouillon)
        )
    except RedactionRefusee as refus:
        messages.error(request, str(refus))
    else:
        fait = "abandonné : il reste lisible" if voulu == "abandonner" else "repris"
        messages.success(request, f"Le brouillon est {fait}.")
    return redirect(adresse(brouillon))
