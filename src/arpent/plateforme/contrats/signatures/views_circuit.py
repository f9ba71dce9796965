"""Pages of a circuit: opening it, its places and its files, the piles of pages that come back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.actions import servir, telecharger
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.documents.rendu.pdf import RenduImpossible

from .. import adresses
from ..assemblage import trouver_contrat
from ..droits import CONCLURE, SUIVRE
from ..exigences import ContratRefuse
from ..models import CircuitSignature, EmplacementSignature
from . import circuits, papier
from .forms import AbandonForm, ExemplaireForm, OuvrirForm, PileForm
from .lecture import documents_du_circuit, lire_circuit
from .recherche import circuit_lu, envoi_de, page_de_l_acte
from .separement import ouvrir_separement

VOIR = "contrat.voir"


@page_demarche(CONCLURE, "POST")
def ouvrir(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """Opens the circuit of the version to sign, or one for each signatory."""
    form = OuvrirForm(request.POST)
    contrat = trouver_contrat(demarche)
    try:
        if contrat is None or not form.is_valid():
            raise ContratRefuse("Le contrat de ce territoire n’est pas encore préparé.")
        ordre_impose = form.cleaned_data["ordre_impose"]
        if form.cleaned_data["separement"]:
            ouverts = ouvrir_separement(contrat, ordre_impose=ordre_impose, par=request.user)
            messages.success(request, dire_ouverts(len(ouverts)))
            return redirect(adresses.page(demarche, None, "signature"))
        circuit = circuits.ouvrir_pour_le_contrat(contrat, ordre_impose=ordre_impose, par=request.user)
    except (ContratRefuse, RenduImpossible) as refus:
        messages.error(request, str(refus))
        return redirect(adresses.page(demarche, None, "signature"))
    messages.success(request, "Le circuit est ouvert : choisissez comment chaque partie signe.")
    return redirect("contrats:circuit", demarche.slug, circuit.pk)


def dire_ouverts(nombre: int) -> str:
    """What a body that signs apart is told."""
    if nombre == 1:
        return "Un contrat est à signer dans son propre circuit."
    return f"{nombre} contrats sont à signer, chacun dans son propre circuit."


# --- the circuit ----------------------------------------------------------------------------------


def _montrer_circuit(
    request: RequeteAgent, demarche: Demarche, circuit: CircuitSignature, status: int = 200, **formes: Any
) -> HttpResponse:
    lu = lire_circuit(circuit, request.user, demarche)
    gere = lu.ouvert and bool(peut_sur(request.user, CONCLURE, demarche))
    attendues = [p.place for p in lu.attendues]
    papiers = [p.pk for p in attendues if p.canal == EmplacementSignature.Canal.PAPIER]
    pile, exemplaire, abandon = formes.get("pile"), formes.get("exemplaire"), formes.get("abandon")
    if gere and attendues:
        pile = pile or PileForm(places=attendues, initial={"parties": papiers}, prefix="pile")
        exemplaire = exemplaire or ExemplaireForm(places=attendues, prefix="exemplaire")
    contexte = {
        "demarche": demarche,
        "lu": lu,
        "circuit": circuit,
        "documents": documents_du_circuit(circuit),
        "gere": gere,
        "pile": pile,
        "exemplaire": exemplaire,
        "abandon": (abandon or AbandonForm(prefix="abandon")) if gere else None,
        "rapport": formes.get("rapport"),
        "suit": bool(peut_sur(request.user, SUIVRE, demarche)),
        "retour": page_de_l_acte(circuit),
        "acte": adresses.nom(circuit.avenant),
    }
    return render(request, "contrats/circuit.html", contexte, status=status)


@page_demarche(VOIR)
def circuit(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    """Every place, every file, what was found in each pile."""
    return _montrer_circuit(request, demarche, circuit_lu(demarche, pk))


@page_demarche(CONCLURE, "POST")
def pile(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    """A pile of scanned pages; when something is wrong with it, each page is shown and nothing is kept."""
    objet = circuit_lu(demarche, pk)
    lu = lire_circuit(objet, request.user, demarche)
    form = PileForm(request.POST, request.FILES, places=[p.place for p in lu.attendues], prefix="pile")
    rapport = None
    if form.is_valid():
        try:
            recue = papier.recevoir_papier(
                objet,
                [envoi_de(f) for f in form.cleaned_data["fichiers"]],
                form.places(),
                signe_le=form.cleaned_data["signe_le"],
                par=request.user,
            )
        except papier.PileIncomplete as refus:
            rapport = refus.pile
            form.add_error("fichiers", str(refus))
        except ContratRefuse as refus:
            form.add_error(None, str(refus))
        else:
            suite = f" Les pages en double sont gardées ({len(recue.doubles)})." if recue.doubles else ""
            messages.success(request, f"Les {recue.attendues} pages sont reconnues et rangées.{suite}")
            return redirect("contrats:circuit", demarche.slug, pk)
    return _montrer_circuit(request, demarche, circuit_lu(demarche, pk), 422, pile=form, rapport=rapport)


@page_demarche(CONCLURE, "POST")
def exemplaire(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    """A copy signed outside Arpent."""
    objet = circuit_lu(demarche, pk)
    lu = lire_circuit(objet, request.user, demarche)
    places = [p.place for p in lu.attendues]
    form = ExemplaireForm(request.POST, request.FILES, places=places, prefix="exemplaire")
    if form.is_valid():
        try:
            papier.recevoir_exemplaire(
                objet,
                envoi_de(form.cleaned_data["fichier"]),
                form.places(),
                signe_le=form.cleaned_data["signe_le"],
                motif=form.cleaned_data["motif"],
                par=request.user,
            )
        except ContratRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "L’exemplaire signé hors d’Arpent est gardé, et signalé comme tel.")
            return redirect("contrats:circuit", demarche.slug, pk)
    return _montrer_circuit(request, demarche, circuit_lu(demarche, pk), 422, exemplaire=form)


@page_demarche(CONCLURE, "POST")
def abandonner(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    objet = circuit_lu(demarche, pk)
    form = AbandonForm(request.POST, prefix="abandon")
    if form.is_valid():
        try:
            circuits.abandonner(objet, form.cleaned_data["motif"], par=request.user)
        except ContratRefuse as refus:
            form.add_error("motif", str(refus))
        else:
            messages.success(request, "Le circuit est abandonné. Ce qui était signé reste gardé.")
            return redirect(page_de_l_acte(objet))
    return _montrer_circuit(request, demarche, objet, 422, abandon=form)


@page_demarche(SUIVRE)
def imprimer(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    """The copy to print, its code on each page; made on demand, kept nowhere."""
    objet = circuit_lu(demarche, pk)
    try:
        contenu = papier.exemplaire_a_imprimer(objet)
    except ContratRefuse as refus:
        messages.error(request, str(refus))
        return redirect("contrats:circuit", demarche.slug, pk)
    return telecharger(contenu, f"a-signer-{demarche.slug}-{pk}.pdf")


@page_demarche(VOIR)
def document_signe(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    """One file of a circuit."""
    genre = CircuitSignature._meta.label_lower
    return servir(get_object_or_404(DocumentEmis, pk=pk, demarche_id=demarche.pk, objet_type=genre))
