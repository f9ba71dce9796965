"""Saved views of the lists: open, keep, remove."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from arpent.plateforme.acteurs.acces import page
from arpent.plateforme.acteurs.droits import peut
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import peut_sur
from arpent.plateforme.demarches.models import Demarche

from ..models import VueEnregistree
from ..vues import VueRefusee, garder_vue, retirer_vue, vues_lisibles


def _liste(vue: VueEnregistree) -> str:
    return reverse("plans:plan", args=[vue.demarche.slug]) if vue.demarche else reverse("plans:fiches")


def _vue(agent: Agent, pk: int) -> VueEnregistree:
    """A view one may open: one's own or shared, on a list one may read. 404 else."""
    vue = get_object_or_404(VueEnregistree.objects.select_related("demarche"), pk=pk)
    dans = vue.demarche is None or Demarche.objects.visibles_par(agent).filter(pk=vue.demarche.pk).exists()
    if not dans or not vues_lisibles(agent, vue.liste, vue.demarche).filter(pk=pk).exists():
        raise Http404("Cette vue n’existe pas ou n’est pas partagée avec vous.")
    return vue


@page("plan.voir")
def vue(request: HttpRequest, pk: int) -> HttpResponse:
    """The stable address of a view: leads to its list as it is today."""
    choisie = _vue(cast(Agent, request.user), pk)
    return redirect(f"{_liste(choisie)}?{choisie.requete}&vue={choisie.pk}")


def _garder(request: HttpRequest, liste: str, demarche: Demarche | None) -> HttpResponse:
    retour = reverse("plans:plan", args=[demarche.slug]) if demarche else reverse("plans:fiches")
    requete = request.POST.get("requete", "")
    try:
        gardee = garder_vue(
            cast(Agent, request.user),
            liste,
            demarche,
            nom=request.POST.get("nom", "").replace("\0", ""),
            requete=requete,
            partagee="partagee" in request.POST,
            par_defaut="par_defaut" in request.POST,
        )
    except VueRefusee as refus:
        messages.error(request, str(refus))
        return redirect(f"{retour}?{requete or 'tout=1'}")
    messages.success(request, f"La vue « {gardee.nom} » est gardée.")
    return redirect("plans:vue", gardee.pk)


@page("connecte", "POST")
def vue_garder(request: HttpRequest) -> HttpResponse:
    """Keeps the filters, columns and sort of a list one may read: a plan (`demarche`), or every fiche.

    A view is one's own: whoever reads a list may keep some, even one who writes nothing else.
    """
    agent = cast(Agent, request.user)
    slug = request.POST.get("demarche", "").replace("\0", "")
    if not slug:
        if not peut(agent, "plan.voir"):
            raise Http404("Vous n’avez aucune liste de fiches à lire.")
        return _garder(request, VueEnregistree.Liste.FICHES, None)
    demarche = get_object_or_404(Demarche.objects.visibles_par(agent).avec_contexte(), slug=slug)
    if not peut_sur(agent, "plan.voir", demarche):
        raise Http404("Ce plan n’est pas dans votre périmètre.")
    return _garder(request, VueEnregistree.Liste.PLAN, demarche)


@page("connecte", "POST")
def vue_retirer(request: HttpRequest, pk: int) -> HttpResponse:
    """Forgets one's own view; somebody else's does not exist here."""
    agent = cast(Agent, request.user)
    choisie = _vue(agent, pk)
    if choisie.agent_id != agent.pk:
        raise Http404("Cette vue n’est pas la vôtre.")
    retour = f"{_liste(choisie)}?{choisie.requete or 'tout=1'}"
    retirer_vue(choisie, par=agent)
    messages.success(request, f"La vue « {choisie.nom} » est retirée.")
    return redirect(retour)
