"""Choropleth drawn from GeoJSON geometries (longitude, latitude in degrees), without any tile."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .base import Ecrire, Figure, Nombre, couper, ecrire_nombre, fini, identifiant, pos, texte

LARGEUR = 720.0
CLASSES = 5
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Lieu:
    """A place. `geometrie` is a GeoJSON Polygon or MultiPolygon; a `voisin` is grey, out of the classes."""

    code: str
    nom: str
    geometrie: Mapping[str, Any]
    valeur: Nombre | None = None
    voisin: bool = False
    choisi: bool = False


def _anneaux(geometrie: Mapping[str, Any]) -> Iterator[list[Point]]:
    """Rings of a Polygon or MultiPolygon."""
    genre, coordonnees = geometrie["type"], geometrie["coordinates"]
    if genre not in ("Polygon", "MultiPolygon"):
        raise ValueError(f"Géométrie « {genre} » : un polygone est attendu pour une carte.")
    for polygone in [coordonnees] if genre == "Polygon" else coordonnees:
        for anneau in polygone:
            yield [(float(p[0]), float(p[1])) for p in anneau]


def seuils(valeurs: Sequence[float], classes: int = CLASSES) -> list[float]:
    """Upper bounds of classes of about as many places each (quantiles); fewer when values repeat."""
    triees = sorted(valeurs)
    bornes = (
        [triees[math.ceil(len(triees) * k / classes) - 1] for k in range(1, classes + 1)] if triees else []
    )
    return sorted(set(bornes))


def _classe(valeur: float, bornes: Sequence[float]) -> int:
    """Shade 0 to 4, spread over the ramp when there are fewer than five classes."""
    rang = next((i for i, borne in enumerate(bornes) if valeur <= borne), len(bornes) - 1)
    return round(rang * (CLASSES - 1) / max(len(bornes) - 1, 1)) if len(bornes) > 1 else 2


def _trace(geometrie: Mapping[str, Any], echelle: float, origine: Point, cosinus: float) -> str:
    """Path of a geometry in the frame (plate carrée straightened at the mean latitude)."""
    morceaux = []
    for anneau in _anneaux(geometrie):
        points = [((x * cosinus - origine[0]) * echelle, (origine[1] - y) * echelle) for x, y in anneau]
        morceaux.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "z")
    return "".join(morceaux)


def choroplethe(
    titre: str,
    lieux: Sequence[Lieu],
    *,
    ecrire: Ecrire = ecrire_nombre,
    libelle_valeur: str = "Valeur",
    libelle_nom: str = "Commune",
    contours: Sequence[Mapping[str, Any]] = (),
    voisins_teintes: bool = False,
) -> Figure:
    """Map in five shades by quantiles, framed on the members; no value is dashed, neighbours are grey.

    `voisins_teintes`: a neighbour with a value takes its shade, pale; it never moves the classes.
    """
    cadre = [p for lieu in lieux if not lieu.voisin for a in _anneaux(lieu.geometrie) for p in a]
    if not cadre:
        raise ValueError("Aucun lieu à dessiner : la carte demande au moins un contour.")
    cosinus = math.cos(math.radians(sum(y for _, y in cadre) / len(cadre)))
    x0, x1 = min(x for x, _ in cadre) * cosinus, max(x for x, _ in cadre) * cosinus
    y0, y1 = min(y for _, y in cadre), max(y for _, y in cadre)
    marge = max(x1 - x0, y1 - y0) * 0.03 or 0.01
    origine, echelle = (x0 - marge, y1 + marge), LARGEUR / (x1 - x0 + 2 * marge)
    hauteur = (y1 - y0 + 2 * marge) * echelle
    valeurs = [fini(lieu.valeur) for lieu in lieux if lieu.valeur is not None and not lieu.voisin]
    bornes = seuils(valeurs)
    dessin = ""
    for lieu in sorted(lieux, key=lambda c: (not c.voisin, c.choisi)):
        trace = _trace(lieu.geometrie, echelle, origine, cosinus)
        dessin += _dessiner_lieu(lieu, bornes, ecrire, trace, voisins_teintes)
    for contour in contours:
        dessin += f'<path class="contour" d="{_trace(contour, echelle, origine, cosinus)}"/>'
    membres = [lieu for lieu in lieux if not lieu.voisin]
    description = (
        f"Carte de {len(membres)} lieux en {len(bornes)} classes de même effectif, "
        f"{libelle_valeur.lower()} de {ecrire(min(valeurs))} à {ecrire(max(valeurs))}."
        if valeurs
        else f"Carte de {len(membres)} lieux, sans valeur publiée."
    )
    lignes = tuple((m.nom, "–" if m.valeur is None else ecrire(m.valeur)) for m in membres)
    svg = _cadre(
        titre, description, hauteur, dessin, _legende(valeurs, bornes, ecrire, len(valeurs) < len(membres))
    )
    return Figure(titre, description, svg, (libelle_nom, libelle_valeur), lignes)


def _dessiner_lieu(
    lieu: Lieu, bornes: Sequence[float], ecrire: Ecrire, trace: str, voisins_teintes: bool = False
) -> str:
    """One place with its name and value as a tooltip."""
    if lieu.voisin:
        teinte, valeur = "", ""
        if voisins_teintes and lieu.valeur is not None and bornes:
            teinte = f" pale r{_classe(fini(lieu.valeur), bornes)}"
            valeur = f" : {ecrire(lieu.valeur)}"
        nom = f"{texte(couper(lieu.nom, 60))}{texte(valeur)} (hors périmètre)"
        return f'<path class="lieu voisin{teinte}" d="{trace}"><title>{nom}</title></path>'
    if lieu.valeur is None:
        classe, valeur = "sans", "non publié"
    else:
        classe, valeur = f"r{_classe(fini(lieu.valeur), bornes)}", ecrire(lieu.valeur)
    choisi = " choisi" if lieu.choisi else ""
    titre = f"<title>{texte(couper(lieu.nom, 60))} : {texte(valeur)}</title>"
    return f'<path class="lieu {classe}{choisi}" d="{trace}">{titre}</path>'


def _legende(valeurs: Sequence[float], bornes: Sequence[float], ecrire: Ecrire, manquants: bool) -> str:
    """Five lines at most: shade and range, in a column that keeps its size whatever the width."""
    lignes, bas = [], min(valeurs, default=0.0)
    for borne in bornes:
        libelle = ecrire(borne) if bas == borne else f"{ecrire(bas)} à {ecrire(borne)}"
        lignes.append((f"r{_classe(borne, bornes)}", libelle))
        bas = borne
    if manquants:
        lignes.append(("sans", "non publié"))
    return "".join(
        f'<svg x="{(0, 34, 68)[i % 3]}%" y="{(i // 3) * 24}" width="32%" height="22">'
        f'<rect class="lieu {classe}" x="1" y="1" width="18" height="14"/>'
        f'<text x="26" y="13">{texte(libelle)}</text></svg>'
        for i, (classe, libelle) in enumerate(lignes)
    )


def _cadre(titre: str, description: str, hauteur: float, dessin: str, legende: str) -> str:
    """The legend (fixed size) over the map (scaled): two drawings in one image."""
    ident = identifiant(titre, description, len(dessin))
    haut = 24 * (1 + legende.count("<svg") // 4) + 8 if legende else 0
    return (
        f'<svg width="100%" height="{pos(min(hauteur, 480) + haut)}" class="graphique" role="img" '
        f'aria-labelledby="{ident}t {ident}d"><title id="{ident}t">{texte(titre)}</title>'
        f'<desc id="{ident}d">{texte(description)}</desc>{legende}'
        f'<svg y="{haut}" width="100%" height="{pos(min(hauteur, 480))}" '
        f'viewBox="0 0 {pos(LARGEUR)} {pos(hauteur)}">{dessin}</svg></svg>'
    )
