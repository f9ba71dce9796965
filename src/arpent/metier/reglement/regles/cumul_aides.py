"""Where the State co-finances (DETR, DSIL), public aids stay under a share of the eligible cost HT."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from arpent.metier.argent import arrondir
from arpent.metier.plan_financement import est_dotation, marge_cumul
from arpent.metier.reglement.constats import Constat, Verdict
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.description import Famille
from arpent.metier.reglement.parametres import CUMUL_AIDES_ETAT, LignesLegales
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import RegleLegale, difference, euros, part_legale, taux


@dataclass(frozen=True, slots=True)
class CumulAides(RegleLegale):
    """CGCT, R2334-27: no key of its own. The eligible cost is the project's, before any ceiling.

    A row of the State that names another scheme than DETR or DSIL does not call the rule.
    """

    GENRE: ClassVar[str] = "cumul_aides"
    FAMILLE: ClassVar[Famille] = Famille.DROIT
    DESCRIPTION: ClassVar[str] = "Avec l’État, les aides publiques restent sous une part du coût éligible."
    INTITULE: ClassVar[str] = "Cumul des aides publiques avec l’État"

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        if not any(f.montant and est_dotation(f) for f in projet.financements):
            return self.constat(Verdict.SANS_OBJET, "Ni la DETR ni la DSIL ne financent l’opération.")
        legal = contexte.parametres.seuil(CUMUL_AIDES_ETAT, contexte.le)
        if legal is None:
            return self.sans_seuil(contexte)
        assiette, autres = projet.assiette_eligible, projet.autres_aides(contexte.financeur)
        marge = marge_cumul(assiette, autres, legal.valeur)
        total = autres + projet.aide_demandee
        maximum = arrondir(legal.valeur * assiette)
        verdict = Verdict.CONFORME if total <= maximum else Verdict.NON_CONFORME
        part = f", soit {taux(total / assiette)} du coût éligible HT" if assiette else ""
        return self.constat(
            verdict,
            f"Les aides publiques atteindraient {euros(total)}{part} (maximum {taux(legal.valeur)}).",
            calcul=(
                f"{taux(legal.valeur)} × {euros(assiette)} − {euros(autres)} {difference(maximum - autres)}"
            ),
            plafond=marge,
            source=legal.article,
        )

    def enonce_legal(self, libelles: Mapping[str, str], lignes: LignesLegales) -> str:
        dernier = lignes(CUMUL_AIDES_ETAT)
        return (
            "Lorsque l’État cofinance (DETR, DSIL), le total des aides publiques ne dépasse pas "
            f"{part_legale(dernier)} du coût éligible HT ({dernier.source})."
        )
