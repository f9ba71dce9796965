"""A flat sum: for the operation, or for each unit (dwelling, place, month of a post…)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from arpent.metier.argent import arrondir
from arpent.metier.reglement.bareme import Bareme
from arpent.metier.reglement.constats import Constat
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.description import ChampRegle, Famille, Sorte, Vocabulaire
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import Regle, euros, nombre


@dataclass(frozen=True, slots=True)
class Forfait(Regle):
    """`montant` euros for each `unite` of the project's quantities, or for the whole without unit."""

    montant: Bareme
    unite: str

    GENRE: ClassVar[str] = "forfait"
    FAMILLE: ClassVar[Famille] = Famille.TAUX
    DESCRIPTION: ClassVar[str] = (
        "L’aide est une somme fixe, pour l’opération ou par unité (logement, place…)."
    )
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        ChampRegle("montant", "Montant du forfait", Sorte.BAREME_MONTANT, obligatoire=True),
        ChampRegle("unite", "Unité", Sorte.TEXTE, vocabulaire=Vocabulaire.UNITES, defaut=""),
    )
    INTITULE: ClassVar[str] = "Forfait"

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        parametre = self.montant.pour(projet)
        if parametre.valeur is None:
            return self.sans_valeur("Le forfait", self.montant, projet, contexte)
        if not self.unite:
            return self.sous_plafond(
                projet, parametre.valeur, f"Forfait : {euros(parametre.valeur)}", parametre
            )
        unite = contexte.nommer(self.unite)
        quantite = projet.quantites.get(self.unite)
        if quantite is None:
            return self.a_completer("Le forfait", (f"la quantité ({unite})",))
        plafond = arrondir(parametre.valeur * quantite)
        calcul = f"{nombre(quantite)} {unite} × {euros(parametre.valeur)} = {euros(plafond)}"
        return self.sous_plafond(projet, plafond, calcul, parametre)

    def enonce(self, libelles: Mapping[str, str]) -> str:
        par = f" par unité ({libelles.get(self.unite, self.unite)})" if self.unite else ""
        return f"Forfait{par} : {self.montant.enonce(euros, libelles)}."
