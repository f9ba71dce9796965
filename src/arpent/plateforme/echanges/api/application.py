"""The API itself: who comes in, what is refused and how. Its operations are in `operations`."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser
from ninja.security import HttpBearer
from pydantic import Field

from . import debit, ecriture_json, jetons
from .lecteur import Porteur, charger
from .portees import PORTEES
from .problemes import Probleme, erreurs_de_forme, reponse
from .ressources.base import Forme

_journal = logging.getLogger("arpent.api")


class ErreurLue(Forme):
    champ: str
    message: str


class ProblemeLu(Schema):
    """An error, RFC 9457; `erreurs` when fields are refused."""

    type: str
    title: str
    status: int
    detail: str
    erreurs: list[ErreurLue] = Field(default_factory=list)


class _Porteur(HttpBearer):
    """Knows the token, counts the request, checks nothing else: the scope is the operation's."""

    def authenticate(self, request: HttpRequest, token: str) -> Porteur | None:
        jeton = jetons.reconnaitre(token)
        if jeton is None:
            return None
        lu = debit.compter(jeton.pk)
        vars(request)["api_jeton"], vars(request)["api_debit"] = jeton, lu
        if lu.depasse:
            raise Probleme(429, entetes={"Retry-After": str(lu.secondes)})
        return charger(jeton)


class _Lecteur(Parser):
    """JSON that any reader accepts, and nothing else."""

    def parse_body(self, request: HttpRequest) -> Any:
        return ecriture_json.lire(request.body)


api = NinjaAPI(
    title="Arpent",
    version="1",
    description="Les contrats territoriaux : lire ce que votre compte lit, écrire ce qu’il écrit.",
    urls_namespace="api-v1",
    docs_url=None,
    openapi_url=None,
    auth=_Porteur(),
    parser=_Lecteur(),
)
REFUS = {
    400: ProblemeLu,
    401: ProblemeLu,
    403: ProblemeLu,
    404: ProblemeLu,
    422: ProblemeLu,
    429: ProblemeLu,
}
REFUS_ECRITURE = REFUS | {409: ProblemeLu, 412: ProblemeLu, 413: ProblemeLu}


def exiger(request: HttpRequest, portee: str) -> Porteur:
    lecteur: Porteur = request.auth  # type: ignore[attr-defined]
    if portee not in lecteur.jeton.codes_portees:
        raise Probleme(
            403, f"Ce jeton ne permet pas « {PORTEES[portee].libelle} » : créez-en un avec cette portée."
        )
    return lecteur


def sans_inconnus(request: HttpRequest, connus: set[str]) -> None:
    """A parameter that nobody reads is a mistake of who wrote it."""
    if inconnus := sorted(set(request.GET) - connus):
        dit = "Ce paramètre n’existe pas ici : retirez-le."
        raise Probleme(422, erreurs=[{"champ": nom[:80], "message": dit} for nom in inconnus])
    if doubles := sorted(nom for nom in request.GET if len(request.GET.getlist(nom)) > 1):
        dit = "Ce paramètre est donné deux fois."
        raise Probleme(422, erreurs=[{"champ": nom, "message": dit} for nom in doubles])


# --- errors ---------------------------------------------------------------------------------------------


@api.exception_handler(Probleme)
def _probleme(request: HttpRequest, erreur: Probleme) -> HttpResponse:
    return reponse(erreur)


@api.exception_handler(AuthenticationError)
def _sans_jeton(request: HttpRequest, erreur: AuthenticationError) -> HttpResponse:
    return reponse(Probleme(401))


@api.exception_handler(ValidationError)
def _forme(request: HttpRequest, erreur: ValidationError) -> HttpResponse:
    return reponse(Probleme(422, erreurs=erreurs_de_forme(erreur.errors)))


@api.exception_handler(HttpError)
def _http(request: HttpRequest, erreur: HttpError) -> HttpResponse:
    return reponse(Probleme(erreur.status_code))


@api.exception_handler(Http404)
def _introuvable(request: HttpRequest, erreur: Http404) -> HttpResponse:
    return reponse(Probleme(404))


@api.exception_handler(PermissionDenied)
def _non_permis(request: HttpRequest, erreur: PermissionDenied) -> HttpResponse:
    return reponse(Probleme(403, str(erreur)))


@api.exception_handler(RequestDataTooBig)
def _trop_gros(request: HttpRequest, erreur: RequestDataTooBig) -> HttpResponse:
    return reponse(Probleme(413))


@api.exception_handler(Exception)
def _interne(request: HttpRequest, erreur: Exception) -> HttpResponse:
    _journal.error("API : %s %s", request.method, request.path, exc_info=erreur)
    return reponse(Probleme(500))
