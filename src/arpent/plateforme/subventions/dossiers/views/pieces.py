"""The pieces of a file: read, withdrawn, accepted, refused, asked for, answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from arpent.metier.cycles import TransitionRefusee
from arpent.metier.cycles.dossier import DEPOSER, INSTRUIRE
from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.champs_fichier import servir
from arpent.plateforme.socle.envois import Envoi
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ...models import Dossier
from .. import pieces
from ..acces import demande_de, dossier_de, exiger, piece_de
from ..actions import DossierRefuse
from ..droits import LIRE_PIECES, peut_instruire, peut_modifier, peut_preparer
from ..forms import DemandeForm, RefusPieceForm, ReponseForm
from ..regles import attendus_de, regles_de
from .dossier import contexte_du

REFUS = (DossierRefuse, TransitionRefusee)


def _agir(request: RequeteAgent, dossier: Dossier, agir: Callable[[], Any], fait: str) -> HttpResponse:
    try:
        agir()
    except REFUS as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, fait)
    return redirect(f"{dossier.get_absolute_url()}#pieces")


def _page(
    request: RequeteAgent, contexte: dict[str, Any], form: forms.Form, titre: str, phrase: str, bouton: str
) -> HttpResponse:
    contexte |= {"form": form, "titre": titre, "phrase": phrase, "bouton": bouton}
    refuse = form.is_bound and form.errors
    return render(request, "subventions/dossiers/piece_form.html", contexte, status=422 if refuse else 200)


@page_demarche(LIRE_PIECES)
def piece(request: RequeteAgent, demarche: Demarche, annee: int, numero: int, pk: int) -> HttpResponse:
    lue = piece_de(dossier_de(request, demarche, annee, numero), pk)
    return servir(lue.fichier, lue.nom_fichier, lue.type_mime)


@page_demarche(DEPOSER, "POST")
def retirer(request: RequeteAgent, demarche: Demarche, annee: int, numero: int, pk: int) -> HttpResponse:
    dossier = dossier_de(request, demarche, annee, numero)
    contexte_du(request, demarche, dossier)
    exiger(peut_modifier(request.user, dossier))
    lue = piece_de(dossier, pk)
    return _agir(
        request, dossier, lambda: pieces.retirer_piece(lue, par=request.user), "La pièce est retirée."
    )


@page_demarche(INSTRUIRE, "POST")
def accepter(request: RequeteAgent, demarche: Demarche, annee: int, numero: int, pk: int) -> HttpResponse:
    dossier = dossier_de(request, demarche, annee, numero)
    contexte_du(request, demarche, dossier)
    exiger(peut_instruire(request.user, dossier))
    lue = piece_de(dossier, pk)
    return _agir(
        request, dossier, lambda: pieces.accepter_piece(lue, par=request.user), "La pièce est acceptée."
    )


@page_demarche(INSTRUIRE, "POST")
def accepter_tout(request: RequeteAgent, demarche: Demarche, annee: int, numero: int) -> HttpResponse:
    dossier = dossier_de(request, demarche, annee, numero)
    contexte_du(request, demarche, dossier)
    exiger(peut_instruire(request.user, dossier))
    return _agir(
        request,
        dossier,
        lambda: pieces.accepter_tout(dossier, par=request.user),
        "Les pièces reçues sont acceptées.",
    )


@page_demarche(INSTRUIRE, "GET", "HEAD", "POST")
def refuser(request: RequeteAgent, demarche: Demarche, annee: int, numero: int, pk: int) -> HttpResponse:
    """Why a file does not suit: it is asked again at once."""
    dossier = dossier_de(request, demarche, annee, numero)
    contexte = contexte_du(request, demarche, dossier)
    exiger(peut_instruire(request.user, dossier))
    lue, le = piece_de(dossier, pk), date.today()
    form = RefusPieceForm(request.POST if request.method == "POST" else None)
    form.proposer_le_jour(le, regles_de(demarche.processus.dispositif).reponse_jours)
    if request.method == "POST" and form.is_valid():
        lu = form.cleaned_data
        try:
            pieces.refuser_piece(lue, lu["motif"], echeance=lu["echeance"], par=request.user, le=le)
        except REFUS as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "La pièce est refusée ; le maître d’ouvrage est prévenu.")
            return redirect(contexte["retour"])
    return _page(
        request, contexte, form, f"Refuser « {lue.libelle} »",
        f"Fichier {lue.nom_fichier}. Le maître d’ouvrage reçoit votre motif et envoie un autre fichier ; le "
        "délai du silence est suspendu jusqu’à la date que vous donnez.",
        "Refuser la pièce",
    )  # fmt: skip


@page_demarche(INSTRUIRE, "GET", "HEAD", "POST")
def demander(request: RequeteAgent, demarche: Demarche, annee: int, numero: int) -> HttpResponse:
    dossier = dossier_de(request, demarche, annee, numero)
    contexte = contexte_du(request, demarche, dossier)
    exiger(peut_instruire(request.user, dossier))
    theme = dossier.fiche.theme.code if dossier.fiche.theme else ""
    attendus = [a for a in attendus_de(demarche.processus.dispositif) if a.concerne(theme, dossier.stade)]
    le = date.today()
    form = DemandeForm(request.POST if request.method == "POST" else None, dossier=dossier, attendus=attendus)
    form.proposer_le_jour(le, regles_de(demarche.processus.dispositif).reponse_jours)
    if request.method == "POST" and form.is_valid():
        lu = form.cleaned_data
        dossier.version = lu["version_lue"]
        try:
            pieces.demander_piece(
                dossier, lu["code"], lu["texte"], echeance=lu["echeance"], par=request.user, le=le,
                libelle="" if lu["code"] else lu["libelle"],
            )  # fmt: skip
        except REFUS as refus:
            form.add_error(None, str(refus))
        except ConflitDeVersion as conflit:
            return page_conflit(request, conflit, titre="Demander une pièce", retour=contexte["retour"])
        else:
            messages.success(request, "La pièce est demandée ; le maître d’ouvrage est prévenu.")
            return redirect(contexte["retour"])
    return _page(
        request, contexte, form, "Demander une pièce",
        "Le maître d’ouvrage reçoit votre demande. Le délai du silence est suspendu jusqu’à la date "
        "donnée, ou jusqu’à sa réponse.",
        "Envoyer la demande",
    )  # fmt: skip


@page_demarche(DEPOSER, "GET", "HEAD", "POST")
def repondre(request: RequeteAgent, demarche: Demarche, annee: int, numero: int, pk: int) -> HttpResponse:
    """The owner answers by a file or by a text."""
    dossier = dossier_de(request, demarche, annee, numero)
    contexte = contexte_du(request, demarche, dossier)
    exiger(peut_preparer(request.user, dossier))
    demande = demande_de(dossier, pk)
    form = ReponseForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
    )
    if request.method == "POST" and form.is_valid():
        fichier = form.cleaned_data["fichier"]
        envoi = Envoi(fichier.name, fichier.read()) if fichier else None
        try:
            pieces.repondre(demande, form.cleaned_data["reponse"], envoi, par=request.user, le=date.today())
        except REFUS as refus:
            form.add_error(None, str(refus))
        else:
            reste = dossier.demandes.filter(repondue_le=None, levee_le=None).count()
            suite = (
                f"Il reste {reste} demande(s)." if reste else "Déposez à nouveau le dossier pour l’envoyer."
            )
            messages.success(request, f"Votre réponse est enregistrée. {suite}")
            return redirect(contexte["retour"])
    return _page(request, contexte, form, f"Répondre : {demande.libelle}", demande.texte, "Répondre")


@page_demarche(INSTRUIRE, "POST")
def lever(request: RequeteAgent, demarche: Demarche, annee: int, numero: int, pk: int) -> HttpResponse:
    dossier = dossier_de(request, demarche, annee, numero)
    contexte_du(request, demarche, dossier)
    exiger(peut_instruire(request.user, dossier))
    demande = demande_de(dossier, pk)
    return _agir(
        request,
        dossier,
        lambda: pieces.lever_demande(demande, par=request.user, le=date.today()),
        "La demande est levée.",
    )
