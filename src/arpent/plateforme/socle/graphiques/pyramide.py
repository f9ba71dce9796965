"""Population pyramid: two sides from a middle column of names, on one scale."""

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
    hachure,
    identifiant,
    pc,
    pos,
    texte,
    toile,
)

PAS = 30.0
COTE = 36  # width of each side, in per cent; the names take the middle
BARRE = 0.64 * COTE  # longest bar: the rest of the side is kept for the value


@dataclass(frozen=True, slots=True)
class Tranche:
    """One row of the pyramid, from the bottom up in the order given."""

    libelle: str
    gauche: Nombre
    droite: Nombre


def pyramide(
    titre: str,
    tranches: Sequence[Tranche],
    *,
    gauche: str = "Hommes",
    droite: str = "Femmes",
    ecrire: Ecrire = ecrire_nombre,
    libelle_nom: str = "Âge",
) -> Figure:
    """The first slice is at the bottom; each value is written at the end of its bar."""
    maximum = max((max(fini(t.gauche), fini(t.droite)) for t in tranches), default=0.0) or 1.0
    motif = identifiant(titre, gauche, droite)
    dessin = hachure(motif) + (
        f'<text class="fort fin" x="{COTE}%" y="14">{texte(gauche)}</text>'
        f'<text class="fort" x="{100 - COTE}%" y="14">{texte(droite)}</text>'
    )
    for rang, tranche in enumerate(reversed(tranches)):
        y = 24 + rang * PAS
        bas = pos(y + 16)
        lg, ld = fini(tranche.gauche) / maximum * BARRE, fini(tranche.droite) / maximum * BARRE
        place = f'x="{100 - COTE}%" y="{pos(y)}" width="{pc(ld)}" height="22"'
        dessin += (
            f'<rect class="s3" x="{pc(COTE - lg)}" y="{pos(y)}" width="{pc(lg)}" height="22"/>'
            f'<rect class="s2" {place}/><rect {place} fill="url(#{motif})"/>'
            f'<text class="milieu" x="50%" y="{bas}">{texte(couper(tranche.libelle, 14))}</text>'
            f'<text class="doux fin" x="{pc(COTE - lg)}" dx="-6" y="{bas}">'
            f"{texte(ecrire(tranche.gauche))}</text>"
            f'<text class="doux" x="{pc(100 - COTE + ld)}" dx="6" y="{bas}">'
            f"{texte(ecrire(tranche.droite))}</text>"
        )
    lignes = tuple((t.libelle, ecrire(t.gauche), ecrire(t.droite)) for t in tranches)
    description = f"Pyramide : {gauche} à gauche, {droite} à droite, {len(tranches)} tranches."
    svg = toile(titre, description, 24 + max(len(tranches), 1) * PAS, dessin)
    return Figure(titre, description, svg, (libelle_nom, gauche, droite), lignes)
