"""The rate, with its bonuses and its coefficient, is limited."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from arpent.metier.reglement.bareme import Bareme
from arpent.metier.reglement.constats import Constat, Verdict
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.description import ChampRegle, Famille, Sorte
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import Regle, taux


@dataclass(frozen=True, slots=True)
class PlafondTaux(Regle):
    """`taux`: the largest rate, flat or by a criterion."""

    taux: Bareme

    GENRE: ClassVar[str] = "plafond_taux"
    FAMILLE: ClassVar[Famille] = Famille.TAUX
    DESCRIPTION: ClassVar[str] = "Le taux, bonifications comprises, ne dépasse pas un maximum."
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        ChampRegle("taux", "Taux maximal", Sorte.BAREME_TAUX, obligatoire=True),
    )
    INTITULE: ClassVar[str] = "Taux maximal"

    def preparer(self, projet: Projet, contexte: Contexte) -> Contexte:
        maximum = self.taux.pour(projet).valeur
        if maximum is None:
            return contexte
        return replace(contexte, taux_maximal=min(contexte.taux_maximal, maximum))

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        parametre = self.taux.pour(projet)
        if parametre.valeur is None:
            return self.sans_valeur("Le taux maximal", self.taux, projet, contexte)
        return self.constat(
            Verdict.CONFORME,
            f"Le taux ne dépasse pas {taux(parametre.valeur)}, bonifications comprises.",
            source=parametre.source,
            demonstration=parametre.demonstration,
        )

    def enonce(self, libelles: Mapping[str, str]) -> str:
        return f"Taux maximal, bonifications comprises : {self.taux.enonce(taux, libelles)}."
