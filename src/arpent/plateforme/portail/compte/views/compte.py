"""« Mon compte »: who I am, my rights, my open sessions; proving again who I am."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from arpent.plateforme.acteurs.acces import page
from arpent.plateforme.acteurs.comptes import facteurs
from arpent.plateforme.acteurs.comptes.droits import roles_proposables
from arpent.plateforme.acteurs.comptes.essais import TropDEssais
from arpent.plateforme.acteurs.comptes.preuves import prouver_mot_de_passe
from arpent.plateforme.acteurs.comptes.sessions import (
    confirmer_identite,
    fermer_les_sessions,
    fermer_session,
    renouveler_session,
    sessions_de,
)
from arpent.plateforme.acteurs.models import Agent, SessionOuverte
from arpent.plateforme.socle.soumission import avec_effet

from ..entree import suite_sure
from ..forms import IdentiteForm


@page("connecte")
def mon_compte(request: HttpRequest) -> HttpResponse:
    """Eight queries at most, whatever the number of sessions."""
    agent = cast(Agent, request.user)
    contexte = {
        "habilitations": agent.habilitations_en_cours,
        "sessions": sessions_de(agent, request.session.session_key),
        "code_actif": facteurs.a_un_second_facteur(agent),
        "nombre_cles": agent.cles_acces.count(),
        "a_un_mot_de_passe": agent.has_usable_password(),
        "exige": facteurs.second_facteur_exige(agent),
        "peut_inviter": bool(roles_proposables(agent)),
        "gere_les_donnees": any(
            "donnees_personnelles.gerer" in h.definition.droits for h in agent.habilitations_en_cours
        ),
    }
    return render(request, "portail/compte/mon_compte.html", contexte)


@page("connecte", "POST")
def fermer(request: HttpRequest, pk: int) -> HttpResponse:
    """Closes one of one's own sessions."""
    agent = cast(Agent, request.user)
    fermer_session(get_object_or_404(SessionOuverte.objects.filter(agent=agent), pk=pk), par=agent)
    messages.success(request, "La session est fermée : la page suivante y demandera de se reconnecter.")
    return redirect("compte:mon_compte")


@page("connecte", "POST")
def fermer_partout(request: HttpRequest) -> HttpResponse:
    """Closes every other session; this one goes on under a new number."""
    agent = cast(Agent, request.user)
    fermer_les_sessions(agent, par=agent, sauf=request.session.session_key)
    renouveler_session(request, agent)
    messages.success(request, "Vous êtes déconnecté partout, sauf ici.")
    return redirect("compte:mon_compte")


@page("connecte", "GET", "HEAD", "POST")
def confirmer(request: HttpRequest) -> HttpResponse:
    """Asks the password again before the keys of the account are touched."""
    agent = cast(Agent, request.user)
    suite = suite_sure(request, request.POST.get("suite") or request.GET.get("suite", ""))
    form = IdentiteForm(request.POST or None)
    statut = 200
    if request.method == "POST":
        statut = 422
        if form.is_valid():
            try:
                if prouver_mot_de_passe(request, agent, form.cleaned_data["mot_de_passe"]):
                    confirmer_identite(request, agent)
                    return redirect(suite)
                form.add_error("mot_de_passe", "Ce n’est pas le mot de passe de votre compte.")
            except TropDEssais as refus:
                form.add_error(None, str(refus))
                statut = 429
    contexte = {"form": form, "suite": suite, "a_un_mot_de_passe": agent.has_usable_password()}
    return avec_effet(render(request, "portail/compte/confirmer.html", contexte, status=statut))
