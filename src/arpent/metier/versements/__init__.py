"""Paying an aid: rules as data, what can be paid now, planned payments (docs/algorithmes/versements.md)."""

from arpent.metier.versements.calcul import (
    Aide,
    Borne,
    Payable,
    montant_du,
    payable,
    refus_montant,
    refus_retenue,
    refus_reversement,
)
from arpent.metier.versements.echeancier import Prevu, Travaux, echeancier
from arpent.metier.versements.regles import (
    LIBELLES_GENRE,
    GenreVersement,
    ReglesVersement,
    exemple_detr,
    lire_regles,
)

__all__ = [
    "LIBELLES_GENRE",
    "Aide",
    "Borne",
    "GenreVersement",
    "Payable",
    "Prevu",
    "ReglesVersement",
    "Travaux",
    "echeancier",
    "exemple_detr",
    "lire_regles",
    "montant_du",
    "payable",
    "refus_montant",
    "refus_retenue",
    "refus_reversement",
]
