"""Rows → what the calculation of deadlines reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from arpent.metier.cycles.versement import EtatProrogation, EtatVersement
from arpent.metier.echeances_dossier import (
    Caducite,
    Echeance,
    FaitsEcheances,
    GenreEcheance,
    ReglesEcheances,
    caducite,
    echeances,
    lire_echeances,
)
from arpent.metier.versements import GenreVersement
from arpent.plateforme.reglements.models import Dispositif

from ..models import DemandeVersement, Dossier, Prorogation

NON_DEPOSES = frozenset(
    {EtatVersement.BROUILLON.value, EtatVersement.RETIREE.value, EtatVersement.REFUSEE.value}
)


def regles_de(dispositif: Dispositif) -> ReglesEcheances:
    return lire_echeances(dispositif.parametres.get("echeances"))


def faits_de(
    dossier: Dossier, prorogations: Iterable[Prorogation], versements: Iterable[DemandeVersement]
) -> FaitsEcheances:
    """No query: the rows are handed in."""
    accordes: dict[GenreEcheance, int] = {}
    for p in prorogations:
        if p.etat == EtatProrogation.ACCORDEE.value:
            genre = GenreEcheance(p.genre)
            accordes[genre] = accordes.get(genre, 0) + (p.mois_accordes or 0)
    soldes = [
        d.depose_le
        for d in versements
        if d.genre == GenreVersement.SOLDE and d.depose_le is not None and d.etat not in NON_DEPOSES
    ]
    return FaitsEcheances(
        attribue_le=dossier.notifie_le or dossier.vote_le,
        commence_le=dossier.debut_le,
        acheve_le=dossier.acheve_le,
        solde_demande_le=min(soldes, default=None),
        prorogations=accordes,
    )


@dataclass(frozen=True, slots=True)
class Situation:
    """The deadlines of a file on a day, and whether it may be declared lapsed."""

    dossier: Dossier
    regles: ReglesEcheances
    faits: FaitsEcheances
    echeances: tuple[Echeance, ...]
    caducite: Caducite


def situation_de(dossier: Dossier, today: date) -> Situation:
    """No query when `prorogations` and `versements` are prefetched; two otherwise."""
    regles = regles_de(dossier.demarche.processus.dispositif)
    faits = faits_de(dossier, dossier.prorogations.all(), dossier.versements.all())
    lues = echeances(regles, faits, today)
    return Situation(dossier, regles, faits, lues, caducite(lues))
