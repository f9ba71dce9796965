"""Pages of the payments of a file: the whole, one request and its gestures, its files, what comes after."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate

from arpent.metier.cycles import CYCLE_REVERSEMENT, CYCLE_VERSEMENT, EtatDossier, TransitionRefusee
from arpent.metier.versements import GenreVersement
from arpent.plateforme.acteurs.acces import RequeteAgent, page
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.negociations.credits.fichiers import fichier
from arpent.plateforme.negociations.credits.registre import CreditRefuse
from arpent.plateforme.socle.champs_fichier import servir
from arpent.plateforme.socle.envois import Envoi
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ..dossiers.actions import DossierRefuse
from ..models import DemandeVersement, Dossier, Retenue
from . import actions, pieces, suites
from .acces import VOIR, contexte_de, demande_de, dossier_de
from .actions import VersementRefuse
from .compte import lire_compte
from .droits import CERTIFIER, PAYER, peut_demander, peut_modifier, peut_service
from .forms import DemandeForm, LeverForm, PieceForm, ReversementForm, SolderForm
from .gestes import GESTES, GESTES_REVERSEMENT, Geste, droit_de, gestes_de
from .lecture import PUCES, page_des_versements, page_du_versement
from .liste import COLONNES, Filtre, etats, filtrees, lignes, territoires, totaux

REFUS = (VersementRefuse, CreditRefuse, DossierRefuse, TransitionRefusee)
PAR_PAGE = 50
ECRIRE = ("GET", "HEAD", "POST")


def _retour(dossier: Dossier) -> str:
    return reverse("subventions:versements", args=[dossier.demarche.slug, dossier.annee, dossier.numero])


def _exiger(avis: Any) -> None:
    if not avis:
        raise PermissionDenied(avis.raison)


@page_demarche(VOIR)
def versements(request: RequeteAgent, demarche: Demarche, annee: int, numero: int) -> HttpResponse:
    """Everything about the payments of a file. Twelve queries beside those of every page."""
    dossier = dossier_de(request, demarche, annee, numero)
    contexte = contexte_de(request, dossier) | page_des_versements(request.user, dossier, localdate())
    return render(request, "subventions/versements/dossier.html", contexte)


@page(VOIR)
def liste(request: RequeteAgent, genre: str = "") -> HttpResponse:
    """The requests that this person sees, what waits first. Four queries beside those of every page."""
    filtre = Filtre.lire(request.GET)
    demandes = filtrees(request.user, filtre)
    if genre:
        return fichier(genre, "Demandes de versement", "versements", COLONNES, lignes(demandes))
    feuille = Paginator(demandes, PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "filtre": filtre, "etats": etats(filtre), "territoires": territoires(request.user, filtre),
        "feuille": feuille, "lignes": [(d, PUCES[d.etat]) for d in feuille],
        "nombre": feuille.paginator.count, "totaux": totaux(demandes), "requete": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "subventions/versements/liste.html", contexte)


# --- preparing ------------------------------------------------------------------------------------


@page_demarche(VOIR, *ECRIRE)
def nouveau(request: RequeteAgent, demarche: Demarche, annee: int, numero: int) -> HttpResponse:
    """Ask for a payment: the form says what each kind lets pay."""
    dossier = dossier_de(request, demarche, annee, numero)
    _exiger(peut_demander(request.user, dossier))
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
        "form": form, "demande": demande, "compte": compte, "retour": _retour(dossier),
        "avance": compte.payable(GenreVersement.AVANCE),
        "pieces": [(g, compte.regles.pieces_de(g)) for g in GenreVersement if compte.regles.pieces_de(g)],
    }  # fmt: skip
    return render(
        request, "subventions/versements/formulaire.html", contexte, status=422 if form.errors else 200
    )


@page_demarche(VOIR, *ECRIRE)
def modifier(request: RequeteAgent, demarche: Demarche, annee: int, numero: int, rang: int) -> HttpResponse:
    dossier = dossier_de(request, demarche, annee, numero)
    demande = demande_de(request.user, dossier, rang)
    _exiger(peut_modifier(request.user, demande))
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


# --- one request ----------------------------------------------------------------------------------


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
        "piece_form": (form or PieceForm()) if modifiable else None,
        "retour": _retour(demande.dossier),
        "peut_lever": bool(peut_service(request.user, CERTIFIER, demande.dossier)),
    }  # fmt: skip
    refuse = form is not None and bool(form.errors)
    return render(request, "subventions/versements/demande.html", contexte, status=422 if refuse else 200)


@page_demarche(VOIR, "POST")
def joindre(request: RequeteAgent, demarche: Demarche, annee: int, numero: int, rang: int) -> HttpResponse:
    demande = demande_de(request.user, dossier_de(request, demarche, annee, numero), rang)
    _exiger(peut_modifier(request.user, demande))
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


@page_demarche(VOIR)
def piece(
    request: RequeteAgent, demarche: Demarche, annee: int, numero: int, rang: int, pk: int
) -> HttpResponse:
    demande = demande_de(request.user, dossier_de(request, demarche, annee, numero), rang)
    lue = get_object_or_404(demande.pieces, pk=pk, retiree_le=None)
    return servir(lue.fichier, lue.nom_fichier, lue.type_mime)


@page_demarche(VOIR, "POST")
def retirer_piece(
    request: RequeteAgent, demarche: Demarche, annee: int, numero: int, rang: int, pk: int
) -> HttpResponse:
    demande = demande_de(request.user, dossier_de(request, demarche, annee, numero), rang)
    _exiger(peut_modifier(request.user, demande))
    lue = get_object_or_404(demande.pieces, pk=pk, retiree_le=None)
    try:
        pieces.retirer_piece(lue, par=request.user)
    except VersementRefuse as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, "La pièce est retirée.")
    return redirect(f"{demande.get_absolute_url()}#pieces")


@page_demarche(VOIR, *ECRIRE)
def geste(
    request: RequeteAgent, demarche: Demarche, annee: int, numero: int, rang: int, geste: str
) -> HttpResponse:
    """One gesture on one request: its form, then the request again; a refusal keeps what was typed."""
    demande = demande_de(request.user, dossier_de(request, demarche, annee, numero), rang)
    voulu = GESTES.get(geste)
    if voulu is None:
        raise Http404("Ce geste n’existe pas.")
    _exiger_geste(request, demande.dossier, droit_de(voulu, CYCLE_VERSEMENT))
    contexte = page_du_versement(demande) if geste in {"certifier", "payer"} else {"demande": demande}
    return _faire(request, demande, voulu, CYCLE_VERSEMENT, demande.get_absolute_url(), contexte)


def _exiger_geste(request: RequeteAgent, dossier: Dossier, droit: str) -> None:
    peut = peut_demander(request.user, dossier) if droit.startswith("dossier.deposer") else None
    _exiger(peut if peut is not None else peut_service(request.user, droit, dossier))


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


# --- after ----------------------------------------------------------------------------------------


@page_demarche(VOIR, *ECRIRE)
def lever(request: RequeteAgent, demarche: Demarche, annee: int, numero: int, pk: int) -> HttpResponse:
    """Release what was withheld."""
    dossier = dossier_de(request, demarche, annee, numero)
    _exiger(peut_service(request.user, CERTIFIER, dossier))
    retenue = get_object_or_404(
        Retenue.objects.select_related("demande__dossier"), pk=pk, demande__dossier=dossier
    )
    form = LeverForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            suites.lever_retenue(retenue, form.cleaned_data["motif"], par=request.user, le=localdate())
        except REFUS as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "La retenue est levée : elle se verse avec la prochaine demande.")
            return redirect(_retour(dossier))
    contexte = contexte_de(request, dossier) | {
        "form": form, "retour": _retour(dossier), "titre": "Lever la retenue", "retenue": retenue,
        "phrase": "Le montant pourra être demandé avec le prochain versement.", "bouton": "Lever la retenue",
    }  # fmt: skip
    return render(request, "subventions/versements/suite.html", contexte, status=422 if form.errors else 200)


@page_demarche(VOIR, *ECRIRE)
def reversement_nouveau(request: RequeteAgent, demarche: Demarche, annee: int, numero: int) -> HttpResponse:
    """Ask money back; what the balance shows in excess is proposed."""
    dossier = dossier_de(request, demarche, annee, numero)
    _exiger(peut_service(request.user, PAYER, dossier))
    compte = lire_compte(dossier)
    propose = compte.payable(GenreVersement.SOLDE).a_reverser if compte.aide.depenses is not None else None
    form = ReversementForm(
        request.POST if request.method == "POST" else None, initial={"montant": propose or None}
    )
    if request.method == "POST" and form.is_valid():
        try:
            suites.demander_reversement(dossier, form.demande, par=request.user, le=localdate())
        except REFUS as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "Le reversement est demandé.")
            return redirect(_retour(dossier))
    contexte = contexte_de(request, dossier) | {
        "form": form, "retour": _retour(dossier), "titre": "Demander un reversement", "compte": compte,
        "phrase": "Le bénéficiaire est prévenu. Le payé ne change qu’au recouvrement.",
        "bouton": "Demander le reversement",
    }  # fmt: skip
    return render(request, "subventions/versements/suite.html", contexte, status=422 if form.errors else 200)


@page_demarche(VOIR, *ECRIRE)
def reversement_geste(
    request: RequeteAgent, demarche: Demarche, annee: int, numero: int, rang: int, geste: str
) -> HttpResponse:
    dossier = dossier_de(request, demarche, annee, numero)
    reversement = get_object_or_404(dossier.reversements, numero=rang)
    reversement.dossier = dossier
    voulu = GESTES_REVERSEMENT.get(geste)
    if voulu is None:
        raise Http404("Ce geste n’existe pas.")
    _exiger(peut_service(request.user, PAYER, dossier))
    contexte = {"reversement": reversement}
    return _faire(request, reversement, voulu, CYCLE_REVERSEMENT, _retour(dossier), contexte)


@page_demarche(VOIR, *ECRIRE)
def solder(request: RequeteAgent, demarche: Demarche, annee: int, numero: int) -> HttpResponse:
    """Close a file wholly paid: what is left goes back to the envelope."""
    dossier = dossier_de(request, demarche, annee, numero)
    _exiger(peut_service(request.user, PAYER, dossier))
    if dossier.etat != EtatDossier.NOTIFIE.value:
        messages.error(request, f"Le dossier est « {dossier.get_etat_display().lower()} ».")
        return redirect(_retour(dossier))
    form = SolderForm(request.POST if request.method == "POST" else None, objet=dossier)
    if request.method == "POST" and form.is_valid():
        dossier.version = form.cleaned_data["version_lue"]
        try:
            suites.solder(dossier, par=request.user, le=localdate())
        except REFUS as refus:
            form.add_error(None, str(refus))
        except ConflitDeVersion as conflit:
            return page_conflit(request, conflit, titre="Solder le dossier", retour=_retour(dossier))
        else:
            messages.success(request, "Le dossier est soldé.")
            return redirect(_retour(dossier))
    contexte = contexte_de(request, dossier) | {
        "form": form, "retour": _retour(dossier), "titre": "Solder le dossier", "bouton": "Solder le dossier",
        "compte": lire_compte(dossier), "obstacle": suites.obstacle_au_solde(dossier),
        "phrase": "Ce qui est engagé et n’est pas versé revient à l’enveloppe du territoire.",
    }  # fmt: skip
    return render(request, "subventions/versements/suite.html", contexte, status=422 if form.errors else 200)
