"""The project belongs to a category that the règlement supports: finer than a theme."""

from dataclasses import dataclass
from typing import ClassVar

from arpent.metier.reglement.description import ChampRegle, Famille, Vocabulaire, codes
from arpent.metier.reglement.lecteur import Lecteur
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.liste_eligible import Listes, RegleListe


@dataclass(frozen=True, slots=True)
class CategorieEligible(RegleListe):
    """`categories` and `prioritaires` are eligible, `exclues` never; with `exclues` alone, all others are."""

    categories: tuple[str, ...]
    prioritaires: tuple[str, ...]
    exclues: tuple[str, ...]

    GENRE: ClassVar[str] = "categorie_eligible"
    FAMILLE: ClassVar[Famille] = Famille.ELIGIBILITE
    DESCRIPTION: ClassVar[str] = "Le projet relève d’une catégorie soutenue, et d’aucune catégorie exclue."
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        codes("categories", "Catégories éligibles", Vocabulaire.CATEGORIES),
        codes("prioritaires", "Catégories prioritaires", Vocabulaire.CATEGORIES),
        codes("exclues", "Catégories exclues", Vocabulaire.CATEGORIES),
    )
    INTITULE: ClassVar[str] = "Catégorie éligible"

    def verifier(self, lecteur: Lecteur) -> None:
        RegleListe.verifier(self, lecteur)
        if not (self.categories or self.prioritaires or self.exclues):
            raise lecteur.refus("donnez au moins « categories », « prioritaires » ou « exclues ».")

    def listes(self) -> Listes:
        return Listes(self.categories, self.prioritaires, self.exclues)

    def code_de(self, projet: Projet) -> str:
        return projet.categorie

    def mots(self) -> tuple[str, str, str]:
        return "La catégorie", "catégorie", "e"
