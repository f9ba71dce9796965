"""What touches security, one JSON line each on the logger `arpent.securite`.

Never a password, a code, a link, nor an address typed at a login page: those are named by their keyed hash.
The list for the operator: docs/homologation.md, « Traces ».
"""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest

LONGUEUR = 200
_JETON = re.compile(r"(?<=/)(?=[^/]*[0-9A-Z:=])[^/]{20,}")
_journal = logging.getLogger("arpent.securite")
EVENEMENTS = {
    "essai": "mot de passe, code, clé ou lien présenté ; sans « essai_reussi » ensuite, c’est un échec",
    "essai_reussi": "ce qui a été présenté était juste",
    "essais_epuises": "trop d’essais : refusé sans vérifier",
    "session_ouverte": "connexion, avec son moyen",
    "session_fermee": "déconnexion",
    "acces_refuse": "le droit manque (403)",
    "introuvable": "une personne connectée demande ce qui n’existe pas pour elle (404)",
    "formulaire_refuse": "jeton de formulaire absent ou d’une autre session (403)",
    "demande_illisible": "demande que rien d’honnête ne produit : caractère nul, type faux (400)",
    "fichier_infecte": "l’antivirus a reconnu un fichier",
    "antivirus_absent": "l’antivirus demandé ne répond pas : le fichier est refusé",
}
"""Event → what it says."""


def adresse_de(request: HttpRequest) -> str:
    """The address of the client. Behind the TLS proxy, the one that the proxy itself saw (last).

    Without this everybody shares the proxy's address, and anybody can lock out anybody.
    """
    if settings.ARPENT_HTTPS and (suite := request.META.get("HTTP_X_FORWARDED_FOR", "")):
        return str(suite).rpartition(",")[2].strip()[:45]
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


def chemin_sans_jeton(request: HttpRequest) -> str:
    """The path, the secret of a link put out (a segment that is long and not made of plain words)."""
    return _JETON.sub("…", request.path)[:LONGUEUR]


def noter(evenement: str, request: HttpRequest | None = None, **details: str | int) -> None:
    """Writes the event with the hour (UTC) and, of the request, address, method, path and number of account.

    JSON escapes control characters: no value can forge a second line. KeyError: an event that is not listed.
    """
    assert EVENEMENTS[evenement]
    dit: dict[str, str | int] = {
        "le": datetime.now(UTC).isoformat(timespec="milliseconds"), "evenement": evenement
    }  # fmt: skip
    if request is not None:
        dit |= {
            "adresse": adresse_de(request), "methode": str(request.method or "")[:10],
            "chemin": chemin_sans_jeton(request),
        }  # fmt: skip
        if (agent := getattr(request, "user", None)) is not None and agent.is_authenticated:
            dit["agent"] = agent.pk
    dit |= {cle: valeur[:LONGUEUR] if isinstance(valeur, str) else valeur for cle, valeur in details.items()}
    _journal.info(json.dumps(dit, ensure_ascii=True))
