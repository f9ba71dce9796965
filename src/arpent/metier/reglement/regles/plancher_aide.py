"""Under a floor, no aid is given: an amount, a share of the eligible base, or both."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from arpent.metier.argent import ZERO, arrondir
from arpent.metier.reglement.bareme import Bareme, Parametre
from arpent.metier.reglement.constats import Constat, Verdict
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.description import ChampRegle, Famille, Sorte
from arpent.metier.reglement.lecteur import Lecteur
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import Regle, euros, taux


@dataclass(frozen=True, slots=True)
class PlancherAide(Regle):
    """`montant` (euros) and `part` (of the retained base). With both, `combinaison` says whether both hold
    (“et”: the larger one) or either is enough (“ou”: the smaller one)."""

    montant: Bareme | None
    part: Bareme | None
    combinaison: str

    GENRE: ClassVar[str] = "plancher_aide"
    FAMILLE: ClassVar[Famille] = Famille.PLANCHERS
    DESCRIPTION: ClassVar[str] = "Sous un montant ou une part de l’assiette, aucune aide n’est attribuée."
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        ChampRegle("montant", "Aide minimale", Sorte.BAREME_MONTANT),
        ChampRegle("part", "Part minimale de l’assiette", Sorte.BAREME_TAUX),
        ChampRegle(
            "combinaison",
            "Si les deux sont donnés",
            Sorte.CHOIX,
            options=(("et", "Il faut atteindre les deux"), ("ou", "Il suffit d’atteindre l’un des deux")),
            defaut="et",
        ),
    )
    INTITULE: ClassVar[str] = "Plancher de l’aide"
    APRES_PLAFONDS: ClassVar[bool] = True

    def verifier(self, lecteur: Lecteur) -> None:
        if self.montant is None and self.part is None:
            raise lecteur.refus("donnez au moins « montant » ou « part ».")

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        planchers = []
        calculs = []
        utilises = []
        if self.montant is not None:
            montant = self.montant.pour(projet)
            if montant.valeur is None:
                return self.sans_valeur("Le plancher", self.montant, projet, contexte)
            planchers.append(montant.valeur)
            calculs.append(f"plancher : {euros(montant.valeur)}")
            utilises.append(montant)
        if self.part is not None:
            part = self.part.pour(projet)
            if part.valeur is None:
                return self.sans_valeur("Le plancher en taux", self.part, projet, contexte)
            assiette = contexte.assiette_retenue(projet)
            planchers.append(arrondir(part.valeur * assiette))
            calculs.append(f"{taux(part.valeur)} × {euros(assiette)} = {euros(planchers[-1])}")
            utilises.append(part)
        choisir = max if self.combinaison == "et" else min
        return self._comparer(
            projet, contexte, Plancher(choisir(planchers), " ; ".join(calculs), tuple(utilises))
        )

    def _comparer(self, projet: Projet, contexte: Contexte, plancher: "Plancher") -> Constat:
        possible, minimum = contexte.aide_possible, plancher.montant
        plafond = None
        if possible == 0:
            verdict, explication = Verdict.SANS_OBJET, "Aucune aide n’est possible : le plancher ne joue pas."
        elif possible < minimum:
            verdict, plafond = Verdict.NON_CONFORME, ZERO
            explication = (
                f"L’aide possible, {euros(possible)}, reste sous le plancher de {euros(minimum)} : "
                "aucune aide ne peut être attribuée."
            )
        elif projet.aide_demandee < minimum:
            verdict = Verdict.NON_CONFORME
            demandee = euros(projet.aide_demandee)
            explication = f"L’aide demandée, {demandee}, est inférieure au plancher de {euros(minimum)}."
        else:
            verdict = Verdict.CONFORME
            explication = f"L’aide demandée atteint le plancher de {euros(minimum)}."
        return self.constat(
            verdict,
            explication,
            calcul=plancher.calcul,
            plafond=plafond,
            source=" ; ".join(dict.fromkeys(p.source for p in plancher.parametres if p.source)),
            demonstration=any(p.demonstration for p in plancher.parametres),
        )

    def enonce(self, libelles: Mapping[str, str]) -> str:
        morceaux = []
        if self.montant is not None:
            morceaux.append(self.montant.enonce(euros, libelles))
        if self.part is not None:
            morceaux.append(f"{self.part.enonce(taux, libelles)} de l’assiette")
        return f"Plancher de l’aide : {f' {self.combinaison} '.join(morceaux)}."


@dataclass(frozen=True, slots=True)
class Plancher:
    """The floor of one project, its arithmetic, and the values it uses."""

    montant: Decimal
    calcul: str
    parametres: tuple[Parametre, ...]
