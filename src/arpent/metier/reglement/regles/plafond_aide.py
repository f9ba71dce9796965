"""The aid is limited to an amount."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from arpent.metier.reglement.bareme import Bareme
from arpent.metier.reglement.constats import Constat
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.description import ChampRegle, Famille, Sorte
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import Regle, euros


@dataclass(frozen=True, slots=True)
class PlafondAide(Regle):
    """`montant`: euros, flat or by a criterion."""

    montant: Bareme

    GENRE: ClassVar[str] = "plafond_aide"
    FAMILLE: ClassVar[Famille] = Famille.PLAFONDS
    DESCRIPTION: ClassVar[str] = "L’aide est limitée à un montant."
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        ChampRegle("montant", "Plafond d’aide", Sorte.BAREME_MONTANT, obligatoire=True),
    )
    INTITULE: ClassVar[str] = "Plafond de l’aide"

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        parametre = self.montant.pour(projet)
        precision = self.montant.precision(projet, contexte)
        if parametre.valeur is None:
            return self.sans_valeur("Le plafond", self.montant, projet, contexte)
        calcul = f"Plafond{precision} : {euros(parametre.valeur)}"
        return self.sous_plafond(projet, parametre.valeur, calcul, parametre)

    def enonce(self, libelles: Mapping[str, str]) -> str:
        return f"Plafond de l’aide : {self.montant.enonce(euros, libelles)}."
