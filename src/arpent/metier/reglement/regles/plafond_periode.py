"""All the aids of one owner over a period are limited together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from arpent.metier.argent import ZERO
from arpent.metier.reglement.bareme import Bareme
from arpent.metier.reglement.constats import Constat
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.description import ChampRegle, Famille, Sorte
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import deja, difference, euros
from arpent.metier.reglement.regles.periode import CHAMPS_PERIODE, PRECISIONS, ReglePeriode


@dataclass(frozen=True, slots=True)
class PlafondPeriode(ReglePeriode):
    """`montant`: euros of aid over the period, the earlier aids of the owner counted."""

    montant: Bareme

    GENRE: ClassVar[str] = "plafond_periode"
    FAMILLE: ClassVar[Famille] = Famille.PLAFONDS
    DESCRIPTION: ClassVar[str] = "Les aides d’un maître d’ouvrage sont plafonnées ensemble sur une période."
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        ChampRegle("montant", "Plafond d’aide sur la période", Sorte.BAREME_MONTANT, obligatoire=True),
        *CHAMPS_PERIODE,
    )
    INTITULE: ClassVar[str] = "Plafond de la période"

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        parametre = self.montant.pour(projet)
        if parametre.valeur is None:
            return self.sans_valeur("Le plafond de la période", self.montant, projet, contexte)
        aides = self.anterieures(projet, contexte)
        if isinstance(aides, Constat):
            return aides
        attribue, en_mots = deja(aides, "attribués")
        reste = parametre.valeur - attribue
        calcul = (
            f"Période {self.en_mots(contexte.annee(projet))} : {euros(parametre.valeur)} − {en_mots} "
            f"{difference(reste)}"
        )
        return self.sous_plafond(projet, max(ZERO, reste), calcul, parametre)

    def enonce(self, libelles: Mapping[str, str]) -> str:
        return (
            f"Plafond des aides{PRECISIONS[self.perimetre]} d’un maître d’ouvrage, {self.duree()} : "
            f"{self.montant.enonce(euros, libelles)}."
        )
