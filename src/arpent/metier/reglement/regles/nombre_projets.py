"""An owner has a limited number of projects aided over a period."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from arpent.metier.reglement.constats import Constat
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.description import ChampRegle, Famille, Sorte
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import compter
from arpent.metier.reglement.regles.periode import CHAMPS_PERIODE, PRECISIONS, ReglePeriode


@dataclass(frozen=True, slots=True)
class NombreProjets(ReglePeriode):
    """`maximum` projects over the period, this one included."""

    maximum: int

    GENRE: ClassVar[str] = "nombre_projets"
    FAMILLE: ClassVar[Famille] = Famille.CADENCE
    DESCRIPTION: ClassVar[str] = "Un maître d’ouvrage n’a qu’un nombre limité de projets par période."
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        ChampRegle("maximum", "Nombre de projets", Sorte.ENTIER, obligatoire=True),
        *CHAMPS_PERIODE,
    )
    INTITULE: ClassVar[str] = "Nombre de projets"

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        aides = self.anterieures(projet, contexte)
        if isinstance(aides, Constat):
            return aides
        periode = self.en_mots(contexte.annee(projet))
        deja = f"{compter(len(aides), 'projet')} déjà aidé{'s' if len(aides) > 1 else ''}"
        if len(aides) < self.maximum:
            return self.eligible(True, f"{deja} en {periode}, pour {self.maximum} au plus.")
        return self.eligible(False, f"{deja} en {periode} : le maximum de {self.maximum} est atteint.")

    def enonce(self, libelles: Mapping[str, str]) -> str:
        return (
            f"Au plus {compter(self.maximum, 'projet')}{PRECISIONS[self.perimetre]} par maître d’ouvrage, "
            f"{self.duree()}."
        )
