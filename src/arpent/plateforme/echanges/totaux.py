"""Running sums of the amounts of a file, to check the totals that people write in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from arpent.metier.argent import ZERO

from . import valeurs
from .correspondance import MONTANTS
from .lecteur.limites import FUSION_HAUT
from .reperes import Lecture


def _lus(lecture: Lecture) -> dict[int, Decimal]:
    """Amounts of a line by column; what cannot be read is left to the line itself to reject."""
    lus = {}
    for rang, code in lecture.colonnes.champs.items():
        if code in MONTANTS:
            try:
                texte = lecture.ligne.cellules[rang].removeprefix(FUSION_HAUT)
                montant, _ = valeurs.montant_annote(texte, lecture.colonnes.unites[rang])
            except valeurs.ValeurIllisible:
                continue
            if montant is not None:
                lus[rang] = montant
    return lus


@dataclass(slots=True)
class Sommes:
    """Sums since the beginning of the file, and since the last subtotal."""

    toutes: dict[int, Decimal] = field(default_factory=dict)
    du_groupe: dict[int, Decimal] = field(default_factory=dict)

    def ajouter(self, lecture: Lecture) -> None:
        """Adds a line of the plan, taken or rejected: the person counted it."""
        for rang, montant in _lus(lecture).items():
            for sommes in (self.toutes, self.du_groupe):
                sommes[rang] = sommes.get(rang, ZERO) + montant

    def ecarts(self, lecture: Lecture) -> list[tuple[int, Decimal, Decimal]]:
        """Columns whose announced total is neither that of the group nor that of the file: announced, sum."""
        ecarts = []
        for rang, annonce in _lus(lecture).items():
            groupe, tout = self.du_groupe.get(rang, ZERO), self.toutes.get(rang, ZERO)
            if annonce not in (groupe, tout):
                ecarts.append((rang, annonce, min((groupe, tout), key=lambda somme: abs(somme - annonce))))
        return ecarts

    def clore_groupe(self) -> None:
        self.du_groupe = {}
