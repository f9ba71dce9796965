"""The co-financing of a fiche: a panel of its page and a page of its own, one text."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from arpent.metier.argent import ZERO
from arpent.metier.plan_financement import Proposition
from arpent.plateforme.acteurs.droits import Avis
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.pieces import Part
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ..actions import ActionRefusee
from ..cadre import cadre_de, enregistrer_cadre, reponses
from ..cofinancement import Cofinancement, cofinancement_de, comparer, reprendre_proposition
from ..droits import peut_rediger
from ..forms_cofinancement import CadreForm, PartForm, ReprendreForm
from ..models import Fiche
from .fiche import exiger
from .volets import fiche_ou_404

TITRE_CONFLIT = "La fiche a changé entre-temps"


def _parts(vu: Cofinancement) -> list[Part]:
    """Who pays what of the cost; the rest is the owner's."""
    plan = vu.operation.plan
    acquis = sum((p.acquis for p in vu.possibilites), ZERO)
    demande = sum((p.demande for p in vu.possibilites), ZERO)
    parts = [Part("aides acquises", acquis, "plein"), Part("aides demandées", demande, "propose")]
    return [*parts, Part("argent privé", plan.total_prive, "autre")] if plan.total_prive else parts


def _peut_cadrer(agent: Agent, fiche: Fiche) -> Avis:
    """The owner while it holds the fiche; whoever pré-instructs, always."""
    instruit = peut_sur(agent, "fiche.pre_instruire", fiche.demarche)
    return instruit if instruit else peut_rediger(agent, fiche)


def _afficher(request: HttpRequest, fiche: Fiche, form: PartForm, status: int = 200) -> HttpResponse:
    agent = cast(Agent, request.user)
    vu = cofinancement_de(fiche, date.today())
    reponse = None
    if form.is_bound and form.is_valid():
        reponse = vu.proposer(form.cleaned_data["part"], form.ordre())
    proposition = reponse if isinstance(reponse, Proposition) else None
    plan = vu.operation.plan
    contexte: dict[str, Any] = {
        "demarche": fiche.demarche,
        "fiche": fiche,
        "vu": vu,
        "plan": plan,
        "parts": _parts(vu),
        "form": form,
        "proposition": proposition,
        "refus": reponse if reponse is not None and proposition is None else None,
        "comparaison": comparer(plan.financements, proposition.plan.financements) if proposition else (),
        "demarches_financeurs": fiche.demarches_financeurs.all(),
        "redige": peut_rediger(agent, fiche),
        "cadre_ouvert": bool(_peut_cadrer(agent, fiche)),
        "a_corriger": form if form.errors else None,
    }
    fragment = bool(getattr(request, "htmx", False))
    gabarit = "plans/_cofinancement.html" if fragment else "plans/cofinancement.html"
    return render(request, gabarit, contexte, status=status)


@page_demarche("plan.voir")
def cofinancement(request: HttpRequest, demarche: Demarche, numero: int) -> HttpResponse:
    """Room of each funder; with `part` in the question, the plan that leaves that share to the owner."""
    fiche = fiche_ou_404(request, demarche, numero)
    demande = "part" in request.GET
    return _afficher(request, fiche, PartForm(request.GET if demande else None, auto_id="id_cof_%s"))


@page_demarche("fiche.rediger", "POST")
def cofinancement_reprendre(request: HttpRequest, demarche: Demarche, numero: int) -> HttpResponse:
    """Takes over the proposed plan: computed again, saved whole, refused when the fiche moved."""
    fiche = fiche_ou_404(request, demarche, numero)
    agent = cast(Agent, request.user)
    exiger(peut_rediger(agent, fiche))
    form = ReprendreForm(request.POST, auto_id="id_cof_%s")
    if not form.is_valid():
        return _afficher(request, fiche, form, 400)
    retour = reverse("plans:cofinancement", args=[demarche.slug, numero])
    try:
        reprendre_proposition(
            fiche,
            form.cleaned_data["part"],
            ordre=form.ordre(),
            version_lue=form.cleaned_data["version_lue"],
            par=agent,
            le=date.today(),
        )
    except ConflitDeVersion as conflit:
        return page_conflit(request, conflit, titre=TITRE_CONFLIT, retour=retour)
    except ActionRefusee as refus:
        form.add_error(None, str(refus))
        return _afficher(request, fiche, form, 400)
    messages.success(
        request, "Le plan de financement proposé est repris ; les aides acquises n’ont pas bougé."
    )
    return redirect("plans:fiche", demarche.slug, numero)


@page_demarche("plan.voir", "GET", "HEAD", "POST")
def fiche_cadre(request: HttpRequest, demarche: Demarche, numero: int) -> HttpResponse:
    """The legal frame of the operation, read by all: what changes the rules that apply to its plan."""
    fiche = fiche_ou_404(request, demarche, numero)
    agent = cast(Agent, request.user)
    avis = _peut_cadrer(agent, fiche)
    donnees = request.POST if request.method == "POST" else None
    if donnees is not None:
        exiger(avis)
    cadre = cadre_de(fiche)
    form = CadreForm(donnees, instance=cadre, cout_ttc_connu=fiche.cout_ttc is not None)
    if donnees is not None and form.is_valid():
        try:
            enregistrer_cadre(
                form.save(commit=False), version_lue=form.cleaned_data["version_lue"], par=agent
            )
        except ConflitDeVersion as conflit:
            return page_conflit(request, conflit, titre=TITRE_CONFLIT, retour=request.get_full_path())
        messages.success(request, "Le cadre juridique est enregistré : les plafonds sont recalculés.")
        return redirect("plans:cofinancement", demarche.slug, numero)
    contexte = {
        "demarche": demarche,
        "fiche": fiche,
        "form": form if avis else None,
        "reponses": reponses(cadre),
        "raison": avis.raison,
    }
    return render(request, "plans/cadre_form.html", contexte, status=200 if donnees is None else 400)
