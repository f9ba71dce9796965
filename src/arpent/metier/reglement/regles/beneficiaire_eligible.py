"""The owner is of a nature that the dispositif supports."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from arpent.metier.reglement.constats import Constat, Verdict
from arpent.metier.reglement.contexte import Contexte, nommer
from arpent.metier.reglement.description import ChampRegle, Famille, Vocabulaire, codes
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import Regle


@dataclass(frozen=True, slots=True)
class BeneficiaireEligible(Regle):
    """`natures`: eligible natures; `exceptionnelles`: those accepted case by case."""

    natures: tuple[str, ...]
    exceptionnelles: tuple[str, ...]

    GENRE: ClassVar[str] = "beneficiaire_eligible"
    FAMILLE: ClassVar[Famille] = Famille.ELIGIBILITE
    DESCRIPTION: ClassVar[str] = "Le maître d’ouvrage est de ceux que le dispositif soutient."
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        codes("natures", "Bénéficiaires", Vocabulaire.NATURES_BENEFICIAIRE, obligatoire=True),
        codes("exceptionnelles", "Admis à titre exceptionnel", Vocabulaire.NATURES_BENEFICIAIRE),
    )
    INTITULE: ClassVar[str] = "Bénéficiaire éligible"

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        libelle = contexte.nommer(projet.beneficiaire_nature)
        if projet.beneficiaire_nature in self.natures:
            return self.eligible(True, f"Le maître d’ouvrage est éligible ({libelle}).")
        if projet.beneficiaire_nature in self.exceptionnelles:
            explication = f"Le maître d’ouvrage ({libelle}) n’est admis qu’à titre exceptionnel."
            return self.constat(Verdict.A_VERIFIER, explication)
        return self.eligible(False, f"Le maître d’ouvrage ({libelle}) ne figure pas parmi les bénéficiaires.")

    def enonce(self, libelles: Mapping[str, str]) -> str:
        phrase = f"Bénéficiaires : {' ; '.join(nommer(n, libelles) for n in self.natures)}"
        if self.exceptionnelles:
            phrase += (
                f" ; à titre exceptionnel : {' ; '.join(nommer(n, libelles) for n in self.exceptionnelles)}"
            )
        return f"{phrase}."
