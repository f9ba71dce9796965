"""The owner keeps a minimum share of the cost, set by the règlement (the law has its own rule)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from arpent.metier.argent import ZERO, arrondir
from arpent.metier.reglement.bareme import Bareme
from arpent.metier.reglement.constats import Constat
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.description import ChampRegle, Famille, Sorte
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import Regle, difference, euros, taux


@dataclass(frozen=True, slots=True)
class AutofinancementMinimal(Regle):
    """`part` of the cost HT, private money not being the owner's: room = C − minimum − Priv − others."""

    part: Bareme

    GENRE: ClassVar[str] = "autofinancement_minimal"
    FAMILLE: ClassVar[Famille] = Famille.PLAFONDS
    DESCRIPTION: ClassVar[str] = "Le maître d’ouvrage garde à sa charge une part minimale du coût."
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        ChampRegle("part", "Part minimale du coût HT", Sorte.BAREME_TAUX, obligatoire=True),
    )
    INTITULE: ClassVar[str] = "Autofinancement minimal"

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        parametre = self.part.pour(projet)
        if parametre.valeur is None:
            return self.sans_valeur("L’autofinancement minimal", self.part, projet, contexte)
        minimum = arrondir(parametre.valeur * projet.cout_ht)
        autres = projet.autres_aides(contexte.financeur) + projet.prive
        reste = projet.cout_ht - minimum - autres
        calcul = (
            f"{taux(parametre.valeur)} × {euros(projet.cout_ht)} = {euros(minimum)} à garder ; "
            f"aide possible : {euros(projet.cout_ht)} − {euros(minimum)} − {euros(autres)} "
            f"{difference(reste)}"
        )
        return self.sous_plafond(projet, max(ZERO, reste), calcul, parametre)

    def enonce(self, libelles: Mapping[str, str]) -> str:
        return f"Autofinancement minimal, en part du coût HT : {self.part.enonce(taux, libelles)}."
