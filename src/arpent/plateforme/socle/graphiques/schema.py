"""A process drawn from top to bottom: one rank after another, boxes side by side when they run together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .base import Figure, couper, pc, pos, texte, toile

CASE, FLECHE, TITRE = 58.0, 20.0, 34.0
CARACTERES = {1: 44, 2: 20, 3: 12}
"""Letters that hold in a box of a phone, by number of boxes in the rank."""


@dataclass(frozen=True, slots=True)
class Noeud:
    """One box. `tirets`: an optional one."""

    libelle: str
    detail: str = ""
    tirets: bool = False


@dataclass(frozen=True, slots=True)
class Bloc:
    """A titled part of the process: its ranks, each of one to three boxes drawn side by side."""

    titre: str
    rangs: tuple[tuple[Noeud, ...], ...]


def schema(titre: str, blocs: Sequence[Bloc], entetes: tuple[str, str, str]) -> Figure:
    """The drawing; a rank of more than three boxes goes on below itself. The table gives each box."""
    dessin, y, premier = "", 0.0, True
    for bloc in blocs:
        dessin += f'<text class="fort" x="0" y="{pos(y + 20)}">{texte(couper(bloc.titre, 48))}</text>'
        y += TITRE
        for rang in bloc.rangs:
            for debut in range(0, len(rang), 3):
                if not premier:
                    dessin += _fleche(y) if debut == 0 else ""
                    y += FLECHE if debut == 0 else 6
                premier = False
                dessin += _rang(rang[debut : debut + 3], y)
                y += CASE
        y += 12
    lignes = tuple((n.libelle, n.detail, b.titre) for b in blocs for r in b.rangs for n in r)
    description = f"Schéma de {len(lignes)} étapes en {len(blocs)} phases, de haut en bas."
    return Figure(titre, description, toile(titre, description, y or CASE, dessin), entetes, lignes)


def _fleche(y: float) -> str:
    return (
        f'<line class="axe" x1="50%" x2="50%" y1="{pos(y)}" y2="{pos(y + FLECHE - 5)}"/>'
        f'<svg x="50%" y="{pos(y + FLECHE - 9)}" width="1" height="9" overflow="visible">'
        '<path class="fleche" d="M-5 0h10L0 8z"/></svg>'
    )


def _rang(noeuds: Sequence[Noeud], y: float) -> str:
    dessin, n = "", len(noeuds)
    for i, noeud in enumerate(noeuds):
        x, largeur = i * 100 / n + (0.8 if i else 0), 100 / n - (0.8 if n > 1 else 0)
        classe = "noeud tirets" if noeud.tirets else "noeud"
        dessin += (
            f'<svg x="{pc(x)}" y="{pos(y)}" width="{pc(largeur)}" height="{pos(CASE - 4)}">'
            f'<rect class="{classe}" x="1" y="1" width="99%" height="{pos(CASE - 6)}" rx="3">'
            f"<title>{texte(noeud.libelle)}</title></rect>"
            f'<text x="10" y="22">{texte(couper(noeud.libelle, CARACTERES[n]))}</text>'
            f'<text class="doux menu" x="10" y="41">{texte(couper(noeud.detail, CARACTERES[n]))}</text></svg>'
        )
    return dessin
