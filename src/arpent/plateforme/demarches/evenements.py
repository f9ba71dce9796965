"""What the rooms above know of a démarche, asked when a step is said done.

A room above cannot be imported from here: it adds a function to `FAITS` when the application starts. Each
answers with the fields of `metier.processus.Faits` that it knows; what nobody answers stays unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from arpent.metier.cycles.demarche import EtatDemarche
from arpent.metier.processus import Faits

from .models import Demarche, Etape

FAITS: list[Callable[[Demarche], dict[str, Any]]] = []
_AVANT_PARTAGE = {EtatDemarche.PREPARATION.value, EtatDemarche.DIAGNOSTIC.value}


def faits_de(demarche: Demarche, etape: Etape, etapes: Sequence[Etape]) -> Faits:
    """Every fact known for that step. The queries of the rooms, none of its own: `etapes` were read."""
    connus: dict[str, Any] = {}
    for fournir in FAITS:
        connus |= fournir(demarche)
    return Faits(
        etapes_faites=frozenset(e.code for e in etapes if e.faite_le),
        etapes_precedentes_a_faire=tuple(
            e.libelle for e in etapes if e.ordre < etape.ordre and e.est_attendue
        ),
        diagnostic_partage=demarche.etat not in _AVANT_PARTAGE,
        **connus,
    )
