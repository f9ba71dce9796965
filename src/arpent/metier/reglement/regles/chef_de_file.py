"""In a competence with a chef de file: a higher minimum share, and the Région or a Département, not both."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from arpent.metier.argent import ZERO
from arpent.metier.plan_financement import Operation, Seuil, limites_de
from arpent.metier.reglement.constats import Constat, Verdict
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.description import Famille
from arpent.metier.reglement.droit import NON_CONCERNES, exclusion_de, plan_complet
from arpent.metier.reglement.parametres import PARTICIPATION_CHEF_DE_FILE, LignesLegales
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import RegleLegale, euros, part_legale, taux


@dataclass(frozen=True, slots=True)
class ChefDeFile(RegleLegale):
    """CGCT, L1111-9 I: no key of its own. The minimum is on investment; a recorded CTEC lifts it, to be
    verified.
    """

    GENRE: ClassVar[str] = "chef_de_file"
    FAMILLE: ClassVar[Famille] = Famille.DROIT
    DESCRIPTION: ClassVar[str] = (
        "Dans une compétence à chef de file, part minimale relevée, et Région ou Département seulement."
    )
    INTITULE: ClassVar[str] = "Compétence à chef de file"

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        if projet.beneficiaire_nature in NON_CONCERNES or projet.cadre.chef_de_file is False:
            return self.constat(
                Verdict.SANS_OBJET, "L’opération ne relève pas d’une compétence à chef de file."
            )
        seuil = contexte.parametres.seuil(PARTICIPATION_CHEF_DE_FILE, contexte.le)
        if seuil is None:
            return self.sans_seuil(contexte)
        if projet.cadre.chef_de_file is None:
            return self._sans_competence_connue(projet, contexte, seuil)
        vise = projet.nature_depense == "investissement" and not projet.ctec
        operation = Operation(
            plan_complet(projet, contexte.financeur),
            minimum=seuil if vise else None,
            exclusion=exclusion_de(projet, contexte.parametres, contexte.le),
        )
        limites = limites_de(operation, contexte.financeur)
        liante = min(limites, key=lambda limite: limite.maximum)
        phrases = [f"La part du maître d’ouvrage serait de {euros(operation.plan.part_maitre_ouvrage)}."]
        if vise:
            phrases.append(f"Elle doit atteindre {taux(seuil.valeur)} des financements publics.")
        if operation.exclusion:
            phrases.append("Les aides viennent de la Région ou d’un Département, pas des deux.")
        verdict = Verdict.CONFORME if projet.aide_demandee <= liante.maximum else Verdict.NON_CONFORME
        if verdict is Verdict.CONFORME and projet.ctec:
            verdict = Verdict.A_VERIFIER
            phrases.append(
                "Vérifiez que la convention territoriale d’exercice concerté (CTEC) déroge à la règle."
            )
        return self.constat(
            verdict,
            " ".join(phrases),
            calcul=liante.calcul,
            plafond=max(ZERO, liante.maximum),
            source=seuil.article,
        )

    def _sans_competence_connue(self, projet: Projet, contexte: Contexte, seuil: Seuil) -> Constat:
        """Nobody said: fine when the plan would hold in such a competence, to be said otherwise. No cap."""
        dedans = self.evaluer(replace(projet, cadre=replace(projet.cadre, chef_de_file=True)), contexte)
        if dedans.verdict is Verdict.CONFORME:
            explication = (
                "Le plan convient, que l’opération relève ou non d’une compétence à chef de file. "
                f"{dedans.explication}"
            )
            return self.constat(Verdict.CONFORME, explication, calcul=dedans.calcul, source=seuil.article)
        explication = (
            "Précisez sur la fiche si l’opération relève d’une compétence à chef de file : le plan n’y "
            f"serait pas admis. {dedans.explication}"
        )
        return self.constat(Verdict.A_VERIFIER, explication, calcul=dedans.calcul, source=seuil.article)

    def enonce_legal(self, libelles: Mapping[str, str], lignes: LignesLegales) -> str:
        legal = lignes(PARTICIPATION_CHEF_DE_FILE)
        return (
            "Dans une compétence à chef de file, le maître d’ouvrage paie au moins "
            f"{part_legale(legal)} des financements publics et reçoit l’aide de la Région ou d’un "
            f"Département, pas des deux, sauf contrat, CPER ou CTEC ({legal.source})."
        )
