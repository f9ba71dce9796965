"""Lines over time, and small multiples of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .base import (
    Ecrire,
    Figure,
    Nombre,
    couper,
    ecrire_nombre,
    fini,
    graduations,
    legende,
    pc,
    pos,
    serie,
    texte,
    toile,
)

HAUTEUR = 200.0
POINTS_MARQUES = 12
"""Up to that many values, each one has its dot."""


@dataclass(frozen=True, slots=True)
class Serie:
    """One line: a value for each abscissa, None where nothing was published (the line breaks there)."""

    libelle: str
    valeurs: tuple[Nombre | None, ...]


def tracer(places: Sequence[tuple[float, float] | None], classe: str, titre: str = "") -> str:
    """Segments between known points (x in per cent, y in pixels), broken at missing ones, and the points.

    Lines and not a path: percentages keep the stroke as thick whatever the width, on screen and on paper.
    """
    dessin = f'<g class="courbe {classe}">' + (f"<title>{texte(titre)}</title>" if titre else "")
    for debut, fin in pairwise(places):
        if debut is not None and fin is not None:
            dessin += f'<line x1="{pc(debut[0])}" y1="{pos(debut[1])}" x2="{pc(fin[0])}" y2="{pos(fin[1])}"/>'
    if len(places) <= POINTS_MARQUES:
        for place in places:
            if place is not None:
                dessin += f'<circle class="points" cx="{pc(place[0])}" cy="{pos(place[1])}" r="3"/>'
    return dessin + "</g>"


def _places(
    valeurs: Sequence[float | None], bas: float, haut: float, hauteur: float
) -> list[tuple[float, float] | None]:
    """Even steps from 0 to 100 %, the highest value at the top; None stays None."""
    n = max(len(valeurs) - 1, 1)
    return [
        None if v is None else (rang / n * 100, hauteur - (v - bas) / (haut - bas) * hauteur)
        for rang, v in enumerate(valeurs)
    ]


def _bornes(series: Sequence[Serie], depuis_zero: bool) -> tuple[float, float, list[float]]:
    """Lowest and highest round values, and the ticks."""
    connues = [fini(v) for s in series for v in s.valeurs if v is not None]
    if not connues:
        return 0.0, 1.0, [0.0, 1.0]
    bas = min(0.0, *connues, 0.0) if depuis_zero else min(connues)
    reperes = graduations(max(*connues, bas), bas)
    return reperes[0], reperes[-1], reperes


def _nombres(valeurs: Sequence[Nombre | None]) -> list[float | None]:
    return [None if v is None else fini(v) for v in valeurs]


def _table(abscisses: Sequence[str], series: Sequence[Serie], ecrire: Ecrire) -> tuple[tuple[str, ...], ...]:
    """One row for each abscissa."""
    return tuple(
        (nom, *("–" if s.valeurs[i] is None else ecrire(s.valeurs[i] or 0) for s in series))
        for i, nom in enumerate(abscisses)
    )


def _verifier(abscisses: Sequence[str], series: Sequence[Serie]) -> None:
    if not abscisses:
        raise ValueError("Aucune abscisse : la courbe demande au moins une année.")
    for s in series:
        if len(s.valeurs) != len(abscisses):
            raise ValueError(
                f"« {s.libelle} » : {len(abscisses)} valeurs attendues, {len(s.valeurs)} reçues."
            )


def lignes(
    titre: str,
    abscisses: Sequence[str],
    series: Sequence[Serie],
    *,
    ecrire: Ecrire = ecrire_nombre,
    depuis_zero: bool = True,
    libelle_abscisse: str = "Année",
) -> Figure:
    """Lines told apart by colour, dash and legend; the axis starts at zero unless told otherwise."""
    _verifier(abscisses, series)
    bas, haut, reperes = _bornes(series, depuis_zero)
    dessin, y0 = legende([s.libelle for s in series], 0, trait=True) if len(series) > 1 else ("", 0.0)
    y0 += 22
    for repere in reperes:
        y = pos(y0 + HAUTEUR - (repere - bas) / (haut - bas) * HAUTEUR)
        dessin += f'<line class="grille-trait" x1="0" x2="100%" y1="{y}" y2="{y}"/>'
        dessin += f'<text class="doux" x="0" y="{y}" dy="-4">{texte(ecrire(repere))}</text>'
    dessin += f'<svg x="9%" y="{pos(y0)}" width="88%" height="{pos(HAUTEUR)}" overflow="visible">'
    for rang, s in enumerate(series):
        places = _places(_nombres(s.valeurs), bas, haut, HAUTEUR)
        dessin += tracer(places, f"c{serie(rang)}", s.libelle)
    dessin += "</svg>"
    saut = max(1, -(-len(abscisses) // 6))
    for rang, nom in enumerate(abscisses):
        if rang % saut == 0:
            x = 9 + rang / max(len(abscisses) - 1, 1) * 88
            dessin += (
                f'<text class="doux milieu" x="{pc(x)}" y="{pos(y0 + HAUTEUR + 20)}">{texte(nom)}</text>'
            )
    description = "Courbes : " + ", ".join(s.libelle for s in series) + "."
    entetes = (libelle_abscisse, *(s.libelle for s in series))
    svg = toile(titre, description, y0 + HAUTEUR + 28, dessin)
    return Figure(titre, description, svg, entetes, _table(abscisses, series, ecrire))


def petits_multiples(
    titre: str,
    abscisses: Sequence[str],
    series: Sequence[Serie],
    *,
    ecrire: Ecrire = ecrire_nombre,
    meme_echelle: bool = True,
    libelle_abscisse: str = "Année",
) -> Figure:
    """One small line for each series, two a row, first and last values written.

    `meme_echelle=False` gives each its own scale, from its lowest to its highest value: shapes compare, sizes
    do not, and the description says so.
    """
    _verifier(abscisses, series)
    bas, haut, _ = _bornes(series, True)
    case, trait, dessin = 96.0, 44.0, ""
    for rang, s in enumerate(series):
        if not meme_echelle:
            bas, haut, _ = _bornes([s], False)
        x, y = (0, 52)[rang % 2], (rang // 2) * case
        connues = [v for v in s.valeurs if v is not None]
        bouts = f"{ecrire(connues[0])} → {ecrire(connues[-1])}" if connues else "non publié"
        places, pied = _places(_nombres(s.valeurs), bas, haut, trait), y + 40 + trait
        dessin += (
            f'<text class="fort" x="{x}%" y="{pos(y + 14)}">{texte(couper(s.libelle, 20))}</text>'
            f'<text class="doux" x="{x}%" y="{pos(y + 32)}">{texte(bouts)}</text>'
            f'<line class="axe" x1="{x}%" x2="{x + 46}%" y1="{pos(pied)}" y2="{pos(pied)}"/>'
            f'<svg x="{x + 1}%" y="{pos(y + 40)}" width="44%" height="{pos(trait)}" overflow="visible">'
            f"{tracer(places, 'c1')}</svg>"
        )
    echelle = "à la même échelle" if meme_echelle else "chacune à son échelle"
    description = f"{len(series)} courbes {echelle}, de {abscisses[0]} à {abscisses[-1]}."
    entetes = (libelle_abscisse, *(s.libelle for s in series))
    svg = toile(titre, description, -(-len(series) // 2) * case, dessin)
    return Figure(titre, description, svg, entetes, _table(abscisses, series, ecrire))
