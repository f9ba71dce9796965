"""Keeping what the optimiser proposes, one scenario per démarche: never applied by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche

from ..models import Camp, Scenario
from .actions import ecrire_les_choix
from .recherche import Resultat, resume


@transaction.atomic
def garder(
    resultat: Resultat,
    demarches: Sequence[Demarche],
    nom: str,
    *,
    par: Agent | None,
    camp: Camp = Camp.AUTORITE,
    origine: str = "Recherche en ligne de commande",
) -> list[Scenario]:
    """Each démarche gets its part, with the reason of each fiche left out. ArbitrageRefuse (French)."""
    gardes = []
    ou = {i: x.fiche.demarche_id for i, x in resultat.pose.lignes.items()}
    for demarche in demarches:
        choix = {int(i): x for i, x in resultat.solution.choix.items() if ou[i] == demarche.pk}
        motifs = {int(i): s.texte for i, s in resultat.sorties.items() if ou[i] == demarche.pk}
        motifs |= resultat.pose.sans_aide.get(demarche.pk, {})
        memoire = en_memoire(resultat)
        gardes.append(ecrire_les_choix(demarche, nom, camp, choix, motifs, memoire, origine=origine, par=par))
    return gardes


def en_memoire(resultat: Resultat) -> dict[str, Any]:
    """What the page of the scenario says of the search, as JSON holds it."""
    s, g = resultat.solution, resultat.second_avis
    return {
        "preuve": resume(resultat),
        "ecart": s.ecart,
        "methode": s.methode.value,
        "second_avis": None if g is None else {"total": f"{g.total:.2f}", "nombre": len(g.choix)},
    }
