"""AP/CP: what is expected by fund and year, and the finance export (docs/algorithmes/credits-paiement.md)."""

from arpent.metier.apcp.glissement import (
    OBSERVES_MIN,
    Attendu,
    Glissement,
    Observation,
    Paiement,
    observer,
    projeter,
)
from arpent.metier.apcp.rapprochement import (
    LIBELLES_SORT,
    DossierConnu,
    LigneExport,
    Nature,
    Rapprochement,
    Sort,
    Versement,
    rapprocher,
)
from arpent.metier.apcp.tableau import (
    AlerteCredits,
    CaseAnnee,
    FondsLu,
    LigneFonds,
    TableauCredits,
    Vote,
    dresser,
)

__all__ = [
    "LIBELLES_SORT",
    "OBSERVES_MIN",
    "AlerteCredits",
    "Attendu",
    "CaseAnnee",
    "DossierConnu",
    "FondsLu",
    "Glissement",
    "LigneExport",
    "LigneFonds",
    "Nature",
    "Observation",
    "Paiement",
    "Rapprochement",
    "Sort",
    "TableauCredits",
    "Versement",
    "Vote",
    "dresser",
    "observer",
    "projeter",
    "rapprocher",
]
