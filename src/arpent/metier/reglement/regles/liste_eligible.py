"""What the lists of eligible themes and categories share: eligible, priority, excluded."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

from arpent.metier.reglement.constats import Constat, Verdict
from arpent.metier.reglement.contexte import Contexte, nommer
from arpent.metier.reglement.lecteur import Lecteur
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import Regle


@dataclass(frozen=True, slots=True)
class Listes:
    """The three lists of codes; without `eligibles`, all that is not excluded is eligible."""

    eligibles: tuple[str, ...]
    prioritaires: tuple[str, ...]
    exclus: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegleListe(Regle):
    """A rule that looks one code of the project up in three lists."""

    @abstractmethod
    def listes(self) -> Listes:
        """The lists of the rule."""

    @abstractmethod
    def code_de(self, projet: Projet) -> str:
        """The code looked up, empty when unknown."""

    @abstractmethod
    def mots(self) -> tuple[str, str, str]:
        """“Le thème”, “thème”, and the feminine e of the participles or nothing."""

    def verifier(self, lecteur: Lecteur) -> None:
        listes = self.listes()
        if doubles := sorted({*listes.eligibles, *listes.prioritaires} & set(listes.exclus)):
            raise lecteur.refus(f"« {doubles[0]} » est à la fois éligible et exclu.")

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        code = self.code_de(projet)
        sujet, nom, accord = self.mots()
        if not code:
            pronom = "la" if accord else "le"
            explication = f"{sujet} n’est pas renseigné{accord} : choisissez-{pronom} sur la fiche."
            return self.constat(Verdict.A_VERIFIER, explication)
        libelle, listes = f"{sujet} « {contexte.nommer(code)} »", self.listes()
        if code in listes.exclus:
            return self.eligible(False, f"{libelle} est exclu{accord}.")
        if code in listes.prioritaires:
            return self.eligible(True, f"{libelle} est prioritaire.")
        if code in listes.eligibles or not (listes.eligibles or listes.prioritaires):
            return self.eligible(True, f"{libelle} est éligible.")
        return self.eligible(False, f"{libelle} ne figure pas parmi les {nom}s éligibles.")

    def enonce(self, libelles: Mapping[str, str]) -> str:
        listes, (_, nom, accord) = self.listes(), self.mots()
        morceaux = [
            f"{titre} : {' ; '.join(nommer(code, libelles) for code in codes)}"
            for titre, codes in (
                (f"{nom}s éligibles", listes.eligibles),
                (f"{nom}s prioritaires", listes.prioritaires),
                (f"{nom}s exclu{accord}s", listes.exclus),
            )
            if codes
        ]
        phrase = ". ".join(morceau[0].upper() + morceau[1:] for morceau in morceaux)
        return f"{phrase}."
