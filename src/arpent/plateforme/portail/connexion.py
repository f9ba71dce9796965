"""Logging in and out; in the demo, one click per account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from arpent.plateforme.acteurs.acces import publique
from arpent.plateforme.acteurs.comptes.essais import (
    CONNEXION,
    TropDEssais,
    compter,
    reussir,
)
from arpent.plateforme.acteurs.comptes.sessions import oublier_la_session, ouvrir_session
from arpent.plateforme.acteurs.models import Agent, Essai
from arpent.plateforme.acteurs.roles import ROLES
from arpent.plateforme.socle.securite import noter
from arpent.plateforme.socle.soumission import avec_effet

from .compte.entree import entrer


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


def trop_d_essais(request: HttpRequest, refus: TropDEssais) -> HttpResponse:
    """429: how long to wait, and the ways that stay open."""
    reponse = render(request, "429.html", {"raison": str(refus)}, status=429)
    reponse.headers["Retry-After"] = str(int(refus.attente.total_seconds()))
    return avec_effet(reponse)


@method_decorator([sensitive_post_parameters("password"), never_cache], name="dispatch")
class Connexion(LoginView):
    """The login page. Tries are bounded (`acteurs/comptes/essais.py`)."""

    template_name = "portail/connexion.html"
    authentication_form = ConnexionForm
    redirect_authenticated_user = True
    essai: Essai

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The try is counted whatever the answer: a refusal is a page, which would undo it (`avec_effet`)."""
        try:
            self.essai = compter(request, CONNEXION, request.POST.get("username", ""))
        except TropDEssais as refus:
            return trop_d_essais(request, refus)
        reponse = super().post(request, *args, **kwargs)
        return reponse if reponse.status_code == 302 else avec_effet(reponse)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        agent = form.get_user()
        assert isinstance(agent, Agent)
        reussir(self.essai)
        return entrer(self.request, agent, moyen="mot de passe", suite=self.get_success_url())

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        contexte: dict[str, object] = super().get_context_data(**kwargs)
        return contexte | {
            "comptes": comptes_de_demonstration(),
            "connexion_unique": settings.ARPENT_OIDC_NOM if settings.ARPENT_OIDC_EMETTEUR else "",
        }


connexion = Connexion.as_view()
connexion.droit = "public"  # type: ignore[attr-defined]


@publique("POST")
def connexion_demo(request: HttpRequest, pk: int) -> HttpResponse:
    """Logs in as a demonstration account; does not exist outside the demo."""
    if not settings.ARPENT_DEMO:
        raise Http404
    agent = get_object_or_404(Agent, pk=pk, est_demonstration=True, is_active=True)
    ouvrir_session(request, agent, moyen="démonstration")
    suite = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(suite, {request.get_host()}, require_https=request.is_secure()):
        return redirect(suite)
    return redirect("portail:accueil")


@publique("POST")
def deconnexion(request: HttpRequest) -> HttpResponse:
    """Ends the session; one that came by the single sign-on ends at the provider too."""
    fin = ""
    if settings.ARPENT_OIDC_EMETTEUR:
        from .compte.oidc import adresse_de_fin  # its libraries weigh

        fin = adresse_de_fin(request)
    noter("session_fermee", request)
    oublier_la_session(request)
    logout(request)
    reponse = redirect(fin or "portail:connexion")
    reponse.headers["Clear-Site-Data"] = '"cache", "storage"'  # nothing of the session stays in the browser
    return reponse
