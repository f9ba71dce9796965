"""The rate is multiplied by a coefficient (of solidarity, of fiscal effort…)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar

from arpent.metier.reglement.bareme import Parametre, enoncer
from arpent.metier.reglement.constats import Constat, Verdict
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.description import ChampRegle, Famille, Sorte, Vocabulaire
from arpent.metier.reglement.lecteur import Lecteur
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import Regle, nombre


@dataclass(frozen=True, slots=True)
class Coefficient(Regle):
    """`valeur_fixe`: one coefficient for all; `indicateur`: the owner's own, among its indicators."""

    valeur_fixe: Parametre | None
    indicateur: str

    GENRE: ClassVar[str] = "coefficient"
    FAMILLE: ClassVar[Famille] = Famille.TAUX
    DESCRIPTION: ClassVar[str] = (
        "Le taux est multiplié par un coefficient, fixe ou propre au maître d’ouvrage."
    )
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        ChampRegle("valeur_fixe", "Coefficient", Sorte.NOMBRE),
        ChampRegle(
            "indicateur",
            "Indicateur qui donne le coefficient",
            Sorte.TEXTE,
            vocabulaire=Vocabulaire.INDICATEURS,
            defaut="",
        ),
    )
    INTITULE: ClassVar[str] = "Coefficient"

    def verifier(self, lecteur: Lecteur) -> None:
        if (self.valeur_fixe is None) is (self.indicateur == ""):
            raise lecteur.refus("donnez « valeur_fixe » ou « indicateur », et un seul des deux.")

    def preparer(self, projet: Projet, contexte: Contexte) -> Contexte:
        facteur = self._facteur(projet)
        if facteur is None:
            return contexte
        return replace(contexte, coefficient=contexte.coefficient * facteur)

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        facteur = self._facteur(projet)
        if facteur is not None:
            fixe = self.valeur_fixe
            return self.constat(
                Verdict.CONFORME,
                f"Le taux est multiplié par {nombre(facteur)}.",
                calcul=f"× {nombre(facteur)}",
                source="" if fixe is None else fixe.source,
                demonstration=fixe is not None and fixe.demonstration,
            )
        if self.valeur_fixe is not None:
            return self.a_renseigner("Le coefficient", self.valeur_fixe)
        return self.a_completer("Le coefficient", (f"l’indicateur « {self.indicateur} »",))

    def enonce(self, libelles: Mapping[str, str]) -> str:
        if self.valeur_fixe is not None:
            return f"Le taux est multiplié par un coefficient : {enoncer(self.valeur_fixe, nombre)}."
        return f"Le taux est multiplié par l’indicateur « {self.indicateur} » du maître d’ouvrage."

    def champs_lus(self) -> frozenset[str]:
        propre = {f"indicateur.{self.indicateur}"} if self.indicateur else frozenset()
        return Regle.champs_lus(self) | propre

    def _facteur(self, projet: Projet) -> Decimal | None:
        if self.valeur_fixe is not None:
            return self.valeur_fixe.valeur
        return projet.indicateurs.get(self.indicateur)
