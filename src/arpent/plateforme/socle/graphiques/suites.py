"""Small multiples of evolutions: each indicator with its own years and its own scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .base import Ecrire, Figure, Nombre, couper, ecrire_nombre, fini, pc, pos, texte, toile
from .lignes import tracer

CASE, TRAIT = 104.0, 40.0


@dataclass(frozen=True, slots=True)
class Suite:
    """One indicator over time: (label of the date, place on the axis of time, value), in order."""

    libelle: str
    points: tuple[tuple[str, float, Nombre], ...]
    ecrire: Ecrire = ecrire_nombre
    note: str = ""


def suites(titre: str, series: Sequence[Suite], *, libelle_nom: str = "Indicateur") -> Figure:
    """Two small lines a row: name, first and last value with their dates. Shapes compare, sizes do not."""
    dessin = ""
    for rang, s in enumerate(series):
        x, y = (0, 52)[rang % 2], (rang // 2) * CASE
        dessin += _case(s, x, y)
    lignes = tuple(
        (s.libelle, *(f"{quand} : {s.ecrire(v)}" for quand, _, v in (s.points[0], s.points[-1])), s.note)
        for s in series
    )
    description = f"{len(series)} évolutions, chacune à son échelle : " + " ; ".join(
        f"{s.libelle}, {s.ecrire(s.points[0][2])} ({s.points[0][0]}) puis {s.ecrire(s.points[-1][2])} "
        f"({s.points[-1][0]})"
        for s in series
    )
    svg = toile(titre, f"{description}.", max(-(-len(series) // 2), 1) * CASE, dessin)
    return Figure(titre, f"{description}.", svg, (libelle_nom, "Avant", "Maintenant", "Évolution"), lignes)


def _case(s: Suite, x: int, y: float) -> str:
    if not s.points:
        raise ValueError(f"« {s.libelle} » : une évolution demande au moins une date.")
    valeurs = [fini(v) for _, _, v in s.points]
    bas, haut = min(valeurs), max(valeurs)
    etendue = (haut - bas) or 1.0
    debut, fin = s.points[0][1], s.points[-1][1]
    duree = (fin - debut) or 1.0
    places = [
        ((quand - debut) / duree * 100, TRAIT - (v - bas) / etendue * TRAIT if haut > bas else TRAIT / 2)
        for (_, quand, _), v in zip(s.points, valeurs, strict=True)
    ]
    bouts = f"{s.ecrire(s.points[0][2])} → {s.ecrire(s.points[-1][2])}"
    return (
        f'<text class="fort" x="{x}%" y="{pos(y + 14)}">{texte(couper(s.libelle, 26))}'
        f"<title>{texte(s.libelle)}</title></text>"
        f'<text class="doux" x="{x}%" y="{pos(y + 32)}">{texte(couper(bouts, 30))}</text>'
        f'<svg x="{x + 1}%" y="{pos(y + 40)}" width="44%" height="{pos(TRAIT)}" overflow="visible">'
        f"{tracer(places, 'c1', s.libelle)}</svg>"
        f'<text class="doux menu" x="{x}%" y="{pos(y + 40 + TRAIT + 15)}">{texte(s.points[0][0])}</text>'
        f'<text class="doux menu fin" x="{pc(x + 46)}" y="{pos(y + 40 + TRAIT + 15)}">'
        f"{texte(s.points[-1][0])}</text>"
    )
