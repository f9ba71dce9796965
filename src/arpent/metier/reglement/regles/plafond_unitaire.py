"""The eligible base is limited to a cost per unit (€/m³, €/km, €/place)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from arpent.metier.argent import arrondir
from arpent.metier.reglement.bareme import Bareme
from arpent.metier.reglement.constats import Constat
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.description import ChampRegle, Famille, Sorte, Vocabulaire
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.assiette import Limite, RegleAssiette
from arpent.metier.reglement.regles.base import euros, nombre


@dataclass(frozen=True, slots=True)
class PlafondUnitaire(RegleAssiette):
    """`montant` euros of eligible cost for each `unite` of the project's quantities."""

    montant: Bareme
    unite: str

    GENRE: ClassVar[str] = "plafond_unitaire"
    FAMILLE: ClassVar[Famille] = Famille.PLAFONDS
    DESCRIPTION: ClassVar[str] = "La dépense éligible est limitée à un coût par unité (m³, km, place…)."
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        ChampRegle("montant", "Coût éligible par unité", Sorte.BAREME_MONTANT, obligatoire=True),
        ChampRegle("unite", "Unité", Sorte.TEXTE, obligatoire=True, vocabulaire=Vocabulaire.UNITES),
    )
    INTITULE: ClassVar[str] = "Coût unitaire maximal"

    def limite(self, projet: Projet, contexte: Contexte) -> Limite | Constat:
        parametre = self.montant.pour(projet)
        if parametre.valeur is None:
            return self.sans_valeur("Le coût unitaire", self.montant, projet, contexte)
        unite = contexte.nommer(self.unite)
        quantite = projet.quantites.get(self.unite)
        if quantite is None:
            return self.a_completer("Le coût éligible", (f"la quantité ({unite})",))
        montant = arrondir(parametre.valeur * quantite)
        calcul = f"{nombre(quantite)} {unite} × {euros(parametre.valeur)} = {euros(montant)}"
        return Limite(montant, calcul, parametre)

    def enonce(self, libelles: Mapping[str, str]) -> str:
        unite = libelles.get(self.unite, self.unite)
        return f"Coût éligible maximal par unité ({unite}) : {self.montant.enonce(euros, libelles)}."
