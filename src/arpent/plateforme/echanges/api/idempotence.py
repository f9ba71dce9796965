"""`Idempotency-Key`: the same sending twice has one effect and the same answer, for a week.

The row that claims the key is that of the forms (`socle.soumission`), written in the transaction of the
effect: a concurrent second sending waits for the first one. A refusal keeps nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from arpent.plateforme.socle.models import Soumission

from .lecteur import Porteur
from .problemes import Probleme

_FORME = re.compile(r"[\x21-\x7e]{8,100}")
_GARDES = ("ETag", "Location")


def une_fois(request: HttpRequest, lecteur: Porteur, faire: Callable[[], HttpResponse]) -> HttpResponse:
    """What `faire` answers, done once for the key of the request; without a key, done."""
    cle = request.headers.get("Idempotency-Key", "")
    if not cle:
        with transaction.atomic():
            return faire()
    if not _FORME.fullmatch(cle):
        raise Probleme(
            400, "L’en-tête Idempotency-Key prend 8 à 100 signes sans espace, un UUID par exemple."
        )
    qui = hashlib.sha256(f"api|{lecteur.jeton.pk}|{request.path}|{cle}".encode()).hexdigest()
    corps = hashlib.sha256(request.body).hexdigest()
    try:
        with transaction.atomic():
            if faite := Soumission.objects.filter(cle=qui).first():
                return _rejouer(faite, corps)
            ligne = Soumission.objects.create(cle=qui, reponse_url=request.path[:500])
            envoi = faire()
            ligne.page = json.dumps({
                "statut": envoi.status_code,
                "envoye": corps,
                "corps": envoi.content.decode(),
                "entetes": {n: envoi.headers[n] for n in _GARDES if n in envoi.headers},
            })  # fmt: skip
            ligne.save(update_fields=["page"])
            return envoi
    except IntegrityError:
        if faite := Soumission.objects.filter(cle=qui).first():
            return _rejouer(faite, corps)
        raise


def _rejouer(faite: Soumission, corps: str) -> HttpResponse:
    garde = json.loads(faite.page)
    if garde["envoye"] != corps:
        raise Probleme(422, "Cette clé Idempotency-Key a déjà servi pour un autre envoi : changez-la.")
    envoi = HttpResponse(garde["corps"], status=garde["statut"], content_type="application/json")
    for nom, valeur in garde["entetes"].items():
        envoi.headers[nom] = valeur
    envoi.headers["Idempotency-Replayed"] = "true"
    return envoi
