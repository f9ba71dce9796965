"""Mes nouvelles: what was told to me, and how it reaches me by mail."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from arpent.plateforme.acteurs.acces import page
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.notifications.actions import marquer_lue, marquer_lues, regler
from arpent.plateforme.notifications.models import ChoixRubrique, Notification, Rythme
from arpent.plateforme.notifications.rubriques import RUBRIQUES, frequences

from ..courrier.visibilite import garder_visibles
from ..forms_nouvelles import ReglagesForm

PAR_PAGE = 40


@page("connecte")
def nouvelles(request: HttpRequest) -> HttpResponse:
    """My news, the latest first; `lues=1` shows those already read. Eight queries at most."""
    agent = cast(Agent, request.user)
    rubrique = request.GET.get("rubrique", "")
    lignes = Notification.objects.filter(destinataire_id=agent.pk)
    if not (lues := request.GET.get("lues") == "1"):
        lignes = lignes.filter(lue_le__isnull=True)
    if rubrique in RUBRIQUES:
        lignes = lignes.filter(rubrique=rubrique)
    feuille = Paginator(lignes, PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "feuille": feuille,
        "nouvelles": garder_visibles(agent, list(feuille)),
        "lues": lues,
        "rubrique": rubrique if rubrique in RUBRIQUES else "",
        "rubriques": [(code, r.libelle, code == rubrique) for code, r in RUBRIQUES.items()],
    }
    return render(request, "portail/nouvelles.html", contexte)


@page("connecte", "POST")
def nouvelle_lire(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks one as read and goes where it leads. 404 for somebody else's."""
    agent = cast(Agent, request.user)
    nouvelle = Notification.objects.filter(destinataire_id=agent.pk, pk=pk).first()
    if nouvelle is None:
        raise Http404("Cette nouvelle n’existe pas.")
    marquer_lue(agent.pk, pk)
    ici = url_has_allowed_host_and_scheme(nouvelle.url, {request.get_host()})
    return redirect(nouvelle.url if nouvelle.url and ici else "portail:nouvelles")


@page("connecte", "POST")
def marquer_notifications(request: HttpRequest) -> HttpResponse:
    """Everything told so far is read."""
    marquer_lues(cast(Agent, request.user).pk)
    return redirect("portail:accueil")


@page("connecte", "GET", "HEAD", "POST")
def reglages(request: HttpRequest) -> HttpResponse:
    """How each topic reaches me by mail, and when."""
    agent = cast(Agent, request.user)
    lignes = ChoixRubrique.objects.filter(agent_id=agent.pk)
    choix = frequences(dict(lignes.values_list("rubrique", "frequence")))
    rythme = Rythme.objects.filter(agent_id=agent.pk).first() or Rythme(agent_id=agent.pk)
    form = ReglagesForm(
        request.POST or None, choix=choix, initial={"heure": rythme.heure, "jour": rythme.jour}
    )
    if request.method == "POST" and form.is_valid():
        lus = form.cleaned_data
        regler(agent.pk, form.frequences(), heure=lus["heure"], jour=lus["jour"])
        messages.success(request, "Vos choix sont enregistrés.")
        return redirect("portail:reglages_nouvelles")
    contexte = {"form": form, "champs": [form[f"f_{code}"] for code in RUBRIQUES]}
    return render(request, "portail/reglages_nouvelles.html", contexte)
