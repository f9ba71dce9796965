"""The owner's earlier operation is settled before a new one is aided."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from arpent.metier.reglement.constats import Constat
from arpent.metier.reglement.contexte import Contexte, nommer
from arpent.metier.reglement.description import ChampRegle, Famille, Vocabulaire, codes
from arpent.metier.reglement.projet import AideAnterieure, Projet
from arpent.metier.reglement.regles.base import Regle
from arpent.metier.reglement.regles.periode import MANQUE


@dataclass(frozen=True, slots=True)
class PrecedentSolde(Regle):
    """`croisees`: categories that may run beside another type, when the two are voted in different years."""

    croisees: tuple[str, ...]

    GENRE: ClassVar[str] = "precedent_solde"
    FAMILLE: ClassVar[Famille] = Famille.CADENCE
    DESCRIPTION: ClassVar[str] = "L’opération précédente du maître d’ouvrage est soldée avant la suivante."
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        codes(
            "croisees",
            "Catégories admises à côté d’un autre type",
            Vocabulaire.CATEGORIES,
            "À condition que les deux soient votées deux années civiles différentes.",
        ),
    )
    INTITULE: ClassVar[str] = "Opération précédente soldée"

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        if projet.aides_anterieures is None:
            return self.a_completer("La règle", MANQUE)
        ouvertes = [aide for aide in projet.aides_anterieures if not aide.soldee]
        if not ouvertes:
            return self.eligible(True, "Aucune opération antérieure n’est en attente de solde.")
        if self.croisees and not projet.categorie:
            return self.a_completer("L’exception", ("la catégorie",))
        annee = contexte.annee(projet)
        genantes = [aide for aide in ouvertes if not self._se_croisent(aide, projet, annee)]
        if not genantes:
            return self.eligible(
                True, "L’opération en cours est d’un autre type et d’une autre année : les deux se croisent."
            )
        return self.eligible(
            False, f"Une opération de {genantes[0].annee} n’est pas soldée : elle doit l’être d’abord."
        )

    def enonce(self, libelles: Mapping[str, str]) -> str:
        phrase = "L’opération précédente est soldée avant une nouvelle aide"
        if self.croisees:
            noms = " ou ".join(f"« {nommer(c, libelles)} »" for c in self.croisees)
            phrase += f", sauf {noms} avec un autre type, votées deux années civiles différentes"
        return f"{phrase}."

    def _se_croisent(self, aide: AideAnterieure, projet: Projet, annee: int) -> bool:
        types_differents = (aide.categorie in self.croisees) is not (projet.categorie in self.croisees)
        return types_differents and aide.annee != annee
