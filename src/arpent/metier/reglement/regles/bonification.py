"""Points of rate added when the project meets conditions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar

from arpent.metier.argent import formater_nombre
from arpent.metier.reglement.bareme import Parametre, enoncer
from arpent.metier.reglement.champs import CHAMPS
from arpent.metier.reglement.conditions import Comparaison, Condition, Parmi
from arpent.metier.reglement.constats import Constat, Verdict
from arpent.metier.reglement.contexte import Contexte, nommer
from arpent.metier.reglement.description import ChampRegle, Famille, Sorte, Vocabulaire, codes
from arpent.metier.reglement.lecteur import Lecteur
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import Regle, points


@dataclass(frozen=True, slots=True)
class Bonification(Regle):
    """`points` (rate) when every given condition holds: a sector, a class, an owner's population at most."""

    points: Parametre
    secteurs: tuple[str, ...]
    classes: tuple[str, ...]
    population_max: int | None

    GENRE: ClassVar[str] = "bonification"
    FAMILLE: ClassVar[Famille] = Famille.TAUX
    DESCRIPTION: ClassVar[str] = "Des points de taux en plus, sous conditions."
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        ChampRegle("points", "Points ajoutés au taux", Sorte.TAUX, obligatoire=True),
        codes("secteurs", "Secteurs", Vocabulaire.SECTEURS),
        codes("classes", "Classes", Vocabulaire.CLASSES),
        ChampRegle("population_max", "Population maximale", Sorte.ENTIER),
    )
    INTITULE: ClassVar[str] = "Bonification"

    def verifier(self, lecteur: Lecteur) -> None:
        if not self.secteurs and not self.classes and self.population_max is None and self.si is None:
            raise lecteur.refus(
                "donnez au moins une condition : « secteurs », « classes » ou « population_max »."
            )

    def preparer(self, projet: Projet, contexte: Contexte) -> Contexte:
        if self.points.valeur is None or self._inconnues(projet) or not self._est_remplie(projet):
            return contexte
        return replace(contexte, bonus=contexte.bonus + self.points.valeur)

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        inconnues = self._inconnues(projet)
        if inconnues:
            explication = f"La bonification dépend d’une donnée non renseignée : {inconnues}."
            return self.constat(Verdict.A_VERIFIER, explication)
        if not self._est_remplie(projet):
            explication = "Les conditions de la bonification ne sont pas réunies."
            return self.constat(Verdict.SANS_OBJET, explication)
        if self.points.valeur is None:
            return self.a_renseigner("Le montant de la bonification", self.points)
        return self.constat(
            Verdict.CONFORME,
            f"Le taux est augmenté de {points(self.points.valeur)}.",
            calcul=f"+ {points(self.points.valeur)}",
            source=self.points.source,
            demonstration=self.points.demonstration,
        )

    def enonce(self, libelles: Mapping[str, str]) -> str:
        conditions = []
        if self.secteurs:
            conditions.append(f"secteur : {', '.join(nommer(s, libelles) for s in self.secteurs)}")
        if self.classes:
            conditions.append(f"classe : {', '.join(nommer(c, libelles) for c in self.classes)}")
        if self.population_max is not None:
            conditions.append(f"population : {formater_nombre(self.population_max)} habitants au plus")
        cas = f" ({' ; '.join(conditions)})" if conditions else ""
        return f"Bonification : {enoncer(self.points, points)}{cas}."

    def conditions(self) -> tuple[Condition, ...]:
        propres: list[Condition] = []
        if self.secteurs:
            propres.append(Parmi(CHAMPS["secteurs"], self.secteurs))
        if self.classes:
            propres.append(Parmi(CHAMPS["classe"], self.classes))
        if self.population_max is not None:
            propres.append(Comparaison(CHAMPS["population"], "<=", Decimal(self.population_max)))
        return (*Regle.conditions(self), *propres)

    def _inconnues(self, projet: Projet) -> str:
        if self.classes and projet.classe_vulnerabilite is None:
            return "la classe du territoire"
        if self.population_max is not None and projet.beneficiaire_population is None:
            return "la population du maître d’ouvrage"
        return ""

    def _est_remplie(self, projet: Projet) -> bool:
        population = projet.beneficiaire_population
        return (
            (not self.secteurs or not set(self.secteurs).isdisjoint(projet.secteurs))
            and (not self.classes or projet.classe_vulnerabilite in self.classes)
            and (
                self.population_max is None or (population is not None and population <= self.population_max)
            )
        )
