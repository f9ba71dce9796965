"""Losing one's password, choosing another, changing it."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from arpent.plateforme.acteurs.acces import page, publique
from arpent.plateforme.acteurs.comptes.essais import (
    LIEN,
    PERDU,
    TropDEssais,
    compter,
    reconnaitre_l_appareil,
    reussir,
)
from arpent.plateforme.acteurs.comptes.mots_de_passe import (
    LienPerime,
    changer_mot_de_passe,
    demander_mot_de_passe,
    lire_jeton,
)
from arpent.plateforme.acteurs.comptes.preuves import prouver_mot_de_passe
from arpent.plateforme.acteurs.comptes.sessions import renouveler_session
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.socle.soumission import avec_effet

from ...connexion import trop_d_essais
from ..forms import ChangerMotDePasseForm, CourrielForm, NouveauMotDePasseForm


@publique("GET", "HEAD", "POST")
def perdu(request: HttpRequest) -> HttpResponse:
    """Asks for a link. The answer is the same, known address or not."""
    form = CourrielForm(request.POST or None)
    if request.method == "POST":
        courriel = request.POST.get("courriel", "")
        try:
            with transaction.atomic():  # one commit for all: a second one would take longer, and tell
                compter(request, PERDU, courriel)
                if form.is_valid():
                    demander_mot_de_passe(
                        form.cleaned_data["courriel"],
                        lambda jeton: request.build_absolute_uri(reverse("compte:choisir", args=[jeton])),
                    )
                    return redirect("compte:perdu_envoye")
        except TropDEssais as refus:
            return trop_d_essais(request, refus)
    return avec_effet(
        render(request, "portail/compte/perdu.html", {"form": form}, status=422 if form.is_bound else 200)
    )


@publique()
def perdu_envoye(request: HttpRequest) -> HttpResponse:
    return render(request, "portail/compte/perdu_envoye.html")


@publique("GET", "HEAD", "POST")
@never_cache
@sensitive_post_parameters("nouveau", "encore")
def choisir(request: HttpRequest, jeton: str) -> HttpResponse:
    """The page of the link: a new password, then the login page. 410: the link no longer opens."""
    try:
        essai = compter(request, LIEN) if request.method == "POST" else None
        agent = lire_jeton(jeton)
    except TropDEssais as refus:
        return trop_d_essais(request, refus)
    except LienPerime:
        return avec_effet(render(request, "portail/compte/lien_perime.html", status=410))
    form = NouveauMotDePasseForm(agent, request.POST or None)
    if essai is not None:
        reussir(essai)
        if form.is_valid():
            changer_mot_de_passe(agent, form.cleaned_data["nouveau"], par=agent)
            messages.success(request, "Votre mot de passe est changé. Connectez-vous avec le nouveau.")
            reponse = redirect("portail:connexion")
            reconnaitre_l_appareil(request, reponse, agent)
            return reponse
    contexte = {"form": form}
    return render(request, "portail/compte/choisir.html", contexte, status=422 if form.is_bound else 200)


@page("connecte", "GET", "HEAD", "POST")
@sensitive_post_parameters("actuel", "nouveau", "encore")
def changer(request: HttpRequest) -> HttpResponse:
    """Asks the present password; the other sessions die, this one goes on under a new number."""
    agent = cast(Agent, request.user)
    form, statut = ChangerMotDePasseForm(agent, request.POST or None), 200
    if request.method == "POST":
        statut = 422
        if form.is_valid():
            try:
                if prouver_mot_de_passe(request, agent, form.cleaned_data["actuel"]):
                    nouveau = changer_mot_de_passe(
                        agent, form.cleaned_data["nouveau"], par=agent, sauf=request.session.session_key
                    )
                    agent.password, agent.jeton_session = nouveau.password, nouveau.jeton_session
                    renouveler_session(request, agent)
                    messages.success(
                        request, "Votre mot de passe est changé ; vos autres sessions sont fermées."
                    )
                    return redirect("compte:mon_compte")
                form.add_error("actuel", "Ce n’est pas le mot de passe actuel de votre compte.")
            except TropDEssais as refus:
                form.add_error(None, str(refus))
                statut = 429
    contexte = {"form": form, "a_un_mot_de_passe": agent.has_usable_password()}
    return avec_effet(render(request, "portail/compte/mot_de_passe.html", contexte, status=statut))
