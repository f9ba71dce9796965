"""Pages of an avenant. Reading writes nothing; every gesture works without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from arpent.metier.avenants import LIBELLES_GENRE, LIBELLES_PISTE, Genre, Piste
from arpent.metier.cycles import CYCLE_AVENANT, EtatAvenant, Transition, TransitionRefusee
from arpent.metier.votes import EtatVote
from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.rendu.pdf import RenduImpossible
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ..droits import peut_noter_vote
from ..exigences import ContratRefuse, enumerer
from ..models import Avenant, CircuitSignature, MouvementAvenant
from ..seances import PIECES
from ..signatures.lecture import lire_circuits
from . import actions, vigueur
from .acces import PREPARER, VOIR, avenant_ou_404, contrat_ou_404
from .documents import signataires
from .examen import examiner
from .forms import (
    LIENS_GENRES,
    AbandonForm,
    AvenantForm,
    MouvementForm,
    OuvrirSignatureForm,
    RepriseForm,
    choix_pour,
    initiales,
    prerempli,
)
from .lecture import AvenantRefuse, etat_consolide, lignes_de_mouvements
from .proposition import proposer
from .signature import ouvrir_signature
from .votes_avenant import votes_de_l_avenant

CONCLURE = "contrat.conclure"


def page_de(avenant: Avenant) -> str:
    return reverse("contrats:avenant", args=[avenant.contrat.demarche.slug, avenant.pk])


def _gestes(request: RequeteAgent, avenant: Avenant) -> list[Transition]:
    """Those the state and the track allow, and the agent may make; the last signature makes it signed."""
    simple = avenant.piste == Piste.SIMPLE.value
    ecarte = ""
    if avenant.etat == EtatAvenant.PROPOSE:
        ecarte = "soumettre_avenant" if simple else "ouvrir_signature_avenant"
    return [
        t
        for t in CYCLE_AVENANT.gestes_possibles(avenant.etat)
        if t.geste not in (ecarte, "constater_signature_avenant")
        and peut_sur(request.user, t.droit, avenant.contrat.demarche)
    ]


@page_demarche(VOIR)
def avenant(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    """What it changes and does, its track, what stops it, its votes and signatures. About 27 queries."""
    objet, le = avenant_ou_404(demarche, pk), date.today()
    try:
        examen = examiner(objet, le)
    except AvenantRefuse as refus:
        raise Http404(str(refus)) from None
    prepare = objet.etat == EtatAvenant.PREPARATION
    rows = lignes_de_mouvements(objet) if prepare or objet.etat == EtatAvenant.ABANDONNE else []
    lus = votes_de_l_avenant(objet, le) if objet.numero else []
    derniere = objet.versions.defer("donnees").prefetch_related("documents").first() if objet.numero else None
    contexte: dict[str, Any] = {
        "demarche": demarche,
        "avenant": objet,
        "examen": examen,
        "mouvements": [
            (rows[rang] if rows else None, m, LIBELLES_GENRE[m.genre], phrase)
            for rang, (m, phrase) in enumerate(zip(examen.mouvements, examen.phrases, strict=True))
        ],
        "piste": objet.get_piste_display() if objet.piste and not prepare else "",
        "voie": _libelle_voie(examen.piste.piste),
        "gestes": _gestes(request, objet),
        "prepare": prepare and bool(peut_sur(request.user, PREPARER, demarche)),
        "genres": LIENS_GENRES,
        "votes": [
            (v, v.examen.en_retard(le), bool(peut_noter_vote(request.user, v.partie, demarche))) for v in lus
        ],
        "pieces_de_seance": PIECES,
        "executoires": sum(v.examen.etat is EtatVote.EXECUTOIRE for v in lus),
        "derniere": derniere,
        "abandon_form": AbandonForm(),
        **_signature(request, objet, le),
    }
    return render(request, "contrats/avenants/avenant.html", contexte)


def _signature(request: RequeteAgent, objet: Avenant, le: date) -> dict[str, Any]:
    """The circuit that counts, those abandoned, whether another may be opened. Two queries once numbered."""
    demarche = objet.contrat.demarche
    lus = lire_circuits(objet.contrat, request.user, demarche, avenant=objet) if objet.numero else []
    actuel = next((c for c in lus if c.circuit.etat != CircuitSignature.Etat.ABANDONNE), None)
    signe = objet.etat == EtatAvenant.SIGNATURE
    return {
        "signature": actuel,
        "circuits_passes": [c for c in lus if c is not actuel],
        "montre_signature": bool(lus) or signe,
        "peut_ouvrir": signe and actuel is None and bool(peut_sur(request.user, CONCLURE, demarche)),
        "depassee": signe and objet.date_effet is not None and objet.date_effet < le,
        "motif_demande": actuel is not None and actuel.ouvert and actuel.faites > 0,
        "reprise_form": RepriseForm(auto_id="reprise_%s"),
    }


def _libelle_voie(piste: Piste) -> str:
    return LIBELLES_PISTE[piste]


# --- its fields -----------------------------------------------------------------------------------


def _formulaire(
    request: RequeteAgent, demarche: Demarche, form: Any, titre: str, retour: str, **autres: Any
) -> HttpResponse:
    status = 422 if form.is_bound else 200
    contexte = {"demarche": demarche, "form": form, "titre": titre, "retour": retour}
    contexte |= {"retour_nom": "Avenant", "avenant": None, "chapeau": "", "valider": "Enregistrer"} | autres
    return render(request, "contrats/avenants/formulaire.html", contexte, status=status)


@page_demarche(PREPARER, "GET", "HEAD", "POST")
def nouveau(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    contrat = contrat_ou_404(demarche)
    form = AvenantForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        lu = form.cleaned_data
        try:
            fait = actions.preparer_avenant(contrat, lu["objet"], lu["date_effet"], par=request.user)
        except ContratRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "L’avenant est ouvert : ajoutez ce qu’il change.")
            return redirect(page_de(fait))
    retour = reverse("contrats:contrat", args=[demarche.slug]) + "#avenants"
    return _formulaire(request, demarche, form, "Nouvel avenant", retour, retour_nom="Contrat")


@page_demarche(PREPARER, "GET", "HEAD", "POST")
def modifier(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    objet = avenant_ou_404(demarche, pk)
    form = AvenantForm(request.POST or None, instance=objet)
    if request.method == "POST" and form.is_valid():
        lu = form.cleaned_data
        relu = avenant_ou_404(demarche, pk)
        try:
            actions.enregistrer_avenant(relu, lu, version_lue=lu["version_lue"], par=request.user)
        except ConflitDeVersion as conflit:
            return page_conflit(request, conflit, titre="L’avenant a changé entre-temps", retour=request.path)
        except ContratRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "L’avenant est enregistré.")
            return redirect(page_de(relu))
    return _formulaire(request, demarche, form, f"{objet} : objet et date d’effet", page_de(objet))


# --- its movements --------------------------------------------------------------------------------


def _mouvement(
    request: RequeteAgent, demarche: Demarche, objet: Avenant, genre: Genre, row: MouvementAvenant | None
) -> HttpResponse:
    try:
        etat = etat_consolide(objet.contrat).etat
    except AvenantRefuse as refus:
        raise Http404(str(refus)) from None
    choix = choix_pour(genre, demarche, etat)
    if row is not None:
        debut = initiales(row, choix)
    else:
        debut = prerempli(genre, etat, request.GET.get("ligne", ""))
    form = MouvementForm(request.POST or None, genre=genre, choix=choix, initial=debut)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ecrire_mouvement(
                objet, form.saisie, par=request.user, mouvement=row,
                version_lue=form.cleaned_data["version_lue"] or 0,
            )  # fmt: skip
        except ConflitDeVersion as conflit:
            return page_conflit(
                request, conflit, titre="Ce mouvement a changé entre-temps", retour=request.path
            )
        except ContratRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "Le mouvement est enregistré.")
            return redirect(page_de(objet))
    return _formulaire(request, demarche, form, LIBELLES_GENRE[genre], page_de(objet), avenant=objet)


@page_demarche(PREPARER, "GET", "HEAD", "POST")
def mouvement_nouveau(request: RequeteAgent, demarche: Demarche, pk: int, genre: str) -> HttpResponse:
    if genre not in set(Genre):
        raise Http404("Ce genre de mouvement n’existe pas.")
    return _mouvement(request, demarche, avenant_ou_404(demarche, pk), Genre(genre), None)


def _row(objet: Avenant, pk: int) -> MouvementAvenant:
    return get_object_or_404(MouvementAvenant, pk=pk, avenant=objet)


@page_demarche(PREPARER, "GET", "HEAD", "POST")
def mouvement(request: RequeteAgent, demarche: Demarche, pk: int, id: int) -> HttpResponse:
    objet = avenant_ou_404(demarche, pk)
    row = _row(objet, id)
    return _mouvement(request, demarche, objet, Genre(row.genre), row)


@page_demarche(PREPARER, "POST")
def mouvement_retirer(request: RequeteAgent, demarche: Demarche, pk: int, id: int) -> HttpResponse:
    objet = avenant_ou_404(demarche, pk)
    _row(objet, id)

    def retirer() -> str:
        actions.retirer_mouvement(objet, id, par=request.user)
        return "Le mouvement est retiré."

    return _agir(request, objet, retirer)


# --- its cycle ------------------------------------------------------------------------------------


def _agir(request: RequeteAgent, objet: Avenant, geste: Callable[[], str]) -> HttpResponse:
    try:
        messages.success(request, geste())
    except (ContratRefuse, TransitionRefusee, RenduImpossible) as refus:
        messages.error(request, str(refus))
    return redirect(page_de(objet))


def _faire(objet: Avenant, geste: str, request: RequeteAgent) -> Avenant:
    par, le = request.user, date.today()
    match geste:
        case "proposer_avenant":
            return proposer(objet, par=par, le=le)
        case "soumettre_avenant":
            return vigueur.soumettre(objet, par=par)
        case "mettre_avenant_en_vigueur":
            return vigueur.mettre_en_vigueur(objet, par=par, le=le)
        case "reprendre_avenant":
            return actions.reprendre(objet, par=par, motif=request.POST.get("motif", "")[:500])
        case "abandonner_avenant":
            return actions.abandonner(objet, request.POST.get("motif", "")[:500], par=par)
        case _:
            raise Http404("Ce geste a sa propre page.")


@page_demarche(VOIR, "POST")
def geste(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    """One gesture of the cycle; the right is that of the gesture."""
    nom = request.POST.get("geste", "")
    voulu = next((t for t in CYCLE_AVENANT.transitions if t.geste == nom), None)
    if voulu is None:
        raise Http404("Ce geste n’existe pas.")
    if not (avis := peut_sur(request.user, voulu.droit, demarche)):
        raise PermissionDenied(avis.raison)
    objet = avenant_ou_404(demarche, pk)

    def faire() -> str:
        fait = _faire(objet, nom, request)
        return f"{fait} : {fait.get_etat_display().lower()}."

    return _agir(request, objet, faire)


@page_demarche(CONCLURE, "GET", "HEAD", "POST")
def signature(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    """Opens its circuit: the number of the act on the simple track, else whether the order is imposed."""
    objet = avenant_ou_404(demarche, pk)
    simple = objet.piste == Piste.SIMPLE.value
    rouvre = objet.etat == EtatAvenant.SIGNATURE
    form = OuvrirSignatureForm(
        request.POST if request.method == "POST" else None, simple=simple, rouvre=rouvre
    )
    if request.method == "POST" and form.is_valid():
        try:
            ouvrir_signature(objet, par=request.user, le=date.today(), **form.cleaned_data)
        except (ContratRefuse, TransitionRefusee) as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(
                request, f"{objet} : le circuit est ouvert, choisissez comment chaque partie signe."
            )
            return redirect(page_de(objet) + "#signature")
    return _formulaire(
        request, demarche, form, f"{objet} : ouvrir la signature", page_de(objet), avenant=objet,
        chapeau=_chapeau(objet, simple), valider="Ouvrir le circuit de signature",
    )  # fmt: skip


def _chapeau(objet: Avenant, simple: bool) -> str:
    if simple:
        return (
            "L’autorité signe seule cet avenant : c’est un acte simple du président, aucune assemblée ne le "
            "vote."
        )
    noms = enumerer([p.organisation.nom for p in signataires(objet)])
    if not noms:
        return ""
    return (
        f"Signent cet avenant : {noms}. Chaque partie signe à sa manière ; l’avenant est signé quand toutes "
        "l’ont fait, au plus tard à sa date d’effet."
    )
