"""The documentation page, read in the OpenAPI schema: nothing is written twice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.text import slugify

from .operations import RACINE
from .problemes import TITRES
from .schema import schema

_OU = {"query": "adresse", "path": "chemin", "header": "en-tête"}
_GENRES = {
    "integer": "entier", "number": "nombre", "string": "texte", "boolean": "vrai ou faux", "array": "liste",
    "object": "objet",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parametre:
    nom: str
    ou: str
    forme: str
    sens: str


@dataclass(frozen=True, slots=True)
class Operation:
    ancre: str
    methode: str
    chemin: str
    resume: str
    description: str
    parametres: tuple[Parametre, ...]
    envoi: str
    commande: str
    statut: str
    reponse: str
    refus: str

    @property
    def legende_parametres(self) -> str:
        return f"Paramètres de {self.methode} {self.chemin}"


@dataclass(slots=True)
class Rubrique:
    titre: str
    operations: list[Operation] = field(default_factory=list)

    @property
    def ancre(self) -> str:
        return slugify(self.titre)


def _resoudre(forme: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" in forme:
        lue: Mapping[str, Any] = schema()["components"]["schemas"][forme["$ref"].rpartition("/")[2]]
        return lue
    return forme


def exemple(forme: Mapping[str, Any], nom: str = "") -> Any:
    """A value of that form, plausible enough to be read."""
    forme = _resoudre(forme)
    if forme.get("examples"):
        return forme["examples"][0]
    if "anyOf" in forme:
        return exemple(forme["anyOf"][0], nom)
    if "enum" in forme:
        return forme["enum"][0]
    if "const" in forme:
        return forme["const"]
    match forme.get("type"):
        case "object":
            return {cle: exemple(f, cle) for cle, f in forme.get("properties", {}).items()}
        case "array":
            return [exemple(forme.get("items", {}), nom)]
        case "integer":
            return _ENTIERS.get(nom, 12)
        case "number":
            return 3.5
        case "boolean":
            return False
        case _:
            return _texte(forme.get("format", ""), nom)


_ENTIERS = {"annee": 2026, "status": 422, "population": 1_450, "duree_annees": 3, "numero": 4, "priorite": 1}
_TEXTES = {
    "code": "gevaudan", "nom": "Marvejols", "siren": "214800922", "departement": "48", "region": "76",
    "commune": "48092", "territoire": "gevaudan", "etat": "retenue", "titre": "Toiture de l’école",
    "generation": "2022-2025", "objet_id": "12", "suivant": "12", "heure": "14:30",
}  # fmt: skip


def _texte(format: str, nom: str) -> str:
    if format == "date":
        return "2026-06-30"
    return "2026-06-30T14:05:00+02:00" if format == "date-time" else _TEXTES.get(nom, "…")


def _forme(forme: Mapping[str, Any]) -> str:
    mots = [_GENRES.get(str(forme.get("type")), "texte")]
    if forme.get("format") == "date":
        mots = ["date AAAA-MM-JJ"]
    if "minimum" in forme and "maximum" in forme and forme["maximum"] < 10**6:
        mots.append(f"de {forme['minimum']} à {forme['maximum']}")
    if "default" in forme:
        mots.append(f"{forme['default']} par défaut")
    return ", ".join(mots)


_SENS = {
    "cle": "Ce qui désigne l’objet : son numéro, son code INSEE ou son SIREN.",
    "If-None-Match": "L’ETag déjà lu : 304 si rien n’a changé.",
    "If-Match": "L’ETag de ce qui a été lu : 412 si l’objet a changé.",
    "curseur": "La valeur « suivant » de la page d’avant.",
}


def _parametre(lu: Mapping[str, Any]) -> Parametre:
    nom = str(lu["name"])
    sens = str(lu.get("description") or _SENS.get(nom, ""))
    obligatoire = " (obligatoire)" if lu.get("required") else ""
    return Parametre(nom, _OU[lu["in"]] + obligatoire, _forme(lu["schema"]), sens)


def _json(valeur: Any) -> str:
    return json.dumps(valeur, ensure_ascii=False, indent=2)


def _corps(contenu: Mapping[str, Any]) -> str:
    return _json(exemple(contenu["content"]["application/json"]["schema"]))


def _operation(chemin: str, methode: str, lue: Mapping[str, Any]) -> Operation:
    statut = next(s for s in lue["responses"] if s in {"200", "201"})
    envoi = _corps(lue["requestBody"]) if "requestBody" in lue else ""
    adresse = settings.ARPENT_URL + chemin.replace("{cle}", "12")
    commande = ['curl -H "Authorization: Bearer arp_…"']
    if envoi:
        commande.append(f'-X {methode.upper()} -H "Content-Type: application/json" -d @envoi.json')
    commande.append(adresse)
    refus = [f"{s} ({TITRES[int(s)][0].lower()})" for s in lue["responses"] if int(s) >= 400]
    return Operation(
        lue["operationId"].replace("_", "-"),
        methode.upper(),
        chemin.removeprefix(RACINE),
        lue["summary"],
        lue["description"],
        tuple(map(_parametre, lue.get("parameters", []))),
        envoi,
        " \\\n  ".join(commande),
        statut,
        _corps(lue["responses"][statut]),
        ", ".join(refus),
    )


@cache
def rubriques() -> tuple[Rubrique, ...]:
    """The operations by topic, in the order of the schema."""
    lues: dict[str, Rubrique] = {}
    for chemin, methodes in schema()["paths"].items():
        for methode, operation in methodes.items():
            titre = operation["tags"][0]
            lues.setdefault(titre, Rubrique(titre)).operations.append(_operation(chemin, methode, operation))
    return tuple(lues.values())
