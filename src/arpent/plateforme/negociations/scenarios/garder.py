"""Keeping what the optimiser proposes, one scenario per démarche: never applied by itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from math import isfinite
from typing import Any

from django.db import transaction

from arpent.metier.argent import ZERO
from arpent.metier.scenarios.optimisation import Choix, Sortie
from arpent.plateforme.acteurs.models import Agent

from ..models import Camp, EnsembleScenarios, Scenario
from .actions import ecrire_les_choix
from .recherche import Resultat, resume


@transaction.atomic
def garder(
    resultat: Resultat,
    nom: str,
    *,
    par: Agent | None,
    camp: Camp = Camp.AUTORITE,
    origine: str = "Recherche en ligne de commande",
    ensemble: EnsembleScenarios | None = None,
) -> list[Scenario]:
    """Each démarche gets its part, with the reason of each fiche left out. ArbitrageRefuse (French).

    Nothing of the part of another démarche is written in it: neither its projects nor its totals.
    """
    par_demarche: dict[int, tuple[dict[int, Choix], dict[int, str]]] = {
        d.pk: ({}, dict(resultat.pose.sans_aide.get(d.pk, {}))) for d in resultat.demarches
    }
    ou = {i: x.fiche.demarche_id for i, x in resultat.pose.lignes.items()}
    for i, x in resultat.solution.choix.items():
        par_demarche[ou[i]][0][int(i)] = x
    for i, sortie in resultat.sorties.items():
        par_demarche[ou[i]][1][int(i)] = _motif(sortie, ou)
    gardes = []
    for demarche in sorted(resultat.demarches, key=lambda d: d.pk):
        choix, motifs = par_demarche[demarche.pk]
        memoire = en_memoire(resultat, {i for i in ou if ou[i] == demarche.pk})
        fonds = {
            x.fiche.pk: x.proposition
            for x in resultat.pose.lignes.values()
            if x.proposition is not None and x.fiche.demarche_id == demarche.pk
        }
        gardes.append(
            ecrire_les_choix(
                demarche,
                nom,
                camp,
                choix,
                motifs,
                memoire,
                origine=origine,
                par=par,
                ensemble=ensemble,
                fonds=fonds,
            )
        )
    return gardes


def _motif(sortie: Sortie, ou: Mapping[str, int]) -> str:
    """The reason, without the title of a project of another démarche."""
    if sortie.echange is None or ou[sortie.echange.identifiant] == ou[sortie.identifiant]:
        return sortie.texte
    ailleurs = "Il entrerait à la place d’un projet d’un autre territoire."
    return f"{replace(sortie, echange=None).texte} {ailleurs}"


def en_memoire(resultat: Resultat, siens: Collection[str] | None = None) -> dict[str, Any]:
    """What a page says of the search, as JSON holds it. `siens`: the candidates whose totals it may tell."""
    s, g = resultat.solution, resultat.second_avis
    choix = [] if g is None else [x for i, x in g.choix.items() if siens is None or i in siens]
    total = sum((x.aide for x in choix), ZERO)
    return {
        "preuve": resume(resultat),
        "ecart": fini(s.ecart),
        "methode": s.methode.value,
        "second_avis": None if g is None else {"total": f"{total:.2f}", "nombre": len(choix)},
    }


def fini(x: float) -> float | None:
    """JSON has no infinity: None when nothing was proven."""
    return x if isfinite(x) else None
