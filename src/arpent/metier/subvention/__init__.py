"""The grant file: the aid on the real figures, what is still missing, the days the law counts."""

from arpent.metier.subvention.aide import (
    CONTRAT,
    DEMANDE,
    TAUX,
    AideReelle,
    Borne,
    LigneAidee,
    Reel,
    calculer_aide,
    refus_du_montant,
)
from arpent.metier.subvention.completude import (
    Attendu,
    Completude,
    EtatPiece,
    Manque,
    PieceLue,
    examiner_completude,
)
from arpent.metier.subvention.delais import Arret, Commencement, Silence, commencement_possible, silence_de
from arpent.metier.subvention.regles import Debut, ReglesDossier, lire_regles_dossier

__all__ = [
    "CONTRAT",
    "DEMANDE",
    "TAUX",
    "AideReelle",
    "Arret",
    "Attendu",
    "Borne",
    "Commencement",
    "Completude",
    "Debut",
    "EtatPiece",
    "LigneAidee",
    "Manque",
    "PieceLue",
    "Reel",
    "ReglesDossier",
    "Silence",
    "calculer_aide",
    "commencement_possible",
    "examiner_completude",
    "lire_regles_dossier",
    "refus_du_montant",
    "silence_de",
]
