"""A fonds de concours between an EPCI and its communes stays under a share of what the beneficiary pays."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from arpent.metier.argent import ZERO
from arpent.metier.plan_financement import CONCOURS, Operation, examiner_plan, limites_de
from arpent.metier.reglement.constats import Constat, Verdict
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.description import Famille
from arpent.metier.reglement.droit import fctva_de, financeur_concours, plan_complet
from arpent.metier.reglement.parametres import FONDS_CONCOURS_PART, LignesLegales
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import RegleLegale, euros, part_legale


@dataclass(frozen=True, slots=True)
class FondsConcours(RegleLegale):
    """CGCT, L5214-16 V, L5216-5 VI, L5215-26: no key of its own. Plan TTC: the remainder is net of the FCTVA.

    The cap is the authority's: its own fonds de concours, or what its aid leaves to the one already in the
    plan.
    """

    GENRE: ClassVar[str] = "fonds_concours"
    FAMILLE: ClassVar[Famille] = Famille.DROIT
    DESCRIPTION: ClassVar[str] = "Le fonds de concours ne dépasse pas la part payée par son bénéficiaire."
    INTITULE: ClassVar[str] = "Fonds de concours"

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        concours = financeur_concours(projet.beneficiaire_nature)
        plan = plan_complet(projet, contexte.financeur)
        verse = plan.par_financeur().get(concours, ZERO) if concours else ZERO
        if concours is None or not verse:
            return self.constat(Verdict.SANS_OBJET, "Le plan ne comprend pas de fonds de concours.")
        seuil = contexte.parametres.seuil(FONDS_CONCOURS_PART, contexte.le)
        if seuil is None:
            return self.sans_seuil(contexte)
        fctva = fctva_de(projet, contexte.parametres, contexte.le)
        if fctva is None:
            explication = (
                "Le plan est toutes taxes comprises : la part du maître d’ouvrage se calcule nette du FCTVA. "
                "Renseignez le coût TTC, l’éligibilité au FCTVA et son taux."
            )
            return self.constat(Verdict.A_VERIFIER, explication, source=seuil.article)
        operation = Operation(plan, concours=concours, part_concours=seuil, fctva=fctva)
        (possible,) = [p for p in examiner_plan(operation).possibilites if p.financeur is concours]
        (limite,) = [limite for limite in possible.limites if limite.intitule == CONCOURS]
        explication = (
            f"Le fonds de concours est de {euros(verse)}, pour un maximum de {euros(limite.maximum)}."
        )
        if verse > limite.maximum:
            verdict = Verdict.NON_CONFORME
        elif projet.cadre.votes_concordants:
            verdict = Verdict.CONFORME
        else:
            verdict = Verdict.A_VERIFIER
            explication += (
                " Les deux assemblées doivent voter des délibérations concordantes, à la majorité simple."
            )
        laisse = [x for x in limites_de(operation, contexte.financeur) if x.intitule == CONCOURS]
        return self.constat(
            verdict,
            explication,
            calcul=limite.calcul,
            plafond=max(ZERO, laisse[0].maximum),
            source=seuil.article,
        )

    def enonce_legal(self, libelles: Mapping[str, str], lignes: LignesLegales) -> str:
        legal = lignes(FONDS_CONCOURS_PART)
        return (
            "Un fonds de concours entre une intercommunalité et une commune membre ne dépasse pas "
            f"{part_legale(legal)} de ce qui reste à financer, subventions déduites ({legal.source})."
        )
