"""One file: its page, its gestures, its papers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from arpent.metier.cycles import CYCLE_DOSSIER, EtatDossier, TransitionRefusee
from arpent.metier.cycles.dossier import A_INSTRUIRE, EN_COURS, INSTRUIRE
from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.actions import servir
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.documents.rendu.pdf import RenduImpossible
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ...models import Dossier
from .. import frise
from ..acces import dossier_de, exiger
from ..actions import DossierRefuse
from ..calcul import aide_de
from ..droits import LIRE_PIECES, VOIR, peut_geste, peut_instruire, peut_modifier, peut_preparer
from ..forms import CommencementForm
from ..gestes import GESTES, Geste, gestes_de
from ..instruction import autoriser_le_commencement
from ..lecture import montants_de, page_de

REFUS = (DossierRefuse, TransitionRefusee, RenduImpossible)


def contexte_du(request: RequeteAgent, demarche: Demarche, dossier: Dossier) -> dict[str, Any]:
    """What every page of a file prints around its content."""
    request.place = "realisation"  # type: ignore[attr-defined]
    dossier.demarche = demarche
    return {"demarche": demarche, "dossier": dossier, "retour": dossier.get_absolute_url()}


@page_demarche(VOIR)
def dossier(request: RequeteAgent, demarche: Demarche, annee: int, numero: int) -> HttpResponse:
    """The file whole: state, pieces, asks, calculation, deadlines, history."""
    lu = dossier_de(request, demarche, annee, numero)
    contexte = contexte_du(request, demarche, lu)
    instruit = bool(peut_instruire(request.user, lu))
    contexte |= {
        "p": page_de(lu, date.today()),
        "montants": montants_de(lu),
        "puce": frise.puce_de(lu),
        "etapes": frise.etapes(lu),
        "gestes": gestes_de(request.user, lu),
        "peut_modifier": bool(peut_modifier(request.user, lu)),
        "peut_repondre": bool(peut_preparer(request.user, lu)),
        "lit_pieces": bool(peut_sur(request.user, LIRE_PIECES, demarche)),
        "examine": instruit and lu.etat in A_INSTRUIRE,
        "autorise": instruit and lu.etat in EN_COURS and lu.complet_le is None,
        "emet": lu.etat in {EtatDossier.VOTE, EtatDossier.NOTIFIE}
        and bool(peut_sur(request.user, "attribution.preparer", demarche)),
    }
    return render(request, "subventions/dossiers/dossier.html", contexte)


@page_demarche(VOIR, "GET", "HEAD", "POST")
def geste(request: RequeteAgent, demarche: Demarche, annee: int, numero: int, geste: str) -> HttpResponse:
    """One gesture on one file: its form, then the file again; a refusal keeps what was typed."""
    lu = dossier_de(request, demarche, annee, numero)
    voulu = GESTES.get(geste)
    if voulu is None:
        raise Http404("Ce geste n’existe pas.")
    contexte = contexte_du(request, demarche, lu)
    exiger(peut_geste(request.user, lu, voulu.transition))
    try:
        CYCLE_DOSSIER.franchir(voulu.cycle, lu.etat)
    except TransitionRefusee as refus:
        messages.error(request, str(refus))
        return redirect(contexte["retour"])
    le = date.today()
    aide = aide_de(lu, le) if voulu.code == "proposer" else None
    plus = {"aide": aide} if voulu.code == "proposer" else {}
    form = voulu.form(request.POST if request.method == "POST" else None, dossier=lu, **plus)
    if request.method == "POST" and form.is_valid():
        lu.version = form.cleaned_data["version_lue"]
        try:
            voulu.agir(lu, form.cleaned_data, request.user, le)
        except REFUS as refus:
            form.add_error(None, str(refus))
        except ConflitDeVersion as conflit:
            return page_conflit(request, conflit, titre=voulu.libelle, retour=contexte["retour"])
        else:
            messages.success(request, voulu.fait)
            return redirect(contexte["retour"])
    contexte |= {"geste": voulu, "form": form, "aide": aide}
    return _page_de_geste(request, contexte, form)


def _page_de_geste(request: RequeteAgent, contexte: dict[str, Any], form: Any) -> HttpResponse:
    statut = 422 if form.is_bound and form.errors else 200
    return render(request, "subventions/dossiers/geste.html", contexte, status=statut)


@page_demarche(INSTRUIRE, "GET", "HEAD", "POST")
def commencement(request: RequeteAgent, demarche: Demarche, annee: int, numero: int) -> HttpResponse:
    """Lets the work start before the file is complete."""
    lu = dossier_de(request, demarche, annee, numero)
    contexte = contexte_du(request, demarche, lu)
    exiger(peut_instruire(request.user, lu))
    form = CommencementForm(request.POST if request.method == "POST" else None, dossier=lu)
    if request.method == "POST" and form.is_valid():
        lu.version = form.cleaned_data["version_lue"]
        try:
            autoriser_le_commencement(
                lu, form.cleaned_data["a_partir_du"], form.cleaned_data["motif"], par=request.user
            )
        except DossierRefuse as refus:
            form.add_error(None, str(refus))
        except ConflitDeVersion as conflit:
            return page_conflit(request, conflit, titre="Commencement", retour=contexte["retour"])
        else:
            messages.success(request, "Le commencement est autorisé ; le maître d’ouvrage est prévenu.")
            return redirect(contexte["retour"])
    contexte |= {"geste": AUTORISER, "form": form, "aide": None}
    return _page_de_geste(request, contexte, form)


AUTORISER = Geste(
    "commencement", "", "Autoriser le commencement",
    "Les travaux pourront commencer avant que le dossier soit complet. Cela ne promet aucune aide.",
    "", CommencementForm, lambda d, *_: d,
)  # fmt: skip


@page_demarche(VOIR)
def document(request: RequeteAgent, demarche: Demarche, annee: int, numero: int, pk: int) -> HttpResponse:
    """A paper of the file, or an act of award of its project, as it was issued."""
    lu = dossier_de(request, demarche, annee, numero)
    emis = get_object_or_404(DocumentEmis, pk=pk, demarche_id=demarche.pk)
    du_dossier = (emis.objet_type, emis.objet_id) == (lu._meta.label_lower, str(lu.pk))
    du_projet = (emis.objet_type, emis.objet_id) == ("plans.fiche", str(lu.fiche_id))
    notifie = lu.notifie_le is not None and emis.genre.endswith("d’attribution")
    if not du_dossier and not (du_projet and notifie):
        raise Http404("Ce document n’est pas dans ce dossier.")
    return servir(emis)
