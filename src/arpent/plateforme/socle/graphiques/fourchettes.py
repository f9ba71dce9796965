"""Estimates with their interval: a point for the central value, a bar from the low to the high one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .base import Ecrire, Figure, Nombre, couper, ecrire_nombre, fini, pc, pos, texte, toile

PAS = 50.0


@dataclass(frozen=True, slots=True)
class Estimation:
    """`bas ≤ central ≤ haut`. Without `accent` the bar is toned down."""

    libelle: str
    bas: Nombre
    central: Nombre
    haut: Nombre
    accent: bool = True


def barres_a_fourchette(
    titre: str,
    estimations: Sequence[Estimation],
    *,
    ecrire: Ecrire = ecrire_nombre,
    libelle_nom: str = "Nom",
) -> Figure:
    """One line each from zero: a thick bar to the central value, a thin one from the low to the high."""
    maximum = max((fini(e.haut) for e in estimations), default=0.0) or 1.0
    dessin = []
    for rang, e in enumerate(estimations):
        y = rang * PAS
        bas, central, haut = (fini(x) / maximum * 100 for x in (e.bas, e.central, e.haut))
        nom, valeur = texte(e.libelle), texte(ecrire(e.central))
        classe = "s1" if e.accent else "attenue"
        etendue = f"{ecrire(e.bas)} à {ecrire(e.haut)}" if bas < haut else "valeur unique"
        dessin.append(
            f'<text x="0" y="{pos(y + 15)}">{texte(couper(e.libelle, 34))}<title>{nom}</title></text>'
            f'<text class="fin fort" x="100%" y="{pos(y + 15)}">{valeur}</text>'
            f'<rect class="rail" x="0" y="{pos(y + 22)}" width="100%" height="14"/>'
            f'<rect class="{classe}" x="0" y="{pos(y + 22)}" width="{pc(central)}" height="14">'
            f"<title>{nom} : {valeur} ({texte(etendue)})</title></rect>"
        )
        if bas < haut:
            for x in (bas, haut):
                dessin.append(
                    f'<line class="repere" x1="{pc(x)}" x2="{pc(x)}" y1="{pos(y + 24)}" y2="{pos(y + 34)}"/>'
                )
            dessin.append(
                f'<line class="repere" x1="{pc(bas)}" x2="{pc(haut)}" y1="{pos(y + 29)}" y2="{pos(y + 29)}"/>'
            )
    hauteur = max(len(estimations), 1) * PAS
    dessin.append(f'<line class="repere" x1="1" x2="23" y1="{pos(hauteur + 9)}" y2="{pos(hauteur + 9)}"/>')
    dessin.append(
        f'<text class="doux" x="30" y="{pos(hauteur + 14)}">de l’estimation basse à la haute</text>'
    )
    lignes = tuple((e.libelle, ecrire(e.bas), ecrire(e.central), ecrire(e.haut)) for e in estimations)
    description = "Estimations : " + " ; ".join(
        f"{e.libelle} {ecrire(e.central)} (de {ecrire(e.bas)} à {ecrire(e.haut)})" for e in estimations
    )
    entetes = (libelle_nom, "Estimation basse", "Estimation centrale", "Estimation haute")
    svg = toile(titre, f"{description}.", hauteur + 24, "".join(dessin))
    return Figure(titre, f"{description}.", svg, entetes, lignes)
