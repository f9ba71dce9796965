"""Logging in and out; in the demo, one click per account."""

from __future__ import annotations

import time

from django import forms
from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from arpent.plateforme.acteurs.acces import publique
from arpent.plateforme.acteurs.middleware import OUVERTE_LE
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.acteurs.moteur import MOTEUR
from arpent.plateforme.acteurs.roles import ROLES
from arpent.plateforme.journal.actions import consigner


class ConnexionForm(AuthenticationForm):
    """Mail address and password; the same answer whether the account exists or not."""

    username = forms.EmailField(
        label="Adresse électronique",
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label="Mot de passe",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    error_messages = {
        "invalid_login": "Adresse ou mot de passe inconnus. Vérifiez la saisie, majuscules comprises.",
        "inactive": "Adresse ou mot de passe inconnus. Vérifiez la saisie, majuscules comprises.",
    }


def _ouvrir(request: HttpRequest, agent: Agent, backend: str | None = None) -> None:
    """New session identifier, absolute age counted from now, one line in the journal."""
    login(request, agent, backend=backend)
    request.session[OUVERTE_LE] = time.time()
    consigner("se_connecter", sur=agent, par=agent, libelle="Connexion")


def comptes_de_demonstration() -> list[dict[str, str]]:
    """The one-click accounts, in the order of their creation. One query each for agents and habilitations."""
    if not settings.ARPENT_DEMO:
        return []
    agents = Agent.objects.filter(est_demonstration=True, is_active=True).order_by("pk")
    comptes = []
    for agent in agents.prefetch_related("habilitations__organisation"):
        habilitation = next(iter(agent.habilitations.all()), None)
        if habilitation is None:
            continue
        comptes.append(
            {
                "pk": str(agent.pk),
                "nom": agent.nom_complet,
                "fonction": agent.fonction or ROLES[habilitation.role].libelle,
                "organisation": str(habilitation.organisation or ""),
            }
        )
    return comptes


@method_decorator([sensitive_post_parameters("password"), never_cache], name="dispatch")
class Connexion(LoginView):
    """The login page. Tries are bounded by django-axes."""

    template_name = "portail/connexion.html"
    authentication_form = ConnexionForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        agent = form.get_user()
        assert isinstance(agent, Agent)
        _ouvrir(self.request, agent)
        return redirect(self.get_success_url())

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        contexte: dict[str, object] = super().get_context_data(**kwargs)
        return contexte | {"comptes": comptes_de_demonstration()}


connexion = Connexion.as_view()
connexion.droit = "public"  # type: ignore[attr-defined]


@publique("POST")
def connexion_demo(request: HttpRequest, pk: int) -> HttpResponse:
    """Logs in as a demonstration account; does not exist outside the demo."""
    if not settings.ARPENT_DEMO:
        raise Http404
    agent = get_object_or_404(Agent, pk=pk, est_demonstration=True, is_active=True)
    _ouvrir(request, agent, backend=MOTEUR)
    suite = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(suite, {request.get_host()}, require_https=request.is_secure()):
        return redirect(suite)
    return redirect("portail:accueil")


@publique("POST")
def deconnexion(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("portail:connexion")


def trop_d_essais(
    request: HttpRequest, original_response: HttpResponse | None = None, credentials: object = None
) -> HttpResponse:
    """Said when the tries are exhausted (django-axes)."""
    raison = (
        "Trop d’essais de connexion depuis ce poste pour ce compte. Attendez un quart d’heure, "
        "ou demandez à l’administrateur de vérifier votre adresse."
    )
    return render(request, "429.html", {"raison": raison}, status=429)


def adresse_du_client(request: HttpRequest) -> str:
    """The address the login limiter counts. Behind the TLS proxy, the one that the proxy itself saw (last).

    Without this everybody shares the proxy's address, and anybody can lock out anybody.
    """
    if settings.ARPENT_HTTPS and (suite := request.META.get("HTTP_X_FORWARDED_FOR", "")):
        return str(suite).rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR", ""))
