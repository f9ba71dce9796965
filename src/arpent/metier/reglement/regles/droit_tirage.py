"""A yearly drawing right, whose unused part may be carried over to the next years."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from arpent.metier.argent import ZERO
from arpent.metier.reglement.bareme import Bareme
from arpent.metier.reglement.constats import Constat, Verdict
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.description import ChampRegle, Famille, Sorte
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import Regle, compter, deja, difference, euros
from arpent.metier.reglement.regles.periode import MANQUE


@dataclass(frozen=True, slots=True)
class DroitTirage(Regle):
    """`montant` euros a year from `depuis`, over `annees` years; `report`: what is unused is kept.

    Only the earlier aids of the family `famille` draw on the right (all of them without family).
    """

    montant: Bareme
    depuis: int
    annees: int
    report: bool
    famille: str

    GENRE: ClassVar[str] = "droit_tirage"
    FAMILLE: ClassVar[Famille] = Famille.ENVELOPPE
    DESCRIPTION: ClassVar[str] = "Un droit de tirage annuel, dont la part inutilisée peut être reportée."
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        ChampRegle("montant", "Droit annuel", Sorte.BAREME_MONTANT, obligatoire=True),
        ChampRegle("depuis", "Première année", Sorte.ENTIER, obligatoire=True),
        ChampRegle("annees", "Nombre d’années", Sorte.ENTIER, obligatoire=True),
        ChampRegle("report", "La part inutilisée est reportée", Sorte.BOOLEEN, defaut=False),
        ChampRegle("famille", "Famille d’aides qui s’imputent", Sorte.TEXTE, defaut=""),
    )
    INTITULE: ClassVar[str] = "Droit de tirage"

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        annee, derniere = contexte.annee(projet), self.depuis + self.annees - 1
        if not self.depuis <= annee <= derniere:
            explication = (
                f"Le droit de tirage court de {self.depuis} à {derniere} ; le dossier est de {annee}."
            )
            return self.constat(Verdict.SANS_OBJET, explication)
        parametre = self.montant.pour(projet)
        if parametre.valeur is None:
            return self.sans_valeur("Le droit annuel", self.montant, projet, contexte)
        if projet.aides_anterieures is None:
            return self.a_completer("Le droit restant", MANQUE)
        premiere = self.depuis if self.report else annee
        ouvert = parametre.valeur * (annee - premiere + 1)
        tire, en_mots = deja(
            (
                aide
                for aide in projet.aides_anterieures
                if premiere <= aide.annee <= annee and self.famille in ("", aide.famille)
            ),
            "tirés",
        )
        calcul = (
            f"{compter(annee - premiere + 1, 'an')} × {euros(parametre.valeur)} − {en_mots} "
            f"{difference(ouvert - tire)}"
        )
        return self.sous_plafond(projet, max(ZERO, ouvert - tire), calcul, parametre)

    def enonce(self, libelles: Mapping[str, str]) -> str:
        report = "la part inutilisée est reportée" if self.report else "sans report"
        return (
            f"Droit de tirage annuel, de {self.depuis} à {self.depuis + self.annees - 1}, {report} : "
            f"{self.montant.enonce(euros, libelles)}."
        )
