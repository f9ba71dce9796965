"""A case in which no aid is given."""

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
class Exclusion(Regle):
    """`cas`: the excluded case; `motif`: why, in one sentence."""

    cas: Condition
    motif: str

    GENRE: ClassVar[str] = "exclusion"
    FAMILLE: ClassVar[Famille] = Famille.ELIGIBILITE
    DESCRIPTION: ClassVar[str] = "Aucune aide dans un cas décrit par une condition."
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        ChampRegle("cas", "Cas exclu", Sorte.CONDITION, obligatoire=True),
        ChampRegle("motif", "Motif", Sorte.TEXTE, aide="Une phrase, lue par le porteur exclu.", defaut=""),
    )
    INTITULE: ClassVar[str] = "Exclusion"

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        exclu, manquants = self.cas.juger(projet)
        cas = self.cas.enonce(contexte.libelles)
        if exclu is None:
            return self.a_completer(f"L’exclusion ({cas})", manquants)
        if exclu:
            return self.eligible(False, f"Le projet est exclu : {cas}. {self.motif}".strip())
        return self.eligible(True, f"Le projet n’est pas dans le cas exclu : {cas}.")

    def enonce(self, libelles: Mapping[str, str]) -> str:
        return f"Exclu : {self.cas.enonce(libelles)}."
