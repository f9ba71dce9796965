"""Subscriptions to events: the list, a new one, its deliveries, a test, stopping and starting again."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from arpent.plateforme.acteurs.acces import page
from arpent.plateforme.acteurs.comptes.confirmation import identite_requise
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.soumission import avec_effet

from ..forms import AbonnementForm
from ..models import Abonnement, Livraison
from ..webhooks import abonnements as actions
from ..webhooks.envoi import mettre_un_essai
from ..webhooks.evenements import EVENEMENTS

PAR_PAGE = 50
ETATS = {
    Abonnement.Etat.ACTIF: "ok",
    Abonnement.Etat.SUSPENDU: "alerte",
    Abonnement.Etat.ARRETE: "neutre",
}
ETATS_LIVRAISON = {
    Livraison.Etat.EN_FILE: "info",
    Livraison.Etat.EN_COURS: "info",
    Livraison.Etat.LIVREE: "ok",
    Livraison.Etat.ECHEC: "alerte",
}


def _siens(request: HttpRequest) -> QuerySet[Abonnement]:
    visibles = Abonnement.objects.visibles_par(cast(Agent, request.user))
    return visibles.select_related("agent", "demarche__territoire")


@page("connecte")
def liste(request: HttpRequest) -> HttpResponse:
    """One's own, the last first; all of them for the administrator. Four queries."""
    feuille = Paginator(_siens(request), PAR_PAGE).get_page(request.GET.get("page"))
    agent = cast(Agent, request.user)
    contexte = {
        "feuille": feuille,
        "lignes": [(a, ETATS[Abonnement.Etat(a.etat)], a.agent_id == agent.pk) for a in feuille],
    }
    return render(request, "echanges/api/abonnements.html", contexte)


@never_cache
@page("connecte", "GET", "HEAD", "POST")
@identite_requise("api:abonnement_nouveau")
def nouveau(request: HttpRequest) -> HttpResponse:
    """A new one; its secret is on the page that answers, and nowhere else."""
    agent, statut = cast(Agent, request.user), 200
    demarches = Demarche.objects.visibles_par(agent).avec_contexte().order_by("territoire__nom", "pk")
    form = AbonnementForm(demarches, request.POST or None)
    if request.method == "POST":
        statut = 422
        if form.is_valid():
            lus = form.cleaned_data
            try:
                abonnement, secret = actions.abonner(
                    agent, lus["nom"], lus["adresse"], evenements=lus["evenements"], demarche=lus["demarche"]
                )
            except actions.AbonnementRefuse as refus:
                form.add_error(refus.champ or None, str(refus))
            else:
                contexte = {"abonnement": abonnement, "secret": secret}
                return avec_effet(render(request, "echanges/api/abonnement_cree.html", contexte))
    return render(request, "echanges/api/abonnement_nouveau.html", {"form": form}, status=statut)


@page("connecte")
def abonnement(request: HttpRequest, pk: int) -> HttpResponse:
    """One subscription and its deliveries, the last first. Five queries."""
    lu = get_object_or_404(_siens(request), pk=pk)
    feuille = Paginator(lu.livraisons.defer("corps"), PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "abonnement": lu,
        "genre": ETATS[Abonnement.Etat(lu.etat)],
        "evenements": [e.libelle for code, e in EVENEMENTS.items() if code in lu.codes_evenements],
        "feuille": feuille,
        "lignes": [
            {
                "livraison": x,
                "genre": ETATS_LIVRAISON[Livraison.Etat(x.etat)],
                "libelle": EVENEMENTS[x.evenement].libelle if x.evenement in EVENEMENTS else "Essai",
                "finie": x.etat in {Livraison.Etat.LIVREE, Livraison.Etat.ECHEC},
            }
            for x in feuille
        ],
    }
    return render(request, "echanges/api/abonnement.html", contexte)


def _geste(
    request: HttpRequest, pk: int, agir: Callable[[Abonnement, Agent], object], dit: str
) -> HttpResponse:
    lu = get_object_or_404(_siens(request), pk=pk)
    try:
        agir(lu, cast(Agent, request.user))
    except actions.AbonnementRefuse as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, dit)
    return redirect("api:abonnement", pk)


def _essayer(abonnement: Abonnement, par: Agent) -> None:
    if abonnement.etat != Abonnement.Etat.ACTIF:
        raise actions.AbonnementRefuse("Cet abonnement n’est pas en service : reprenez-le d’abord.")
    mettre_un_essai(abonnement, timezone.now())


@page("connecte", "POST")
def essayer(request: HttpRequest, pk: int) -> HttpResponse:
    return _geste(
        request, pk, _essayer, "Un essai part dans la minute : rechargez la page pour voir la réponse."
    )


@page("connecte", "POST")
def arreter(request: HttpRequest, pk: int) -> HttpResponse:
    return _geste(
        request,
        pk,
        lambda a, par: actions.arreter(a, par=par),
        "L’abonnement est arrêté : plus rien ne part.",
    )


@page("connecte", "POST")
def reprendre(request: HttpRequest, pk: int) -> HttpResponse:
    return _geste(
        request, pk, lambda a, par: actions.reprendre(a, par=par),
        "L’abonnement reprend à partir de maintenant : ce qui s’est passé entre-temps n’est pas annoncé.",
    )  # fmt: skip


@page("connecte", "POST")
def renvoyer(request: HttpRequest, pk: int) -> HttpResponse:
    """Sends a delivery again. 404 when it is not of one's subscriptions."""
    livraison = get_object_or_404(
        Livraison.objects.filter(abonnement__in=_siens(request).values("pk")), pk=pk
    )
    try:
        actions.renvoyer(livraison)
    except actions.AbonnementRefuse as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, "L’envoi repart dans la minute.")
    return redirect("api:abonnement", livraison.abonnement_id)
