"""Preparing a file: opened on a line of the contract, saved as often as one likes, then filed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from arpent.metier.cycles import TransitionRefusee
from arpent.metier.cycles.dossier import DEPOSER
from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.contrats.exigences import ContratRefuse
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.forms.lignes import LignesFormSet
from arpent.plateforme.socle.envois import Envoi
from arpent.plateforme.socle.numeros import identifiant
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ...models import Dossier
from .. import actions, pieces
from ..acces import dossier_de, exiger
from ..actions import DossierIncomplet, DossierRefuse
from ..calcul import octroi_de
from ..completude import manques_de
from ..droits import peut_deposer_pour, peut_modifier
from ..forms import DossierForm, plan_initial, plan_saisi
from ..lecture import lignes_de_pieces
from ..regles import attendus_de
from .dossier import contexte_du

MANQUES = "?manques=1"


@page_demarche(DEPOSER, "POST")
def nouveau(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """Opens a draft on the line of a fiche (`fiche`: its number), prefilled, with the files of the fiche."""
    retour = reverse("subventions:realisation", args=[demarche.slug])
    numero = identifiant(request.POST.get("fiche", ""))
    fiche = demarche.fiches.filter(numero=numero).first() if numero is not None else None
    if fiche is None:
        raise Http404("Ce projet n’existe pas dans ce territoire.")
    le = date.today()
    try:
        octroi = octroi_de(demarche, fiche.pk, le)
        qui = octroi.beneficiaire
        if qui is not None:
            exiger(peut_deposer_pour(request.user, demarche, qui.pk, qui.nom))
        dossier = actions.ouvrir_dossier(demarche, fiche.pk, par=request.user, le=le)
    except (DossierRefuse, ContratRefuse) as refus:
        messages.error(request, str(refus))
        return redirect(retour)
    reprises = pieces.reprendre_de_la_fiche(dossier, par=request.user)
    suite = f" {len(reprises)} pièce(s) de la fiche y sont déjà." if reprises else ""
    messages.success(request, f"Le dossier {dossier.reference} est ouvert, prérempli du contrat.{suite}")
    return redirect("subventions:dossier_modifier", demarche.slug, dossier.annee, dossier.numero)


def _attendus(dossier: Dossier) -> list[Any]:
    theme = dossier.fiche.theme.code if dossier.fiche.theme else ""
    return [a for a in attendus_de(dossier.demarche.processus.dispositif) if a.concerne(theme, dossier.stade)]


@page_demarche(DEPOSER, "GET", "HEAD", "POST")
def modifier(request: RequeteAgent, demarche: Demarche, annee: int, numero: int) -> HttpResponse:
    """The form of the file: figures, final plan, pieces. It keeps everything, complete or not."""
    dossier = dossier_de(request, demarche, annee, numero)
    contexte = contexte_du(request, demarche, dossier)
    exiger(peut_modifier(request.user, dossier))
    ici = reverse("subventions:dossier_modifier", args=[demarche.slug, annee, numero])
    attendus = _attendus(dossier)
    if request.method != "POST":
        form = DossierForm(dossier=dossier, attendus=attendus)
        jeu = LignesFormSet(prefix="lignes", initial=plan_initial(dossier))
        manques = manques_de(dossier, list(dossier.pieces.all())) if request.GET.get("manques") else []
        return _page(request, contexte, dossier, form, jeu, manques)
    form = DossierForm(request.POST, request.FILES, dossier=dossier, attendus=attendus)
    jeu = LignesFormSet(request.POST, prefix="lignes", initial=plan_initial(dossier))
    if not (form.is_valid() and jeu.is_valid()):
        return _page(request, contexte, dossier, form, jeu, [])
    try:
        dossier = actions.modifier_dossier(
            dossier, form.cleaned_data, plan_saisi(jeu), version_lue=form.cleaned_data["version_lue"],
            par=request.user,
        )  # fmt: skip
    except DossierRefuse as refus:
        messages.error(request, str(refus))
        return redirect(contexte["retour"])
    except ConflitDeVersion as conflit:
        return page_conflit(request, conflit, titre="Dossier de subvention", retour=ici)
    refuses = _joindre(request, dossier, form)
    for refus_piece in refuses:
        messages.error(request, refus_piece)
    if form.depose and not refuses:
        return _deposer(request, dossier, ici)
    if not refuses:
        messages.success(request, "Le brouillon est enregistré. L’autorité ne le voit pas encore.")
    return redirect(ici)


def _joindre(request: RequeteAgent, dossier: Dossier, form: DossierForm) -> list[str]:
    """Keeps each file sent; answers the reasons of those that are refused."""
    refuses = []
    for code, fichier in form.fichiers.items():
        try:
            pieces.joindre(dossier, code, Envoi(fichier.name, fichier.read()), par=request.user)
        except DossierRefuse as refus:
            refuses.append(str(refus))
    return refuses


def _deposer(request: RequeteAgent, dossier: Dossier, ici: str) -> HttpResponse:
    """Files what was just saved; when something is missing, the draft stays and the form says what."""
    try:
        actions.deposer(dossier, par=request.user, le=date.today())
    except DossierIncomplet:
        messages.warning(request, "Le dossier n’est pas encore déposé : tout est gardé, voici ce qui manque.")
        return redirect(ici + MANQUES)
    except (DossierRefuse, TransitionRefusee) as refus:
        messages.error(request, str(refus))
        return redirect(ici)
    messages.success(request, "Le dossier est déposé. L’autorité vous répondra ici.")
    return redirect(dossier.get_absolute_url())


def _page(
    request: RequeteAgent,
    contexte: dict[str, Any],
    dossier: Dossier,
    form: DossierForm,
    jeu: Any,
    manques: list[Any],
) -> HttpResponse:
    lignes = {x.attendu.code if x.attendu else "": x for x in lignes_de_pieces(dossier, _gardees(dossier))}
    contexte |= {
        "form": form,
        "jeu": jeu,
        "manques": manques,
        "champs_fichier": [(champ, lignes.get(code)) for code, champ in form.champs_fichier],
    }
    refuse = form.is_bound and (form.errors or jeu.errors)
    return render(request, "subventions/dossiers/formulaire.html", contexte, status=422 if refuse else 200)


def _gardees(dossier: Dossier) -> list[Any]:
    return list(dossier.pieces.select_related("origine").order_by("code", "pk"))
