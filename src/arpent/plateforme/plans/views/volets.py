"""The panels of a fiche read apart: each one a fragment of its page, and a page of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche

from ..champs import libelle, modele_de
from ..commentaires import lecteurs_de
from ..droits import peut_commenter, peut_rediger, peut_refondre, priorites_ouvertes
from ..forms import DerogationForm, PrioritesForm
from ..forms.suite import CommentaireForm, TranchesForm
from ..lecture_fiche import historique_de, trouver
from ..lecture_suite import champs_commentables, lire_fils
from ..models import Fiche
from ..page_actes import contexte_de_l_examen, contexte_des_actes


def fiche_ou_404(request: HttpRequest, demarche: Demarche, numero: int) -> Fiche:
    """The fiche the agent may read: a draft of somebody else does not exist."""
    fiche = trouver(demarche, cast(Agent, request.user), numero)
    if fiche is None:
        raise Http404("Cette fiche n’existe pas, ou n’est pas dans votre périmètre.")
    return fiche


def _derogation_initiale(fiche: Fiche) -> dict[str, Any]:
    taux = None if fiche.derogation_taux is None else (fiche.derogation_taux * 100).quantize(Decimal("0.01"))
    return {
        "taux": taux,
        "acte": fiche.derogation_acte,
        "le": fiche.derogation_le,
        "version_lue": fiche.version,
    }


def _examen(fiche: Fiche, agent: Agent) -> dict[str, Any]:
    return contexte_de_l_examen(fiche, agent, date.today())


def _actes(fiche: Fiche, agent: Agent) -> dict[str, Any]:
    ouvertes = priorites_ouvertes(agent, fiche)
    instruit = peut_sur(agent, "fiche.pre_instruire", fiche.demarche)
    return {
        "priorites_form": PrioritesForm(fiche=fiche, ouvertes=ouvertes, auto_id="id_p_%s")
        if ouvertes
        else None,
        "derogation_form": DerogationForm(initial=_derogation_initiale(fiche), auto_id="id_d_%s")
        if instruit
        else None,
        **contexte_des_actes(fiche, agent, date.today()),
    }


def contexte_des_remarques(fiche: Fiche, agent: Agent, champ: str = "") -> dict[str, Any]:
    """The threads, on one field when `champ`, and the form that adds one. Four queries."""
    fils = lire_fils(fiche, agent, champ=champ)
    champs = champs_commentables(fiche.demarche)
    return {
        "fils": fils,
        "ouvertes": sum(1 for f in fils if f.remarque.resolu_le is None),
        "commente": peut_commenter(agent, fiche),
        "commentaire_form": CommentaireForm(
            champs=champs,
            lecteurs=lecteurs_de(fiche),
            auto_id=f"id_c_{champ}_%s" if champ else "id_c_%s",
            initial={"champ": champ},
        ),
        "champ_lu": champ,
        "sur_le_champ": libelle(champ, modele_de(fiche.demarche)) if champ else "",
    }


def _historique(fiche: Fiche, agent: Agent) -> dict[str, Any]:
    refond = bool(peut_refondre(agent, fiche))
    return {
        "historique": historique_de(fiche),
        "refond": refond,
        "tranches_form": TranchesForm(auto_id="id_t_%s", initial={"version_lue": fiche.version})
        if refond
        else None,
    }


@dataclass(frozen=True, slots=True)
class Volet:
    """A panel: its anchor on the page of the fiche, its title, its text, what it reads.

    `ancres`: the places inside it that other pages point at, kept while it is not read yet.
    """

    code: str
    titre: str
    gabarit: str
    contexte: Callable[[Fiche, Agent], dict[str, Any]]
    ancres: tuple[str, ...] = ()


VOLETS: dict[str, Volet] = {
    v.code: v
    for v in (
        Volet("preinstruction", "Pré-instruction", "plans/_preinstruction.html", _examen),
        Volet("actes", "Actes et avis", "plans/_actes.html", _actes, ("avis", "appui")),
        Volet("echanges", "Échanges", "plans/_commentaires.html", contexte_des_remarques),
        Volet("historique", "Historique", "plans/_historique.html", _historique, ("refonte",)),
    )
}


def champ_demande(request: HttpRequest, fiche: Fiche) -> str:
    """The field that the question names (`champ`), when it is one of the fiche."""
    champ = request.GET.get("champ", "")
    return champ if champ in dict(champs_commentables(fiche.demarche)) else ""


def montrer_volet(
    request: HttpRequest, fiche: Fiche, volet: Volet, status: int = 200, **lies: forms.Form
) -> HttpResponse:
    """A fragment when a page asks for it, else a page; `lies` are forms to correct."""
    agent, champ = cast(Agent, request.user), champ_demande(request, fiche)
    seul = volet.code == "echanges" and champ
    contexte: dict[str, Any] = {
        "demarche": fiche.demarche,
        "fiche": fiche,
        "redige": peut_rediger(agent, fiche),
        "volet": volet,
        **(contexte_des_remarques(fiche, agent, champ) if seul else volet.contexte(fiche, agent)),
        **lies,
    }
    fragment = bool(getattr(request, "htmx", False))
    return render(request, volet.gabarit if fragment else "plans/fiche_volet.html", contexte, status=status)


@page_demarche("plan.voir")
def fiche_volet(request: HttpRequest, demarche: Demarche, numero: int, code: str) -> HttpResponse:
    """One panel. `champ` in the question narrows the remarks to one field of the form."""
    fiche = fiche_ou_404(request, demarche, numero)
    if (volet := VOLETS.get(code)) is None:
        raise Http404("Cette partie de la fiche n’existe pas.")
    return montrer_volet(request, fiche, volet)
