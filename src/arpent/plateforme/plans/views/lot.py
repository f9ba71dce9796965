"""One gesture on the ticked fiches: what will change, for whom; then what was done and what was refused."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

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
from ..listes import fiches_du_plan


def _pks(request: HttpRequest, demarche: Demarche) -> list[int]:
    """The ticked fiches, or all those of the filter."""
    agent = cast(Agent, request.user)
    if "tout" in request.POST:
        filtre = lire_filtre(QueryDict(request.POST.get("requete", "").replace("\0", "")))
        return list(fiches_du_plan(demarche, agent, filtre).values_list("pk", flat=True)[: LOT_MAX + 1])
    return [int(n) for n in request.POST.getlist("n")[: LOT_MAX + 1] if n.isascii() and n.isdigit()][:]


def _versions(request: HttpRequest) -> dict[int, int]:
    paires = (v.partition(":") for v in request.POST.getlist("v")[: LOT_MAX + 1])
    return {int(a): int(b) for a, _, b in paires if a.isdecimal() and b.isdecimal() and len(a + b) < 18}


def _contexte(demarche: Demarche, demande: Demande, lignes: list[Ligne], requete: str) -> dict[str, Any]:
    faites = [ligne for ligne in lignes if not ligne.refus]
    return {
        "demarche": demarche,
        "demande": demande,
        "faites": faites,
        "refusees": [ligne for ligne in lignes if ligne.refus],
        "porteurs": sorted({ligne.fiche.maitre_ouvrage.nom for ligne in faites}),
        "requete": requete,
        "retour": f"{reverse('plans:plan', args=[demarche.slug])}?{requete or 'tout=1'}",
    }


@page_demarche("plan.voir", "POST")
def lot(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """First POST: what would change, nothing is written. With `confirme`: does it and says what was done."""
    agent = cast(Agent, request.user)
    requete = request.POST.get("requete", "").replace("\0", "")[:2_000]
    demande = Demande(
        request.POST.get("geste", ""),
        request.POST.get("valeur", "").replace("\0", "")[:20],
        request.POST.get("motif", "").replace("\0", "")[:2_000],
    )
    pks = _pks(request, demarche)
    erreur = ""
    if demande.geste not in GESTES:
        erreur = "Choisissez ce qu’il faut faire des fiches cochées."
    elif not pks:
        erreur = "Cochez au moins une fiche."
    elif len(pks) > LOT_MAX:
        erreur = f"Pas plus de {LOT_MAX} fiches à la fois : précisez les filtres."
    if erreur:
        contexte = {"demarche": demarche, "erreur": erreur} | {
            "retour": f"{reverse('plans:plan', args=[demarche.slug])}?{requete or 'tout=1'}"
        }
        return render(request, "plans/lot.html", contexte, status=400)
    fiches = fiches_du_lot(demarche, agent, pks)
    if "confirme" in request.POST:
        try:
            lignes = appliquer(demarche, agent, fiches, demande, _versions(request))
        except LotRefuse as refus:
            erreur = str(refus)
        else:
            contexte = _contexte(demarche, demande, lignes, requete)
            return rejouable(render(request, "plans/lot_fait.html", contexte))
    contexte = _contexte(demarche, demande, prevoir(agent, fiches, demande), requete)
    contexte |= {"erreur": erreur, "choix": choix_de_valeur(demarche, demande.geste)}
    return render(request, "plans/lot.html", contexte, status=400 if erreur else 200)
