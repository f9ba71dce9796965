"""One gesture on the ticked fiches: what will change, for whom; then what was done and what was refused."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from arpent.plateforme.acteurs.acces import page
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.soumission import rejouable

from ..filtres import lire_filtre
from ..gestes_en_lot import (
    GESTES,
    LOT_MAX,
    Demande,
    Ligne,
    LotRefuse,
    appliquer,
    choix_de_valeur,
    fiches_du_lot,
    prevoir,
)
from ..listes import demarches_lisibles, fiches_du_plan, fiches_visibles


def _pks(request: HttpRequest, demarche: Demarche | None) -> list[int]:
    """The ticked fiches, or all those of the filter."""
    agent = cast(Agent, request.user)
    if "tout" in request.POST:
        filtre = lire_filtre(QueryDict(request.POST.get("requete", "").replace("\0", "")))
        if demarche is None:
            fiches = fiches_visibles(agent, demarches_lisibles(agent), filtre)
        else:
            fiches = fiches_du_plan(demarche, agent, filtre)
        return list(fiches.order_by("pk").values_list("pk", flat=True)[: LOT_MAX + 1])
    return [
        int(n)
        for n in request.POST.getlist("n")[: LOT_MAX + 1]
        if n.isascii() and n.isdigit() and len(n) < 18
    ]


def _versions(request: HttpRequest) -> dict[int, int]:
    paires = (v.partition(":") for v in request.POST.getlist("v")[: LOT_MAX + 1])
    return {int(a): int(b) for a, _, b in paires if a.isdecimal() and b.isdecimal() and len(a + b) < 18}


def _liste(demarche: Demarche | None, requete: str) -> dict[str, Any]:
    """The list one comes from, and goes back to."""
    liste = reverse("plans:plan", args=[demarche.slug]) if demarche else reverse("plans:fiches")
    return {
        "demarche": demarche,
        "liste": "Plan d’actions" if demarche else "Fiches projets",
        "requete": requete,
        "action": reverse("plans:lot", args=[demarche.slug]) if demarche else reverse("plans:lot_general"),
        "retour": f"{liste}?{requete or 'tout=1'}",
    }


def _contexte(demande: Demande, lignes: list[Ligne]) -> dict[str, Any]:
    faites = [ligne for ligne in lignes if not ligne.refus]
    return {
        "demande": demande,
        "faites": faites,
        "refusees": [ligne for ligne in lignes if ligne.refus],
        "porteurs": sorted({ligne.fiche.maitre_ouvrage.nom for ligne in faites}),
    }


@page_demarche("plan.voir", "POST")
def lot(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """One gesture on several fiches of a plan."""
    return _lot(request, demarche)


@page("plan.voir", "POST")
def lot_general(request: HttpRequest) -> HttpResponse:
    """The same on fiches of any territory: each one answers with the rights one has there."""
    return _lot(request, None)


def _lot(request: HttpRequest, demarche: Demarche | None) -> HttpResponse:
    """First POST: what would change, nothing is written. With `confirme`: does it and says what was done."""
    agent = cast(Agent, request.user)
    requete = request.POST.get("requete", "").replace("\0", "")[:2_000]
    demande = Demande(
        request.POST.get("geste", ""),
        request.POST.get("valeur", "").replace("\0", "")[:40],
        request.POST.get("motif", "").replace("\0", "")[:2_000],
    )
    liste, pks = _liste(demarche, requete), _pks(request, demarche)
    erreur = ""
    if demande.geste not in GESTES:
        erreur = "Choisissez ce qu’il faut faire des fiches cochées."
    elif not pks:
        erreur = "Cochez au moins une fiche."
    elif len(pks) > LOT_MAX:
        erreur = f"Pas plus de {LOT_MAX} fiches à la fois : précisez les filtres."
    if erreur:
        return render(request, "plans/lot.html", liste | {"erreur": erreur}, status=400)
    fiches = fiches_du_lot(agent, pks, demarche)
    if "confirme" in request.POST:
        try:
            lignes = appliquer(agent, fiches, demande, _versions(request))
        except LotRefuse as refus:
            erreur = str(refus)
        else:
            return rejouable(render(request, "plans/lot_fait.html", liste | _contexte(demande, lignes)))
    contexte = liste | _contexte(demande, prevoir(agent, fiches, demande))
    faisables = [ligne.fiche for ligne in contexte["faites"]]
    contexte |= {"erreur": erreur, "choix": choix_de_valeur(faisables, demande.geste)}
    return render(request, "plans/lot.html", contexte, status=400 if erreur else 200)
