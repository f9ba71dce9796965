"""The map of the place of a project: the communes of its territory, its own, and its point."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.donnees_fiche import ImageDoc
from arpent.plateforme.territoires.models import Contour
from arpent.plateforme.territoires.perimetres import perimetre

from .models import Fiche

LARGEUR = 360.0
ECART_MINIMAL = 0.7
"""Pixels under which two points of an outline are one: keeps a booklet of sixty maps light."""
Point = tuple[float, float]
Anneau = list[Point]


@dataclass(frozen=True, slots=True)
class Fond:
    """The territory projected once: outlines by commune, in pixels."""

    nom: str
    traces: Mapping[str, str]
    origine: Point
    echelle: float
    cosinus: float
    hauteur: float

    def placer(self, longitude: float, latitude: float) -> Point | None:
        """Pixels of a point; None outside the map."""
        x = (longitude * self.cosinus - self.origine[0]) * self.echelle
        y = (self.origine[1] - latitude) * self.echelle
        return (x, y) if 0 <= x <= LARGEUR and 0 <= y <= self.hauteur else None


def _anneaux(geometrie: Mapping[str, Any]) -> Iterator[Anneau]:
    polygones = geometrie["coordinates"]
    for polygone in [polygones] if geometrie["type"] == "Polygon" else polygones:
        for anneau in polygone:
            yield [(float(p[0]), float(p[1])) for p in anneau]


def lire_fond(demarche: Demarche, le: date) -> Fond | None:
    """The map of the territory that day; None when no outline is known. Three queries."""
    communes = perimetre(demarche.territoire, le).communes
    contours = {
        c.commune_id: list(_anneaux(c.geometrie)) for c in Contour.objects.filter(commune__in=communes)
    }
    points = [p for anneaux in contours.values() for anneau in anneaux for p in anneau]
    if not points:
        return None
    ys = [y for _, y in points]
    cosinus = math.cos(math.radians((min(ys) + max(ys)) / 2))
    xs = [x * cosinus for x, _ in points]
    marge = max(max(xs) - min(xs), max(ys) - min(ys)) * 0.02 or 0.01
    origine, echelle = (min(xs) - marge, max(ys) + marge), LARGEUR / (max(xs) - min(xs) + 2 * marge)
    hauteur = (max(ys) - min(ys) + 2 * marge) * echelle
    fond = Fond(demarche.territoire.nom, {}, origine, echelle, cosinus, hauteur)
    traces = {code: "".join(_trace(a, fond) for a in anneaux) for code, anneaux in contours.items()}
    return Fond(fond.nom, traces, origine, echelle, cosinus, hauteur)


def _trace(anneau: Anneau, fond: Fond) -> str:
    gardes: Anneau = []
    for x, y in anneau:
        ici = ((x * fond.cosinus - fond.origine[0]) * fond.echelle, (fond.origine[1] - y) * fond.echelle)
        if not gardes or math.dist(ici, gardes[-1]) >= ECART_MINIMAL:
            gardes.append(ici)
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in gardes) + "z" if len(gardes) > 2 else ""


def carte(fond: Fond | None, fiche: Fiche) -> ImageDoc | None:
    """The place of a fiche whose commune is loaded; None when nothing can be shown. No query."""
    if fond is None:
        return None
    commune, point = fiche.commune, _point(fond, fiche)
    ici = fond.traces.get(commune.code, "") if commune else ""
    if not ici and point is None:
        return None
    autres = "".join(trace for code, trace in fond.traces.items() if commune is None or code != commune.code)
    dessin = f'<path d="{autres}" fill="#f3f1ea" stroke="#c9c3b2" stroke-width="0.8"/>'
    if ici:
        dessin += f'<path d="{ici}" fill="#8fb7a2" stroke="#17573c" stroke-width="1.4"/>'
    if point is not None:
        dessin += (
            f'<circle cx="{point[0]:.1f}" cy="{point[1]:.1f}" r="6" fill="#8a5a00" '
            'stroke="#ffffff" stroke-width="2"/>'
        )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LARGEUR:.0f}" height="{fond.hauteur:.0f}" '
        f'viewBox="0 0 {LARGEUR:.0f} {fond.hauteur:.0f}">{dessin}</svg>'
    )
    lieu = commune.nom if commune else "Le projet"
    precise = fiche.latitude is not None and point is not None
    pointe = " ; le point marque le projet" if precise else ""
    return ImageDoc(svg, f"{lieu}, territoire {fond.nom}{pointe}.", round(LARGEUR), round(fond.hauteur))


def _point(fond: Fond, fiche: Fiche) -> Point | None:
    """The point of the fiche, else the centre of its commune."""
    if fiche.latitude is not None and fiche.longitude is not None:
        return fond.placer(float(fiche.longitude), float(fiche.latitude))
    commune = fiche.commune
    if commune is None or commune.longitude is None or commune.latitude is None:
        return None
    return fond.placer(commune.longitude, commune.latitude)
