"""The relaxed problem: its bound, its point, and for each pair (project, year) what changing it would cost.

Given a price for each ceiling, each project chooses for itself, and the sum of what they gain plus the priced
ceilings bounds every proposal (Geoffrion 1974). With the prices of the relaxed optimum that bound is the
relaxed value. A large problem is relaxed on the projects that hesitate at those prices, the others set aside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .modele import Entiers, Modele, Reels
from .moteur import Exigence, Reponse, resoudre

DIRECTE = 20_000
"""Pairs up to which HiGHS relaxes the problem whole."""
OUVERTES = 12_000
ECHANTILLON = 4_000
PASSES = 4
ASSEZ = 1e-7


@dataclass(frozen=True, slots=True)
class Relachement:
    """`x` None: no point. `regrets`: what at least is lost when a pair is not as in `retenues`.

    `interet`: net gain of a pair at those prices (the higher, the more promising).
    """

    faisable: bool
    x: Reels | None
    borne: float
    regrets: Reels
    retenues: NDArray[np.bool_]
    interet: Reels
    duree_s: float


def relacher(modele: Modele, couts: Reels, exigences: Sequence[Exigence], *, limite_s: float) -> Relachement:
    """The relaxed optimum; for a large problem without sharing objective, its bound within 1e-7 or so."""
    partage = modele.colonnes > modele.paires + int((modele.extra >= 0).sum())
    if modele.paires > DIRECTE and not partage:
        par_passes = _par_passes(modele, couts, exigences, limite_s)
        if par_passes is not None:
            return par_passes
    reponse = resoudre(modele, couts, entiers=False, exigences=exigences, limite_s=limite_s)
    if partage or reponse.duaux is None or reponse.x is None:
        return _tel_quel(modele, couts, reponse)
    lu = aux_prix(modele, couts, exigences, reponse.duaux)
    return replace(
        lu, x=reponse.x, borne=min(reponse.borne, lu.borne), faisable=True, duree_s=reponse.duree_s
    )


def _tel_quel(modele: Modele, couts: Reels, reponse: Reponse) -> Relachement:
    """What HiGHS itself says of each pair: its reduced cost."""
    n = modele.paires
    reduits = np.zeros(n) if reponse.couts_reduits is None else reponse.couts_reduits[:n]
    x = np.zeros(n) if reponse.x is None else reponse.x[:n]
    interet = couts[:n] if reponse.couts_reduits is None else reduits
    return Relachement(
        reponse.faisable, reponse.x, reponse.borne, np.abs(reduits), x > 0.5, interet, reponse.duree_s
    )


def aux_prix(modele: Modele, couts: Reels, exigences: Sequence[Exigence], duaux: Reels) -> Relachement:
    """What each project chooses at the prices of the rows (`duaux`, all the rows then the demands)."""
    essais = [_a_ces_prix(modele, couts, exigences, signe * duaux) for signe in (1.0, -1.0)]
    return min(essais, key=lambda essai: essai.borne)


def _a_ces_prix(modele: Modele, couts: Reels, exigences: Sequence[Exigence], duaux: Reels) -> Relachement:
    net = couts.copy()
    borne = 0.0
    r = modele.rangees
    for k in range(modele.premiere_commune, len(r.bas)):
        borne += _payer(net, duaux[k], r.bas[k], r.haut[k], r.colonnes[k], r.valeurs[k])
    toutes = np.arange(modele.colonnes)
    for k, e in enumerate(exigences, start=len(r.bas)):
        borne += _payer(net, duaux[k], e.minimum, float("inf"), toutes, e.couts)
    gain = net[: modele.paires].copy()
    varie = modele.extra >= 0
    extra = modele.extra[varie]
    gain[varie] += np.maximum(net[extra], 0.0) * modele.borne_haute[extra]
    return _chacun_choisit(modele, gain, borne)


def _payer(net: Reels, prix: float, bas: float, haut: float, colonnes: Entiers, valeurs: Reels) -> float:
    """Takes the price of one row off the gains; returns what the row itself is worth. 0 on the wrong side."""
    limite = haut if prix > 0 else bas
    if prix == 0 or not np.isfinite(limite):
        return 0.0
    net[colonnes] -= prix * valeurs
    return float(prix * limite)


def _chacun_choisit(modele: Modele, gain: Reels, borne: float) -> Relachement:
    n = len(modele.candidats)
    debuts = np.searchsorted(modele.projet, np.arange(n))
    meilleur = np.maximum.reduceat(gain, debuts)
    ou = np.zeros(modele.paires, dtype=bool)
    ordre = np.lexsort((np.arange(modele.paires), -gain, modele.projet))
    premieres = ordre[debuts]
    ou[premieres] = True
    sans = gain.copy()
    sans[premieres] = -np.inf
    second = np.maximum.reduceat(sans, debuts)
    libre = np.array([c.impose is not True for c in modele.candidats], dtype=bool)
    autre = np.where(libre, np.maximum(second, 0.0), second)
    pris = ~libre | (meilleur > 0)
    valeur = np.where(pris, meilleur, 0.0)
    regrets = valeur[modele.projet] - gain
    regrets[premieres] = np.where(pris, meilleur - autre, -meilleur)
    return Relachement(True, None, borne + float(valeur.sum()), regrets, ou & pris[modele.projet], gain, 0.0)


def _par_passes(
    modele: Modele, couts: Reels, exigences: Sequence[Exigence], limite_s: float
) -> Relachement | None:
    """Prices from a sample, then from those that hesitate, until bound and point meet. None: do it whole."""
    depart = _echantillon(modele, couts, exigences, limite_s)
    if depart.duaux is None:
        return None
    prix, duree = aux_prix(modele, couts, exigences, depart.duaux), depart.duree_s
    for _ in range(PASSES):
        ouvertes = prix.regrets <= np.partition(prix.regrets, OUVERTES)[OUVERTES]
        basse, haute = fermer(modele, prix, ouvertes)
        reponse = resoudre(
            modele, couts, entiers=False, exigences=exigences, basse=basse, haute=haute,
            limite_s=limite_s - duree,
        )  # fmt: skip
        duree += reponse.duree_s
        if reponse.x is None or reponse.duaux is None:
            return None
        nouveau = aux_prix(modele, couts, exigences, reponse.duaux)
        prix = replace(nouveau, x=reponse.x, borne=min(prix.borne, nouveau.borne), duree_s=duree)
        if prix.borne - reponse.valeur <= ASSEZ * abs(prix.borne) or duree > limite_s / 2:
            break
    return prix


def _echantillon(modele: Modele, couts: Reels, exigences: Sequence[Exigence], limite_s: float) -> Reponse:
    """The relaxed problem on one project in k, the ceilings cut down alike."""
    n = len(modele.candidats)
    pas = max(1, n // ECHANTILLON)
    garde = np.arange(n) % pas == 0
    garde |= np.array([c.impose is True for c in modele.candidats], dtype=bool)
    haute = modele.borne_haute.copy()
    haute[: modele.paires][~garde[modele.projet]] = 0.0
    part, r = float(garde.mean()), modele.rangees
    debut = modele.premiere_commune
    reduites = replace(
        r, bas=r.bas[:debut] + [b * part for b in r.bas[debut:]],
        haut=r.haut[:debut] + [h * part for h in r.haut[debut:]],
    )  # fmt: skip
    exigees = [Exigence(e.couts, e.minimum * part) for e in exigences]
    return resoudre(
        replace(modele, rangees=reduites), couts, entiers=False, exigences=exigees, haute=haute,
        limite_s=limite_s,
    )  # fmt: skip


def fermer(modele: Modele, prix: Relachement, ouvertes: NDArray[np.bool_]) -> tuple[Reels, Reels]:
    """Bounds of the columns once the pairs that are not open are set as priced."""
    basse, haute = modele.borne_basse.copy(), modele.borne_haute.copy()
    retenues = np.flatnonzero(~ouvertes & prix.retenues)
    ecartees = np.flatnonzero(~ouvertes & ~prix.retenues)
    basse[retenues] = 1.0
    haute[ecartees] = np.minimum(haute[ecartees], basse[ecartees])
    return basse, haute
