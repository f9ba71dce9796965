"""IGN / Etalab, contours of communes or EPCI in GeoJSON (WGS84): `communes-2026.geojson`, gzip or zip too.

Bounded in size and depth; each geometry is checked: polygons whose rings are closed, of at least four points,
inside the bounds of France. A feature that fails is rejected with its code, the others are kept.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from typing import Any

import polars as pl

from .base import LICENCE_OUVERTE, FichierRefuse, Lot, Progression, Rapport, Reconnaissance
from .source import Source
from .tables import CODE_COMMUNE, annee_exigee

TAILLE_MAX = 400 * 1024**2
PROFONDEUR_MAX = 12
POINTS_MAX = 200_000
"""Points of one geometry."""
CODES = (
    "code",
    "INSEE_COM",
    "insee_com",
    "codgeo",
    "CODGEO",
    "code_insee",
    "insee",
    "siren",
    "SIREN",
    "code_siren",
)
NOMS = ("nom", "NOM", "NOM_COM", "libelle", "libgeo", "LIBGEO", "nom_officiel")


class ChargeurContours:
    jeu = "contours"
    titre = "Contours des communes et des EPCI"
    producteur = "IGN"
    licence = LICENCE_OUVERTE
    adresse = "https://www.data.gouv.fr/datasets/contours-administratifs"
    fichiers = ("communes-2026.geojson", "epci-2026.geojson.gz")
    version = 1

    def reconnaitre(self, source: Source) -> Reconnaissance | None:
        if source.genre in ("xlsx", "ods"):
            return None
        for membre in source.membres:
            debut = source.tete(membre)[:2_000].lstrip(b"\xef\xbb\xbf \r\n\t")
            if debut.startswith(b"{") and b'"FeatureCollection"' in debut:
                annee = annee_exigee(source, membre, "communes-2026.geojson")
                return Reconnaissance(str(annee), annee, membre)
        return None

    def lire(
        self, source: Source, quoi: Reconnaissance, rapport: Rapport, progression: Progression
    ) -> Sequence[Lot]:
        progression("lecture", 0, 0)
        entites = _entites(source.octets(quoi.membre, TAILLE_MAX), source.nom)
        trouves: dict[str, dict[str, tuple[str, str | None, str]]] = {"communes": {}, "epci": {}}
        for rang, entite in enumerate(entites, start=1):
            if rang % 2_000 == 0:
                progression("contrôle des contours", rang, len(entites))
            rapport.lues += 1
            proprietes = entite.get("properties") if isinstance(entite, dict) else None
            code = _premier(proprietes, CODES) or ""
            niveau = "communes" if CODE_COMMUNE.match(code) else "epci" if re.match(r"^\d{9}$", code) else ""
            cause = (
                "entité sans code de commune ni SIREN" if not niveau
                else "contour en double" if code in trouves[niveau]
                else _defaut(entite.get("geometry"))
            )  # fmt: skip
            if cause:
                rapport.rejeter(cause, None, code)
                continue
            geometrie = json.dumps(entite["geometry"], separators=(",", ":"))
            trouves[niveau][code] = (code, _premier(proprietes, NOMS), geometrie)
            rapport.gardees += 1
        lots = [
            Lot(f"contours_{niveau}", pl.DataFrame(
                sorted(contours.values()), orient="row",
                schema={"code": pl.String, "nom": pl.String, "geometrie": pl.String},
            ))
            for niveau, contours in trouves.items()
            if contours
        ]  # fmt: skip
        if not lots:
            raise FichierRefuse(
                f"{source.nom} : aucun contour lisible ({'; '.join(rapport.rejets) or 'vide'})."
            )
        return lots


def _entites(octets: bytes, nom: str) -> list[Any]:
    if _profondeur(octets) > PROFONDEUR_MAX:
        raise FichierRefuse(f"{nom} : le GeoJSON est trop imbriqué, ce n’est pas un fichier officiel.")
    try:
        document = json.loads(octets.decode("utf-8-sig"))
    except (ValueError, RecursionError) as erreur:
        raise FichierRefuse(
            f"{nom} : le GeoJSON est mal formé ou coupé, téléchargez-le à nouveau."
        ) from erreur
    entites = document.get("features") if isinstance(document, dict) else None
    if not isinstance(entites, list):
        raise FichierRefuse(f"{nom} : le GeoJSON n’a pas d’entités (« features »).")
    return entites


def _profondeur(octets: bytes) -> int:
    """The deepest nesting of brackets outside strings."""
    sans_textes = re.sub(rb'"(?:[^"\\]|\\.)*"', b"", octets)
    profondeur = maximum = 0
    for crochet in re.finditer(rb"[\[{]+|[\]}]+", sans_textes):
        signe = crochet[0]
        profondeur += len(signe) if signe[:1] in b"[{" else -len(signe)
        if profondeur > maximum:
            maximum = profondeur
            if maximum > PROFONDEUR_MAX:
                break
    return maximum


def _premier(proprietes: Any, noms: Sequence[str]) -> str | None:
    if not isinstance(proprietes, dict):
        return None
    return next((str(proprietes[n]) for n in noms if proprietes.get(n) not in (None, "")), None)


def _defaut(geometrie: Any) -> str | None:
    """What is wrong with a geometry; None when it can be drawn."""
    if not isinstance(geometrie, dict) or geometrie.get("type") not in ("Polygon", "MultiPolygon"):
        return "géométrie qui n’est pas un polygone"
    coordonnees = geometrie.get("coordinates")
    polygones = [coordonnees] if geometrie["type"] == "Polygon" else coordonnees
    if not isinstance(polygones, list) or not polygones:
        return "géométrie vide"
    points = 0
    for polygone in polygones:
        if not isinstance(polygone, list) or not polygone:
            return "géométrie vide"
        for anneau in polygone:
            if not isinstance(anneau, list) or len(anneau) < 4 or anneau[0] != anneau[-1]:
                return "anneau ouvert ou trop court"
            points += len(anneau)
            if points > POINTS_MAX:
                return "géométrie de trop de points"
            if not all(map(_est_un_point, anneau)):
                return "point illisible ou hors de la Terre (attendu : longitude, latitude)"
    return None


def _est_un_point(point: Any) -> bool:
    if not isinstance(point, list) or not 2 <= len(point) <= 3:
        return False
    x, y = point[0], point[1]
    if (
        isinstance(x, bool)
        or isinstance(y, bool)
        or not isinstance(x, int | float)
        or not isinstance(y, int | float)
    ):
        return False
    return math.isfinite(x) and math.isfinite(y) and -180 <= x <= 180 and -90 <= y <= 90


CHARGEUR = ChargeurContours()
