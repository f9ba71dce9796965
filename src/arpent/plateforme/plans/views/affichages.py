"""The same fiches as the plan's table, with the same filters: on a map, and in columns of maturity."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ..actions import ActionRefusee
from ..droits import peut_rediger
from ..filtres import MATURITES, lire_filtre
from ..forms.suite import MaturiteForm
from ..listes import fiches_du_plan
from ..maturites import lire_colonnes
from ..models import Fiche
from ..refonte import classer_maturite
from ..reperes import reperes
from ..vue_carte import AFFICHEES_MAX, lire_carte
from .fiche import exiger
from .listes import filtres_du_plan
from .volets import fiche_ou_404


def _contexte(request: HttpRequest, demarche: Demarche) -> dict[str, Any]:
    """What the map and the columns share: the filters, the totals, the fiches asked for. One query."""
    agent = cast(Agent, request.user)
    filtre = lire_filtre(request.GET)
    fiches = fiches_du_plan(demarche, agent, filtre)
    autour = reperes(demarche, fiches, agent)
    return {
        "demarche": demarche,
        "fiches": fiches,
        "totaux": autour.totaux,
        "plafond": AFFICHEES_MAX if autour.totaux.nombre > AFFICHEES_MAX else 0,
        **filtres_du_plan(request, filtre, (), autour),
    }


@page_demarche("plan.voir")
def plan_carte(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """The plan on the map of the territory, and the same places as a list. Two queries of its own."""
    contexte = _contexte(request, demarche)
    ordre = contexte["filtre"].ordre()
    contexte["carte"] = lire_carte(contexte.pop("fiches"), ordre, demarche, cast(Agent, request.user))
    return render(request, "plans/plan_carte.html", contexte)


def _colonnes(
    request: HttpRequest, demarche: Demarche, refus: str = "", refusee: Fiche | None = None
) -> HttpResponse:
    contexte = _contexte(request, demarche)
    ordre = contexte["filtre"].ordre()
    contexte |= {
        "classes": lire_colonnes(contexte.pop("fiches"), ordre, demarche, cast(Agent, request.user)),
        "refus": refus,
        "refusee": refusee,
    }
    return render(request, "plans/plan_kanban.html", contexte, status=400 if refus else 200)


def _deplacer(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """`vers`: « number of the fiche:version read:class wanted », the value of the pressed button."""
    agent = cast(Agent, request.user)
    exiger(peut_sur(agent, "fiche.rediger", demarche))
    numero, _, suite = request.POST.get("vers", "").partition(":")
    version, _, maturite = suite.partition(":")
    form = MaturiteForm({"version_lue": version, "maturite": maturite})
    if not (numero.isascii() and numero.isdigit() and len(numero) < 10) or not form.is_valid():
        return _colonnes(request, demarche, "Choisissez la classe où placer la fiche, parmi les trois.")
    fiche = fiche_ou_404(request, demarche, int(numero))
    exiger(peut_rediger(agent, fiche))
    requete = request.GET.urlencode()
    adresse = f"{reverse('plans:plan_maturite', args=[demarche.slug])}{f'?{requete}' if requete else ''}"
    retour = f"{adresse}#fiche-{fiche.numero}"
    d = form.cleaned_data
    try:
        classer_maturite(fiche, d["maturite"], version_lue=d["version_lue"], par=agent)
    except ConflitDeVersion as conflit:
        return page_conflit(request, conflit, titre="La fiche a changé entre-temps", retour=retour)
    except ActionRefusee as refus:
        return _colonnes(request, demarche, str(refus), fiche)
    messages.success(request, f"« {fiche.titre} » est maintenant classée « {MATURITES[d['maturite']]} ».")
    return redirect(retour)


@page_demarche("plan.voir", "GET", "HEAD", "POST")
def plan_maturite(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """Three columns (GET), a fiche moved from one to another (POST). Ten queries of its own to read."""
    return _deplacer(request, demarche) if request.method == "POST" else _colonnes(request, demarche)
