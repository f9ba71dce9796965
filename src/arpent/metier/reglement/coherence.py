"""Does a règlement contradict itself? Each answer comes with the case that shows it.

Checked by looking at every deciding case (`cas_critiques`), rule by rule or pair by pair: two rates for one
case, a floor above a ceiling, a gap, an overlap or an empty tier, a rate above 100 % once bonified, a code
both eligible and excluded, a case or a condition that no project can meet. A check with more cases than the
bound says so rather than guess. Legal rules are not read: the law is not a contradiction of the règlement.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import combinations
from math import prod
from typing import TypeVar

from arpent.metier.argent import formater_euros, formater_taux
from arpent.metier.reglement.bareme import Bareme
from arpent.metier.reglement.cas_critiques import Cas, TropDeCas, enumerer, est_exhaustif
from arpent.metier.reglement.champs import CHAMPS
from arpent.metier.reglement.conditions import ecrire
from arpent.metier.reglement.constats import Verdict
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.reglement import Reglement
from arpent.metier.reglement.regles import Regle
from arpent.metier.reglement.regles.beneficiaire_eligible import BeneficiaireEligible
from arpent.metier.reglement.regles.bonification import Bonification
from arpent.metier.reglement.regles.categorie_eligible import CategorieEligible
from arpent.metier.reglement.regles.coefficient import Coefficient
from arpent.metier.reglement.regles.condition_requise import ConditionRequise
from arpent.metier.reglement.regles.etalement import Etalement
from arpent.metier.reglement.regles.exclusion import Exclusion
from arpent.metier.reglement.regles.forfait import Forfait
from arpent.metier.reglement.regles.plafond_aide import PlafondAide
from arpent.metier.reglement.regles.plafond_periode import PlafondPeriode
from arpent.metier.reglement.regles.plafond_taux import PlafondTaux
from arpent.metier.reglement.regles.plancher_aide import PlancherAide
from arpent.metier.reglement.regles.taux_intervention import TauxIntervention
from arpent.metier.reglement.regles.theme_eligible import ThemeEligible

T = TypeVar("T", bound=Regle)


class GenreIncoherence(StrEnum):
    """What is wrong."""

    DEUX_TAUX = "deux_taux"
    PLANCHER_AU_DESSUS = "plancher_au_dessus"
    TROU = "trou"
    RECOUVREMENT = "recouvrement"
    TRANCHE_VIDE = "tranche_vide"
    TAUX_EXCESSIF = "taux_excessif"
    ELIGIBLE_ET_EXCLU = "eligible_et_exclu"
    JAMAIS_ATTEINT = "jamais_atteint"
    NON_VERIFIE = "non_verifie"


@dataclass(frozen=True, slots=True)
class Incoherence:
    """One contradiction: the French message, the smallest case that shows it, the rules by their code."""

    genre: GenreIncoherence
    message: str
    cas: str
    regles: tuple[str, ...]


def verifier_coherence(reglement: Reglement) -> tuple[Incoherence, ...]:
    """All the contradictions found, one by check and by rule or pair of rules; empty when there is none."""
    verifications = (
        _deux_taux,
        _planchers,
        _taux_excessif,
        _tranches,
        _lignes,
        _conditions,
        _eligibles_et_exclus,
    )
    return tuple(trouvee for verifier in verifications for trouvee in verifier(reglement))


def _de(reglement: Reglement, classe: type[T]) -> list[T]:
    return [regle for regle in reglement.regles if isinstance(regle, classe)]


def _cas_de(*regles: Regle) -> Iterator[Cas]:
    """Every deciding case of these rules together."""
    return enumerer(
        (condition for regle in regles for condition in regle.conditions()),
        (bareme for regle in regles for bareme in regle.baremes()),
    )


def _ou(regle: Regle) -> str:
    return f"« {regle.intitule} » (article {regle.article})"


def _chercher(
    sujets: Sequence[Regle],
    reglement: Reglement,
    juger: Callable[[Projet], str | None],
    genre: GenreIncoherence,
    autres: Sequence[Regle] = (),
) -> Iterator[Incoherence]:
    """The first case that concerns all the `sujets` and on which `juger` has something to say.

    `autres` are rules that may act too. When there are too many cases, it is said.
    """
    codes = tuple(regle.code for regle in sujets)
    try:
        for cas in _cas_de(*sujets, *autres):
            projet = cas.projet
            if all(regle.s_applique(projet) for regle in sujets) and (dit := juger(projet)):
                ecrit = cas.enonce(reglement.libelles)
                yield Incoherence(genre, f"{dit} Exemple : {ecrit}.", ecrit, codes)
                return
    except TropDeCas:
        noms = ", ".join(_ou(regle) for regle in sujets)
        message = f"Trop de cas pour être vérifié : simplifiez les conditions de {noms}."
        yield Incoherence(GenreIncoherence.NON_VERIFIE, message, "", codes)


# --- rates, ceilings, floors ----------------------------------------------------------------------


def _deux_taux(reglement: Reglement) -> Iterator[Incoherence]:
    for un, autre in combinations(_de(reglement, TauxIntervention), 2):

        def juger(projet: Projet, un: TauxIntervention = un, autre: TauxIntervention = autre) -> str | None:
            a, b = un.taux.pour(projet).valeur, autre.taux.pour(projet).valeur
            if a is None or b is None or a == b:
                return None
            return (
                f"Deux taux pour un même cas : {formater_taux(a, None)} (article {un.article}) et "
                f"{formater_taux(b, None)} (article {autre.article})."
            )

        yield from _chercher((un, autre), reglement, juger, GenreIncoherence.DEUX_TAUX)


_Plafond = PlafondAide | PlafondPeriode | Forfait | Etalement


def _plafond_fixe(regle: _Plafond, projet: Projet) -> Decimal | None:
    """The cap in euros that the rule sets whatever the cost; None when it has none."""
    if isinstance(regle, Etalement):
        annuel = regle.annuel.pour(projet).valeur
        return None if annuel is None else annuel * regle.annees
    if isinstance(regle, Forfait) and regle.unite:
        return None
    return regle.montant.pour(projet).valeur


def _planchers(reglement: Reglement) -> Iterator[Incoherence]:
    plafonds = [r for r in reglement.regles if isinstance(r, _Plafond)]
    for plancher in _de(reglement, PlancherAide):
        for plafond in plafonds:

            def juger(
                projet: Projet, plancher: PlancherAide = plancher, plafond: _Plafond = plafond
            ) -> str | None:
                bas = None if plancher.montant is None else plancher.montant.pour(projet).valeur
                haut = _plafond_fixe(plafond, projet)
                if bas is None or haut is None or bas <= haut:
                    return None
                return (
                    f"Un plancher au-dessus d’un plafond : au moins {formater_euros(bas)} "
                    f"(article {plancher.article}) et au plus {formater_euros(haut)} "
                    f"(article {plafond.article})."
                )

            yield from _chercher((plancher, plafond), reglement, juger, GenreIncoherence.PLANCHER_AU_DESSUS)
        yield from _planchers_en_part(reglement, plancher)


def _planchers_en_part(reglement: Reglement, plancher: PlancherAide) -> Iterator[Incoherence]:
    """A floor in share of the base above the rate, bonuses and fixed coefficients counted."""
    if plancher.part is None or any(c.indicateur for c in _de(reglement, Coefficient)):
        return
    part = plancher.part
    for regle in _de(reglement, TauxIntervention):
        if not _peut_depasser(reglement, part, regle.taux):
            continue

        def juger(projet: Projet, regle: TauxIntervention = regle) -> str | None:
            bas, contexte = part.pour(projet).valeur, _contexte(reglement, projet)
            voulu = _taux_applique(regle, projet, contexte)
            if bas is None or voulu is None or bas <= (haut := min(voulu, contexte.taux_maximal)):
                return None
            return (
                f"Un plancher au-dessus du taux : au moins {formater_taux(bas, None)} de l’assiette "
                f"(article {plancher.article}) pour un taux de {formater_taux(haut, None)} "
                f"(article {regle.article})."
            )

        yield from _chercher(
            (plancher, regle),
            reglement,
            juger,
            GenreIncoherence.PLANCHER_AU_DESSUS,
            _agissant_sur_le_taux(reglement),
        )


def _peut_depasser(reglement: Reglement, part: Bareme, taux: Bareme) -> bool:
    """Some known share above some known rate, or a rule that lowers rates: else no case is worth a look."""
    if any(isinstance(regle, Coefficient | PlafondTaux) for regle in reglement.regles):
        return True
    parts = [p.valeur for p in part.parametres() if p.valeur is not None]
    connus = [p.valeur for p in taux.parametres() if p.valeur is not None]
    return bool(parts and connus) and max(parts) > min(connus)


def _taux_excessif(reglement: Reglement) -> Iterator[Incoherence]:
    bonus = [b.points.valeur or Decimal(0) for b in _de(reglement, Bonification)]
    fixes = [c.valeur_fixe.valeur or Decimal(1) for c in _de(reglement, Coefficient) if c.valeur_fixe]
    facteur = prod((max(f, Decimal(1)) for f in fixes), start=Decimal(1))
    for regle in _de(reglement, TauxIntervention):
        connus = [p.valeur for p in regle.taux.parametres() if p.valeur is not None]
        if not connus or (max(connus) + sum(bonus)) * facteur <= 1:
            continue

        def juger(projet: Projet, regle: TauxIntervention = regle) -> str | None:
            contexte = _contexte(reglement, projet)
            atteint = _taux_applique(regle, projet, contexte)
            borne = any(
                p.s_applique(projet) and p.taux.pour(projet).valeur is not None
                for p in _de(reglement, PlafondTaux)
            )
            if atteint is None or atteint <= 1 or borne:
                return None
            return (
                f"Le taux (article {regle.article}) atteint {formater_taux(atteint, None)} avec ses "
                "bonifications : fixez un taux maximal."
            )

        autres = _agissant_sur_le_taux(reglement)
        yield from _chercher((regle,), reglement, juger, GenreIncoherence.TAUX_EXCESSIF, autres)


def _agissant_sur_le_taux(reglement: Reglement) -> list[Regle]:
    return [r for r in reglement.regles if isinstance(r, Bonification | Coefficient | PlafondTaux)]


def _contexte(reglement: Reglement, projet: Projet) -> Contexte:
    """What the rules that act on the rate prepare for this project."""
    contexte = Contexte(reglement.en_vigueur_le, reglement.financeur, reglement.libelles)
    for regle in _agissant_sur_le_taux(reglement):
        if regle.s_applique(projet):
            contexte = regle.preparer(projet, contexte)
    return contexte


def _taux_applique(regle: TauxIntervention, projet: Projet, contexte: Contexte) -> Decimal | None:
    valeur = regle.taux.pour(projet).valeur
    return None if valeur is None else (valeur + contexte.bonus) * contexte.coefficient


# --- scales ---------------------------------------------------------------------------------------


def _tranches(reglement: Reglement) -> Iterator[Incoherence]:
    for regle in reglement.regles:
        for bareme in regle.baremes():
            if bareme.par is not None and bareme.tranches:
                yield from _tranches_vides(regle, bareme)
                for genre in (GenreIncoherence.TROU, GenreIncoherence.RECOUVREMENT):
                    yield from _chercher((regle,), reglement, _compter(regle, bareme, genre), genre)


def _tranches_vides(regle: Regle, bareme: Bareme) -> Iterator[Incoherence]:
    for tranche in bareme.tranches:
        bas, haut = tranche.bas, tranche.haut
        if bas is None or haut is None or bas < haut or (bas == haut and tranche.contient(bas)):
            continue
        assert bareme.par is not None
        ecrit = tranche.enonce(bareme.par)
        message = f"{_ou(regle)} : une tranche est vide ({ecrit})."
        yield Incoherence(GenreIncoherence.TRANCHE_VIDE, message, ecrit, (regle.code,))


def _compter(regle: Regle, bareme: Bareme, genre: GenreIncoherence) -> Callable[[Projet], str | None]:
    """No tier for a case, or several."""

    def juger(projet: Projet) -> str | None:
        assert bareme.par is not None
        lu = bareme.par.lire(projet)
        if lu is None:
            return None
        nombre = sum(tranche.contient(Decimal(lu)) for tranche in bareme.tranches)
        if nombre == 0 and genre is GenreIncoherence.TROU:
            return f"{_ou(regle)} : aucune tranche pour {ecrire(bareme.par, Decimal(lu))}."
        if nombre > 1 and genre is GenreIncoherence.RECOUVREMENT:
            return f"{_ou(regle)} : {nombre} tranches pour {ecrire(bareme.par, Decimal(lu))}."
        return None

    return juger


def _lignes(reglement: Reglement) -> Iterator[Incoherence]:
    for regle in reglement.regles:
        for bareme in regle.baremes():
            if bareme.lignes:
                yield from _lignes_de(reglement, regle, bareme)


def _lignes_de(reglement: Reglement, regle: Regle, bareme: Bareme) -> Iterator[Incoherence]:
    """A case that no line fits, and the lines that no case reaches."""

    def juger(projet: Projet) -> str | None:
        if bareme.ligne(projet) is None and not bareme.manquants(projet):
            return f"{_ou(regle)} : aucun cas du barème ne convient."
        return None

    yield from _chercher((regle,), reglement, juger, GenreIncoherence.TROU)
    try:
        projets = [cas.projet for cas in _cas_de(regle)]
    except TropDeCas:
        return
    atteintes = [bareme.ligne(projet) for projet in projets if regle.s_applique(projet)]
    if not est_exhaustif(regle.conditions(), regle.baremes()):
        return
    for ligne in bareme.lignes:
        if not any(atteinte is ligne for atteinte in atteintes):
            ecrit = ligne.enonce(reglement.libelles)
            message = f"{_ou(regle)} : ce cas du barème n’est jamais atteint ({ecrit})."
            yield Incoherence(GenreIncoherence.JAMAIS_ATTEINT, message, ecrit, (regle.code,))


# --- eligibility ----------------------------------------------------------------------------------


def _conditions(reglement: Reglement) -> Iterator[Incoherence]:
    for regle in reglement.regles:
        for condition in regle.conditions():
            ecrit = condition.enonce(reglement.libelles)
            try:
                possible = any(condition.juger(cas.projet)[0] for cas in enumerer((condition,)))
            except TropDeCas:
                message = f"{_ou(regle)} : la condition a trop de cas pour être vérifiée ; simplifiez-la."
                yield Incoherence(GenreIncoherence.NON_VERIFIE, message, "", (regle.code,))
                continue
            if not possible and est_exhaustif((condition,)):
                message = f"{_ou(regle)} : aucun projet ne peut remplir la condition ({ecrit})."
                yield Incoherence(GenreIncoherence.JAMAIS_ATTEINT, message, ecrit, (regle.code,))


def _eligibles_et_exclus(reglement: Reglement) -> Iterator[Incoherence]:
    """A code listed as eligible by one rule and surely refused by another, whatever else the project is."""
    contexte = Contexte(reglement.en_vigueur_le, reglement.financeur, reglement.libelles)
    for regle in reglement.regles:
        for nom, code in _codes_eligibles(regle):
            cas = Cas(((CHAMPS[nom], code),))
            for autre in reglement.regles:
                juge = isinstance(autre, Exclusion | ConditionRequise) or type(autre) is type(regle)
                if autre is regle or not juge:
                    continue
                if autre.examiner(cas.projet, contexte).verdict is Verdict.NON_CONFORME:
                    ecrit = cas.enonce(reglement.libelles)
                    message = (
                        f"À la fois éligible (article {regle.article}) et exclu (article {autre.article}) : "
                        f"{ecrit}."
                    )
                    codes = (regle.code, autre.code)
                    yield Incoherence(GenreIncoherence.ELIGIBLE_ET_EXCLU, message, ecrit, codes)


def _codes_eligibles(regle: Regle) -> list[tuple[str, str]]:
    """(field, code) of what the rule says eligible."""
    match regle:
        case ThemeEligible():
            return [("theme", code) for code in (*regle.themes, *regle.prioritaires)]
        case CategorieEligible():
            return [("categorie", code) for code in (*regle.categories, *regle.prioritaires)]
        case BeneficiaireEligible():
            return [("beneficiaire", code) for code in regle.natures]
        case _:
            return []
