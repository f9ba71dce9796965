"""No start before the file is complete."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from arpent.metier.argent import ZERO
from arpent.metier.reglement.constats import Constat, Verdict
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.description import Famille
from arpent.metier.reglement.parametres import COMMENCEMENT_APRES_DOSSIER, LIVRES
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import Regle


@dataclass(frozen=True, slots=True)
class Commencement(Regle):
    """CGCT, R2334-24 and after: no key of its own. Studies and land may start before."""

    GENRE: ClassVar[str] = "commencement"
    FAMILLE: ClassVar[Famille] = Famille.DROIT
    DESCRIPTION: ClassVar[str] = "Les travaux ne commencent pas avant que le dossier soit complet."
    INTITULE: ClassVar[str] = "Pas de commencement avant le dossier complet"

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        if not contexte.parametres.est_vrai(COMMENCEMENT_APRES_DOSSIER, contexte.le):
            return self.constat(Verdict.SANS_OBJET, "La règle ne s’applique pas à cette date.")
        legal = contexte.parametres.au(COMMENCEMENT_APRES_DOSSIER, contexte.le)
        source = legal.source if legal else ""
        if projet.cadre.sans_travaux:
            explication = "Des études ou des acquisitions foncières peuvent commencer avant."
            return self.constat(Verdict.SANS_OBJET, explication, source=source)
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
            return self.constat(Verdict.NON_CONFORME, explication, calcul=calcul, plafond=ZERO, source=source)
        calcul += f", dossier complet le {complet:%d/%m/%Y}"
        if commence >= complet:
            return self.constat(
                Verdict.CONFORME,
                "L’opération commence après le dossier complet.",
                calcul=calcul,
                source=source,
            )
        explication = (
            f"L’opération commence le {commence:%d/%m/%Y}, avant le dossier complet ({complet:%d/%m/%Y}) : "
            "aucune aide n’est possible sur des travaux commencés."
        )
        return self.constat(Verdict.NON_CONFORME, explication, calcul=calcul, plafond=ZERO, source=source)

    def enonce(self, libelles: Mapping[str, str]) -> str:
        legal = LIVRES.dernier(COMMENCEMENT_APRES_DOSSIER)
        return (
            "L’opération ne commence pas avant que le dossier soit reconnu complet, études et acquisitions "
            f"foncières exceptées ({legal.source})."
        )
