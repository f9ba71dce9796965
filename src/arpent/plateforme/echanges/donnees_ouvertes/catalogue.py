"""The DCAT catalogue (JSON-LD) by which the portals find the data sets, and the dictionary as CSV."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

from .jeux import JEUX, LICENCE, Jeu

_CONTEXTE = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_SCHEMAS = "https://schema.data.gouv.fr/scdl"


def _jeu(jeu: Jeu, racine: str, editeur: str, le: date) -> dict[str, Any]:
    decrit: dict[str, Any] = {
        "@id": f"{racine}#{jeu.code}",
        "@type": "dcat:Dataset",
        "dct:title": {"@language": "fr", "@value": jeu.titre},
        "dct:description": {"@language": "fr", "@value": jeu.resume},
        "dct:identifier": jeu.code,
        "dct:language": "fr",
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": editeur},
        "dct:modified": {"@type": "xsd:date", "@value": le.isoformat()},
        "dct:accrualPeriodicity": {"@id": "http://publications.europa.eu/resource/authority/frequency/CONT"},
        "dcat:keyword": ["contrat territorial", "subvention", "collectivités"],
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dct:title": fichier.nom,
                "dcat:accessURL": {"@id": racine},
                "dcat:downloadURL": {"@id": f"{racine}{fichier.nom}"},
                "dcat:mediaType": fichier.mime,
                "dct:license": {"@id": LICENCE},
            }
            for fichier in jeu.fichiers
        ],
    }
    if jeu.schema:
        nom, _, version = jeu.schema.removesuffix(".json").rpartition("-")
        decrit["dct:conformsTo"] = {"@id": f"{_SCHEMAS}/{nom}/{version}/"}
    return decrit


def catalogue(racine: str, editeur: str, le: date) -> dict[str, Any]:
    """`racine`: the address of the page, with its last slash."""
    return {
        "@context": _CONTEXTE,
        "@id": f"{racine}catalogue.jsonld",
        "@type": "dcat:Catalog",
        "dct:title": {"@language": "fr", "@value": f"Contrats territoriaux : données de {editeur}"},
        "dct:language": "fr",
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": editeur},
        "dct:license": {"@id": LICENCE},
        "dcat:dataset": [_jeu(jeu, racine, editeur, le) for jeu in JEUX],
    }


def dictionnaire_csv() -> bytes:
    """Every column of the files that follow no official schema."""
    sortie = io.StringIO()
    ecrit = csv.writer(sortie, lineterminator="\r\n")
    ecrit.writerow(("jeu", "colonne", "type", "definition"))
    ecrit.writerows((jeu.code, c.nom, c.genre, c.sens) for jeu in JEUX for c in jeu.colonnes)
    return sortie.getvalue().encode()
