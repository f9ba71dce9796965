"""What a dispositif says of its grant files: when the work may start, which pieces, in how many days."""

from __future__ import annotations

from arpent.metier.subvention import Attendu, ReglesDossier, lire_regles_dossier
from arpent.plateforme.reglements.models import Dispositif
from arpent.plateforme.reglements.pieces import PieceAttendue, lire_pieces

ETAPE = "dossier"
REPONSE_JOURS = 30
"""Days proposed for an answer when the policy says none: whoever asks chooses."""


def regles_de(dispositif: Dispositif) -> ReglesDossier:
    return lire_regles_dossier(dispositif.parametres.get("dossier"))


def pieces_de(dispositif: Dispositif) -> tuple[PieceAttendue, ...]:
    """Those of the grant file, every theme and stage."""
    lues = lire_pieces(dispositif.parametres.get("fiche") or {})
    return tuple(p for p in lues if p.etape == ETAPE)


def attendus_de(dispositif: Dispositif) -> tuple[Attendu, ...]:
    return tuple(
        Attendu(p.code, p.libelle, p.themes, p.stades, p.precision, p.source, p.demonstration)
        for p in pieces_de(dispositif)
    )
