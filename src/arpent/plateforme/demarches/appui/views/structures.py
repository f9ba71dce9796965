"""The structures that answer, as data of each authority."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from arpent.metier.cycles.appui import REPONDRE
from arpent.plateforme.acteurs.acces import page
from arpent.plateforme.acteurs.lecteurs import agents_du_perimetre
from arpent.plateforme.acteurs.models import Agent, Organisation, StructureAppui
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ..actions import CHAMPS_STRUCTURE, enregistrer_structure
from ..droits import ORGANISER, autorites_de
from ..forms import StructureForm


@page(ORGANISER)
def liste(request: HttpRequest) -> HttpResponse:
    """Three queries of its own."""
    autorites = list(autorites_de(cast(Agent, request.user)))
    structures = (
        StructureAppui.objects.filter(autorite__in=autorites)
        .select_related("organisation", "autorite")
        .prefetch_related("agents")
    )
    return render(request, "appui/structures.html", {"structures": structures, "autorites": autorites})


@page(ORGANISER, "GET", "HEAD", "POST")
def nouvelle(request: HttpRequest) -> HttpResponse:
    """`autorite` in the address when one organises several."""
    autorites = autorites_de(cast(Agent, request.user))
    voulue = request.GET.get("autorite", "")
    if voulue.isdecimal() and len(voulue) < 10:
        autorite = get_object_or_404(autorites, pk=int(voulue))
    else:
        autorite = autorites.first() or get_object_or_404(autorites, pk=0)
    return _formulaire(request, StructureAppui(autorite=autorite), autorite)


@page(ORGANISER, "GET", "HEAD", "POST")
def modifier(request: HttpRequest, pk: int) -> HttpResponse:
    siennes = StructureAppui.objects.filter(autorite__in=autorites_de(cast(Agent, request.user)).values("pk"))
    structure = get_object_or_404(siennes.select_related("autorite"), pk=pk)
    return _formulaire(request, structure, structure.autorite)


def _formulaire(request: HttpRequest, structure: StructureAppui, autorite: Organisation) -> HttpResponse:
    avant = {nom: getattr(structure, nom) for nom in CHAMPS_STRUCTURE if nom != "organisation"}
    form = StructureForm(
        request.POST if request.method == "POST" else None, instance=structure,
        repondants=agents_du_perimetre(REPONDRE, territoire_id=0, autorite_id=autorite.pk),
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        agents = form.poser()
        try:
            enregistrer_structure(
                structure, agents, avant=avant, version_lue=form.cleaned_data["version_lue"],
                par=cast(Agent, request.user),
            )  # fmt: skip
        except ConflitDeVersion as conflit:
            return page_conflit(
                request, conflit, titre="Cette structure a changé entre-temps", retour=request.get_full_path()
            )
        messages.success(request, f"« {structure.nom} » est enregistrée.")
        return redirect(reverse("appui:structures"))
    contexte = {"form": form, "structure": structure, "autorite": autorite}
    return render(request, "appui/structure.html", contexte, status=422 if form.is_bound else 200)
