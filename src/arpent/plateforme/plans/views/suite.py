"""What people do around a fiche: remarks, files, copies, tranches, maturity."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.acteurs.remarques import RemarqueRefusee
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.champs_fichier import servir
from arpent.plateforme.socle.envois import Envoi
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ..actions import ActionRefusee
from ..commentaires import commenter, lecteurs_de, regler
from ..droits import peut_commenter, peut_rediger, peut_refondre
from ..forms.suite import CommentaireForm, MaturiteForm, PieceForm, TranchesForm
from ..lecture_suite import champs_commentables
from ..models import Commentaire, Fiche, PieceJointe
from ..pieces import deposer_piece, retirer_piece
from ..refonte import classer_maturite, decouper_en_tranches, dupliquer_fiche
from .fiche import afficher, exiger
from .volets import VOLETS, champ_demande, fiche_ou_404, montrer_volet


def _agir(
    request: HttpRequest, fiche: Fiche, ancre: str, agir: Callable[[], object], fait: str
) -> HttpResponse:
    """Common course: done, or the reason why not, back where one was: on the fiche, or on a thread."""
    retour = f"{fiche.get_absolute_url()}#{ancre}"
    if champ := champ_demande(request, fiche):
        fil = reverse("plans:fiche_volet", args=[fiche.demarche.slug, fiche.numero, "echanges"])
        retour = f"{fil}?champ={champ}"
    try:
        agir()
    except ConflitDeVersion as conflit:
        return page_conflit(request, conflit, titre="La fiche a changé entre-temps", retour=retour)
    except (ActionRefusee, RemarqueRefusee) as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, fait)
    return redirect(retour)


@page_demarche("fiche.commenter", "POST")
def fiche_commenter(request: HttpRequest, demarche: Demarche, numero: int) -> HttpResponse:
    fiche, agent = fiche_ou_404(request, demarche, numero), cast(Agent, request.user)
    exiger(peut_commenter(agent, fiche))
    form = CommentaireForm(
        request.POST, request.FILES, champs=champs_commentables(demarche), lecteurs=lecteurs_de(fiche),
        auto_id="id_c_%s",
    )  # fmt: skip
    if not form.is_valid():
        return _remarque_a_corriger(request, fiche, form)
    d = form.cleaned_data
    racine = None
    if d["reponse_a"]:
        lisibles = Commentaire.objects.visibles_par(agent).filter(fiche=fiche, reponse_a=None)
        racine = get_object_or_404(lisibles, pk=d["reponse_a"])
    try:
        commenter(
            fiche, d["texte"], par=agent, champ=d["champ"], portee=d["portee"], reponse_a=racine,
            envoi=form.envoi(), prevenir=d["prevenir"],
        )  # fmt: skip
    except RemarqueRefusee as refus:
        form.add_error(refus.champ, str(refus))
        return _remarque_a_corriger(request, fiche, form)
    return _agir(request, fiche, "echanges", lambda: None, "Votre remarque est écrite.")


def _remarque_a_corriger(request: HttpRequest, fiche: Fiche, form: CommentaireForm) -> HttpResponse:
    """400, the form as it was filled: on the thread of a field, or on the fiche."""
    if champ_demande(request, fiche):
        return montrer_volet(request, fiche, VOLETS["echanges"], 400, commentaire_form=form)
    return afficher(request, fiche, 400, commentaire_form=form)


@page_demarche("plan.voir")
def fiche_commentaire_piece(request: HttpRequest, demarche: Demarche, numero: int, pk: int) -> HttpResponse:
    """The file of a remark, for whoever reads the remark."""
    fiche, agent = fiche_ou_404(request, demarche, numero), cast(Agent, request.user)
    lu = get_object_or_404(Commentaire.objects.visibles_par(agent), pk=pk, fiche=fiche)
    return servir(lu.piece, lu.piece_nom, lu.piece_mime)


@page_demarche("plan.voir", "POST")
def fiche_commentaire_etat(request: HttpRequest, demarche: Demarche, numero: int, pk: int) -> HttpResponse:
    """Settles or opens again (`resolu` = 1 or 0): its author, who writes the fiche, who examines it."""
    fiche, agent = fiche_ou_404(request, demarche, numero), cast(Agent, request.user)
    exiger(peut_commenter(agent, fiche))
    commentaire = get_object_or_404(Commentaire.objects.visibles_par(agent), pk=pk, fiche=fiche)
    commentaire.fiche = fiche
    if commentaire.genre != Commentaire.Genre.REMARQUE:
        raise Http404("Cette remarque se règle autrement.")
    if commentaire.auteur_id != agent.pk and not peut_sur(agent, "fiche.pre_instruire", demarche):
        exiger(peut_rediger(agent, fiche))
    resolu = request.POST.get("resolu") == "1"
    return _agir(
        request,
        fiche,
        "echanges",
        lambda: regler(commentaire, resolu=resolu, par=agent),
        "La remarque est réglée." if resolu else "La remarque est rouverte.",
    )


@page_demarche("plan.voir", "POST")
def fiche_piece_deposer(request: HttpRequest, demarche: Demarche, numero: int) -> HttpResponse:
    fiche, agent = fiche_ou_404(request, demarche, numero), cast(Agent, request.user)
    if not peut_sur(agent, "fiche.pre_instruire", demarche):
        exiger(peut_rediger(agent, fiche))
    form = PieceForm(request.POST, request.FILES, auto_id="id_pj_%s")
    if not form.is_valid():
        return afficher(request, fiche, 400, piece_form=form)
    d = form.cleaned_data
    envoi = Envoi(d["fichier"].name, d["fichier"].read())
    try:
        deposer_piece(fiche, envoi, nature=d["nature"], titre=d["titre"], par=agent)
    except ActionRefusee as refus:
        form.add_error("fichier", str(refus))
        return afficher(request, fiche, 400, piece_form=form)
    messages.success(request, "La pièce est jointe.")
    return redirect(f"{fiche.get_absolute_url()}#pieces")


def _piece(fiche: Fiche, pk: int) -> PieceJointe:
    piece = get_object_or_404(PieceJointe, pk=pk, fiche=fiche, retiree_le=None)
    piece.fiche = fiche
    return piece


@page_demarche("plan.voir", "POST")
def fiche_piece_retirer(request: HttpRequest, demarche: Demarche, numero: int, pk: int) -> HttpResponse:
    fiche, agent = fiche_ou_404(request, demarche, numero), cast(Agent, request.user)
    piece = _piece(fiche, pk)
    if not peut_sur(agent, "fiche.pre_instruire", demarche):
        exiger(peut_rediger(agent, fiche))
    return _agir(request, fiche, "pieces", lambda: retirer_piece(piece, par=agent), "La pièce est retirée.")


@page_demarche("plan.voir")
def fiche_piece(request: HttpRequest, demarche: Demarche, numero: int, pk: int) -> HttpResponse:
    """The file, to keep; a photo is shown in the page (`?voir`), nothing else ever is."""
    piece = _piece(fiche_ou_404(request, demarche, numero), pk)
    return servir(piece.fichier, piece.nom_fichier, piece.type_mime, montrer="voir" in request.GET)


@page_demarche("fiche.rediger", "POST")
def fiche_dupliquer(request: HttpRequest, demarche: Demarche, numero: int) -> HttpResponse:
    """A copy in draft, opened at once."""
    fiche, agent = fiche_ou_404(request, demarche, numero), cast(Agent, request.user)
    exiger(peut_rediger(agent, fiche))
    copie = dupliquer_fiche(fiche, par=agent)
    messages.success(request, f"La fiche n° {copie.numero} reprend la n° {numero} : corrigez ce qui change.")
    return redirect("plans:fiche_modifier", demarche.slug, copie.numero)


@page_demarche("fiche.rediger", "POST")
def fiche_tranches(request: HttpRequest, demarche: Demarche, numero: int) -> HttpResponse:
    fiche, agent = fiche_ou_404(request, demarche, numero), cast(Agent, request.user)
    exiger(peut_refondre(agent, fiche))
    form = TranchesForm(request.POST, auto_id="id_t_%s")
    if not form.is_valid():
        return afficher(request, fiche, 400, tranches_form=form)
    return _agir(
        request,
        fiche,
        "projet",
        lambda: decouper_en_tranches(
            fiche, form.cleaned_data["parts"], version_lue=form.cleaned_data["version_lue"], par=agent
        ),
        "L’opération est découpée : ses tranches font le même total, au centime.",
    )


@page_demarche("fiche.rediger", "POST")
def fiche_maturite(request: HttpRequest, demarche: Demarche, numero: int) -> HttpResponse:
    fiche, agent = fiche_ou_404(request, demarche, numero), cast(Agent, request.user)
    exiger(peut_rediger(agent, fiche))
    form = MaturiteForm(request.POST)
    if not form.is_valid():
        return afficher(request, fiche, 400, maturite_form=form)
    d = form.cleaned_data
    return _agir(
        request,
        fiche,
        "maturite",
        lambda: classer_maturite(fiche, d["maturite"], version_lue=d["version_lue"], par=agent),
        "La maturité est changée.",
    )
