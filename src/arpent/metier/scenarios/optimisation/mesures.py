"""What choices are worth for each objective, computed on the choices themselves (never read off a solver)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from arpent.metier.argent import ZERO

from .probleme import DE_PARTAGE, Candidat, Objectif, Probleme
from .solution import Choisis


def points(probleme: Probleme) -> dict[str, Decimal]:
    """Weight of a euro of each project by its rank: 1 for the first, going down to 1/n; 0 when unranked.

    Ties share a weight. n is the largest rank given.
    """
    n = max((c.rang for c in probleme.candidats if c.rang is not None), default=0)
    return {
        c.identifiant: Decimal(n - c.rang + 1) / n if c.rang is not None else Decimal(0)
        for c in probleme.candidats
    }


def valeur(objectif: Objectif, probleme: Probleme, choix: Choisis) -> Decimal:
    """In euros: aids weighted by rank, works supported, or minus the sum of the gaps (sharing)."""
    if objectif is Objectif.CLASSEMENT:
        poids = points(probleme)
        return sum((x.aide * poids[i] for i, x in choix.items()), ZERO)
    par_id = {c.identifiant: c for c in probleme.candidats}
    if objectif is Objectif.TRAVAUX:
        return sum((par_id[i].cout for i in choix), ZERO)
    if objectif is Objectif.LISSAGE:
        par_an = dict.fromkeys(probleme.annees, ZERO)
        for x in choix.values():
            par_an[x.annee] += x.aide
        moyenne = sum(par_an.values(), ZERO) / len(par_an)
        return -sum((abs(a - moyenne) for a in par_an.values()), ZERO)
    return -_ecarts_d_equite(probleme, par_id, choix)


def _ecarts_d_equite(probleme: Probleme, par_id: Mapping[str, Candidat], choix: Choisis) -> Decimal:
    """Sum over the groups of the euros away from the mean per inhabitant of their class."""
    aides = dict.fromkeys((g.code for g in probleme.groupes), ZERO)
    for i, x in choix.items():
        if (code := par_id[i].territoire) in aides:
            aides[code] += x.aide
    ecarts = ZERO
    for classe in {g.classe for g in probleme.groupes}:
        groupes = [g for g in probleme.groupes if g.classe == classe]
        population = sum(g.population for g in groupes)
        if population:
            moyenne = sum((aides[g.code] for g in groupes), ZERO) / population
            ecarts += sum((abs(aides[g.code] - g.population * moyenne) for g in groupes), ZERO)
    return ecarts


def echelle(objectif: Objectif, valeur_: float, borne: float, total: Decimal) -> float:
    """What a gap is divided by: the aids in all for the sharing objectives (whose best is zero)."""
    return float(total) if objectif in DE_PARTAGE else max(abs(valeur_), abs(borne))
