"""A large aid is spread over several years, each within a yearly maximum."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING
from typing import ClassVar

from arpent.metier.argent import partager
from arpent.metier.reglement.bareme import Bareme
from arpent.metier.reglement.constats import Constat
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.description import ChampRegle, Famille, Sorte
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import Regle, euros


@dataclass(frozen=True, slots=True)
class Etalement(Regle):
    """At most `annuel` euros a year over `annees` years; the aid asked is shared in equal yearly parts."""

    annuel: Bareme
    annees: int

    GENRE: ClassVar[str] = "etalement"
    FAMILLE: ClassVar[Famille] = Famille.CADENCE
    DESCRIPTION: ClassVar[str] = "L’aide est étalée sur plusieurs exercices, dans une limite annuelle."
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        ChampRegle("annuel", "Aide maximale par an", Sorte.BAREME_MONTANT, obligatoire=True),
        ChampRegle("annees", "Nombre d’années", Sorte.ENTIER, obligatoire=True),
    )
    INTITULE: ClassVar[str] = "Étalement"

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        parametre = self.annuel.pour(projet)
        if parametre.valeur is None:
            return self.sans_valeur("L’aide maximale par an", self.annuel, projet, contexte)
        plafond = self.annees * parametre.valeur
        calcul = f"{self.annees} × {euros(parametre.valeur)} = {euros(plafond)}"
        if 0 < projet.aide_demandee <= plafond:
            nombre = int((projet.aide_demandee / parametre.valeur).to_integral_value(ROUND_CEILING))
            premiere = contexte.annee(projet)
            annees = {str(premiere + rang): parametre.valeur for rang in range(nombre)}
            parts = partager(projet.aide_demandee, annees)
            calcul += " ; " + ", ".join(f"{annee} : {euros(part)}" for annee, part in parts.items())
        return self.sous_plafond(projet, plafond, calcul, parametre)

    def enonce(self, libelles: Mapping[str, str]) -> str:
        return f"Aide étalée sur {self.annees} ans au plus, par an : {self.annuel.enonce(euros, libelles)}."
