"""An abolished policy: nothing new after its end, but the commitments already made are honoured."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from arpent.metier.reglement.constats import Constat
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.description import ChampRegle, Famille, Sorte
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import Regle


@dataclass(frozen=True, slots=True)
class FinDeVigueur(Regle):
    """`le`: last day of the policy; `acte`: the decision that ends it."""

    le: datetime.date
    acte: str

    GENRE: ClassVar[str] = "fin_de_vigueur"
    FAMILLE: ClassVar[Famille] = Famille.ELIGIBILITE
    DESCRIPTION: ClassVar[str] = "La politique prend fin ; les engagements déjà pris sont honorés."
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        ChampRegle("le", "Dernier jour", Sorte.DATE, obligatoire=True),
        ChampRegle("acte", "Délibération qui y met fin", Sorte.TEXTE, defaut=""),
    )
    INTITULE: ClassVar[str] = "Fin de vigueur"

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        fin = f"le {self.le:%d/%m/%Y}{f' ({self.acte})' if self.acte else ''}"
        if contexte.le <= self.le:
            return self.eligible(True, f"La politique est en vigueur ; elle prend fin {fin}.")
        if projet.engage_le is not None and projet.engage_le <= self.le:
            return self.eligible(
                True,
                f"La politique a pris fin {fin}, mais l’engagement du {projet.engage_le:%d/%m/%Y} "
                "est honoré.",
            )
        return self.eligible(
            False, f"La politique a pris fin {fin} : aucun nouvel engagement n’est possible."
        )

    def enonce(self, libelles: Mapping[str, str]) -> str:
        acte = f" ({self.acte})" if self.acte else ""
        return f"Fin de vigueur le {self.le:%d/%m/%Y}{acte} ; les engagements déjà pris sont honorés."
