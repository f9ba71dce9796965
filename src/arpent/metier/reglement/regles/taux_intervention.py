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
from arpent.metier.reglement.regles.base import Regle, euros, nombre, points, taux, taux_exact


@dataclass(frozen=True, slots=True)
class TauxIntervention(Regle):
    """`taux`: a scale. Applied: (rate + bonuses) × coefficient, up to the maximal rate (100 % by default)."""

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
        voulu = (parametre.valeur + contexte.bonus) * contexte.coefficient
        applique = min(contexte.taux_maximal, voulu)
        plafond = arrondir(applique * assiette)
        ecrit = _ecrire(parametre.valeur, contexte, applique)
        return self.sous_plafond(
            projet, plafond, f"{ecrit} × {euros(assiette)} = {euros(plafond)}", parametre
        )

    def enonce(self, libelles: Mapping[str, str]) -> str:
        return f"Taux d’intervention : {self.taux.enonce(taux, libelles)}."


def _ecrire(base: Decimal, contexte: Contexte, applique: Decimal) -> str:
    """“30 %”, “(30 % + 5 points, soit 35 %)”, “((25 % + 5 points) × 0,94, soit 28,2 %)”."""
    ecrit = taux(base)
    if contexte.bonus:
        ecrit = f"{ecrit} + {points(contexte.bonus)}"
    if contexte.coefficient != 1:
        ecrit = f"({ecrit})" if contexte.bonus else ecrit
        ecrit = f"{ecrit} × {nombre(contexte.coefficient)}"
    if contexte.bonus or contexte.coefficient != 1 or applique != base:
        return f"({ecrit}, soit {taux_exact(applique)})"
    return ecrit
