"""Answers: bounded pages with a cursor, an entity tag on everything, the rate on everything."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from .ecriture_json import ecrire
from .problemes import Probleme

PAR_PAGE, PAGE_MAX = 50, 200
TYPE = "application/json"


def etiquette(corps: bytes) -> str:
    """The strong entity tag of a body."""
    return f'"{hashlib.sha256(corps).hexdigest()[:32]}"'


def _cite(demandees: str, etiquette: str) -> bool:
    """Whether a header of tags names that one; a proxy may have made it weak."""
    lues = (x.strip().removeprefix("W/") for x in demandees.split(","))
    return any(x in {"*", etiquette} for x in lues)


def repondre(
    request: HttpRequest, donnees: Any, *, statut: int = 200, entetes: Mapping[str, str] | None = None
) -> HttpResponse:
    """The body (data, or JSON already written) with its tag; 304 when the reader has it already."""
    corps = donnees if isinstance(donnees, bytes) else ecrire(donnees)
    marque = etiquette(corps)
    deja = request.headers.get("If-None-Match", "")
    if statut == 200 and request.method == "GET" and deja and _cite(deja, marque):
        envoi = HttpResponse(status=304)
    else:
        envoi = HttpResponse(corps, status=statut, content_type=TYPE)
    envoi.headers["ETag"] = marque
    envoi.headers["Cache-Control"] = "private, no-cache"
    for nom, valeur in (entetes or {}).items():
        envoi.headers[nom] = valeur
    return envoi


def exiger_version(request: HttpRequest, donnees: Any) -> None:
    """412 unless `If-Match` names what is stored; 400 when it is not sent."""
    demande = request.headers.get("If-Match", "")
    if not demande:
        raise Probleme(
            400, "L’en-tête If-Match manque : envoyez l’ETag de la fiche lue, pour ne rien écraser."
        )
    if not _cite(demande, etiquette(ecrire(donnees))):
        raise Probleme(412)


def feuille(lignes: QuerySet[Any], curseur: str | None, limite: int) -> tuple[list[Any], str | None]:
    """The lines after the cursor, by key, and the cursor of the next page (None: no more). One query."""
    cle = lignes.model._meta.pk.name
    if curseur is not None:
        lignes = lignes.filter(pk__gt=curseur)
    lues = list(lignes.order_by(cle)[: limite + 1])
    suivant = str(lues[limite - 1].pk) if len(lues) > limite else None
    return lues[:limite], suivant
