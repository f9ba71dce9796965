"""The rate of the dispositif, applied to the retained base."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from arpent.metier.argent import arrondir
from arpent.metier.reglement.bareme import Bareme
from arpent.metier.reglement.constats import Constat
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.description import ChampRegle, Famille, Sorte
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import Regle, euros, points, taux


@dataclass(frozen=True, slots=True)
class TauxIntervention(Regle):
    """`taux`: flat, or by theme, class, nature of the owner or maturity. Bonuses are added, up to 100 %."""

    taux: Bareme

    GENRE: ClassVar[str] = "taux_intervention"
    FAMILLE: ClassVar[Famille] = Famille.TAUX
    DESCRIPTION: ClassVar[str] = "Le taux de l’aide, appliqué à l’assiette retenue."
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        ChampRegle("taux", "Taux", Sorte.BAREME_TAUX, obligatoire=True),
    )
    INTITULE: ClassVar[str] = "Taux d’intervention"

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        parametre = self.taux.pour(projet)
        if parametre.valeur is None:
            return self.sans_valeur("Le taux", self.taux, projet, contexte)
        assiette = contexte.assiette_retenue(projet)
        applique = min(Decimal(1), parametre.valeur + contexte.bonus)
        plafond = arrondir(applique * assiette)
        ecrit = taux(applique)
        if contexte.bonus:
            ecrit = f"({taux(parametre.valeur)} + {points(contexte.bonus)}, soit {ecrit})"
        return self.sous_plafond(
            projet, plafond, f"{ecrit} × {euros(assiette)} = {euros(plafond)}", parametre
        )

    def enonce(self, libelles: Mapping[str, str]) -> str:
        return f"Taux d’intervention : {self.taux.enonce(taux, libelles)}."
