"""Between the first proof and the open session: the second step, if the account has one."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from arpent.plateforme.acteurs.comptes.essais import reconnaitre_l_appareil
from arpent.plateforme.acteurs.comptes.facteurs import a_un_second_facteur, second_facteur_exige
from arpent.plateforme.acteurs.comptes.sessions import ouvrir_session
from arpent.plateforme.acteurs.middleware import A_ENROLER
from arpent.plateforme.acteurs.models import Agent

_SECOND_PAS, _AGE = "second_pas", 5 * 60


@dataclass(frozen=True, slots=True)
class SecondPas:
    """Who has proved the first factor, how, and where they were going."""

    agent: Agent
    moyen: str
    suite: str


def suite_sure(request: HttpRequest, suite: str) -> str:
    """The page asked for if it is one of ours, else the home page."""
    permise = url_has_allowed_host_and_scheme(suite, {request.get_host()}, request.is_secure())
    return suite if permise else "/"


def entrer(
    request: HttpRequest, agent: Agent, *, moyen: str, suite: str, complet: bool = False
) -> HttpResponse:
    """Opens the session, or asks the second factor first. `complet`: two factors are proved already."""
    if complet or not a_un_second_facteur(agent):
        return ouvrir(request, agent, moyen=moyen, suite=suite)
    request.session.cycle_key()
    request.session[_SECOND_PAS] = {
        "agent": agent.pk, "empreinte": agent.get_session_auth_hash(), "le": time.time(), "moyen": moyen,
        "suite": suite,
    }  # fmt: skip
    return redirect("compte:code_connexion")


def second_pas(request: HttpRequest) -> SecondPas | None:
    """The person whose second factor is awaited, if what they proved five minutes ago still holds."""
    attendu = request.session.get(_SECOND_PAS)
    if not attendu or time.time() - attendu["le"] > _AGE:
        return None
    agent = Agent.objects.filter(pk=attendu["agent"], is_active=True).first()
    if agent is None or agent.get_session_auth_hash() != attendu["empreinte"]:
        return None
    return SecondPas(agent, attendu["moyen"], attendu["suite"])


def ouvrir(request: HttpRequest, agent: Agent, *, moyen: str, suite: str) -> HttpResponse:
    """The session is open; an administrator who must have a second factor is led to enrol it first."""
    request.session.pop(_SECOND_PAS, None)
    ouvrir_session(request, agent, moyen=moyen)
    if second_facteur_exige(agent) and moyen == "mot de passe" and not a_un_second_facteur(agent):
        request.session[A_ENROLER] = True
    reponse = cast(HttpResponse, redirect(suite_sure(request, suite)))
    reconnaitre_l_appareil(request, reponse, agent)
    return reponse
