"""The project belongs to a theme of the dispositif."""

from dataclasses import dataclass
from typing import ClassVar

from arpent.metier.reglement.description import ChampRegle, Famille, Vocabulaire, codes
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.liste_eligible import Listes, RegleListe


@dataclass(frozen=True, slots=True)
class ThemeEligible(RegleListe):
    """`themes`: the codes of the eligible themes; `prioritaires` are eligible too; `exclus` never are."""

    themes: tuple[str, ...]
    prioritaires: tuple[str, ...]
    exclus: tuple[str, ...]

    GENRE: ClassVar[str] = "theme_eligible"
    FAMILLE: ClassVar[Famille] = Famille.ELIGIBILITE
    DESCRIPTION: ClassVar[str] = "Le projet relève d’un thème soutenu."
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        codes("themes", "Thèmes éligibles", Vocabulaire.THEMES, obligatoire=True),
        codes("prioritaires", "Thèmes prioritaires", Vocabulaire.THEMES),
        codes("exclus", "Thèmes exclus", Vocabulaire.THEMES),
    )
    INTITULE: ClassVar[str] = "Thème éligible"

    def listes(self) -> Listes:
        return Listes(self.themes, self.prioritaires, self.exclus)

    def code_de(self, projet: Projet) -> str:
        return projet.theme

    def mots(self) -> tuple[str, str, str]:
        return "Le thème", "thème", ""
