"""The reports to the commission: listed, filled, put on the agenda, voted."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from arpent.metier.cycles import CYCLE_RAPPORT, EtatRapport, TransitionRefusee
from arpent.metier.cycles.dossier import DECIDER
from arpent.plateforme.acteurs.acces import RequeteAgent, page
from arpent.plateforme.acteurs.models import Agent, Organisation
from arpent.plateforme.acteurs.roles import Portee
from arpent.plateforme.documents.actions import servir, telecharger
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.documents.rendu.pdf import RenduImpossible
from arpent.plateforme.socle.numeros import identifiant
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ...models import LigneRapport, RapportCommission
from .. import rapports as actions
from ..acces import rapport_de
from ..actions import DossierRefuse
from ..documents import FORMATS, documents_du_rapport, lignes_de, rendre_rapport
from ..forms import RapportForm, VoteForm
from ..rapports import VoteLigne, dossiers_a_porter

REFUS = (DossierRefuse, TransitionRefusee, RenduImpossible)
PUCES = {EtatRapport.PREPARE: "neutre", EtatRapport.INSCRIT: "info", EtatRapport.VOTE: "ok"}


def _autorites(agent: Agent) -> list[Organisation]:
    """Those for which the agent carries files to the commission. One query."""
    tenues = [h for h in agent.habilitations_en_cours if DECIDER in h.definition.droits]
    if any(h.definition.portee is Portee.TOUT for h in tenues):
        return list(Organisation.objects.filter(dispositifs__isnull=False).distinct().order_by("nom"))
    return list(Organisation.objects.filter(pk__in=[h.autorite_id or 0 for h in tenues]).order_by("nom"))


@page(DECIDER)
def rapports(request: RequeteAgent) -> HttpResponse:
    """The latest meetings first. Three queries of its own."""
    lus = (
        RapportCommission.objects.visibles_par(request.user, DECIDER)
        .select_related("autorite")
        .prefetch_related("lignes")
    )
    lignes = [
        (r, PUCES[EtatRapport(r.etat)], r.lignes.all(), sum((x.montant for x in r.lignes.all()), 0))
        for r in lus[:200]
    ]
    return render(request, "subventions/dossiers/rapports.html", {"lignes": lignes})


@page(DECIDER, "GET", "HEAD", "POST")
def nouveau(request: RequeteAgent) -> HttpResponse:
    autorites = _autorites(request.user)
    envoi = request.POST if request.method == "POST" else request.GET
    voulue = identifiant(envoi.get("autorite", ""))
    autorite = next((a for a in autorites if a.pk == voulue), autorites[0] if autorites else None)
    if autorite is None:
        raise Http404("Aucune autorité n’est ouverte à votre rôle.")
    form = RapportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            rapport = actions.creer_rapport(autorite, form.cleaned_data, par=request.user)
        except DossierRefuse as refus:
            form.add_error("numero", str(refus))
        else:
            messages.success(request, "Le rapport est ouvert : choisissez les dossiers à porter.")
            return redirect(rapport.get_absolute_url())
    contexte = {"form": form, "autorites": autorites, "autorite": autorite, "rapport": None}
    return _formulaire(request, contexte, form)


def _formulaire(request: RequeteAgent, contexte: dict[str, Any], form: Any) -> HttpResponse:
    refuse = form.is_bound and form.errors
    return render(request, "subventions/dossiers/rapport_form.html", contexte, status=422 if refuse else 200)


@page(DECIDER, "GET", "HEAD", "POST")
def modifier(request: RequeteAgent, pk: int) -> HttpResponse:
    rapport = rapport_de(request.user, pk)
    form = RapportForm(request.POST if request.method == "POST" else None, instance=rapport)
    if request.method == "POST" and form.is_valid():
        try:
            actions.modifier_rapport(
                rapport, form.cleaned_data, version_lue=form.cleaned_data["version_lue"] or 0,
                par=request.user,
            )  # fmt: skip
        except DossierRefuse as refus:
            form.add_error(None, str(refus))
        except ConflitDeVersion as conflit:
            return page_conflit(request, conflit, titre="Rapport", retour=rapport.get_absolute_url())
        else:
            messages.success(request, "Le rapport est enregistré.")
            return redirect(rapport.get_absolute_url())
    return _formulaire(request, {"form": form, "rapport": rapport, "autorites": [], "autorite": None}, form)


@page(DECIDER)
def rapport(request: RequeteAgent, pk: int) -> HttpResponse:
    """One report: its list by fund, the files it may still carry, its papers. Seven queries of its own."""
    lu = rapport_de(request.user, pk)
    prepare = lu.etat == EtatRapport.PREPARE
    lignes = list(lignes_de(lu))
    par_fonds: dict[str, list[LigneRapport]] = {}
    for ligne in lignes:
        nom = ligne.dossier.fonds.libelle if ligne.dossier.fonds else "Fonds à préciser"
        par_fonds.setdefault(nom, []).append(ligne)
    contexte = {
        "rapport": lu,
        "puce": PUCES[EtatRapport(lu.etat)],
        "lignes": lignes,
        "fonds": [(nom, siennes, _somme(siennes)) for nom, siennes in par_fonds.items()],
        "total": _somme(lignes),
        "a_porter": list(dossiers_a_porter(lu.autorite_id)) if prepare else [],
        "prepare": prepare,
        "gestes": CYCLE_RAPPORT.gestes_possibles(lu.etat),
        "documents": documents_du_rapport(lu),
    }
    return render(request, "subventions/dossiers/rapport.html", contexte)


def _somme(lignes: list[LigneRapport]) -> Any:
    return sum((x.montant if x.montant_vote is None else x.montant_vote for x in lignes), 0)


@page(DECIDER, "POST")
def geste(request: RequeteAgent, pk: int, geste: str) -> HttpResponse:
    """Carry files (`dossiers`), take one out (`ligne`), put on the agenda, take off it."""
    rapport = rapport_de(request.user, pk)
    try:
        match geste:
            case "ajouter":
                voulus = [n for x in request.POST.getlist("dossiers") if (n := identifiant(x)) is not None]
                if not voulus:
                    raise DossierRefuse("Cochez au moins un dossier à porter.")
                actions.ajouter(rapport, voulus, par=request.user)
                fait = "Les dossiers sont portés dans le rapport."
            case "retirer":
                ligne = get_object_or_404(
                    rapport.lignes.select_related("dossier"),
                    pk=identifiant(request.POST.get("ligne", "")) or 0,
                )
                actions.retirer_ligne(rapport, ligne, par=request.user)
                fait = "Le dossier est retiré du rapport."
            case "inscrire":
                actions.inscrire(rapport, par=request.user, le=date.today())
                fait = "Le rapport est inscrit à l’ordre du jour ; ses fichiers sont figés."
            case "reprendre":
                actions.reprendre_rapport(rapport, par=request.user)
                fait = "Le rapport est retiré de l’ordre du jour."
            case _:
                raise Http404("Ce geste n’existe pas.")
    except REFUS as refus:
        messages.error(request, str(refus))
    except ConflitDeVersion as conflit:
        messages.error(request, f"{conflit} Relisez-le, puis recommencez.")
    else:
        messages.success(request, fait)
    return redirect(rapport.get_absolute_url())


@page(DECIDER, "GET", "HEAD", "POST")
def vote(request: RequeteAgent, pk: int) -> HttpResponse:
    """What the commission voted, file by file; all of it is written, or nothing."""
    rapport = rapport_de(request.user, pk)
    retour = rapport.get_absolute_url()
    try:
        CYCLE_RAPPORT.franchir("noter_vote_rapport", rapport.etat)
    except TransitionRefusee as refus:
        messages.error(request, str(refus))
        return redirect(retour)
    lignes = list(lignes_de(rapport))
    form = VoteForm(request.POST if request.method == "POST" else None, rapport=rapport, lignes=lignes)
    if request.method == "POST" and form.is_valid():
        lu = form.cleaned_data
        rapport.version = lu["version_lue"]
        votes = {x.pk: VoteLigne(lu[f"sens_{x.pk}"], lu[f"montant_{x.pk}"]) for x in lignes}
        try:
            actions.noter_vote(
                rapport, lu["numero"], lu["le"], votes, pour=lu["pour"], contre=lu["contre"],
                abstentions=lu["abstentions"], par=request.user,
            )  # fmt: skip
        except REFUS as refus:
            form.add_error(None, str(refus))
        except ConflitDeVersion as conflit:
            return page_conflit(request, conflit, titre="Vote du rapport", retour=retour)
        else:
            messages.success(request, "Le vote est noté : les crédits sont engagés, notifiez les aides.")
            return redirect(retour)
    contexte = {"rapport": rapport, "form": form, "retour": retour}
    return render(
        request, "subventions/dossiers/rapport_vote.html", contexte, status=422 if form.errors else 200
    )


@page(DECIDER)
def projet(request: RequeteAgent, pk: int, format: str) -> HttpResponse:
    """The report of the moment, kept nowhere."""
    rapport = rapport_de(request.user, pk)
    if format not in FORMATS:
        raise Http404(f"Le rapport se télécharge en {' ou '.join(FORMATS)}.")
    try:
        contenu = rendre_rapport(rapport, format, date.today())
    except RenduImpossible as refus:
        messages.error(request, str(refus))
        return redirect(rapport.get_absolute_url())
    return telecharger(contenu, f"rapport-{rapport.pk}.{format}")


@page(DECIDER)
def document(request: RequeteAgent, pk: int, document: int) -> HttpResponse:
    """The report as it went on the agenda."""
    rapport = rapport_de(request.user, pk)
    emis = get_object_or_404(
        DocumentEmis, pk=document, objet_type=rapport._meta.label_lower, objet_id=str(rapport.pk)
    )
    return servir(emis)
