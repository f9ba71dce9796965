"""The project belongs to a theme of the dispositif."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from arpent.metier.reglement.constats import Constat, Verdict
from arpent.metier.reglement.contexte import Contexte, nommer
from arpent.metier.reglement.description import ChampRegle, Famille, Vocabulaire, codes
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import Regle


@dataclass(frozen=True, slots=True)
class ThemeEligible(Regle):
    """`themes`: the codes of the eligible themes."""

    themes: tuple[str, ...]

    GENRE: ClassVar[str] = "theme_eligible"
    FAMILLE: ClassVar[Famille] = Famille.ELIGIBILITE
    DESCRIPTION: ClassVar[str] = "Le projet relève d’un thème soutenu."
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        codes("themes", "Thèmes éligibles", Vocabulaire.THEMES, obligatoire=True),
    )
    INTITULE: ClassVar[str] = "Thème éligible"

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        if not projet.theme:
            return self.constat(
                Verdict.A_VERIFIER, "Le thème n’est pas renseigné : choisissez-le sur la fiche."
            )
        libelle = contexte.nommer(projet.theme)
        if projet.theme in self.themes:
            return self.eligible(True, f"Le thème « {libelle} » est éligible.")
        return self.eligible(False, f"Le thème « {libelle} » ne figure pas parmi les thèmes éligibles.")

    def enonce(self, libelles: Mapping[str, str]) -> str:
        return f"Thèmes éligibles : {' ; '.join(nommer(theme, libelles) for theme in self.themes)}."
