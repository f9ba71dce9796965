"""A share of the envelope is kept for priority operations: the others draw on the rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from arpent.metier.argent import ZERO, arrondir
from arpent.metier.reglement.bareme import Parametre, enoncer
from arpent.metier.reglement.conditions import Condition
from arpent.metier.reglement.constats import Constat, Verdict
from arpent.metier.reglement.contexte import Contexte, nommer
from arpent.metier.reglement.description import ChampRegle, Famille, Sorte, Vocabulaire
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import Regle, difference, euros, taux


@dataclass(frozen=True, slots=True)
class QuotaEnveloppe(Regle):
    """At least `part` of `enveloppe` goes to the projects that meet `prioritaires`."""

    enveloppe: str
    part: Parametre
    prioritaires: Condition

    GENRE: ClassVar[str] = "quota_enveloppe"
    FAMILLE: ClassVar[Famille] = Famille.ENVELOPPE
    DESCRIPTION: ClassVar[str] = "Une part de l’enveloppe est réservée aux opérations prioritaires."
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        ChampRegle(
            "enveloppe", "Enveloppe", Sorte.TEXTE, obligatoire=True, vocabulaire=Vocabulaire.ENVELOPPES
        ),
        ChampRegle("part", "Part réservée", Sorte.TAUX, obligatoire=True),
        ChampRegle("prioritaires", "Opérations prioritaires", Sorte.CONDITION, obligatoire=True),
    )
    INTITULE: ClassVar[str] = "Part réservée de l’enveloppe"

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        if projet.est_paye_hors(self.enveloppe):
            return self.paye_ailleurs(projet, contexte)
        prioritaire, manquants = self.prioritaires.juger(projet)
        if prioritaire is None:
            return self.a_completer("La priorité", manquants)
        if prioritaire:
            return self.constat(
                Verdict.CONFORME, "L’opération est prioritaire : la part réservée lui est ouverte."
            )
        if self.part.valeur is None:
            return self.a_renseigner("La part réservée", self.part)
        enveloppe = projet.enveloppe(self.enveloppe)
        if enveloppe is None:
            return self.a_completer("L’aide", (f"l’enveloppe « {contexte.nommer(self.enveloppe)} »",))
        libre = enveloppe.ouverte - arrondir(self.part.valeur * enveloppe.ouverte)
        pris = enveloppe.engagee - enveloppe.engagee_prioritaire
        calcul = (
            f"Hors part réservée de {taux(self.part.valeur)} : {euros(libre)} − {euros(pris)} déjà engagés "
            f"{difference(libre - pris)}"
        )
        return self.sous_plafond(projet, max(ZERO, libre - pris), calcul, self.part)

    def enonce(self, libelles: Mapping[str, str]) -> str:
        return (
            f"Part de l’enveloppe « {nommer(self.enveloppe, libelles)} » réservée aux opérations "
            f"prioritaires ({self.prioritaires.enonce(libelles)}) : {enoncer(self.part, taux)}."
        )
