"""The plan that goes out as a workbook and comes back: what changes, cell by cell, then the writing."""

from __future__ import annotations

from datetime import date
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche

from .. import apercu
from ..etats import ImportRefuse
from ..models import ImportPlan
from ..retour import actions

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FICHES_MONTREES = 100
REJETS_MONTRES = 25
ABSENTES_MONTREES = 50


def lecture_ou_404(demarche: Demarche, pk: int) -> ImportPlan:
    """An import of this démarche: those of another one do not exist."""
    return get_object_or_404(ImportPlan, pk=pk, demarche=demarche)


@page_demarche("plan.importer")
def exporter(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """The plan as a workbook to edit and send back. Seven queries of its own."""
    response = HttpResponse(actions.exporter(demarche, cast(Agent, request.user)), content_type=XLSX)
    nom = f"plan-{demarche.slug}-{date.today():%Y-%m-%d}.xlsx"
    response.headers["Content-Disposition"] = f'attachment; filename="{nom}"'
    return response


def _choisi(request: HttpRequest) -> actions.Choisi:
    """The choices as sent: « fiche:champ » ticked, « fiche:prendre » or « fiche:laisser » for a row."""
    lignes = {}
    for texte in request.POST.getlist("ligne"):
        pk, _, quoi = texte.partition(":")
        if quoi in {actions.PRENDRE, actions.LAISSER} and pk.isascii() and pk.isdigit() and len(pk) < 18:
            lignes[int(pk)] = quoi
    return actions.Choisi(frozenset(request.POST.getlist("prendre")), lignes)


def montrer_retour(
    request: HttpRequest, demarche: Demarche, lecture: ImportPlan, refus: str = ""
) -> HttpResponse:
    """What the workbook would change today. Conflicts come first: they wait for a choice. Nine queries.

    After a refusal, the choices already made are shown as they were.
    """
    choisi = _choisi(request)
    bilan = actions.bilan_de(demarche, lecture, cast(Agent, request.user))
    # What waits for a choice is always shown: it could not be chosen otherwise.
    triees = sorted(bilan.changees, key=lambda f: not any(c.conflit or c.retrait for c in f.changements))
    attendues = sum(any(c.conflit or c.retrait for c in f.changements) for f in triees)
    contexte = {
        "demarche": demarche,
        "lecture": lecture,
        "bilan": bilan,
        "refus": refus,
        "cochees": choisi.cellules,
        "lignes_prises": {pk for pk, quoi in choisi.lignes.items() if quoi == actions.PRENDRE},
        "lignes_laissees": {pk for pk, quoi in choisi.lignes.items() if quoi == actions.LAISSER},
        "montrees": triees[: max(FICHES_MONTREES, attendues)],
        "absentes": bilan.absentes[:ABSENTES_MONTREES],
        "rejets": bilan.rejets[:REJETS_MONTRES],
        "rejets_nombre": len(bilan.rejets),
        "lignes_rejetees": len({r.ligne for r in bilan.rejets}),
        "causes": apercu.causes(bilan.rejets),
        "lues": lecture.lignes["lues"],
        "a_ecrire": len(bilan.changees) + len(bilan.nouvelles),
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "echanges/retour.html", contexte, status=status)


@page_demarche("plan.importer", "POST")
def reprendre(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """Writes what was shown, with the choices made on the conflicts."""
    lecture = lecture_ou_404(demarche, pk)
    try:
        repris = actions.reprendre(
            lecture,
            par=cast(Agent, request.user),
            empreinte=request.POST.get("empreinte", ""),
            choisi=_choisi(request),
        )
    except ImportRefuse as refus:
        lecture.refresh_from_db()
        if lecture.etat == ImportPlan.Etat.LU and lecture.genre == ImportPlan.Genre.RETOUR:
            return montrer_retour(request, demarche, lecture, str(refus))
        messages.error(request, str(refus))
    else:
        s = "s" if repris.cellules > 1 else ""
        messages.success(
            request,
            f"{repris.cellules} cellule{s} reprise{s} dans le plan, {repris.nouvelles} nouvelle"
            f"{'s' if repris.nouvelles > 1 else ''} fiche{'s' if repris.nouvelles > 1 else ''}.",
        )
    return redirect("echanges:apercu", demarche.slug, pk)
