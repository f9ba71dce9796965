"""The project is mature enough to be written into the contract."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from arpent.metier.reglement.constats import Constat, Verdict
from arpent.metier.reglement.contexte import Contexte, nommer
from arpent.metier.reglement.description import ChampRegle, Famille, Vocabulaire, codes
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import Regle


@dataclass(frozen=True, slots=True)
class Maturite(Regle):
    """`admises`: maturities that may receive an aid; `a_preciser`: those to be completed first."""

    admises: tuple[str, ...]
    a_preciser: tuple[str, ...]

    GENRE: ClassVar[str] = "maturite"
    FAMILLE: ClassVar[Famille] = Famille.ELIGIBILITE
    DESCRIPTION: ClassVar[str] = "Le projet est assez mûr pour être inscrit."
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        codes("admises", "Maturités admises", Vocabulaire.MATURITES, obligatoire=True),
        codes("a_preciser", "À préciser d’abord", Vocabulaire.MATURITES),
    )
    INTITULE: ClassVar[str] = "Maturité du projet"

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        libelle = contexte.nommer(projet.maturite)
        if projet.maturite in self.admises:
            return self.eligible(True, f"La maturité permet une aide ({libelle}).")
        if projet.maturite in self.a_preciser:
            explication = f"Le contenu est à préciser avant toute décision ({libelle})."
            return self.constat(Verdict.A_VERIFIER, explication)
        return self.eligible(False, f"La maturité ne permet pas d’aide ({libelle}).")

    def enonce(self, libelles: Mapping[str, str]) -> str:
        phrase = f"Maturités admises : {' ; '.join(nommer(m, libelles) for m in self.admises)}"
        if self.a_preciser:
            phrase += f" ; à préciser d’abord : {' ; '.join(nommer(m, libelles) for m in self.a_preciser)}"
        return f"{phrase}."
