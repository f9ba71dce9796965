"""The owner ranks its files of the year; only the first ones are received, fewer are usually kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from arpent.metier.reglement.constats import Constat, Verdict
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.description import ChampRegle, Famille, Sorte
from arpent.metier.reglement.lecteur import Lecteur
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import Regle


@dataclass(frozen=True, slots=True)
class DossiersClasses(Regle):
    """`maximum` files received a year; those ranked after `retenus` are kept case by case."""

    maximum: int
    retenus: int | None

    GENRE: ClassVar[str] = "dossiers_classes"
    FAMILLE: ClassVar[Famille] = Famille.CADENCE
    DESCRIPTION: ClassVar[str] = "Les dossiers de l’année sont classés ; seuls les premiers sont reçus."
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        ChampRegle("maximum", "Dossiers reçus par an", Sorte.ENTIER, obligatoire=True),
        ChampRegle(
            "retenus",
            "Dossiers habituellement retenus",
            Sorte.ENTIER,
            aide="Au-delà de ce rang, la règle demande une vérification.",
        ),
    )
    INTITULE: ClassVar[str] = "Classement des dossiers"

    def verifier(self, lecteur: Lecteur) -> None:
        if self.retenus is not None and self.retenus > self.maximum:
            raise lecteur.refus("« retenus » ne peut pas dépasser « maximum ».")

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        if projet.rang is None:
            return self.a_completer("La règle", ("le rang du dossier parmi ceux de l’année",))
        if projet.rang > self.maximum:
            return self.eligible(
                False, f"Le dossier est classé {projet.rang} : {self.maximum} au plus sont reçus par an."
            )
        if self.retenus is not None and projet.rang > self.retenus:
            explication = (
                f"Le dossier est classé {projet.rang} : habituellement, seuls les dossiers classés jusqu’à "
                f"{self.retenus} sont retenus."
            )
            return self.constat(Verdict.A_VERIFIER, explication)
        return self.eligible(True, f"Le dossier est classé {projet.rang}.")

    def enonce(self, libelles: Mapping[str, str]) -> str:
        phrase = f"Dossiers classés par le maître d’ouvrage : {self.maximum} au plus par an"
        if self.retenus is not None:
            phrase += f" ; habituellement retenus : {self.retenus}"
        return f"{phrase}."
