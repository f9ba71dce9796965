"""The OpenAPI 3.1 schema: what the library makes of the operations, put in French and made exact."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from .ecriture_json import ecrire
from .operations import RACINE, api
from .problemes import TITRES, TYPE

REUSSITES = {"200": "Lu.", "201": "Créé.", "304": "Rien n’a changé depuis cet ETag."}
_ENTETES = {
    "RateLimit-Limit": "Demandes admises par minute pour ce jeton.",
    "RateLimit-Remaining": "Demandes qui restent dans la minute.",
    "RateLimit-Reset": "Secondes avant la minute suivante.",
}


def _sans_nul(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter is sent or is not: it is never null."""
    choix = schema.pop("anyOf", None)
    if choix is None:
        return schema
    reel = next(x for x in choix if x != {"type": "null"})
    return {k: v for k, v in {**reel, **schema}.items() if k != "default" or v is not None}


def _operations(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for chemin in schema["paths"].values():
        yield from chemin.values()


def _entete(texte: str, genre: str = "string") -> dict[str, Any]:
    return {"description": texte, "schema": {"type": genre}}


def _reponses(reponses: dict[str, Any]) -> None:
    for statut, reponse in reponses.items():
        entetes = reponse.setdefault("headers", {})
        if statut in REUSSITES:
            reponse["description"] = REUSSITES[statut]
            entetes["ETag"] = _entete("La marque de cette version.")
        else:
            titre, conseil = TITRES[int(statut)]
            reponse["description"] = f"{titre}. {conseil}"
            reponse["content"] = {TYPE: reponse["content"]["application/json"]}
        if statut == "429":
            entetes["Retry-After"] = _entete("Secondes à attendre.", "integer")
        if statut not in {"401", "413"}:
            entetes.update({nom: _entete(dit, "integer") for nom, dit in _ENTETES.items()})


@cache
def schema() -> dict[str, Any]:
    lu: dict[str, Any] = json.loads(ecrire(api.get_openapi_schema(path_prefix=f"{RACINE}/")))
    lu["info"] = {
        "title": "Arpent, interface de programmation",
        "version": api.version,
        "description": api.description,
        "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
    }
    for operation in _operations(lu):
        for parametre in operation.get("parameters", []):
            parametre["schema"] = _sans_nul(parametre["schema"])
        _reponses(operation["responses"])
        operation["security"] = [{"jeton": []}]
    composants = lu["components"]
    composants["securitySchemes"] = {
        "jeton": {
            "type": "http",
            "scheme": "bearer",
            "description": "Un jeton créé depuis « Mon compte », page « Jetons d’accès ».",
        }
    }
    return lu


@cache
def texte() -> bytes:
    """The schema as it is served."""
    return ecrire(schema())
