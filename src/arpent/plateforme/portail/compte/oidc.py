"""Single sign-on by OpenID Connect, ProConnect's profile: code flow, state, nonce, PKCE, signed userinfo.

mozilla-django-oidc asks and exchanges; what it does not check is checked here: issuer, audience, subject,
verified address, level of authentication. An identity opens an account that exists; it creates none.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import jwt
import requests
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest
from django.urls import reverse
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from mozilla_django_oidc.utils import absolutify
from mozilla_django_oidc.views import OIDCAuthenticationRequestView

from arpent.plateforme.acteurs.comptes.identites import AutreIdentite, compte_de
from arpent.plateforme.acteurs.models import Agent

_ETATS, _ID_TOKEN = "oidc_states", "oidc_id_token"


class IdentiteRefusee(ValueError):
    """Why the identity opens nothing; French, says whom to ask."""


class FournisseurInjoignable(RuntimeError):
    """The provider does not answer, or not as it should."""


def exiger_le_service() -> None:
    """404 when the instance has no single sign-on."""
    if not settings.ARPENT_OIDC_EMETTEUR:
        raise Http404("La connexion unique n’est pas en service.")


class Depart(OIDCAuthenticationRequestView):  # type: ignore[misc]
    """The way to the provider; the level asked for is `ARPENT_OIDC_ACR`."""

    def get_extra_params(self, request: HttpRequest) -> dict[str, str]:
        return {"acr_values": settings.ARPENT_OIDC_ACR} if settings.ARPENT_OIDC_ACR else {}


class MoteurOIDC(OIDCAuthenticationBackend):  # type: ignore[misc]
    """The library's, with the checks it leaves to the application."""

    def verify_token(self, token: str, **kwargs: Any) -> dict[str, Any]:
        """Claims of a signed token of this provider, for this application, still valid."""
        try:
            lu: dict[str, Any] = super().verify_token(token, **kwargs)
        except (jwt.PyJWTError, KeyError, TypeError) as erreur:
            raise SuspiciousOperation("token") from erreur
        destinataires = lu.get("aud")
        pour = destinataires if isinstance(destinataires, list) else [destinataires]
        if lu.get("iss") != settings.ARPENT_OIDC_EMETTEUR or self.OIDC_RP_CLIENT_ID not in pour:
            raise SuspiciousOperation("issuer or audience")
        return lu

    def get_or_create_user(self, access_token: str, id_token: str, payload: dict[str, Any]) -> Agent:
        """The account of the subject, or of the verified address at first. Never creates. IdentiteRefusee."""
        if "exp" not in payload or not payload.get("sub"):
            raise SuspiciousOperation("id token without end or subject")
        if settings.ARPENT_OIDC_ACR and payload.get("acr") not in settings.ARPENT_OIDC_ACR.split():
            raise IdentiteRefusee(
                f"{settings.ARPENT_OIDC_NOM} vous a reconnu, mais avec un niveau de sûreté trop bas. "
                "Recommencez avec votre second facteur."
            )
        infos = self.get_userinfo(access_token, id_token, payload)
        if infos.get("sub") != payload["sub"]:
            raise SuspiciousOperation("userinfo of somebody else")
        courriel = str(infos.get("email") or "")
        verifie = infos.get("email_verified", settings.ARPENT_OIDC_COURRIEL_VERIFIE)
        if not courriel or verifie is not True:
            raise IdentiteRefusee(
                f"{settings.ARPENT_OIDC_NOM} ne garantit pas votre adresse électronique : elle ne peut "
                "pas ouvrir un compte. Connectez-vous avec votre mot de passe."
            )
        try:
            agent = compte_de(settings.ARPENT_OIDC_EMETTEUR, str(payload["sub"]), courriel)
        except AutreIdentite:
            raise IdentiteRefusee(
                f"Le compte {courriel} est lié à une autre identité de {settings.ARPENT_OIDC_NOM}. Si c’est "
                "bien le vôtre, demandez à l’administrateur de l’instance de le délier."
            ) from None
        if agent is None:
            raise IdentiteRefusee(
                f"{settings.ARPENT_OIDC_NOM} vous a reconnu ({courriel}), mais aucun compte ouvert ne porte "
                "cette adresse. Demandez une invitation au chef de projet territorial de votre Département "
                "ou Région, ou à l’administrateur de votre collectivité."
            )
        return agent


def _non_conforme() -> str:
    return (
        f"La réponse de {settings.ARPENT_OIDC_NOM} n’est pas conforme et a été refusée. Recommencez ; si "
        "cela persiste, prévenez l’administrateur."
    )


def echanger(request: HttpRequest) -> Agent:
    """The account behind the code and state that come back. The state serves once.

    IdentiteRefusee, FournisseurInjoignable. Three HTTP calls of five seconds at most.
    """
    attendu = dict(request.session.get(_ETATS, {}))
    defi = attendu.pop(request.POST.get("state", ""), None)
    request.session[_ETATS] = attendu
    if defi is None:
        raise IdentiteRefusee("Cette demande de connexion a expiré ou a déjà servi. Recommencez.")
    request.GET = request.POST  # the library reads the address; the page that came back sends a form
    try:
        agent = MoteurOIDC().authenticate(
            request, nonce=defi["nonce"], code_verifier=defi.get("code_verifier")
        )
    except SuspiciousOperation as erreur:
        raise IdentiteRefusee(_non_conforme()) from erreur
    except (requests.RequestException, ValueError) as erreur:
        if isinstance(erreur, IdentiteRefusee):
            raise
        raise FournisseurInjoignable from erreur
    if not isinstance(agent, Agent):  # the library has swallowed the refusal of `get_or_create_user`
        raise IdentiteRefusee(_non_conforme())
    return agent


def adresse_de_fin(request: HttpRequest) -> str:
    """Where to end the provider's session too; empty when this one did not come from it."""
    jeton = request.session.get(_ID_TOKEN)
    if not jeton or not settings.ARPENT_OIDC_EMETTEUR:
        return ""
    retour = absolutify(request, reverse("portail:connexion"))
    demande = {"id_token_hint": jeton, "post_logout_redirect_uri": retour, "state": "fin"}
    return f"{settings.ARPENT_OIDC_FIN}?{urlencode(demande)}"
