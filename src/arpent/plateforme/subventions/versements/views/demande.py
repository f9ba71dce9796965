"""One request for payment: written, read, its files."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate

from arpent.metier.cycles.versement import CERTIFIER, DEMANDER
from arpent.metier.versements import GenreVersement
from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.champs_fichier import servir
from arpent.plateforme.socle.envois import Envoi
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ...dossiers.acces import exiger
from ...dossiers.droits import LIRE_PIECES, VOIR
from ...models import DemandeVersement, Dossier
from .. import actions, pieces
from ..acces import contexte_de, demande_de, dossier_de
from ..actions import VersementRefuse
from ..compte import lire_compte
from ..droits import peut_demander, peut_modifier, peut_service
from ..forms import DemandeForm, PieceForm
from ..gestes import gestes_de
from ..lecture import page_du_versement
from .commun import ECRIRE, REFUS, retour_de


@page_demarche(DEMANDER, *ECRIRE)
def nouveau(request: RequeteAgent, demarche: Demarche, annee: int, numero: int) -> HttpResponse:
    """Ask for a payment: the form says what each kind lets pay."""
    dossier = dossier_de(request, demarche, annee, numero)
    exiger(peut_demander(request.user, dossier))
    form = DemandeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            demande = actions.ouvrir_demande(dossier, form.cleaned_data, par=request.user)
        except REFUS as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "Le brouillon est enregistré : joignez les pièces, puis déposez.")
            return redirect(demande.get_absolute_url())
    return _formulaire(request, dossier, form)


def _formulaire(
    request: RequeteAgent, dossier: Dossier, form: DemandeForm, demande: DemandeVersement | None = None
) -> HttpResponse:
    compte = lire_compte(dossier)
    contexte = contexte_de(request, dossier) | {
        "form": form, "demande": demande, "compte": compte, "retour": retour_de(dossier),
        "avance": compte.payable(GenreVersement.AVANCE),
        "pieces": [(g, compte.regles.pieces_de(g)) for g in GenreVersement if compte.regles.pieces_de(g)],
    }  # fmt: skip
    return render(
        request, "subventions/versements/formulaire.html", contexte, status=422 if form.errors else 200
    )


@page_demarche(DEMANDER, *ECRIRE)
def modifier(request: RequeteAgent, demarche: Demarche, annee: int, numero: int, rang: int) -> HttpResponse:
    dossier = dossier_de(request, demarche, annee, numero)
    demande = demande_de(request.user, dossier, rang)
    exiger(peut_modifier(request.user, demande))
    if request.method != "POST":
        return _formulaire(request, dossier, DemandeForm(initial=DemandeForm.initiales(demande)), demande)
    form = DemandeForm(request.POST)
    if form.is_valid():
        lu = form.cleaned_data
        try:
            with transaction.atomic():
                changee = actions.modifier_demande(
                    demande, lu, version_lue=lu["version_lue"] or 0, par=request.user
                )
                if form.depose:
                    changee.dossier = dossier
                    actions.deposer(changee, par=request.user, le=localdate())
        except REFUS as refus:
            form.add_error(None, str(refus))
        except ConflitDeVersion as conflit:
            return page_conflit(request, conflit, titre="Demande de versement", retour=request.path)
        else:
            dit = "La demande de versement est déposée." if form.depose else "Le brouillon est enregistré."
            messages.success(request, dit)
            return redirect(demande.get_absolute_url())
    return _formulaire(request, dossier, form, demande)


@page_demarche(VOIR)
def versement(request: RequeteAgent, demarche: Demarche, annee: int, numero: int, rang: int) -> HttpResponse:
    """The request, its arithmetic, its files, what one may do. Nine queries beside those of every page."""
    dossier = dossier_de(request, demarche, annee, numero)
    demande = demande_de(request.user, dossier, rang)
    return _page(request, demande)


def _page(request: RequeteAgent, demande: DemandeVersement, form: PieceForm | None = None) -> HttpResponse:
    modifiable = bool(peut_modifier(request.user, demande))
    contexte = contexte_de(request, demande.dossier) | page_du_versement(demande) | {
        "gestes": gestes_de(request.user, demande),
        "modifiable": modifiable,
        "lit_pieces": bool(peut_sur(request.user, LIRE_PIECES, demande.dossier.demarche)),
        "piece_form": (form or PieceForm()) if modifiable else None,
        "retour": retour_de(demande.dossier),
        "peut_lever": bool(peut_service(request.user, CERTIFIER, demande.dossier)),
    }  # fmt: skip
    refuse = form is not None and bool(form.errors)
    return render(request, "subventions/versements/demande.html", contexte, status=422 if refuse else 200)


@page_demarche(DEMANDER, "POST")
def joindre(request: RequeteAgent, demarche: Demarche, annee: int, numero: int, rang: int) -> HttpResponse:
    demande = demande_de(request.user, dossier_de(request, demarche, annee, numero), rang)
    exiger(peut_modifier(request.user, demande))
    form = PieceForm(request.POST, request.FILES)
    if form.is_valid():
        recu = form.cleaned_data["fichier"]
        try:
            pieces.joindre(
                demande, Envoi(recu.name, recu.read()), form.cleaned_data["libelle"], par=request.user
            )
        except VersementRefuse as refus:
            form.add_error("fichier", str(refus))
        else:
            messages.success(request, "La pièce est jointe.")
            return redirect(f"{demande.get_absolute_url()}#pieces")
    return _page(request, demande, form)


@page_demarche(LIRE_PIECES)
def piece(
    request: RequeteAgent, demarche: Demarche, annee: int, numero: int, rang: int, pk: int
) -> HttpResponse:
    demande = demande_de(request.user, dossier_de(request, demarche, annee, numero), rang)
    lue = get_object_or_404(demande.pieces, pk=pk, retiree_le=None)
    return servir(lue.fichier, lue.nom_fichier, lue.type_mime)


@page_demarche(DEMANDER, "POST")
def retirer_piece(
    request: RequeteAgent, demarche: Demarche, annee: int, numero: int, rang: int, pk: int
) -> HttpResponse:
    demande = demande_de(request.user, dossier_de(request, demarche, annee, numero), rang)
    exiger(peut_modifier(request.user, demande))
    lue = get_object_or_404(demande.pieces, pk=pk, retiree_le=None)
    try:
        pieces.retirer_piece(lue, par=request.user)
    except VersementRefuse as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, "La pièce est retirée.")
    return redirect(f"{demande.get_absolute_url()}#pieces")
