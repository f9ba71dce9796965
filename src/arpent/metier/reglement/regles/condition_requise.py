"""A condition that the project must meet to be aided."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from arpent.metier.reglement.conditions import Condition
from arpent.metier.reglement.constats import Constat
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.description import ChampRegle, Famille, Sorte
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import Regle


@dataclass(frozen=True, slots=True)
class ConditionRequise(Regle):
    """`exige`: the condition; `motif`: what the owner reads when it is not met."""

    exige: Condition
    motif: str

    GENRE: ClassVar[str] = "condition_requise"
    FAMILLE: ClassVar[Famille] = Famille.ELIGIBILITE
    DESCRIPTION: ClassVar[str] = "Le projet doit remplir une condition, quelle qu’elle soit."
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        ChampRegle("exige", "Condition à remplir", Sorte.CONDITION, obligatoire=True),
        ChampRegle("motif", "Motif", Sorte.TEXTE, aide="Une phrase, lue quand elle manque.", defaut=""),
    )
    INTITULE: ClassVar[str] = "Condition d’éligibilité"

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        remplie, manquants = self.exige.juger(projet)
        cas = self.exige.enonce(contexte.libelles)
        if remplie is None:
            return self.a_completer(f"La condition ({cas})", manquants)
        if remplie:
            return self.eligible(True, f"La condition est remplie : {cas}.")
        return self.eligible(False, f"La condition n’est pas remplie : {cas}. {self.motif}".strip())

    def enonce(self, libelles: Mapping[str, str]) -> str:
        return f"Condition : {self.exige.enonce(libelles)}."
