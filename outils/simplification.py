"""Lighter outlines whose common borders stay common: each border is simplified once.

Rings are cut where three borders meet, each piece is simplified (Douglas-Peucker) always in the same
direction, then the rings are put together again: two neighbours share the same points.
"""

from collections.abc import Iterable
from itertools import pairwise

Point = tuple[float, float]
Anneau = list[Point]
LARGEUR_DU_DEGRE = 0.69
"""A degree of longitude over a degree of latitude, at 46.5° north."""


class Simplification:
    """Built from all the rings of the map; `anneau` then gives each one, lighter ([] if it collapses)."""

    def __init__(self, anneaux: Iterable[Anneau], tolerance: float) -> None:
        self.carre = tolerance**2
        self.connus: dict[tuple[Point, ...], Anneau] = {}
        voisins: dict[Point, set[Point]] = {}
        for anneau in anneaux:
            for a, b in pairwise(anneau):
                voisins.setdefault(a, set()).add(b)
                voisins.setdefault(b, set()).add(a)
        self.noeuds = {point for point, autour in voisins.items() if len(autour) != 2}

    def anneau(self, anneau: Anneau) -> Anneau:
        ouvert = anneau[:-1]
        coupes = [rang for rang, point in enumerate(ouvert) if point in self.noeuds]
        if len(coupes) < 2:
            depart = coupes[0] if coupes else ouvert.index(min(ouvert))
            coupes = [depart, ouvert.index(max(ouvert, key=lambda p: _carre(p, ouvert[depart])))]
            if coupes[0] == coupes[1]:
                return []
            coupes.sort()
        tour = ouvert + ouvert[: coupes[0] + 1]
        bornes = [*coupes, len(ouvert) + coupes[0]]
        lisse: Anneau = []
        for debut, fin in pairwise(bornes):
            lisse += self._arc(tour[debut : fin + 1])[:-1]
        return [*lisse, lisse[0]] if len(lisse) >= 3 else []

    def _arc(self, arc: Anneau) -> Anneau:
        a_l_envers = arc[::-1] < arc
        cle = tuple(arc[::-1] if a_l_envers else arc)
        if cle not in self.connus:
            self.connus[cle] = self._douglas_peucker(cle)
        simple = self.connus[cle]
        return simple[::-1] if a_l_envers else simple

    def _douglas_peucker(self, points: tuple[Point, ...]) -> Anneau:
        gardes, piles = {0, len(points) - 1}, [(0, len(points) - 1)]
        while piles:
            debut, fin = piles.pop()
            ecarts = [(_ecart(points[i], points[debut], points[fin]), i) for i in range(debut + 1, fin)]
            ecart, rang = max(ecarts, default=(0.0, debut))
            if ecart > self.carre:
                gardes.add(rang)
                piles += [(debut, rang), (rang, fin)]
        return [points[i] for i in sorted(gardes)]


def surface(anneau: Anneau) -> float:
    """Area in square degrees (shoelace)."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(anneau))) / 2


def _carre(a: Point, b: Point) -> float:
    return float(((a[0] - b[0]) * LARGEUR_DU_DEGRE) ** 2 + (a[1] - b[1]) ** 2)


def _ecart(p: Point, a: Point, b: Point) -> float:
    """Squared distance from p to the segment ab."""
    longueur = _carre(a, b)
    if longueur == 0:
        return _carre(p, a)
    x, y = (b[0] - a[0]) * LARGEUR_DU_DEGRE, b[1] - a[1]
    t = ((p[0] - a[0]) * LARGEUR_DU_DEGRE * x + (p[1] - a[1]) * y) / longueur
    t = min(1.0, max(0.0, t))
    return _carre(p, (a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])))
