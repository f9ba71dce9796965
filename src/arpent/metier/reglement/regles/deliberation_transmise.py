"""The owner's assembly adopted the fiche."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from arpent.metier.reglement.constats import Constat, Verdict
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.description import Famille
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import Regle


@dataclass(frozen=True, slots=True)
class DeliberationTransmise(Regle):
    """A missing délibération makes the fiche incomplete; it does not lower the aid."""

    GENRE: ClassVar[str] = "deliberation_transmise"
    FAMILLE: ClassVar[Famille] = Famille.PIECES
    DESCRIPTION: ClassVar[str] = "L’assemblée du maître d’ouvrage a adopté la fiche."
    INTITULE: ClassVar[str] = "Délibération du maître d’ouvrage"

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        if projet.a_deliberation:
            return self.constat(Verdict.CONFORME, "La délibération sur la fiche est transmise.")
        explication = "La délibération sur la fiche manque : l’assemblée du maître d’ouvrage doit l’adopter."
        return self.constat(Verdict.NON_CONFORME, explication)

    def enonce(self, libelles: Mapping[str, str]) -> str:
        return "Chaque fiche projet est adoptée par délibération de l’assemblée du maître d’ouvrage."
