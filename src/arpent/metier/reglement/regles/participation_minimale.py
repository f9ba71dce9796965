"""A public owner pays a minimum share of the public financing of its investment (CGCT, L1111-10 III)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from arpent.metier.plan_financement import marge_participation_minimale, participation_minimale
from arpent.metier.reglement.constats import Constat, Verdict
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.description import ChampRegle, Famille, Sorte
from arpent.metier.reglement.parametres import (
    MOTIFS_DEROGATION,
    PARAMETRES,
    PARTICIPATION_MINIMALE,
    ParametreDate,
    parametre_au,
)
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import Regle, difference, euros, taux

NON_CONCERNES = frozenset({"association", "etat"})


@dataclass(frozen=True, slots=True)
class ParticipationMinimale(Regle):
    """`parametre`: the legal parameter that gives the floor (by default that of L1111-10 III)."""

    parametre: str

    GENRE: ClassVar[str] = "participation_minimale"
    FAMILLE: ClassVar[Famille] = Famille.DROIT
    DESCRIPTION: ClassVar[str] = "Le maître d’ouvrage public paie la part minimale fixée par la loi."
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        ChampRegle("parametre", "Seuil légal", Sorte.PARAMETRE_LEGAL, defaut=PARTICIPATION_MINIMALE),
    )
    INTITULE: ClassVar[str] = "Participation minimale du maître d’ouvrage"

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        if projet.nature_depense != "investissement":
            return self.constat(Verdict.SANS_OBJET, "La règle ne vise que les opérations d’investissement.")
        if projet.beneficiaire_nature in NON_CONCERNES:
            return self.constat(
                Verdict.SANS_OBJET, "La règle ne vise que les collectivités et leurs groupements."
            )
        legal = parametre_au(self.parametre, contexte.le)
        if legal is None:
            explication = f"Aucun seuil légal n’est connu au {contexte.le:%d/%m/%Y} : à vérifier."
            return self.constat(Verdict.A_VERIFIER, explication)
        return self._appliquer(projet, contexte, legal)

    def _appliquer(self, projet: Projet, contexte: Contexte, legal: ParametreDate) -> Constat:
        plancher, note = _plancher(projet, contexte, legal)
        autres = projet.autres_aides(contexte.financeur)
        minimum = participation_minimale(projet.cout_ht, projet.prive, plancher)
        marge = marge_participation_minimale(projet.cout_ht, projet.prive, autres, minimum)
        reste = projet.cout_ht - projet.prive - autres - projet.aide_demandee
        verdict = Verdict.CONFORME if reste >= minimum else Verdict.NON_CONFORME
        explication = (
            f"Le maître d’ouvrage paierait {euros(reste)} ; il doit payer au moins {euros(minimum)}, "
            f"soit {taux(plancher)} des financements publics.{note}"
        )
        if verdict is Verdict.NON_CONFORME:
            explication += (
                " Le préfet peut accorder une dérogation, sur demande motivée, notamment pour : "
                f"{', '.join(MOTIFS_DEROGATION)}."
            )
        elif projet.beneficiaire_nature == "autre":
            verdict = Verdict.A_VERIFIER
            explication += " Vérifiez que le maître d’ouvrage est une collectivité ou un groupement."
        calcul = (
            f"{taux(plancher)} × ({euros(projet.cout_ht)} − {euros(projet.prive)}) = {euros(minimum)} ; "
            f"reste à charge prévu {euros(reste)} ; aide possible : {euros(projet.cout_ht)} − "
            f"{euros(projet.prive)} − {euros(minimum)} − {euros(autres)} "
            f"{difference(projet.cout_ht - projet.prive - minimum - autres)}"
        )
        return self.constat(verdict, explication, calcul=calcul, plafond=marge, source=legal.source)

    def enonce(self, libelles: Mapping[str, str]) -> str:
        dernier = [p for p in PARAMETRES if p.code == self.parametre][-1]
        return (
            "Le maître d’ouvrage public d’un investissement paie au moins "
            f"{taux(dernier.valeur)} des financements publics, l’argent privé étant exclu ({dernier.source})."
        )


def _plancher(projet: Projet, contexte: Contexte, legal: ParametreDate) -> tuple[Decimal, str]:
    """The floor to apply, and the sentence about the derogation when there is one."""
    derogation = projet.derogation
    if derogation is None or derogation.taux >= legal.valeur:
        return legal.valeur, ""
    if derogation.date > contexte.le:
        note = f" La dérogation {derogation.acte} ne prend effet que le {derogation.date:%d/%m/%Y}."
        return legal.valeur, note
    note = (
        f" Le préfet a ramené le minimum de {taux(legal.valeur)} à {taux(derogation.taux)} "
        f"({derogation.acte}, {derogation.date:%d/%m/%Y})."
    )
    return derogation.taux, note
