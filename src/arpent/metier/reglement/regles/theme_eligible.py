"""The project belongs to a theme of the dispositif."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from arpent.metier.reglement.constats import Constat, Verdict
from arpent.metier.reglement.contexte import Contexte, nommer
from arpent.metier.reglement.lecteur import Lecteur
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import Regle


@dataclass(frozen=True, slots=True)
class ThemeEligible(Regle):
    """`themes`: the codes of the eligible themes."""

    themes: tuple[str, ...]

    INTITULE: ClassVar[str] = "Thème éligible"

    @classmethod
    def lire(cls, code: str, article: str, intitule: str, lecteur: Lecteur) -> Self:
        return cls(code, article, intitule, lecteur.textes("themes"))

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
