"""A public owner pays a minimum share of the public financing of its investment (CGCT, L1111-10 III)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from arpent.metier.argent import ZERO
from arpent.metier.plan_financement import (
    MINIMUM,
    Operation,
    Seuil,
    limites_de,
    marge_participation_minimale,
    participation_minimale,
)
from arpent.metier.reglement.cadre import HORS_PARTICIPATION, REGIMES
from arpent.metier.reglement.constats import Constat, Verdict
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.description import ChampRegle, Famille, Sorte
from arpent.metier.reglement.droit import NON_CONCERNES, financeur_concours, plan_complet
from arpent.metier.reglement.lecteur import Lecteur
from arpent.metier.reglement.parametres import (
    FONDS_CONCOURS_AIDE_PUBLIQUE,
    MOTIFS_DEROGATION,
    PARTICIPATION_CORSE_RESEAUX,
    PARTICIPATION_MINIMALE,
    LignesLegales,
)
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import RegleLegale, difference, euros, part_legale, taux


@dataclass(frozen=True, slots=True)
class ParticipationMinimale(RegleLegale):
    """`parametre`: the legal parameter that gives the floor (by default that of L1111-10 III)."""

    parametre: str

    GENRE: ClassVar[str] = "participation_minimale"
    FAMILLE: ClassVar[Famille] = Famille.DROIT
    DESCRIPTION: ClassVar[str] = "Le maître d’ouvrage public paie la part minimale fixée par la loi."
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        ChampRegle("parametre", "Seuil légal", Sorte.PARAMETRE_LEGAL, defaut=PARTICIPATION_MINIMALE),
    )
    INTITULE: ClassVar[str] = "Participation minimale du maître d’ouvrage"

    def verifier(self, lecteur: Lecteur) -> None:
        if not self.parametre.startswith("participation_"):
            raise lecteur.refus(f"« {self.parametre} » n’est pas une participation minimale.")

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        if projet.nature_depense != "investissement":
            return self.constat(Verdict.SANS_OBJET, "La règle ne vise que les opérations d’investissement.")
        if projet.beneficiaire_nature in NON_CONCERNES:
            return self.constat(
                Verdict.SANS_OBJET, "La règle ne vise que les collectivités et leurs groupements."
            )
        regime, code = projet.cadre.regime, self.parametre
        if code == PARTICIPATION_MINIMALE and regime in HORS_PARTICIPATION:
            return self.constat(Verdict.SANS_OBJET, f"La règle ne s’applique pas : {REGIMES[regime]}.")
        if code == PARTICIPATION_MINIMALE and regime == "corse_reseaux":
            code = PARTICIPATION_CORSE_RESEAUX
        legal = contexte.parametres.seuil(code, contexte.le)
        if legal is None:
            return self.sans_seuil(contexte)
        return self._appliquer(projet, contexte, legal)

    def _appliquer(self, projet: Projet, contexte: Contexte, legal: Seuil) -> Constat:
        plancher, note = _plancher(projet, contexte, legal)
        cout, exclu = projet.cout_du_plan, projet.prive
        autres = projet.autres_aides(contexte.financeur)
        if not contexte.parametres.est_vrai(FONDS_CONCOURS_AIDE_PUBLIQUE, contexte.le):
            if financeur_concours(projet.beneficiaire_nature) is contexte.financeur:
                return self._sur_son_concours(projet, contexte, Seuil(plancher, legal.article), note)
            # Read as private money: outside the public financing, and not one of its aids.
            concours = _concours(projet)
            exclu, autres = exclu + concours, autres - concours
        minimum = participation_minimale(cout, exclu, plancher)
        marge = marge_participation_minimale(cout, exclu, autres, minimum)
        reste = cout - exclu - autres - projet.aide_demandee
        verdict = Verdict.CONFORME if reste >= minimum else Verdict.NON_CONFORME
        explication = (
            f"Le maître d’ouvrage paierait {euros(reste)} ; il doit payer au moins {euros(minimum)}, "
            f"soit {taux(plancher)} des financements publics.{note}"
        )
        if verdict is Verdict.NON_CONFORME:
            explication += (
                " Le préfet peut accorder une dérogation, sur demande motivée, notamment pour : "
                f"{', '.join(MOTIFS_DEROGATION.values())}."
            )
        elif projet.beneficiaire_nature == "autre":
            verdict = Verdict.A_VERIFIER
            explication += " Vérifiez que le maître d’ouvrage est une collectivité ou un groupement."
        calcul = (
            f"{taux(plancher)} × ({euros(cout)} − {euros(exclu)}) = {euros(minimum)} ; "
            f"reste à charge prévu {euros(reste)} ; aide possible : {euros(cout)} − "
            f"{euros(exclu)} − {euros(minimum)} − {euros(autres)} "
            f"{difference(cout - exclu - minimum - autres)}"
        )
        return self.constat(verdict, explication, calcul=calcul, plafond=marge, source=legal.article)

    def _sur_son_concours(self, projet: Projet, contexte: Contexte, seuil: Seuil, note: str) -> Constat:
        """The aid asked is itself a fonds de concours outside the public financing: as the solver counts."""
        operation = Operation(
            plan_complet(projet, contexte.financeur),
            minimum=seuil,
            concours=contexte.financeur,
            concours_public=False,
        )
        (limite,) = [x for x in limites_de(operation, contexte.financeur) if x.intitule == MINIMUM]
        maximum = max(ZERO, limite.maximum)
        explication = (
            f"Le fonds de concours demandé, {euros(projet.aide_demandee)}, compte hors des financements "
            f"publics ; le maître d’ouvrage doit payer au moins {taux(seuil.valeur)} du reste, ce qui laisse "
            f"au plus {euros(maximum)}.{note}"
        )
        verdict = Verdict.CONFORME if projet.aide_demandee <= maximum else Verdict.NON_CONFORME
        return self.constat(verdict, explication, calcul=limite.calcul, plafond=maximum, source=seuil.article)

    def enonce_legal(self, libelles: Mapping[str, str], lignes: LignesLegales) -> str:
        dernier = lignes(self.parametre)
        return (
            "Le maître d’ouvrage public d’un investissement paie au moins "
            f"{part_legale(dernier)} des financements publics, l’argent privé étant exclu ({dernier.source})."
        )


def _concours(projet: Projet) -> Decimal:
    """The fonds de concours of the plan, when the authority is not the one that gives it."""
    concours = financeur_concours(projet.beneficiaire_nature)
    return sum((f.montant for f in projet.financements if f.est_compte and f.financeur is concours), ZERO)


def _plancher(projet: Projet, contexte: Contexte, legal: Seuil) -> tuple[Decimal, str]:
    """The floor to apply, and the sentence about the derogation when there is one."""
    derogation = projet.derogation
    if derogation is None or derogation.taux >= legal.valeur:
        return legal.valeur, ""
    if derogation.date > contexte.le:
        note = f" La dérogation {derogation.acte} ne prend effet que le {derogation.date:%d/%m/%Y}."
        return legal.valeur, note
    motif = MOTIFS_DEROGATION.get(derogation.motif, "")
    note = (
        f" Le préfet a ramené le minimum de {taux(legal.valeur)} à {taux(derogation.taux)} "
        f"({derogation.acte}, {derogation.date:%d/%m/%Y}{f', {motif}' if motif else ''})."
    )
    return derogation.taux, note
