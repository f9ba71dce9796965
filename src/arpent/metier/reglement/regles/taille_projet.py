"""The project or its owner is neither too small nor too large."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from arpent.metier.argent import formater_nombre
from arpent.metier.reglement.bareme import Parametre, enoncer
from arpent.metier.reglement.constats import Constat, Verdict
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.description import ChampRegle, Famille, Sorte
from arpent.metier.reglement.lecteur import Lecteur
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import Regle, euros


@dataclass(frozen=True, slots=True)
class TailleProjet(Regle):
    """Bounds of the cost HT (euros) and of the owner's population, all inside; None: no bound."""

    cout_min: Parametre | None
    cout_max: Parametre | None
    population_min: int | None
    population_max: int | None

    GENRE: ClassVar[str] = "taille_projet"
    FAMILLE: ClassVar[Famille] = Famille.ELIGIBILITE
    DESCRIPTION: ClassVar[str] = "Le coût et la population du maître d’ouvrage tiennent entre deux bornes."
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        ChampRegle("cout_min", "Coût HT minimal", Sorte.MONTANT),
        ChampRegle("cout_max", "Coût HT maximal", Sorte.MONTANT),
        ChampRegle("population_min", "Population minimale", Sorte.ENTIER),
        ChampRegle("population_max", "Population maximale", Sorte.ENTIER),
    )
    INTITULE: ClassVar[str] = "Taille du projet"

    def verifier(self, lecteur: Lecteur) -> None:
        if not self.parametres() and self.population_min is None and self.population_max is None:
            raise lecteur.refus("donnez au moins une borne de coût ou de population.")

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        population = projet.beneficiaire_population
        lit_la_population = self.population_min is not None or self.population_max is not None
        if lit_la_population and population is None:
            return self.a_completer("La taille admise", ("la population du maître d’ouvrage",))
        vide = next((p for p in self.parametres() if p.valeur is None), None)
        ecarts = [*self._ecarts_cout(projet.cout_ht)]
        if population is not None:
            ecarts += self._ecarts_population(population)
        if ecarts:
            return self.eligible(False, f"{' ; '.join(ecarts)}.")
        if vide is not None:
            return self.a_renseigner("Une borne de coût", vide)
        return self.constat(
            Verdict.CONFORME,
            "La taille du projet est dans les bornes.",
            source=" ; ".join(dict.fromkeys(p.source for p in self.parametres() if p.source)),
            demonstration=any(p.demonstration for p in self.parametres()),
        )

    def enonce(self, libelles: Mapping[str, str]) -> str:
        bornes = []
        if self.cout_min is not None:
            bornes.append(f"coût HT d’au moins {enoncer(self.cout_min, euros)}")
        if self.cout_max is not None:
            bornes.append(f"coût HT d’au plus {enoncer(self.cout_max, euros)}")
        if self.population_min is not None:
            bornes.append(f"au moins {formater_nombre(self.population_min)} habitants")
        if self.population_max is not None:
            bornes.append(f"au plus {formater_nombre(self.population_max)} habitants")
        return f"Taille du projet : {' ; '.join(bornes)}."

    def _ecarts_cout(self, cout: Decimal) -> list[str]:
        ecarts = []
        if self.cout_min is not None and self.cout_min.valeur is not None and cout < self.cout_min.valeur:
            ecarts.append(
                f"Le coût HT, {euros(cout)}, est inférieur au minimum de {euros(self.cout_min.valeur)}"
            )
        if self.cout_max is not None and self.cout_max.valeur is not None and cout > self.cout_max.valeur:
            ecarts.append(f"Le coût HT, {euros(cout)}, dépasse le maximum de {euros(self.cout_max.valeur)}")
        return ecarts

    def _ecarts_population(self, population: int) -> list[str]:
        """The owner's size against the bounds."""
        lue = f"Le maître d’ouvrage compte {formater_nombre(population)} habitants"
        ecarts = []
        if self.population_min is not None and population < self.population_min:
            ecarts.append(f"{lue}, moins que le minimum de {formater_nombre(self.population_min)}")
        if self.population_max is not None and population > self.population_max:
            ecarts.append(f"{lue}, plus que le maximum de {formater_nombre(self.population_max)}")
        return ecarts
