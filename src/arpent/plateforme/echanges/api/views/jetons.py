"""One's tokens: the list, a new one (shown once), revoking."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from arpent.plateforme.acteurs.acces import page
from arpent.plateforme.acteurs.comptes.confirmation import identite_requise
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche, DemarcheQuerySet
from arpent.plateforme.socle.soumission import avec_effet

from .. import jetons
from ..forms import JetonForm
from ..models import Jeton

PAR_PAGE = 50


@page("connecte")
def liste(request: HttpRequest) -> HttpResponse:
    """One's own, the last first; all those of the instance for its administrator. Four queries."""
    agent, le = cast(Agent, request.user), timezone.localdate()
    tous = Jeton.objects.visibles_par(agent).select_related("agent", "demarche__territoire")
    feuille = Paginator(tous.order_by(F("revoque_le").asc(nulls_first=True), "-pk"), PAR_PAGE).get_page(
        request.GET.get("page")
    )
    lignes = [{"jeton": j, "sert": j.sert_le(le), "sien": j.agent_id == agent.pk} for j in feuille]
    contexte = {
        "feuille": feuille,
        "lignes": lignes,
        "tous": any("instance.administrer" in h.definition.droits for h in agent.habilitations_en_cours),
    }
    return render(request, "echanges/api/jetons.html", contexte)


def _demarches(agent: Agent) -> DemarcheQuerySet:
    return Demarche.objects.visibles_par(agent).avec_contexte().order_by("territoire__nom", "pk")


@never_cache
@page("connecte", "GET", "HEAD", "POST")
@identite_requise("api:jeton_nouveau")
def nouveau(request: HttpRequest) -> HttpResponse:
    """A new token; its key is on the page that answers, and nowhere else."""
    agent, statut = cast(Agent, request.user), 200
    form = JetonForm(_demarches(agent), request.POST or None)
    if request.method == "POST":
        statut = 422
        if form.is_valid():
            lus = form.cleaned_data
            try:
                jeton, cle = jetons.creer(
                    agent, lus["nom"], portees=lus["portees"], fin=lus["fin"], demarche=lus["demarche"]
                )
            except jetons.JetonRefuse as refus:
                form.add_error(refus.champ or None, str(refus))
            else:
                contexte = {"jeton": jeton, "cle": cle}
                return avec_effet(render(request, "echanges/api/jeton_cree.html", contexte))
    return render(request, "echanges/api/jeton_nouveau.html", {"form": form}, status=statut)


@page("connecte", "POST")
def revoquer(request: HttpRequest, pk: int) -> HttpResponse:
    """The key no longer opens. 404 for somebody else's, but for the administrator."""
    agent = cast(Agent, request.user)
    jeton = get_object_or_404(Jeton.objects.visibles_par(agent), pk=pk)
    jetons.revoquer(jeton, par=agent)
    messages.success(request, f"Le jeton « {jeton.nom} » est révoqué : il n’ouvre plus rien.")
    return redirect("api:jetons")
