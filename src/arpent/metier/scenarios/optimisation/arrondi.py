"""Between the choices and the points of the model: rounding, taking out what passes, completing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from . import glouton
from .modele import MILLIER, Modele, Reels
from .probleme import Probleme
from .relaxation import Relachement
from .solution import Choisis, Choix, manques


def point(modele: Modele, choix: Choisis) -> Reels | None:
    """The choices as a point of the model; None when it has columns of gaps, which are not worked out."""
    x = np.zeros(modele.colonnes)
    for j in range(modele.paires):
        c = modele.candidats[modele.projet[j]]
        pris = choix.get(c.identifiant)
        if pris is not None and pris.annee == modele.annee[j]:
            x[j] = 1.0
            if (e := modele.extra[j]) >= 0:
                x[e] = float(pris.aide - c.plancher) / MILLIER
    return x if modele.colonnes == modele.paires + int((modele.extra >= 0).sum()) else None


def reparer(
    probleme: Probleme, modele: Modele, couts: Reels, choix: dict[str, Choix], relache: Relachement | None
) -> dict[str, Choix]:
    """Takes out what passes a ceiling, then completes from the most promising down."""
    restes = glouton.restes_apres(probleme, choix)
    par_id = {c.identifiant: c for c in probleme.candidats}
    if manques(probleme, choix):
        choix = {}
        restes = glouton.Restes(probleme)
        for i, x in _gardes(modele, relache):
            possible = restes.possible(par_id[i], x.annee)
            if possible is not None:
                choix[i] = replace(x, aide=min(x.aide, possible))
                restes.prendre(par_id[i], choix[i])
    for rang in _par_interet(modele, couts, relache):
        c = modele.candidats[rang]
        if c.identifiant not in choix:
            glouton.completer(c, restes, choix)
    return choix


def _gardes(modele: Modele, relache: Relachement | None) -> list[tuple[str, Choix]]:
    """The pairs of the relaxed point, the surest first."""
    if relache is None or relache.x is None:
        return []
    x = relache.x[: modele.paires]
    ordre = np.argsort(-x, kind="stable")
    gardes: dict[str, Choix] = {}
    for j in ordre[: int((x > 0.01).sum())]:
        c = modele.candidats[modele.projet[j]]
        gardes.setdefault(c.identifiant, Choix(c.aide_max, int(modele.annee[j])))
    return list(gardes.items())


def _par_interet(modele: Modele, couts: Reels, relache: Relachement | None) -> list[int]:
    """The projects by what the relaxed model would lose the least by keeping them, else by cost per euro."""
    meilleurs = np.full(len(modele.candidats), -np.inf)
    np.maximum.at(meilleurs, modele.projet, couts[: modele.paires] if relache is None else relache.interet)
    return [int(i) for i in np.argsort(-meilleurs, kind="stable")]


def au_plus_tot(probleme: Probleme, choix: Choisis) -> Choisis:
    """Each project in the first of its years where it fits: no objective but the smoothing looks at years."""
    restes = glouton.restes_apres(probleme, choix)
    cales = dict(choix)
    for c in glouton.ordonner(probleme):
        pris = cales.get(c.identifiant)
        if pris is None or pris.annee == c.annees[0]:
            continue
        restes.prendre(c, pris, -1)
        for annee in c.annees:
            possible = restes.possible(c, annee)
            if annee == pris.annee or (possible is not None and possible >= pris.aide):
                cales[c.identifiant] = replace(pris, annee=annee)
                break
        restes.prendre(c, cales[c.identifiant])
    return cales
