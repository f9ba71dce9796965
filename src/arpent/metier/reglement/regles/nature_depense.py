"""The spending is of a nature that the dispositif supports (investment, for most)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from arpent.metier.reglement.constats import Constat, Verdict
from arpent.metier.reglement.contexte import Contexte, nommer
from arpent.metier.reglement.description import ChampRegle, Famille, Vocabulaire, codes
from arpent.metier.reglement.lecteur import Lecteur
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import Regle


@dataclass(frozen=True, slots=True)
class NatureDepense(Regle):
    """`natures`: always eligible; `reservees` are eligible only in the classes of vulnerability `classes`."""

    natures: tuple[str, ...]
    reservees: tuple[str, ...]
    classes: tuple[str, ...]

    GENRE: ClassVar[str] = "nature_depense"
    FAMILLE: ClassVar[Famille] = Famille.ELIGIBILITE
    DESCRIPTION: ClassVar[str] = "La dépense est d’une nature soutenue (investissement, fonctionnement)."
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        codes("natures", "Toujours éligibles", Vocabulaire.NATURES_DEPENSE, obligatoire=True),
        codes("reservees", "Réservées à certaines classes", Vocabulaire.NATURES_DEPENSE),
        codes("classes", "Classes concernées", Vocabulaire.CLASSES),
    )
    INTITULE: ClassVar[str] = "Nature de la dépense"

    def verifier(self, lecteur: Lecteur) -> None:
        if self.reservees and not self.classes:
            raise lecteur.refus("la clé « classes » doit être une liste de textes, avec « reservees ».")

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        nature = contexte.nommer(projet.nature_depense)
        if projet.nature_depense in self.natures:
            return self.eligible(True, f"La dépense est éligible ({nature}).")
        if projet.nature_depense not in self.reservees:
            admises = ", ".join(contexte.nommer(n) for n in self.natures)
            return self.eligible(
                False, f"La dépense ({nature}) n’est pas éligible. Sont éligibles : {admises}."
            )
        if projet.classe_vulnerabilite is None:
            explication = (
                f"L’éligibilité ({nature}) dépend de la classe du territoire, qui n’est pas renseignée."
            )
            return self.constat(Verdict.A_VERIFIER, explication)
        classe = contexte.nommer(projet.classe_vulnerabilite)
        if projet.classe_vulnerabilite in self.classes:
            return self.eligible(True, f"La dépense ({nature}) est éligible dans la classe « {classe} ».")
        return self.eligible(False, f"La dépense ({nature}) n’est pas éligible dans la classe « {classe} ».")

    def enonce(self, libelles: Mapping[str, str]) -> str:
        phrase = f"Dépenses éligibles : {' ; '.join(nommer(n, libelles) for n in self.natures)}"
        if self.reservees:
            reservees = " ; ".join(nommer(n, libelles) for n in self.reservees)
            classes = " ; ".join(nommer(c, libelles) for c in self.classes)
            phrase += f" ; {reservees}, pour les seules classes : {classes}"
        return f"{phrase}."

    def champs_lus(self) -> frozenset[str]:
        return Regle.champs_lus(self) | ({"classe"} if self.reservees else frozenset())
