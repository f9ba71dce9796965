"""Asking for help, and the page of a request with every gesture on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from arpent.metier.cycles.appui import CYCLE_APPUI, DEMANDER, REPONDRE, EtatAppui
from arpent.plateforme.acteurs.droits import Avis
from arpent.plateforme.acteurs.lecteurs import agents_du_perimetre
from arpent.plateforme.acteurs.models import Agent, DemandeAppui
from arpent.plateforme.acteurs.remarques import RemarqueRefusee
from arpent.plateforme.socle.numeros import identifiant

from ...acces import page_demarche
from ...conversations.actions import dire
from ...conversations.lecture import proposes, trouver
from ...models import Demarche
from ...reunions import objets
from .. import actions
from ..droits import (
    corps_de,
    peut_dire_satisfait,
    peut_geste,
    peut_repondre,
    structures_de,
)
from ..forms import CloreForm, ConfierForm, DemandeForm, OrienterForm, PrecisionForm, RouvrirForm, TempsForm
from ..genre import CODE

VOIR = "territoire.voir"


def _objet(request: HttpRequest, demarche: Demarche) -> tuple[str, int, objets.ObjetLu] | None:
    """The object that the address names, when the agent reads it; 404 when it names another."""
    code, numero = request.GET.get("objet", ""), request.GET.get("numero", "")
    if not code or code in {CODE, "territoire"}:
        return None
    if not numero.isdecimal() or len(numero) > 12:
        raise Http404("Cet objet n’existe pas.")
    sujet = trouver(cast(Agent, request.user), demarche, code, int(numero))
    if sujet is None:
        raise Http404("Cet objet n’existe pas, ou n’est pas dans votre périmètre.")
    return code, int(numero), sujet.lu


def _choisi(request: HttpRequest, demarche: Demarche) -> tuple[str, int, objets.ObjetLu] | None:
    """The object chosen in the form, when the agent reads it; the form refuses any other."""
    code, _, numero = request.POST.get("objet", "").partition(":")
    pk = identifiant(numero)
    sujet = trouver(cast(Agent, request.user), demarche, code, pk) if pk is not None else None
    return (code, pk, sujet.lu) if sujet is not None and pk is not None else None


def _choix(agent: Agent, demarche: Demarche) -> dict[str, list[tuple[str, str]]]:
    """What the request may be about, by kind."""
    return {
        libelle: [(f"{s.genre.code}:{s.objet_id}", Truncator(s.lu.libelle).chars(90)) for s in sujets]
        for libelle, sujets in proposes(agent, demarche).items()
    }


@page_demarche(DEMANDER, "GET", "HEAD", "POST")
def demander(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """The form: two answers are enough. Where the request will go is said before it is sent."""
    agent, objet = cast(Agent, request.user), _objet(request, demarche)
    choix = {} if objet else _choix(agent, demarche)
    objet = objet or _choisi(request, demarche)
    corps = corps_de(agent, demarche)
    lu = objet[2] if objet else objets.ObjetLu("")
    if lu.pour is not None and lu.pour not in {c.pk for c in corps}:
        corps = [*type(demarche.autorite).objects.filter(pk=lu.pour), *corps]
    form = DemandeForm(
        request.POST if request.method == "POST" else None,
        structures=list(structures_de(demarche.autorite.pk)),
        corps=corps,
        themes=lu.themes,
        objets=choix,
        initial={"genre": request.GET.get("genre", ""), "pour": lu.pour or (corps[0].pk if corps else None)},
    )
    if form.is_bound and form.is_valid():
        d = form.cleaned_data
        demande = actions.demander(
            demarche, organisation=form.corps[d["pour"]], genre=d["genre"], question=d["question"], par=agent,
            structure=form.routes[d["genre"]], souhaitee_le=d["souhaitee_le"],
            objet=(objet[0], objet[1], lu.libelle) if objet else None,
        )  # fmt: skip
        messages.success(request, "Votre demande est envoyée.")
        return redirect(_page(demarche, demande.pk))
    contexte = {
        "demarche": demarche,
        "form": form,
        "objet": "" if choix else lu.libelle,
        "retour": objets.adresse(demarche, objet[0], objet[1]) if objet else demarche.get_absolute_url(),
    }
    return render(request, "appui/demander.html", contexte, status=422 if form.is_bound else 200)


def _page(demarche: Demarche, pk: int) -> str:
    return reverse("appui:demande", args=[demarche.slug, pk])


def _demande(request: HttpRequest, demarche: Demarche, pk: int) -> DemandeAppui:
    """A request that the agent may read; 404 otherwise. One query."""
    visibles = DemandeAppui.objects.visibles_par(cast(Agent, request.user))
    return get_object_or_404(
        visibles.select_related("organisation", "structure", "prise_par", "demandee_par", "territoire"),
        pk=pk, demarche_id=demarche.pk,
    )  # fmt: skip


def repondants(demande: DemandeAppui) -> list[Agent]:
    """Who may be given the request: the people of its structure who answer, else all who answer there."""
    agents = agents_du_perimetre(
        REPONDRE, territoire_id=demande.territoire_id, autorite_id=demande.autorite_id or 0
    )
    if demande.structure is not None:
        siens = set(demande.structure.agents.values_list("pk", flat=True))
        agents = [a for a in agents if a.pk in siens] or agents
    return agents


def _formulaires(demande: DemandeAppui, repond: bool) -> dict[str, forms.Form]:
    """The form of each gesture that needs one, empty."""
    formulaires: dict[str, forms.Form] = {"rouvrir_appui": RouvrirForm(auto_id="rouvrir_%s")}
    if repond:
        structures = [s for s in structures_de(demande.autorite_id) if s.active]
        formulaires |= {
            "orienter_appui": OrienterForm(structures=structures, auto_id="orienter_%s"),
            "confier_appui": ConfierForm(agents=repondants(demande), auto_id="confier_%s"),
            "attendre_appui": PrecisionForm(auto_id="attendre_%s"),
            "clore_appui": CloreForm(auto_id="clore_%s"),
            "temps": TempsForm(auto_id="temps_%s", initial={"jour": timezone.localdate(), "minutes": 30}),
        }
    return formulaires


def _montrer(
    request: HttpRequest, demarche: Demarche, demande: DemandeAppui, lies: dict[str, forms.Form] | None = None
) -> HttpResponse:
    """Ten queries of its own at most."""
    agent = cast(Agent, request.user)
    repond = bool(peut_repondre(agent, demande))
    gestes = {t.geste: t for t in CYCLE_APPUI.gestes_possibles(demande.etat) if peut_geste(agent, demande, t)}
    temps = list(demande.temps.all()[:50]) if repond else []
    faute = next(iter(lies.values()), None) if lies else None
    contexte: dict[str, Any] = {
        "demarche": demarche,
        "demande": demande,
        "repond": repond,
        "gestes": gestes,
        "formulaires": _formulaires(demande, repond) | (lies or {}),
        "a_corriger": faute,
        "retard": demande.est_en_retard(timezone.localdate()),
        "url_objet": objets.adresse(demarche, demande.objet_genre, demande.objet_id),
        "temps": temps,
        "minutes": demande.temps.aggregate(total=Sum("minutes"))["total"] if temps else 0,
        "juge": bool(peut_dire_satisfait(agent, demande)),
        "prise": demande.etat == EtatAppui.PRISE.value,
    }
    return render(request, "appui/demande.html", contexte, status=422 if lies else 200)


@page_demarche(VOIR)
def demande(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    return _montrer(request, demarche, _demande(request, demarche, pk))


@page_demarche(VOIR, "POST")
def geste(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """One gesture of the cycle (`geste`), or the request given to somebody (`confier_appui`)."""
    agent, ici = cast(Agent, request.user), _demande(request, demarche, pk)
    code = request.POST.get("geste", "")
    du_cycle = "prendre_appui" if code == "confier_appui" else code
    transition = next((t for t in CYCLE_APPUI.transitions if t.geste == du_cycle), None)
    if transition is None or code == "preciser_appui":
        raise Http404("Ce geste n’existe pas sur une demande d’appui.")
    _exiger(peut_geste(agent, ici, transition))
    form = _formulaire(request, ici, code)
    if form is not None and not form.is_valid():
        return _montrer(request, demarche, ici, {code: form})
    try:
        fait = _FAIRE[code](ici, demarche, form, agent)
    except (actions.AppuiRefuse, RemarqueRefusee) as refus:
        if form is None:
            messages.error(request, str(refus))
            return redirect(_page(demarche, pk))
        form.add_error(refus.champ if refus.champ in form.fields else None, str(refus))
        return _montrer(request, demarche, ici, {code: form})
    messages.success(request, fait)
    return redirect(_page(demarche, pk))


def _exiger(avis: Avis) -> None:
    if not avis:
        raise PermissionDenied(avis.raison)


def _formulaire(request: HttpRequest, demande: DemandeAppui, code: str) -> forms.Form | None:
    post = request.POST
    match code:
        case "orienter_appui":
            structures = [s for s in structures_de(demande.autorite_id) if s.active]
            return OrienterForm(post, structures=structures, auto_id="orienter_%s")
        case "confier_appui":
            return ConfierForm(post, agents=repondants(demande), auto_id="confier_%s")
        case "attendre_appui":
            return PrecisionForm(post, auto_id="attendre_%s")
        case "clore_appui":
            return CloreForm(post, request.FILES, auto_id="clore_%s")
        case "rouvrir_appui":
            return RouvrirForm(post, auto_id="rouvrir_%s")
    return None


def _orienter(ici: DemandeAppui, _: Demarche, form: Any, agent: Agent) -> str:
    d = form.cleaned_data
    structure = structures_de(ici.autorite_id).get(pk=d["structure"])
    actions.orienter(ici, structure, motif=d["motif"], par=agent)
    return f"La demande va à {structure.nom}."


def _prendre(ici: DemandeAppui, _: Demarche, __: Any, agent: Agent) -> str:
    actions.prendre(ici, par=agent)
    return "Vous prenez cette demande en charge."


def _confier(ici: DemandeAppui, _: Demarche, form: Any, agent: Agent) -> str:
    qui = Agent.objects.get(pk=form.cleaned_data["agent"])
    actions.prendre(ici, par=agent, agent=qui)
    return f"La demande est confiée à {qui.nom_complet}."


@transaction.atomic
def _attendre(ici: DemandeAppui, demarche: Demarche, form: Any, agent: Agent) -> str:
    sujet = trouver(agent, demarche, CODE, ici.pk)
    assert sujet is not None
    actions.attendre(ici, par=agent)
    dire(sujet, form.cleaned_data["question"], par=agent)
    return "La précision est demandée : la demande attend le demandeur."


@transaction.atomic
def _clore(ici: DemandeAppui, demarche: Demarche, form: Any, agent: Agent) -> str:
    d, envoi = form.cleaned_data, form.envoi()
    actions.clore(ici, resultat=d["resultat"], reponse=d["reponse"], par=agent)
    if envoi is not None and (sujet := trouver(agent, demarche, CODE, ici.pk)):
        dire(sujet, d["reponse"], par=agent, envoi=envoi)
    return "La réponse est envoyée, la demande est close."


def _rouvrir(ici: DemandeAppui, _: Demarche, form: Any, agent: Agent) -> str:
    actions.rouvrir(ici, motif=form.cleaned_data["motif"], par=agent)
    return "La demande est rouverte."


_FAIRE: dict[str, Callable[[DemandeAppui, Demarche, Any, Agent], str]] = {
    "orienter_appui": _orienter,
    "prendre_appui": _prendre,
    "confier_appui": _confier,
    "attendre_appui": _attendre,
    "clore_appui": _clore,
    "rouvrir_appui": _rouvrir,
}


@page_demarche(REPONDRE, "POST")
def temps(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """Time spent, by whoever writes it."""
    agent, ici = cast(Agent, request.user), _demande(request, demarche, pk)
    _exiger(peut_repondre(agent, ici))
    form = TempsForm(request.POST, auto_id="temps_%s")
    if not form.is_valid():
        return _montrer(request, demarche, ici, {"temps": form})
    d = form.cleaned_data
    try:
        actions.noter_temps(ici, jour=d["jour"], minutes=d["minutes"], quoi=d["quoi"], par=agent)
    except actions.AppuiRefuse as refus:
        form.add_error(refus.champ, str(refus))
        return _montrer(request, demarche, ici, {"temps": form})
    messages.success(request, "Le temps passé est noté.")
    return redirect(f"{_page(demarche, pk)}#temps")


@page_demarche(DEMANDER, "POST")
def satisfaction(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """One click of whoever asked (`satisfait` = 1 or 0)."""
    agent, ici = cast(Agent, request.user), _demande(request, demarche, pk)
    if ici.etat != EtatAppui.CLOSE.value:
        messages.error(request, "Dites si la réponse vous aide une fois la demande close.")
        return redirect(_page(demarche, pk))
    _exiger(peut_dire_satisfait(agent, ici))
    try:
        actions.dire_satisfait(ici, satisfait=request.POST.get("satisfait") == "1", par=agent)
    except actions.AppuiRefuse as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, "Merci, votre avis est noté.")
    return redirect(_page(demarche, pk))
