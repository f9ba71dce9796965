"""The fiche on one page, and the gestures made from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from arpent.metier.cycles import CYCLE_FICHE, TransitionRefusee
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
from ..droits import (
    AILLEURS,
    PRE_INSTRUIRE,
    gestes_ouverts,
    peut_geste,
    peut_rediger,
    peut_sur_le_theme,
    priorites_ouvertes,
)
from ..forms import DerogationForm, GesteForm, PrioritesForm
from ..forms.suite import PieceForm
from ..lecture_fiche import lire_dossier
from ..lecture_suite import lire_suite
from ..models import Fiche
from ..page_actes import corrections_parmi, ouvertes_par_champ
from .volets import VOLETS, fiche_ou_404

# The gesture one usually comes to make, in each state.
PRINCIPAUX = frozenset({"proposer", "pre_instruire", "retenir"})
GENRES_STATUT = {"acquis": "ok", "sollicite": "info", "envisage": "neutre", "refuse": "non"}


def exiger(avis: Avis) -> None:
    if not avis:
        raise PermissionDenied(avis.raison)


def _contexte_du_projet(fiche: Fiche, agent: Agent) -> dict[str, Any]:
    """The project, its plan, what comes next. Four queries, whatever the fiche holds."""
    dossier = lire_dossier(fiche)
    suite = lire_suite(dossier, agent)
    remarques = list(fiche.commentaires.order_by("pk"))
    corrections = corrections_parmi(remarques)
    plan = dossier.equilibre
    gestes = gestes_ouverts(agent, fiche)
    redige = peut_rediger(agent, fiche)
    joint = bool(redige) or bool(peut_sur(agent, "fiche.pre_instruire", fiche.demarche))
    return {
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
        "redige": redige,
        "gestes": gestes,
        "principaux": PRINCIPAUX,
        "geste_form": GesteForm(),
        "demande_motif": any(g.geste in AVEC_MOTIF for g in gestes),
        "suite": suite,
        "remarques_ouvertes": ouvertes_par_champ(remarques, agent).total(),
        "corrections": corrections,
        "corrections_ouvertes": [c for c in corrections if c.ouverte],
        "piece_form": PieceForm(auto_id="id_pj_%s") if joint else None,
    }


def afficher(request: HttpRequest, fiche: Fiche, status: int = 200, **lies: forms.Form) -> HttpResponse:
    """The page; `lies` are forms to correct, shown again as they were filled.

    The panels are fragments fetched when they come in view. They are all there at once, to print or to read
    without JavaScript, when the question says `tout`, and when a form is to be corrected.
    """
    agent = cast(Agent, request.user)
    entiere = bool(lies) or "tout" in request.GET
    contexte = {
        "a_corriger": next(iter(lies.values()), None),
        "entiere": entiere,
        "volets": VOLETS.values(),
        **_contexte_du_projet(fiche, agent),
    }
    for volet in VOLETS.values() if entiere else ():
        contexte |= volet.contexte(fiche, agent)
    contexte |= lies
    return render(request, "plans/fiche.html", contexte, status=status)


@page_demarche("plan.voir")
def fiche(request: HttpRequest, demarche: Demarche, numero: int) -> HttpResponse:
    """One fiche: the project first, the rest as one goes down. `?tout=1`: everything at once."""
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
    exiger(peut_sur_le_theme(cast(Agent, request.user), PRE_INSTRUIRE, fiche))
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
