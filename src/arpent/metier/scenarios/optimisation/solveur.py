"""From a problem to a proposal with its proven gap: relax, round, complete, then prove on what is still open.

The relaxed model gives the bound. Rounded and completed by hand, it gives a first proposal. A project whose
reduced cost is larger than the distance between the two cannot change in any better proposal: it is fixed,
and HiGHS works on the few that are left. The bound stays true throughout (Dantzig 1957; Balas, Zemel 1980).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from . import glouton
from .arrondi import au_plus_tot, point, reparer
from .mesures import echelle, valeur
from .modele import MILLIER, Modele, Reels, construire
from .moteur import Exigence, Reponse, resoudre
from .probleme import DE_PARTAGE, Objectif, OptimisationImpossible, Probleme
from .relaxation import Relachement, fermer, relacher
from .solution import Choisis, Choix, Etape, Methode, Solution, manques

ECART_VISE = 2e-4
NOYAUX = (300, 3_000)
"""Pairs (project, year) left open to HiGHS: fewer first, then more, then all that may still matter."""


class Infaisable(OptimisationImpossible):
    """No choice satisfies every constraint: `conflit.expliquer` names those that cannot hold together."""


class TempsEcoule(OptimisationImpossible):
    """No proposal was found in the time given; the message is French."""


@dataclass(slots=True)
class _Course:
    """One objective, or the weighted sum: its cost, how its choices are measured, the time left."""

    probleme: Probleme
    modele: Modele
    couts: Reels
    objectif: Objectif | None
    poids: dict[Objectif, float]
    """Value of the choices = Σ poids × value of each objective (euros)."""
    exigences: list[Exigence] = field(default_factory=list)
    planchers: list[tuple[Objectif, Decimal]] = field(default_factory=list)
    restant_s: float = 60.0

    def valoir(self, choix: Choisis) -> float:
        return sum(p * float(valeur(o, self.probleme, choix)) for o, p in self.poids.items())

    def admet(self, choix: Choisis) -> bool:
        return not manques(self.probleme, choix) and all(
            valeur(o, self.probleme, choix) >= minimum for o, minimum in self.planchers
        )

    def reparer(self, choix: dict[str, Choix], relache: Relachement | None = None) -> dict[str, Choix]:
        if self.objectif in DE_PARTAGE:  # completing would undo the sharing
            return choix
        return reparer(self.probleme, self.modele, self.couts, choix, relache)

    def relacher(self) -> Relachement:
        lu = relacher(self.modele, self.couts, self.exigences, limite_s=self.restant_s)
        self.restant_s -= lu.duree_s
        return lu

    def prouver(self, part: float, ecart: float, basse: Reels, haute: Reels, depart: Reels | None) -> Reponse:
        """HiGHS, in whole numbers between those bounds, for that share of the time left."""
        reponse = resoudre(
            self.modele, self.couts, entiers=True, exigences=self.exigences, limite_s=self.restant_s * part,
            basse=basse, haute=haute, depart=depart, ecart=ecart,
        )  # fmt: skip
        self.restant_s -= reponse.duree_s
        return reponse


def optimiser(probleme: Probleme, *, limite_s: float = 60.0, ecart_vise: float = ECART_VISE) -> Solution:
    """The best proposal found, each objective with what no other could pass. Infaisable, TempsEcoule.

    The same problem gives the same answer, as long as it is solved within `limite_s` seconds.
    """
    modele = construire(probleme)
    etapes: list[Etape] = []
    choix: Choisis | None = None
    exigences: list[Exigence] = []
    planchers: list[tuple[Objectif, Decimal]] = []
    courses = _courses(probleme, modele, limite_s)
    prouvee = True
    for rang, course in enumerate(courses):
        course.exigences, course.planchers = list(exigences), list(planchers)
        course.restant_s = limite_s / (len(courses) - rang)
        avant = course.restant_s
        choix, etape = _courir(course, choix, ecart_vise)
        limite_s -= avant - course.restant_s
        etapes.append(etape)
        prouvee &= etape.ecart <= ecart_vise
        if course.objectif is not None:
            acquis = valeur(course.objectif, probleme, choix)
            minimum = acquis - abs(acquis) * probleme.tolerance
            planchers.append((course.objectif, minimum))
            exigences.append(Exigence(course.couts, float(minimum) / MILLIER))
    assert choix is not None
    if Objectif.LISSAGE not in probleme.objectifs:
        choix = au_plus_tot(probleme, choix)
    return Solution(Methode.EXACTE if prouvee else Methode.RELACHEE, choix, tuple(etapes))


def pas_a_pas(probleme: Probleme) -> Solution | None:
    """The greedy second opinion, without a bound of its own. None when it misses a minimum."""
    choix = glouton.choisir(probleme)
    if manques(probleme, choix):
        return None
    valeurs = [(o, float(valeur(o, probleme, choix))) for o in probleme.objectifs]
    return Solution(Methode.GLOUTONNE, choix, tuple(Etape(o, v, v, 1.0) for o, v in valeurs))


def _courses(probleme: Probleme, modele: Modele, limite_s: float) -> list[_Course]:
    if not probleme.poids:
        return [_Course(probleme, modele, modele.couts[o], o, {o: 1.0}) for o in probleme.ordre]
    poids: dict[Objectif, float] = {}
    couts = np.zeros(modele.colonnes)
    total = float(sum(probleme.poids.values()))
    for objectif, p in probleme.poids.items():
        juge = Objectif.CLASSEMENT if objectif in DE_PARTAGE else objectif
        meilleur = _meilleur(modele, modele.couts.get(juge, next(iter(modele.couts.values()))), limite_s)
        poids[objectif] = float(p) / total / (meilleur * MILLIER)
        couts += modele.couts[objectif] * (poids[objectif] * MILLIER)
    return [_Course(probleme, modele, couts, None, poids)]


def _meilleur(modele: Modele, couts: Reels, limite_s: float) -> float:
    """The relaxed best of one objective alone, in thousands of euros: what its weight is scaled by."""
    reponse = resoudre(modele, couts, entiers=False, limite_s=limite_s)
    if not reponse.faisable:
        raise Infaisable("Aucune proposition ne respecte toutes les contraintes.")
    return max(abs(reponse.valeur), 1e-6) if reponse.x is not None else 1.0


def _courir(course: _Course, connu: Choisis | None, ecart_vise: float) -> tuple[Choisis, Etape]:
    relache = course.relacher()
    if not relache.faisable:
        raise Infaisable("Aucune proposition ne respecte toutes les contraintes.")
    unite = 1.0 if course.objectif is None else MILLIER
    borne = relache.borne * unite
    meilleur = _premier(course, relache, connu)

    def etape(choix: Choisis) -> Etape:
        v = course.valoir(choix)
        if course.objectif is None:
            return Etape(None, v, max(borne, v), max(abs(v), abs(borne)))
        total = sum((x.aide for x in choix.values()), Decimal(0))
        return Etape(course.objectif, v, max(borne, v), echelle(course.objectif, v, borne, total))

    for noyau in (*NOYAUX, None):
        if meilleur is not None and etape(meilleur).ecart <= ecart_vise:
            break
        if course.restant_s <= 0.05:
            break
        reponse, exact = _prouver(course, relache, meilleur, noyau, ecart_vise)
        if reponse.x is not None:
            meilleur = _mieux(course, [meilleur, course.reparer(course.modele.decoder(reponse.x))])
        if exact:
            plancher = course.valoir(meilleur) if meilleur is not None else float("-inf")
            if reponse.faisable:
                borne = min(borne, max(reponse.borne * unite, plancher))
            elif meilleur is None:
                raise Infaisable("Aucune proposition ne respecte toutes les contraintes.")
            else:  # nothing better is left
                borne = plancher
            break
    if meilleur is None:
        raise TempsEcoule(
            "Aucune proposition n’a été trouvée dans le temps donné : allongez-le ou demandez moins."
        )
    return meilleur, etape(meilleur)


def _prouver(
    course: _Course, relache: Relachement, meilleur: Choisis | None, noyau: int | None, ecart_vise: float
) -> tuple[Reponse, bool]:
    """HiGHS on what is still open. True when nothing that could be better was closed."""
    modele = course.modele
    if meilleur is None:
        basse, haute = modele.borne_basse, modele.borne_haute
        return course.prouver(1.0, ecart_vise / 2, basse, haute, None), True
    unite = 1.0 if course.objectif is None else MILLIER
    marge = relache.borne - course.valoir(meilleur) / unite
    ouvertes = relache.regrets <= marge * (1 + 1e-6) + 1e-9
    exact = True
    if noyau is not None and int(ouvertes.sum()) > noyau:
        exact = False
        ouvertes = relache.regrets <= np.partition(relache.regrets, noyau)[noyau]
    basse, haute = fermer(modele, relache, ouvertes)
    depart = point(modele, meilleur) if exact else None
    return course.prouver(1.0 if exact else 1 / 3, ecart_vise / 2, basse, haute, depart), exact


def _premier(course: _Course, relache: Relachement, connu: Choisis | None) -> Choisis | None:
    """The best of: the relaxed point rounded and completed, the greedy one, the previous objective's."""
    essais: list[Choisis | None] = [connu]
    if relache.x is not None:
        essais.append(course.reparer(course.modele.decoder(relache.x), relache))
    if connu is None:
        essais.append(glouton.choisir(course.probleme))
    return _mieux(course, essais)


def _mieux(course: _Course, essais: Sequence[Choisis | None]) -> Choisis | None:
    admis = [choix for choix in essais if choix is not None and course.admet(choix)]
    return max(admis, key=course.valoir, default=None)
