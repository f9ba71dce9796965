"""The cost HT, the cost TTC and the FCTVA tell the same story."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from arpent.metier.reglement.constats import Constat, Verdict
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.description import Famille
from arpent.metier.reglement.droit import fctva_de
from arpent.metier.reglement.parametres import FCTVA
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import Regle, euros, taux


@dataclass(frozen=True, slots=True)
class CoherenceTva(Regle):
    """No key of its own, no cap: a plan is HT, or TTC with its cost TTC and what the FCTVA gives back."""

    GENRE: ClassVar[str] = "coherence_tva"
    FAMILLE: ClassVar[Famille] = Famille.DROIT
    DESCRIPTION: ClassVar[str] = "Les coûts HT et TTC et le FCTVA sont cohérents entre eux."
    INTITULE: ClassVar[str] = "Hors taxes, toutes taxes comprises et FCTVA"

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        ttc, ht = projet.cadre.cout_ttc, projet.cout_ht
        if ttc is None:
            if projet.cadre.plan_ttc:
                return self.constat(
                    Verdict.A_VERIFIER, "Le plan est toutes taxes comprises : saisissez le coût TTC."
                )
            return self.constat(Verdict.CONFORME, "Le plan est hors taxes.")
        calcul = f"{euros(ttc)} − {euros(ht)} = {euros(ttc - ht)} de TVA"
        if ttc < ht:
            explication = (
                f"Le coût TTC, {euros(ttc)}, est inférieur au coût HT, {euros(ht)} : corrigez l’un des deux."
            )
            return self.constat(Verdict.NON_CONFORME, explication, calcul=calcul)
        if not projet.cadre.plan_ttc:
            return self.constat(
                Verdict.CONFORME, "Le plan est hors taxes ; la TVA n’y entre pas.", calcul=calcul
            )
        fctva, seuil = (
            fctva_de(projet, contexte.parametres, contexte.le),
            contexte.parametres.seuil(FCTVA, contexte.le),
        )
        if fctva is None:
            manque = (
                "si le maître d’ouvrage reçoit le FCTVA"
                if seuil
                else "le taux du FCTVA et le texte qui le fixe"
            )
            return self.constat(
                Verdict.A_VERIFIER, f"Le plan est toutes taxes comprises : précisez {manque}.", calcul=calcul
            )
        if not fctva or seuil is None:
            return self.constat(
                Verdict.CONFORME, "Le plan est toutes taxes comprises, sans FCTVA.", calcul=calcul
            )
        calcul += f" ; FCTVA {taux(seuil.valeur)} × {euros(ttc)} = {euros(fctva)}"
        explication = f"Le plan est toutes taxes comprises ; le FCTVA rendrait {euros(fctva)}."
        return self.constat(Verdict.CONFORME, explication, calcul=calcul, source=seuil.article)

    def enonce(self, libelles: Mapping[str, str]) -> str:
        return "Le plan est hors taxes, ou toutes taxes comprises avec le coût TTC et le FCTVA attendu."
