"""Evaluate a project against a règlement: every rule answers, the binding cap is named."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from arpent.metier.argent import ZERO
from arpent.metier.reglement.constats import Constat, Verdict
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.parametres import LIVRES, ParametresLegaux
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.reglement import Reglement


@dataclass(frozen=True, slots=True)
class Preinstruction:
    """Result. `aide_maximale` is the most the authority may give, `aide_calculee` the aid asked within it.

    `plafond_liant` is the constat whose cap is the smallest. It is None when what the other funders leave of
    the cost is smaller than every cap, or when no rule sets one.
    """

    constats: tuple[Constat, ...]
    aide_maximale: Decimal
    plafond_liant: Constat | None
    aide_calculee: Decimal
    verdict: Verdict
    version: str


def preinstruire(
    projet: Projet, reglement: Reglement, le: date, parametres: ParametresLegaux = LIVRES
) -> Preinstruction:
    """Evaluate every rule as of `le`, the law being `parametres`; the constats keep the order of the
    articles.
    """
    contexte = Contexte(le, reglement.financeur, reglement.libelles, parametres=parametres)
    for regle in reglement.regles:
        if regle.s_applique(projet):
            contexte = regle.preparer(projet, contexte)
    constats: dict[str, Constat] = {}
    for regle in reglement.regles:
        if not regle.APRES_PLAFONDS:
            constats[regle.code] = regle.examiner(projet, contexte)
    maximum, liant = _plus_petit(tuple(constats.values()), projet, reglement)
    contexte = replace(contexte, aide_possible=maximum)
    for regle in reglement.regles:
        if regle.APRES_PLAFONDS:
            constats[regle.code] = regle.examiner(projet, contexte)
    # The floors come last: a floor becomes binding only when it is stricter than the caps.
    maximum, liant = _plus_petit(tuple(constats.values()), projet, reglement)
    ordonnes = tuple(constats[regle.code] for regle in reglement.regles)
    return Preinstruction(
        ordonnes, maximum, liant, min(projet.aide_demandee, maximum), _verdict(ordonnes), reglement.version
    )


def _plus_petit(
    constats: tuple[Constat, ...], projet: Projet, reglement: Reglement
) -> tuple[Decimal, Constat | None]:
    """The maximum aid and the constat that gives it, the first one when several do."""
    liant: Constat | None = None
    maximum = max(ZERO, projet.cout_ht - projet.prive - projet.autres_aides(reglement.financeur))
    for constat in constats:
        if constat.plafond is None:
            continue
        if constat.plafond < maximum or (liant is None and constat.plafond == maximum):
            maximum, liant = constat.plafond, constat
    return maximum, liant


def _verdict(constats: tuple[Constat, ...]) -> Verdict:
    verdicts = {constat.verdict for constat in constats}
    for verdict in (Verdict.NON_CONFORME, Verdict.A_VERIFIER):
        if verdict in verdicts:
            return verdict
    return Verdict.CONFORME
