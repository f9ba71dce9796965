"""Single sign-on: the way out to the provider, the way back."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from arpent.plateforme.acteurs.acces import publique
from arpent.plateforme.acteurs.comptes.essais import LIEN, TropDEssais, compter, reussir
from arpent.plateforme.socle.soumission import avec_effet

from ..entree import entrer


@publique("GET", "HEAD")
@never_cache
def depart(request: HttpRequest) -> HttpResponseBase:
    """To the provider, with a state, a nonce and a PKCE challenge kept in the session."""
    from .. import oidc  # its libraries weigh: they are loaded by whoever comes this way

    oidc.exiger_le_service()
    reponse: HttpResponseBase = oidc.Depart.as_view()(request)
    return reponse


@publique("GET", "HEAD", "POST")
@never_cache
def retour(request: HttpRequest) -> HttpResponse:
    """A GET never writes: what comes back is a form of one button, sent by a script, that does the login."""
    from .. import oidc  # its libraries weigh: they are loaded by whoever comes this way

    oidc.exiger_le_service()
    if request.method != "POST":
        if request.GET.get("error") or not request.GET.get("code"):
            return _refuser(request, "La connexion a été abandonnée, ou refusée par le fournisseur.")
        contexte = {cle: request.GET.get(cle, "") for cle in ("code", "state")}
        return render(
            request, "portail/compte/unique_retour.html", contexte | {"nom": settings.ARPENT_OIDC_NOM}
        )
    try:
        essai = compter(request, LIEN)
        agent = oidc.echanger(request)
    except (oidc.IdentiteRefusee, TropDEssais) as refus:
        return avec_effet(_refuser(request, str(refus)))
    except oidc.FournisseurInjoignable:
        raison = f"{settings.ARPENT_OIDC_NOM} ne répond pas. Réessayez bientôt, ou tapez votre mot de passe."
        return avec_effet(_refuser(request, raison, statut=503))
    reussir(essai)
    complet = bool(settings.ARPENT_OIDC_ACR)
    suite = str(request.session.get("oidc_login_next") or "/")
    return entrer(request, agent, moyen=settings.ARPENT_OIDC_NOM, suite=suite, complet=complet)


def _refuser(request: HttpRequest, raison: str, statut: int = 403) -> HttpResponse:
    contexte = {"raison": raison, "nom": settings.ARPENT_OIDC_NOM}
    return render(request, "portail/compte/unique_refus.html", contexte, status=statut)
