"""Where a place stands among its peers, indicator by indicator, whatever their units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .base import Figure, couper, fini, pc, pos, texte, toile

PAS = 46.0
RAYON = 7


@dataclass(frozen=True, slots=True)
class Position:
    """`place`: share of the peers below, 0 to 1. `reperes`: the same for each thing compared or None."""

    libelle: str
    valeur: str
    place: float
    reperes: tuple[float | None, ...] = ()


def positions(
    titre: str,
    lignes: Sequence[Position],
    *,
    ici: str,
    reperes: Sequence[str] = (),
    pairs: str,
    libelle_nom: str = "Indicateur",
) -> Figure:
    """A rail for each line, from the lowest to the highest of `pairs`: disc here, tick and ring beside."""
    if len(reperes) > 2 or any(len(x.reperes) != len(reperes) for x in lignes):
        raise ValueError("Une position demande autant de repères que leurs noms, deux au plus.")
    dessin, haut = _legende(ici, reperes), 22.0 * (1 + (len(reperes) > 1)) + 6
    for rang, x in enumerate(lignes):
        y = haut + rang * PAS
        milieu = pos(y + 30)
        dessin += (
            f'<text x="0" y="{pos(y + 15)}">{texte(couper(x.libelle, 44))}'
            f"<title>{texte(x.libelle)}</title></text>"
            f'<text class="fin fort" x="100%" y="{pos(y + 15)}">{texte(x.valeur)}</text>'
            f'<rect class="rail" x="1%" y="{pos(y + 26)}" width="98%" height="8"/>'
            f'<line class="axe" x1="50%" x2="50%" y1="{pos(y + 23)}" y2="{pos(y + 37)}"/>'
        )
        for numero, repere in enumerate(x.reperes):
            if repere is not None:
                dessin += _repere(numero, _x(repere), y)
        dessin += (
            f'<circle class="s1" cx="{_x(x.place)}" cy="{milieu}" r="{RAYON}">'
            f"<title>{texte(x.libelle)} : {texte(x.valeur)}, "
            f"plus haut que {_cent(x.place)} des {texte(pairs)}</title></circle>"
        )
    bas = haut + max(len(lignes), 1) * PAS
    dessin += (
        f'<text class="doux" x="0" y="{pos(bas + 12)}">valeurs les plus basses</text>'
        f'<text class="doux fin" x="100%" y="{pos(bas + 12)}">les plus hautes</text>'
    )
    description = f"Place parmi les {pairs} : " + " ; ".join(
        f"{x.libelle} {x.valeur}, plus haut que {_cent(x.place)}" for x in lignes
    )
    table = tuple(
        (x.libelle, x.valeur, _cent(x.place), *("–" if r is None else _cent(r) for r in x.reperes))
        for x in lignes
    )
    entetes = (libelle_nom, ici, f"Plus haut que, parmi les {pairs}", *reperes)
    return Figure(titre, f"{description}.", toile(titre, f"{description}.", bas + 20, dessin), entetes, table)


def _x(place: float) -> str:
    return pc(1 + 98 * min(max(fini(place), 0.0), 1.0))


def _cent(place: float) -> str:
    return f"{round(place * 100)}\u00a0%"


def _repere(numero: int, x: str, y: float) -> str:
    """The first is a tick, the second a ring: told apart without colour."""
    if numero == 0:
        return f'<line class="repere" x1="{x}" x2="{x}" y1="{pos(y + 20)}" y2="{pos(y + 40)}"/>'
    return f'<circle class="creuse" cx="{x}" cy="{pos(y + 30)}" r="5"/>'


def _legende(ici: str, reperes: Sequence[str]) -> str:
    """Names in two columns, the reader's place first; the line in the middle is the median of the peers."""
    noms = [texte(couper(nom, 26)) for nom in (ici, *reperes)]
    dessin = f'<circle class="s1" cx="8" cy="8" r="{RAYON}"/><text x="22" y="13">{noms[0]}</text>'
    if reperes:
        dessin += (
            '<svg x="50%" y="0" width="50%" height="20" overflow="visible">'
            '<line class="repere" x1="4" x2="4" y1="0" y2="16"/>'
            f'<text x="14" y="13">{noms[1]}</text></svg>'
        )
    if len(reperes) > 1:
        dessin += (
            f'<circle class="creuse" cx="8" cy="30" r="5"/><text x="22" y="35">{noms[2]}</text>'
            '<svg x="50%" y="22" width="50%" height="20" overflow="visible">'
            '<line class="axe" x1="4" x2="4" y1="0" y2="16"/><text x="14" y="13">médiane</text></svg>'
        )
    return dessin
