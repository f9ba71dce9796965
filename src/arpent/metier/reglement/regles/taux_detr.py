"""The DETR pays at least a share of the eligible cost HT."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from arpent.metier.argent import ZERO, arrondir
from arpent.metier.plan_financement import est_detr
from arpent.metier.reglement.constats import Constat, Verdict
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.description import Famille
from arpent.metier.reglement.parametres import DETR_TAUX_MINIMAL, LignesLegales
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import RegleLegale, euros, part_legale, taux


@dataclass(frozen=True, slots=True)
class TauxDetr(RegleLegale):
    """CGCT, R2334-24 and after: no key of its own, no cap. Rows of the State that name the DETR only.

    Under the rate the answer is “à vérifier”: the State may have kept a smaller eligible cost than the fiche.
    """

    GENRE: ClassVar[str] = "taux_detr"
    FAMILLE: ClassVar[Famille] = Famille.DROIT
    DESCRIPTION: ClassVar[str] = "La DETR paie au moins une part du coût éligible HT."
    INTITULE: ClassVar[str] = "Taux minimal de la DETR"

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        detr = sum((f.montant for f in projet.financements if est_detr(f)), ZERO)
        if not detr:
            return self.constat(Verdict.SANS_OBJET, "Le plan ne comprend pas de DETR.")
        seuil = contexte.parametres.seuil(DETR_TAUX_MINIMAL, contexte.le)
        if seuil is None:
            return self.sans_seuil(contexte)
        minimum = arrondir(seuil.valeur * projet.assiette_eligible)
        calcul = f"{taux(seuil.valeur)} × {euros(projet.assiette_eligible)} = {euros(minimum)}"
        if detr >= minimum:
            explication = f"La DETR, {euros(detr)}, atteint le minimum de {euros(minimum)}."
            return self.constat(Verdict.CONFORME, explication, calcul=calcul, source=seuil.article)
        explication = (
            f"La DETR, {euros(detr)}, n’atteint pas {euros(minimum)} : vérifiez la dépense éligible que "
            "l’État retient."
        )
        return self.constat(Verdict.A_VERIFIER, explication, calcul=calcul, source=seuil.article)

    def enonce_legal(self, libelles: Mapping[str, str], lignes: LignesLegales) -> str:
        legal = lignes(DETR_TAUX_MINIMAL)
        return f"La DETR paie au moins {part_legale(legal)} du coût éligible HT ({legal.source})."
