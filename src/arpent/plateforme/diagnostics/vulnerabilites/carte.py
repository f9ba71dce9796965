"""Map of the classes: a shade for each class, from the least to the most vulnerable, without any tile."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from arpent.extraits import lecture as extraits
from arpent.metier.vulnerabilite import Echelle, Modele, Notes
from arpent.plateforme.socle.graphiques.base import Figure, couper, hachure, identifiant, pos, texte
from arpent.plateforme.territoires.models import Contour

LARGEUR = 720.0
HAUTEUR_MAX = 460.0
TEINTES = 4
LIEUX_MAX = 600
"""Above this number of communes a map in the page is too heavy: the list says the same."""
COLONNES_LEGENDE = 2

Anneau = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Lieu:
    """A place and the rank of its class; None: not classed."""

    nom: str
    anneaux: tuple[Anneau, ...]
    rang: int | None
    choisi: bool


@cache
def _contours_des_epci() -> Mapping[str, tuple[Anneau, ...]]:
    if not extraits.existe("france/contours_epci"):
        return {}
    return {
        str(entite["properties"]["code"]): tuple(_anneaux(entite["geometry"]))
        for entite in extraits.entites("france/contours_epci")
    }


def _anneaux(geometrie: Mapping[str, Any]) -> Iterator[Anneau]:
    coordonnees = geometrie["coordinates"]
    for polygone in [coordonnees] if geometrie["type"] == "Polygon" else coordonnees:
        for anneau in polygone:
            yield np.array([p[:2] for p in anneau], dtype=float)


def contours(modele: Modele, codes: Sequence[str]) -> Mapping[str, tuple[Anneau, ...]]:
    """Outlines of the places that have one; one query for communes, none when they are too many."""
    if modele.echelle is Echelle.EPCI:
        tous = _contours_des_epci()
        return {c: tous[c] for c in codes if c in tous}
    if len(codes) > LIEUX_MAX:
        return {}
    lues = Contour.objects.filter(pk__in=codes).values_list("commune_id", "geometrie")
    return {code: tuple(_anneaux(geometrie)) for code, geometrie in lues}


def carte_des_classes(
    notes: Notes, compares: Sequence[str], noms: Mapping[str, str], ici: Mapping[str, float], titre: str
) -> Figure | None:
    """The compared places and those of the territory, edged. None without outlines."""
    codes = list(dict.fromkeys([*compares, *ici]))
    traces = contours(notes.modele, codes)
    classes = notes.modele.classes
    rangs = {n.territoire: classes.index(n.classe) for n in notes.notes if n.classe is not None}
    lieux = [Lieu(noms.get(c, c), traces[c], rangs.get(c), c in ici) for c in codes if c in traces]
    return dessiner(titre, lieux, [c.libelle for c in classes]) if lieux else None


def dessiner(titre: str, lieux: Sequence[Lieu], classes: Sequence[str]) -> Figure:
    """The figure; its table is the list of the places and their classes."""
    points = np.vstack([a for lieu in lieux for a in lieu.anneaux])
    cosinus = math.cos(math.radians(float(points[:, 1].mean())))
    x0, x1 = float(points[:, 0].min()) * cosinus, float(points[:, 0].max()) * cosinus
    y0, y1 = float(points[:, 1].min()), float(points[:, 1].max())
    marge = max(x1 - x0, y1 - y0) * 0.02 or 0.01
    echelle = LARGEUR / (x1 - x0 + 2 * marge)
    hauteur = (y1 - y0 + 2 * marge) * echelle
    base = np.array([x0 - marge, y1 + marge])
    motif = identifiant(titre, len(lieux))
    dessin = hachure(motif)
    for lieu in sorted(lieux, key=lambda c: c.choisi):
        dessin += _lieu(lieu, classes, motif, base, echelle, cosinus)
    nombres = [sum(lieu.rang == r for lieu in lieux) for r in range(len(classes))]
    description = "Carte : " + ", ".join(
        f"{libelle} {nombre}" for libelle, nombre in zip(classes, nombres, strict=True)
    )
    lignes = tuple(
        (lieu.nom, classes[lieu.rang] if lieu.rang is not None else "non classé") for lieu in lieux
    )
    svg = _assembler(titre, description, dessin, _legende(classes, lieux, motif), hauteur)
    return Figure(titre, description, svg, ("Lieu", "Classe"), lignes)


def _teinte(rang: int, classes: int) -> str:
    """Shade of the ramp, from the lightest to the darkest."""
    return f"r{round(rang * TEINTES / max(classes - 1, 1))}"


def _lieu(
    lieu: Lieu, classes: Sequence[str], motif: str, base: Anneau, echelle: float, cosinus: float
) -> str:
    trace = ""
    for anneau in lieu.anneaux:
        x = (anneau[:, 0] * cosinus - base[0]) * echelle
        y = (base[1] - anneau[:, 1]) * echelle
        trace += "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in zip(x, y, strict=True)) + "z"
    libelle = "non classé" if lieu.rang is None else classes[lieu.rang]
    teinte = "sans" if lieu.rang is None else _teinte(lieu.rang, len(classes))
    choisi = " choisi" if lieu.choisi else ""
    dit = f"<title>{texte(couper(lieu.nom, 60))} : {texte(libelle)}</title>"
    dessin = f'<path class="lieu {teinte}{choisi}" d="{trace}">{dit}</path>'
    if lieu.rang == len(classes) - 1:
        # The most vulnerable class is hatched too: colour never speaks alone.
        dessin += f'<path d="{trace}" fill="url(#{motif})" pointer-events="none"/>'
    return dessin


def _legende(classes: Sequence[str], lieux: Sequence[Lieu], motif: str) -> list[str]:
    lignes = []
    for rang, libelle in enumerate(classes):
        carre = f'<rect class="lieu {_teinte(rang, len(classes))}" x="1" y="1" width="18" height="14"/>'
        if rang == len(classes) - 1:
            carre += f'<rect x="1" y="1" width="18" height="14" fill="url(#{motif})"/>'
        lignes.append(carre + f'<text x="26" y="13">{texte(couper(libelle, 26))}</text>')
    if any(lieu.choisi for lieu in lieux):
        carre = '<rect class="lieu choisi" x="2" y="2" width="16" height="12" fill="none"/>'
        lignes.append(f'{carre}<text x="26" y="13">ce territoire</text>')
    if any(lieu.rang is None for lieu in lieux):
        carre = '<rect class="lieu sans" x="1" y="1" width="18" height="14"/>'
        lignes.append(f'{carre}<text x="26" y="13">non classé</text>')
    return lignes


def _assembler(titre: str, description: str, dessin: str, legende: Sequence[str], hauteur: float) -> str:
    """The legend keeps its size whatever the width; the map is scaled under it."""
    ident = identifiant(titre, description, len(dessin))
    pieces = "".join(
        f'<svg x="{(i % COLONNES_LEGENDE) * 50}%" y="{(i // COLONNES_LEGENDE) * 24}" width="48%" height="22">'
        f"{ligne}</svg>"
        for i, ligne in enumerate(legende)
    )
    haut = 24 * math.ceil(len(legende) / COLONNES_LEGENDE) + 8
    total = min(hauteur, HAUTEUR_MAX)
    return (
        f'<svg width="100%" height="{pos(total + haut)}" class="graphique" role="img" '
        f'aria-labelledby="{ident}t {ident}d"><title id="{ident}t">{texte(titre)}</title>'
        f'<desc id="{ident}d">{texte(description)}</desc>{pieces}'
        f'<svg y="{haut}" width="100%" height="{pos(total)}" viewBox="0 0 {pos(LARGEUR)} {pos(hauteur)}">'
        f"{dessin}</svg></svg>"
    )
