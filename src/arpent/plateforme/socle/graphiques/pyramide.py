"""Population pyramid: two sides from a middle column of names, on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .base import Ecrire, Figure, Nombre, ecrire_nombre, fini, hachure, identifiant, pc, pos, texte, toile

PAS = 30.0
COTE = 41.0  # width of each side, in per cent; the names take the middle


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
    """The first slice is at the bottom; values are written at the foot of each bar."""
    maximum = max((max(fini(t.gauche), fini(t.droite)) for t in tranches), default=0.0) or 1.0
    motif = identifiant(titre, gauche, droite)
    dessin = hachure(motif) + (
        f'<text class="fort fin" x="{COTE}%" y="14">{texte(gauche)}</text>'
        f'<text class="fort" x="{100 - COTE}%" y="14">{texte(droite)}</text>'
    )
    for rang, tranche in enumerate(reversed(tranches)):
        y = 24 + rang * PAS
        bas = pos(y + 15)
        lg, ld = fini(tranche.gauche) / maximum * COTE, fini(tranche.droite) / maximum * COTE
        place = f'x="{pc(100 - COTE)}" y="{pos(y)}" width="{pc(ld)}" height="22"'
        dessin += (
            f'<rect class="rail" x="0" y="{pos(y)}" width="{COTE}%" height="22"/>'
            f'<rect class="rail" x="{100 - COTE}%" y="{pos(y)}" width="{COTE}%" height="22"/>'
            f'<rect class="s3" x="{pc(COTE - lg)}" y="{pos(y)}" width="{pc(lg)}" height="22"/>'
            f'<rect class="s2" {place}/><rect {place} fill="url(#{motif})"/>'
            f'<text class="milieu" x="50%" y="{bas}">{texte(tranche.libelle)}</text>'
            f'<text class="doux" x="4" y="{bas}">{texte(ecrire(tranche.gauche))}</text>'
            f'<text class="doux fin" x="100%" dx="-4" y="{bas}">{texte(ecrire(tranche.droite))}</text>'
        )
    lignes = tuple((t.libelle, ecrire(t.gauche), ecrire(t.droite)) for t in tranches)
    description = f"Pyramide : {gauche} à gauche, {droite} à droite, {len(tranches)} tranches."
    svg = toile(titre, description, 24 + max(len(tranches), 1) * PAS, dessin)
    return Figure(titre, description, svg, (libelle_nom, gauche, droite), lignes)
