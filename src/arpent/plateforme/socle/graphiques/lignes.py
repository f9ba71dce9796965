"""Lines over time, and small multiples of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Serie:
    """One line: a value for each abscissa, None where nothing was published (the line breaks there)."""

    libelle: str
    valeurs: tuple[Nombre | None, ...]


def _trace(valeurs: Sequence[float | None], bas: float, haut: float, hauteur: float) -> str:
    """Path in a 100 × hauteur frame, broken at missing values; a lone point becomes a short dash."""
    n, morceaux, leve = max(len(valeurs) - 1, 1), [], True
    for rang, valeur in enumerate(valeurs):
        if valeur is None:
            leve = True
            continue
        x, y = rang / n * 100, hauteur - (valeur - bas) / (haut - bas) * hauteur
        morceaux.append(f"{'M' if leve else 'L'}{pos(x)} {pos(y)}")
        seul = leve and (rang + 1 == len(valeurs) or valeurs[rang + 1] is None)
        morceaux.append("h1.5" if seul else "")
        leve = False
    return "".join(morceaux)


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
    dessin += (
        f'<svg x="9%" y="{pos(y0)}" width="88%" height="{pos(HAUTEUR)}" viewBox="0 0 100 {pos(HAUTEUR)}" '
        'preserveAspectRatio="none" overflow="visible">'
    )
    for rang, s in enumerate(series):
        trace = _trace(_nombres(s.valeurs), bas, haut, HAUTEUR)
        dessin += f'<path class="courbe c{serie(rang)}" d="{trace}"><title>{texte(s.libelle)}</title></path>'
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
        trace, pied = _trace(_nombres(s.valeurs), bas, haut, trait), y + 40 + trait
        dessin += (
            f'<text class="fort" x="{x}%" y="{pos(y + 14)}">{texte(couper(s.libelle, 20))}</text>'
            f'<text class="doux" x="{x}%" y="{pos(y + 32)}">{texte(bouts)}</text>'
            f'<line class="axe" x1="{x}%" x2="{x + 46}%" y1="{pos(pied)}" y2="{pos(pied)}"/>'
            f'<svg x="{x}%" y="{pos(y + 40)}" width="46%" height="{pos(trait)}" '
            f'viewBox="0 0 100 {pos(trait)}" preserveAspectRatio="none" overflow="visible">'
            f'<path class="courbe c1" d="{trace}"/></svg>'
        )
    echelle = "à la même échelle" if meme_echelle else "chacune à son échelle"
    description = f"{len(series)} courbes {echelle}, de {abscisses[0]} à {abscisses[-1]}."
    entetes = (libelle_abscisse, *(s.libelle for s in series))
    svg = toile(titre, description, -(-len(series) // 2) * case, dessin)
    return Figure(titre, description, svg, entetes, _table(abscisses, series, ecrire))
