"""Pages of one signature: the place of a party and its channels; the check of any PDF."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from arpent.plateforme.acteurs.acces import RequeteAgent, page
from arpent.plateforme.acteurs.comptes.essais import TropDEssais
from arpent.plateforme.acteurs.comptes.preuves import prouver_mot_de_passe
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.actions import telecharger
from arpent.plateforme.socle.securite import adresse_de

from .. import adresses
from ..droits import SIGNER, SUIVRE, peut_signer, peut_suivre_signature
from ..exigences import ContratRefuse
from ..models import EmplacementSignature
from . import circuits, electronique, parapheur
from .forms import (
    CanalForm,
    CertificatForm,
    ConsentementForm,
    ParapheurForm,
    RefusForm,
    VerifierForm,
)
from .lecture import lire_circuit
from .recherche import circuit_lu, page_de_l_acte, place_lue
from .verification import verifier_ici

VOIR = "contrat.voir"


# --- the place of a party -------------------------------------------------------------------------


def _sans_mot_de_passe(agent: Agent) -> bool:
    """A demonstration account opens with one click and has no password to ask for again."""
    return bool(settings.ARPENT_DEMO) and agent.est_demonstration and not agent.has_usable_password()


def _consentement(
    request: RequeteAgent, place: EmplacementSignature, donnees: Any = None
) -> ConsentementForm:
    return ConsentementForm(
        donnees,
        mots=electronique.mots_du_consentement(place),
        sans_mot_de_passe=_sans_mot_de_passe(request.user),
        initial={"sha256": place.circuit.document.sha256},
        prefix="consentement",
    )


def _certificat(place: EmplacementSignature, donnees: Any = None, fichiers: Any = None) -> CertificatForm:
    enregistre = electronique.certificat_enregistre(place) is not None
    return CertificatForm(donnees, fichiers, enregistre=enregistre, prefix="certificat")


def _montrer_place(
    request: RequeteAgent, demarche: Demarche, pk: int, status: int = 200, **formes: BaseForm
) -> HttpResponse:
    place = place_lue(demarche, pk)
    objet = circuit_lu(demarche, place.circuit_id)
    lu = lire_circuit(objet, request.user, demarche)
    (lue,) = [p for p in lu.places if p.place.pk == pk]
    attendue = lu.ouvert and place.etat == EmplacementSignature.Etat.ATTENDUE
    canaux = EmplacementSignature.Canal
    contexte: dict[str, Any] = {
        "demarche": demarche,
        "circuit": objet,
        "place": place,
        "lue": lue,
        "ouvert": lu.ouvert,
        "attendue": attendue,
        "peut_choisir": lu.ouvert and lue.peut_suivre and not lue.recueillie,
        "canal": formes.get("canal") or CanalForm(instance=place, prefix="canal"),
        "certificat": None,
        "consentement": None,
        "parapheur": None,
        "refus": formes.get("refus") or RefusForm(prefix="refus"),
        "retour": page_de_l_acte(objet),
        "acte": adresses.nom(objet.avenant),
        "demande": "mot de passe" if not _sans_mot_de_passe(request.user) else "",
    }
    if attendue and lue.tour:
        if place.canal == canaux.ELECTRONIQUE and lue.peut_signer:
            contexte["certificat"] = formes.get("certificat") or _certificat(place)
        elif place.canal == canaux.CONSENTEMENT and lue.peut_signer:
            contexte["consentement"] = formes.get("consentement") or _consentement(request, place)
        elif place.canal == canaux.PARAPHEUR and lue.peut_suivre:
            contexte["parapheur"] = formes.get("parapheur") or ParapheurForm(prefix="parapheur")
    return render(request, "contrats/emplacement.html", contexte, status=status)


@page_demarche(VOIR)
def emplacement(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    """The place of a party: its state, its channel, the one thing to do now."""
    return _montrer_place(request, demarche, pk)


def _exiger(avis: Any) -> None:
    if not avis:
        raise PermissionDenied(avis.raison)


def _agir(
    request: RequeteAgent,
    demarche: Demarche,
    pk: int,
    nom: str,
    form: BaseForm,
    geste: Callable[[], object],
    dit: str,
) -> HttpResponse:
    """Makes the gesture of a form; a refusal shows the page again with its reason."""
    if form.is_valid():
        try:
            geste()
        except ContratRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, dit)
            return redirect("contrats:emplacement", demarche.slug, pk)
    return _montrer_place(request, demarche, pk, 422, **{nom: form})


@page_demarche(SUIVRE, "POST")
def canal(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    place = place_lue(demarche, pk)
    _exiger(peut_suivre_signature(request.user, place.partie, demarche))
    form = CanalForm(request.POST, instance=place_lue(demarche, pk), prefix="canal")

    def geste() -> None:
        lu = form.cleaned_data
        saisies = {nom: lu[nom] for nom in ("signataire", "qualite", "delegation")}
        circuits.choisir_canal(place, lu["canal"], par=request.user, **saisies)

    return _agir(request, demarche, pk, "canal", form, geste, "C’est noté : voici ce qu’il reste à faire.")


@page_demarche(SIGNER, "POST")
def signer(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    """Signs with the certificate sent, else with the one that the body keeps here."""
    place = place_lue(demarche, pk)
    _exiger(peut_signer(request.user, place.partie, demarche))
    form = _certificat(place, request.POST, request.FILES)

    def geste() -> None:
        envoye, tape = form.cleaned_data["certificat"], form.cleaned_data["mot_de_passe"]
        if envoye:
            pkcs12 = envoye.read()
        else:
            pkcs12 = electronique.certificat_enregistre(place) or b""
            tape = tape or electronique.mot_de_passe_enregistre(place)
        electronique.signer_electronique(place, pkcs12, tape, par=request.user)

    dit = f"{place.partie.organisation.nom} a signé. Le document signé est gardé."
    return _agir(request, demarche, pk, "certificat", form, geste, dit)


@page_demarche(SIGNER, "POST")
def consentir(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    """Consent, the password asked again; tries are counted as those of the login page."""
    place = place_lue(demarche, pk)
    _exiger(peut_signer(request.user, place.partie, demarche))
    form = _consentement(request, place, request.POST)
    if not form.is_valid():
        return _montrer_place(request, demarche, pk, 422, consentement=form)
    agent, methode = request.user, "compte de démonstration, sans mot de passe"
    if "mot_de_passe" in form.fields:
        methode = "mot de passe demandé à nouveau"
        refus = "Le mot de passe ne correspond pas à votre compte : rien n’est signé."
        try:
            prouve = prouver_mot_de_passe(request, agent, form.cleaned_data["mot_de_passe"])
        except TropDEssais as trop:
            prouve, refus = False, str(trop)
        if not prouve:  # a redirect: the try that failed stays counted
            messages.error(request, refus)
            return redirect("contrats:emplacement", demarche.slug, pk)

    def geste() -> None:
        constat = electronique.Constat(agent, adresse_de(request), methode, timezone.now())
        electronique.consentir(place, constat, sha256_lu=form.cleaned_data["sha256"])

    dit = f"Consentement recueilli : {place.partie.organisation.nom}. Son fichier de preuve est gardé."
    return _agir(request, demarche, pk, "consentement", form, geste, dit)


@page_demarche(SUIVRE, "POST")
def refuser(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    place = place_lue(demarche, pk)
    _exiger(peut_suivre_signature(request.user, place.partie, demarche))
    form = RefusForm(request.POST, prefix="refus")

    def geste() -> None:
        circuits.refuser(place, form.cleaned_data["motif"], par=request.user)

    return _agir(request, demarche, pk, "refus", form, geste, "Le refus est noté, l’autorité est prévenue.")


@page_demarche(SUIVRE)
def parapheur_paquet(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    """The package for the external parapheur."""
    place = place_lue(demarche, pk)
    _exiger(peut_suivre_signature(request.user, place.partie, demarche))
    try:
        contenu = parapheur.exporter_parapheur(place)
    except ContratRefuse as refus:
        messages.error(request, str(refus))
        return redirect("contrats:emplacement", demarche.slug, pk)
    return telecharger(contenu, f"parapheur-{demarche.slug}-{place.ordre}.zip")


@page_demarche(SUIVRE, "POST")
def parapheur_retour(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    """The signed file that comes back."""
    place = place_lue(demarche, pk)
    _exiger(peut_suivre_signature(request.user, place.partie, demarche))
    form = ParapheurForm(request.POST, request.FILES, prefix="parapheur")

    def geste() -> None:
        parapheur.recevoir_parapheur(place, form.cleaned_data["fichier"].read(), par=request.user)

    dit = f"La signature de {place.partie.organisation.nom} est vérifiée et recueillie."
    return _agir(request, demarche, pk, "parapheur", form, geste, dit)


# --- any file -------------------------------------------------------------------------------------


@page("connecte", "GET", "HEAD", "POST")
def verifier(request: RequeteAgent) -> HttpResponse:
    """The report on a PDF. Nothing is kept of it."""
    form = VerifierForm(request.POST, request.FILES) if request.method == "POST" else VerifierForm()
    contexte: dict[str, Any] = {"form": form, "rapport": None, "emis": None, "nom": ""}
    if request.method != "POST":
        return render(request, "contrats/verifier.html", contexte)
    if not form.is_valid():
        return render(request, "contrats/verifier.html", contexte, status=422)
    fichier = form.cleaned_data["fichier"]
    contexte["rapport"], contexte["emis"] = verifier_ici(fichier.read())
    contexte["nom"] = fichier.name
    return render(request, "contrats/verifier.html", contexte)
