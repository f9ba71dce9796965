"""The gestures on a request, and on a repayment."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate

from arpent.metier.cycles import CYCLE_REVERSEMENT, CYCLE_VERSEMENT, TransitionRefusee
from arpent.metier.cycles.versement import PAYER
from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ...dossiers.acces import exiger
from ...dossiers.droits import VOIR
from ..acces import contexte_de, demande_de, dossier_de
from ..droits import peut_service, peut_sur_dossier
from ..gestes import GESTES, GESTES_REVERSEMENT, Geste, droit_de
from ..lecture import page_du_versement
from .commun import ECRIRE, REFUS, retour_de


@page_demarche(VOIR, *ECRIRE)
def geste(
    request: RequeteAgent, demarche: Demarche, annee: int, numero: int, rang: int, geste: str
) -> HttpResponse:
    """One gesture on one request: its form, then the request again; a refusal keeps what was typed."""
    demande = demande_de(request.user, dossier_de(request, demarche, annee, numero), rang)
    voulu = GESTES.get(geste)
    if voulu is None:
        raise Http404("Ce geste n’existe pas.")
    exiger(peut_sur_dossier(request.user, droit_de(voulu, CYCLE_VERSEMENT), demande.dossier))
    contexte = page_du_versement(demande) if geste in {"certifier", "payer"} else {"demande": demande}
    return _faire(request, demande, voulu, CYCLE_VERSEMENT, demande.get_absolute_url(), contexte)


def _faire(
    request: RequeteAgent, objet: Any, voulu: Geste, cycle: Any, retour: str, contexte: dict[str, Any]
) -> HttpResponse:
    try:
        cycle.franchir(voulu.cycle, objet.etat)
    except TransitionRefusee as refus:
        messages.error(request, str(refus))
        return redirect(retour)
    form = voulu.form(request.POST if request.method == "POST" else None, objet=objet)
    if request.method == "POST" and form.is_valid():
        objet.version = form.cleaned_data["version_lue"]
        try:
            voulu.agir(objet, form, request.user, localdate())
        except REFUS as refus:
            form.add_error(None, str(refus))
        except ConflitDeVersion as conflit:
            return page_conflit(request, conflit, titre=voulu.libelle, retour=retour)
        else:
            messages.success(request, voulu.fait)
            return redirect(retour)
    donnees = (
        contexte_de(request, objet.dossier) | contexte | {"geste": voulu, "form": form, "retour": retour}
    )
    return render(request, "subventions/versements/geste.html", donnees, status=422 if form.errors else 200)


@page_demarche(PAYER, *ECRIRE)
def reversement_geste(
    request: RequeteAgent, demarche: Demarche, annee: int, numero: int, rang: int, geste: str
) -> HttpResponse:
    dossier = dossier_de(request, demarche, annee, numero)
    reversement = get_object_or_404(dossier.reversements, numero=rang)
    reversement.dossier = dossier
    voulu = GESTES_REVERSEMENT.get(geste)
    if voulu is None:
        raise Http404("Ce geste n’existe pas.")
    exiger(peut_service(request.user, PAYER, dossier))
    contexte = {"reversement": reversement}
    return _faire(request, reversement, voulu, CYCLE_REVERSEMENT, retour_de(dossier), contexte)
