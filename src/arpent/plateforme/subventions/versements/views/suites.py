"""What comes after a payment: releasing what was withheld, asking money back, closing the file."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate

from arpent.metier.cycles import EtatDossier
from arpent.metier.cycles.versement import CERTIFIER, PAYER
from arpent.metier.versements import GenreVersement
from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ...dossiers.acces import exiger
from ...models import Retenue
from .. import suites
from ..acces import contexte_de, dossier_de
from ..compte import lire_compte
from ..droits import peut_service
from ..forms import LeverForm, ReversementForm, SolderForm
from .commun import ECRIRE, REFUS, retour_de


@page_demarche(CERTIFIER, *ECRIRE)
def lever(request: RequeteAgent, demarche: Demarche, annee: int, numero: int, pk: int) -> HttpResponse:
    """Release what was withheld."""
    dossier = dossier_de(request, demarche, annee, numero)
    exiger(peut_service(request.user, CERTIFIER, dossier))
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
            return redirect(retour_de(dossier))
    contexte = contexte_de(request, dossier) | {
        "form": form, "retour": retour_de(dossier), "titre": "Lever la retenue", "retenue": retenue,
        "phrase": "Le montant pourra être demandé avec le prochain versement.", "bouton": "Lever la retenue",
    }  # fmt: skip
    return render(request, "subventions/versements/suite.html", contexte, status=422 if form.errors else 200)


@page_demarche(PAYER, *ECRIRE)
def reversement_nouveau(request: RequeteAgent, demarche: Demarche, annee: int, numero: int) -> HttpResponse:
    """Ask money back; what the balance shows in excess is proposed."""
    dossier = dossier_de(request, demarche, annee, numero)
    exiger(peut_service(request.user, PAYER, dossier))
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
            return redirect(retour_de(dossier))
    contexte = contexte_de(request, dossier) | {
        "form": form, "retour": retour_de(dossier), "titre": "Demander un reversement", "compte": compte,
        "phrase": "Le bénéficiaire est prévenu. Le payé ne change qu’au recouvrement.",
        "bouton": "Demander le reversement",
    }  # fmt: skip
    return render(request, "subventions/versements/suite.html", contexte, status=422 if form.errors else 200)


@page_demarche(PAYER, *ECRIRE)
def solder(request: RequeteAgent, demarche: Demarche, annee: int, numero: int) -> HttpResponse:
    """Close a file wholly paid: what is left goes back to the envelope."""
    dossier = dossier_de(request, demarche, annee, numero)
    exiger(peut_service(request.user, PAYER, dossier))
    if dossier.etat != EtatDossier.NOTIFIE.value:
        messages.error(request, f"Le dossier est « {dossier.get_etat_display().lower()} ».")
        return redirect(retour_de(dossier))
    form = SolderForm(request.POST if request.method == "POST" else None, objet=dossier)
    if request.method == "POST" and form.is_valid():
        dossier.version = form.cleaned_data["version_lue"]
        try:
            suites.solder(dossier, par=request.user, le=localdate())
        except REFUS as refus:
            form.add_error(None, str(refus))
        except ConflitDeVersion as conflit:
            return page_conflit(request, conflit, titre="Solder le dossier", retour=retour_de(dossier))
        else:
            messages.success(request, "Le dossier est soldé.")
            return redirect(retour_de(dossier))
    contexte = contexte_de(request, dossier) | {
        "form": form, "retour": retour_de(dossier), "titre": "Solder le dossier",
        "bouton": "Solder le dossier",
        "compte": lire_compte(dossier), "obstacle": suites.obstacle_au_solde(dossier),
        "phrase": "Ce qui est engagé et n’est pas versé revient à l’enveloppe du territoire.",
    }  # fmt: skip
    return render(request, "subventions/versements/suite.html", contexte, status=422 if form.errors else 200)
