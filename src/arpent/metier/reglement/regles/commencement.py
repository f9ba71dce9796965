"""No start before the file is complete."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from arpent.metier.argent import ZERO
from arpent.metier.plan_financement import est_dotation
from arpent.metier.reglement.constats import Constat, Verdict
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.description import ChampRegle, Famille, Sorte
from arpent.metier.reglement.parametres import COMMENCEMENT_APRES_DOSSIER, LignesLegales
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import RegleLegale


@dataclass(frozen=True, slots=True)
class Commencement(RegleLegale):
    """CGCT, R2334-24 and after. Studies and land may start before.

    `dotations_seules`: the règlement does not take the ban of the DETR as its own. Only a plan with a DETR or
    a DSIL is looked at, and the rule caps nothing: it is the grant of the State that would be lost.
    """

    dotations_seules: bool

    GENRE: ClassVar[str] = "commencement"
    FAMILLE: ClassVar[Famille] = Famille.DROIT
    DESCRIPTION: ClassVar[str] = "Les travaux ne commencent pas avant que le dossier soit complet."
    INTITULE: ClassVar[str] = "Pas de commencement avant le dossier complet"

    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        ChampRegle(
            "dotations_seules",
            "Seulement pour la DETR et la DSIL",
            Sorte.BOOLEEN,
            aide="Cochez si le règlement n’interdit pas lui-même de commencer avant le dossier complet.",
            defaut=False,
        ),
    )

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        if not contexte.parametres.est_vrai(COMMENCEMENT_APRES_DOSSIER, contexte.le):
            return self.constat(Verdict.SANS_OBJET, "La règle ne s’applique pas à cette date.")
        legal = contexte.parametres.au(COMMENCEMENT_APRES_DOSSIER, contexte.le)
        source = legal.source if legal else ""
        if projet.cadre.sans_travaux:
            explication = "Des études ou des acquisitions foncières peuvent commencer avant."
            return self.constat(Verdict.SANS_OBJET, explication, source=source)
        if self.dotations_seules and not any(est_dotation(f) for f in projet.financements):
            return self.constat(Verdict.SANS_OBJET, "Le plan ne comprend ni DETR ni DSIL.", source=source)
        commence, complet = projet.commence_le, projet.dossier_complet_le
        if commence is None:
            return self.constat(
                Verdict.CONFORME, "Aucun commencement d’exécution n’est enregistré.", source=source
            )
        calcul = f"commencement le {commence:%d/%m/%Y}"
        if complet is None and commence > contexte.le:
            explication = (
                f"L’opération commencerait le {commence:%d/%m/%Y} : le dossier doit être reconnu complet "
                "avant."
            )
            return self.constat(Verdict.A_VERIFIER, explication, calcul=calcul, source=source)
        if complet is None:
            explication = f"L’opération commence le {commence:%d/%m/%Y} sans dossier reconnu complet."
            return self._refuser(explication, calcul, source)
        calcul += f", dossier complet le {complet:%d/%m/%Y}"
        if commence >= complet:
            return self.constat(
                Verdict.CONFORME,
                "L’opération commence après le dossier complet.",
                calcul=calcul,
                source=source,
            )
        explication = (
            f"L’opération commence le {commence:%d/%m/%Y}, avant le dossier complet ({complet:%d/%m/%Y})."
        )
        return self._refuser(explication, calcul, source)

    def _refuser(self, explication: str, calcul: str, source: str) -> Constat:
        suite = "aucune aide n’est possible sur des travaux commencés."
        plafond: Decimal | None = ZERO
        if self.dotations_seules:
            suite, plafond = "l’aide de l’État serait perdue.", None
        explication = f"{explication.removesuffix('.')} : {suite}"
        return self.constat(Verdict.NON_CONFORME, explication, calcul=calcul, plafond=plafond, source=source)

    def enonce_legal(self, libelles: Mapping[str, str], lignes: LignesLegales) -> str:
        legal = lignes(COMMENCEMENT_APRES_DOSSIER)
        debut = "Avec une DETR ou une DSIL, l" if self.dotations_seules else "L"
        return (
            f"{debut}’opération ne commence pas avant que le dossier soit reconnu complet, études et "
            f"acquisitions foncières exceptées ({legal.source})."
        )
