"""The fiche on one page, and the gestures made from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from arpent.metier.cycles import CYCLE_FICHE, TransitionRefusee
from arpent.metier.reglement import LIBELLES_VERDICT
from arpent.plateforme.acteurs.droits import Avis
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ..actions import ActionRefusee
from ..avancement import (
    AVEC_MOTIF,
    faire_avancer_fiche,
    noter_derogation,
    noter_priorites,
)
from ..colonnes import pastille_etat
from ..constats import GENRES_VERDICT
from ..droits import AILLEURS, gestes_ouverts, peut_geste, peut_rediger, priorites_ouvertes
from ..forms import DerogationForm, GesteForm, PrioritesForm
from ..forms.suite import CommentaireForm, PieceForm, TranchesForm
from ..lecture_fiche import lire_dossier, trouver
from ..lecture_suite import lire_suite
from ..models import Fiche
from ..page_actes import contexte_des_actes
from ..saisies import lignes_de

# The gesture one usually comes to make, in each state.
PRINCIPAUX = frozenset({"proposer", "pre_instruire", "retenir"})
GENRES_STATUT = {"acquis": "ok", "sollicite": "info", "envisage": "neutre", "refuse": "non"}


def fiche_ou_404(request: HttpRequest, demarche: Demarche, numero: int) -> Fiche:
    """The fiche the agent may read: a draft of somebody else does not exist."""
    fiche = trouver(demarche, cast(Agent, request.user), numero)
    if fiche is None:
        raise Http404("Cette fiche n’existe pas, ou n’est pas dans votre périmètre.")
    return fiche


def exiger(avis: Avis) -> None:
    if not avis:
        raise PermissionDenied(avis.raison)


def _derogation_initiale(fiche: Fiche) -> dict[str, Any]:
    taux = None if fiche.derogation_taux is None else (fiche.derogation_taux * 100).quantize(Decimal("0.01"))
    return {
        "taux": taux,
        "acte": fiche.derogation_acte,
        "le": fiche.derogation_le,
        "version_lue": fiche.version,
    }


def afficher(request: HttpRequest, fiche: Fiche, status: int = 200, **lies: forms.Form) -> HttpResponse:
    """The page; `lies` are forms to correct, shown again as they were filled."""
    agent = cast(Agent, request.user)
    aujourd_hui = date.today()
    dossier = lire_dossier(fiche, aujourd_hui)
    redige = peut_rediger(agent, fiche)
    ouvertes = priorites_ouvertes(agent, fiche)
    resultat = dossier.examen.resultat
    instruit = bool(peut_sur(agent, "fiche.pre_instruire", fiche.demarche))
    gestes = gestes_ouverts(agent, fiche)
    suite = lire_suite(dossier, agent)
    plan = dossier.equilibre
    contexte: dict[str, Any] = {
        "demarche": fiche.demarche,
        "fiche": fiche,
        "etat": pastille_etat(fiche.etat),
        "dossier": dossier,
        "lignes": [
            (ligne, GENRES_STATUT[ligne.statut], plan.remplace(ligne.financeur, ligne.statut))
            for ligne in dossier.lignes
        ],
        "plan": plan,
        "total": plan.total,
        "ecart": plan.ecart,
        "resultat": resultat,
        "verdict": (GENRES_VERDICT[resultat.verdict], LIBELLES_VERDICT[resultat.verdict])
        if resultat
        else None,
        "redige": redige,
        "gestes": gestes,
        "principaux": PRINCIPAUX,
        "geste_form": GesteForm(),
        "demande_motif": any(g.geste in AVEC_MOTIF for g in gestes),
        "priorites_form": PrioritesForm(fiche=fiche, ouvertes=ouvertes, auto_id="id_p_%s")
        if ouvertes
        else None,
        "derogation_form": DerogationForm(initial=_derogation_initiale(fiche), auto_id="id_d_%s")
        if instruit
        else None,
        "a_corriger": next(iter(lies.values()), None),
        "suite": suite,
        "commentaire_form": CommentaireForm(champs=suite.champs, auto_id="id_c_%s"),
        "piece_form": PieceForm(auto_id="id_pj_%s") if redige or instruit else None,
        "tranches_form": TranchesForm(auto_id="id_t_%s", initial={"version_lue": fiche.version})
        if suite.refond
        else None,
    }
    contexte |= contexte_des_actes(fiche, agent, dossier.examen, lignes_de(fiche), aujourd_hui)
    contexte |= lies
    return render(request, "plans/fiche.html", contexte, status=status)


@page_demarche("plan.voir")
def fiche(request: HttpRequest, demarche: Demarche, numero: int) -> HttpResponse:
    """One fiche and its pré-instruction. Four queries of its own."""
    return afficher(request, fiche_ou_404(request, demarche, numero))


@page_demarche("plan.voir", "POST")
def fiche_geste(request: HttpRequest, demarche: Demarche, numero: int) -> HttpResponse:
    """A gesture of the cycle (`geste`), with its reason when it needs one."""
    fiche = fiche_ou_404(request, demarche, numero)
    agent = cast(Agent, request.user)
    form = GesteForm(request.POST)
    if not form.is_valid():
        return afficher(request, fiche, 400, geste_form=form)
    geste = form.cleaned_data["geste"]
    voulu = next((t for t in CYCLE_FICHE.transitions if t.geste == geste), None)
    if voulu is None or geste in AILLEURS:
        raise Http404("Ce geste n’existe pas sur une fiche.")
    exiger(peut_geste(agent, fiche, voulu))
    try:
        faire_avancer_fiche(fiche, geste, par=agent, motif=form.cleaned_data["motif"])
    except (TransitionRefusee, ActionRefusee) as refus:
        form.add_error("motif" if "motif" in str(refus) else None, str(refus))
        return afficher(request, fiche, 400, geste_form=form)
    fiche.refresh_from_db(fields=["etat"])
    messages.success(request, f"La fiche est maintenant « {fiche.get_etat_display()} ».")
    return redirect("plans:fiche", demarche.slug, numero)


def _enregistrer(
    request: HttpRequest, fiche: Fiche, nom: str, form: forms.Form, agir: Callable[[], object], fait: str
) -> HttpResponse:
    """Common course of the small forms: correct, save, or show both versions."""
    retour = reverse("plans:fiche", args=[fiche.demarche.slug, fiche.numero])
    if not form.is_valid():
        return afficher(request, fiche, 400, **{nom: form})
    try:
        agir()
    except ConflitDeVersion as conflit:
        return page_conflit(request, conflit, titre="La fiche a changé entre-temps", retour=retour)
    except ActionRefusee as refus:
        form.add_error(None, str(refus))
        return afficher(request, fiche, 400, **{nom: form})
    messages.success(request, fait)
    return redirect(retour)


@page_demarche("plan.voir", "POST")
def fiche_priorites(request: HttpRequest, demarche: Demarche, numero: int) -> HttpResponse:
    fiche = fiche_ou_404(request, demarche, numero)
    agent = cast(Agent, request.user)
    ouvertes = priorites_ouvertes(agent, fiche)
    if not ouvertes:
        exiger(peut_sur(agent, "fiche.prioriser", demarche))
    form = PrioritesForm(request.POST, fiche=fiche, ouvertes=ouvertes, auto_id="id_p_%s")
    return _enregistrer(
        request,
        fiche,
        "priorites_form",
        form,
        lambda: noter_priorites(
            fiche, form.valeurs(), version_lue=form.cleaned_data["version_lue"], par=agent
        ),
        "Les priorités sont enregistrées.",
    )


@page_demarche("fiche.pre_instruire", "POST")
def fiche_derogation(request: HttpRequest, demarche: Demarche, numero: int) -> HttpResponse:
    fiche = fiche_ou_404(request, demarche, numero)
    form = DerogationForm(request.POST, auto_id="id_d_%s")

    def agir() -> Fiche:
        d = form.cleaned_data
        return noter_derogation(
            fiche,
            taux=None if d["taux"] is None else d["taux"] / 100,
            acte=d["acte"],
            le=d["le"],
            version_lue=d["version_lue"],
            par=cast(Agent, request.user),
        )

    return _enregistrer(request, fiche, "derogation_form", form, agir, "La dérogation est enregistrée.")
