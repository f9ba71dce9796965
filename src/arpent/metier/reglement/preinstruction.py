"""Evaluate a project against a règlement: every rule answers, the binding cap is named."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from arpent.metier.argent import ZERO, formater_euros
from arpent.metier.reglement.constats import Constat, DerogationRegle, Verdict
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.description import Famille
from arpent.metier.reglement.parametres import LIVRES, ParametresLegaux
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.reglement import Reglement
from arpent.metier.reglement.regles import Regle

_AUCUNE: Mapping[str, DerogationRegle] = {}


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
    projet: Projet,
    reglement: Reglement,
    le: date,
    parametres: ParametresLegaux = LIVRES,
    derogations_regles: Mapping[str, DerogationRegle] = _AUCUNE,
) -> Preinstruction:
    """Evaluate every rule as of `le`, the law being `parametres`; constats keep the order of the articles.

    A rule named in `derogations_regles` (by its code) no longer plays, unless it applies the law.
    """
    contexte = Contexte(le, reglement.financeur, reglement.libelles, parametres=parametres)
    regles = reglement.regles
    for regle in regles:
        if regle.s_applique(projet) and not _est_levee(regle, derogations_regles):
            contexte = regle.preparer(projet, contexte)
    constats: dict[str, Constat] = {}
    for regle in regles:
        if not regle.APRES_PLAFONDS:
            constats[regle.code] = _examiner(regle, projet, contexte, derogations_regles)
    maximum, liant = _plus_petit(tuple(constats.values()), projet, reglement)
    contexte = replace(contexte, aide_possible=maximum)
    for regle in regles:
        if regle.APRES_PLAFONDS:
            constats[regle.code] = _examiner(regle, projet, contexte, derogations_regles)
    # The floors come last: a floor becomes binding only when it is stricter than the caps.
    maximum, liant = _plus_petit(tuple(constats.values()), projet, reglement)
    ordonnes = tuple(constats[regle.code] for regle in regles)
    return Preinstruction(
        ordonnes, maximum, liant, min(projet.aide_demandee, maximum), _verdict(ordonnes), reglement.version
    )


def _est_levee(regle: Regle, derogations: Mapping[str, DerogationRegle]) -> bool:
    """A rule of the règlement can be set aside by the authority that wrote it; the law cannot."""
    return regle.code in derogations and regle.FAMILLE is not Famille.DROIT


def _examiner(
    regle: Regle, projet: Projet, contexte: Contexte, derogations: Mapping[str, DerogationRegle]
) -> Constat:
    """The constat of the rule, and what the derogation makes of it."""
    constat = regle.examiner(projet, contexte)
    derogation = derogations.get(regle.code)
    if derogation is None:
        return constat
    qui = f"{derogation.par}, le {derogation.le:%d/%m/%Y} : {derogation.motif}"
    if regle.FAMILLE is Famille.DROIT:
        explication = f"{constat.explication} La loi ne se lève pas par une dérogation au règlement ({qui})."
        return replace(constat, explication=explication, derogation=derogation)
    verdict, suite = Verdict.CONFORME, ""
    if derogation.plafond is not None:
        suite = f" L’aide reste limitée à {formater_euros(derogation.plafond)}."
        if projet.aide_demandee > derogation.plafond:
            verdict = Verdict.NON_CONFORME
    return replace(
        constat,
        verdict=verdict,
        explication=f"Dérogation de {qui}.{suite} Sans elle : {constat.explication}",
        plafond=derogation.plafond,
        derogation=derogation,
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
