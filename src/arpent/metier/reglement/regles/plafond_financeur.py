"""All the money of the authority on one operation, whatever its policies, is limited to a share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from arpent.metier.argent import ZERO, arrondir
from arpent.metier.reglement.bareme import Bareme
from arpent.metier.reglement.constats import Constat
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.description import ChampRegle, Famille, Sorte
from arpent.metier.reglement.projet import Projet, est_examine
from arpent.metier.reglement.regles.base import Regle, difference, euros, taux


@dataclass(frozen=True, slots=True)
class PlafondFinanceur(Regle):
    """`part` of the cost HT, or of the eligible base (`base`): the authority's other aids count in it."""

    part: Bareme
    base: str

    GENRE: ClassVar[str] = "plafond_financeur"
    FAMILLE: ClassVar[Famille] = Famille.PLAFONDS
    DESCRIPTION: ClassVar[str] = (
        "Toutes les aides de la collectivité, cumulées, restent sous une part du coût."
    )
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        ChampRegle("part", "Part maximale, toutes politiques", Sorte.BAREME_TAUX, obligatoire=True),
        ChampRegle(
            "base",
            "Part calculée sur",
            Sorte.CHOIX,
            options=(("cout", "Le coût HT"), ("assiette", "L’assiette éligible")),
            defaut="cout",
        ),
    )
    INTITULE: ClassVar[str] = "Cumul des aides de la collectivité"

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        parametre = self.part.pour(projet)
        if parametre.valeur is None:
            return self.sans_valeur("La part maximale", self.part, projet, contexte)
        base = projet.cout_ht if self.base == "cout" else projet.assiette_eligible
        deja = sum(
            (
                f.montant
                for f in projet.financements
                if f.financeur is contexte.financeur
                and f.est_compte
                and not est_examine(f, contexte.financeur)
            ),
            ZERO,
        )
        maximum = arrondir(parametre.valeur * base)
        calcul = (
            f"{taux(parametre.valeur)} × {euros(base)} = {euros(maximum)} ; "
            f"− {euros(deja)} déjà acquis {difference(maximum - deja)}"
        )
        return self.sous_plafond(projet, max(ZERO, maximum - deja), calcul, parametre)

    def enonce(self, libelles: Mapping[str, str]) -> str:
        base = "du coût HT" if self.base == "cout" else "de l’assiette éligible"
        return f"Cumul des aides de la collectivité, en part {base} : {self.part.enonce(taux, libelles)}."
