"""How a pack names its territories: two démarches of one territory are told apart by their generation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from arpent.plateforme.demarches.models import Demarche


def noms_des(demarches: Sequence[Demarche]) -> dict[int, str]:
    """By pk of the démarche, each name once. No query."""
    fois = Counter(d.territoire.nom for d in demarches)
    return {d.pk: d.territoire.nom if fois[d.territoire.nom] == 1 else str(d) for d in demarches}
