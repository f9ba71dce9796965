"""The eligible expense of one owner over a period is limited, all its files together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from arpent.metier.argent import ZERO
from arpent.metier.reglement.bareme import Bareme
from arpent.metier.reglement.constats import Constat
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.description import ChampRegle, Famille, Sorte
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.assiette import Limite, RegleAssiette
from arpent.metier.reglement.regles.base import euros
from arpent.metier.reglement.regles.periode import CHAMPS_PERIODE, PRECISIONS, ReglePeriode


@dataclass(frozen=True, slots=True)
class PlafondAssiettePeriode(ReglePeriode, RegleAssiette):
    """`montant`: euros of eligible expense over the period, that of the owner's earlier aids counted."""

    montant: Bareme

    GENRE: ClassVar[str] = "plafond_assiette_periode"
    FAMILLE: ClassVar[Famille] = Famille.PLAFONDS
    DESCRIPTION: ClassVar[str] = "La dépense éligible d’un maître d’ouvrage est plafonnée sur une période."
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        ChampRegle("montant", "Dépense éligible sur la période", Sorte.BAREME_MONTANT, obligatoire=True),
        *CHAMPS_PERIODE,
    )
    INTITULE: ClassVar[str] = "Dépense éligible de la période"

    def limite(self, projet: Projet, contexte: Contexte) -> Limite | Constat:
        parametre = self.montant.pour(projet)
        if parametre.valeur is None:
            return self.sans_valeur("La dépense éligible de la période", self.montant, projet, contexte)
        aides = self.anterieures(projet, contexte)
        if isinstance(aides, Constat):
            return aides
        deja = sum((aide.assiette for aide in aides), ZERO)
        montant = max(ZERO, parametre.valeur - deja)
        calcul = (
            f"Période {self.en_mots(contexte.annee(projet))} : {euros(parametre.valeur)} − {euros(deja)} "
            f"déjà retenus, reste {euros(montant)}"
        )
        return Limite(montant, calcul, parametre)

    def enonce(self, libelles: Mapping[str, str]) -> str:
        return (
            f"Dépense éligible{PRECISIONS[self.perimetre]} d’un maître d’ouvrage, {self.duree()} : "
            f"au plus {self.montant.enonce(euros, libelles)}."
        )
