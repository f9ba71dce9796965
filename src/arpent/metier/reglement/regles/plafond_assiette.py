"""The eligible base: never above the cost, and limited by the règlement."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from arpent.metier.reglement.bareme import Bareme
from arpent.metier.reglement.constats import Constat, Verdict
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.description import ChampRegle, Famille, Sorte
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import Regle, euros


@dataclass(frozen=True, slots=True)
class PlafondAssiette(Regle):
    """`montant`: euros, flat or by a criterion. It limits the base of the rate, not the aid itself."""

    montant: Bareme

    GENRE: ClassVar[str] = "plafond_assiette"
    FAMILLE: ClassVar[Famille] = Famille.PLAFONDS
    DESCRIPTION: ClassVar[str] = "La dépense éligible est limitée à un montant."
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        ChampRegle("montant", "Plafond de dépense éligible", Sorte.BAREME_MONTANT, obligatoire=True),
    )
    INTITULE: ClassVar[str] = "Assiette éligible"

    def preparer(self, projet: Projet, contexte: Contexte) -> Contexte:
        montant = self.montant.pour(projet).valeur
        return contexte if montant is None else contexte.limiter_assiette(montant)

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        if projet.assiette is not None and projet.assiette > projet.cout_ht:
            return self.constat(
                Verdict.NON_CONFORME,
                f"L’assiette, {euros(projet.assiette)}, dépasse le coût HT de {euros(projet.cout_ht)} : "
                "corrigez la fiche. Le calcul retient le coût.",
            )
        parametre = self.montant.pour(projet)
        if parametre.valeur is None:
            return self.sans_valeur("Le plafond d’assiette", self.montant, projet, contexte)
        assiette, retenue = projet.assiette_eligible, min(projet.assiette_eligible, parametre.valeur)
        explication = f"L’assiette, {euros(assiette)}, est retenue en entier."
        if retenue < assiette:
            explication = f"L’assiette, {euros(assiette)}, est ramenée au plafond de {euros(retenue)}."
        return self.constat(
            Verdict.CONFORME,
            explication,
            calcul=f"minimum de {euros(assiette)} et {euros(parametre.valeur)} = {euros(retenue)}",
            source=parametre.source,
            demonstration=parametre.demonstration,
        )

    def enonce(self, libelles: Mapping[str, str]) -> str:
        return f"Plafond de l’assiette : {self.montant.enonce(euros, libelles)}."
