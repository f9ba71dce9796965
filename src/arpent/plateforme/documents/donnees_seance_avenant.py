"""What the note de synthèse and the slides of the meeting that votes an avenant need to know.

Same rules as ``donnees``. What is voted is the frozen document of the version, as its own PDF says it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .donnees import ZERO
from .donnees_avenant import AvenantDoc, LigneRevueDoc
from .donnees_charte import CharteDoc
from .donnees_fiche import CollectiviteDoc
from .donnees_seance import EtapeDoc, ReunionDoc, RolePartieDoc


@dataclass(frozen=True, slots=True)
class PresentationAvenantDoc:
    """The avenant told to one assembly: the note and the slides say it with the same figures.

    `charte`: that of the authority; the note wears it for the authority alone.
    """

    avenant: AvenantDoc
    collectivite: CollectiviteDoc
    role: RolePartieDoc
    etabli_le: date
    reunion: ReunionDoc = field(default_factory=ReunionDoc)
    calendrier: tuple[EtapeDoc, ...] = ()
    signataire: str = ""
    regle_note: str = ""
    """Why this note is sent, with its article."""
    demonstration: bool = False
    gabarit: str = "note_avenant/v1"
    charte: CharteDoc | None = None

    @property
    def siennes(self) -> tuple[LigneRevueDoc, ...]:
        """The projects touched that this party owns."""
        return tuple(x for x in self.avenant.lignes if x.maitre_ouvrage == self.collectivite.nom)

    @property
    def ecart(self) -> Decimal:
        return self.avenant.aide_apres - self.avenant.aide_avant


def total_avant(lignes: tuple[LigneRevueDoc, ...]) -> Decimal:
    return sum((x.avant or ZERO for x in lignes), ZERO)


def total_apres(lignes: tuple[LigneRevueDoc, ...]) -> Decimal:
    return sum((x.apres or ZERO for x in lignes), ZERO)
