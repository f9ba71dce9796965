"""How much a file may hold, and how it is refused."""

from __future__ import annotations

import resource

MEMOIRE_MAX = 512 * 1024 * 1024
CPU_MAX = 4
"""Seconds: a full table of twenty thousand lines takes less than three."""
ENTREES_MAX = 2_000
GONFLE_MAX = 200 * 1024 * 1024
RATIO_MAX = 100
LIGNES_MAX = 20_000
COLONNES_MAX = 100
COLONNE_LOINTAINE = 1_000
LIGNE_LOINTAINE = 100_000
CELLULE_MAX = 5_000
TEXTE_MAX = 10_000_000
SORTIE_MAX = 20_000_000
"""Bytes of the answer: the server holds it whole."""
FEUILLES_MAX = 5  # sheets offered beside the one that is read
ERREUR = "#ERREUR"
"""A cell that the spreadsheet shows as an error."""
FUSION, FUSION_HAUT = "#FUSION ", "#FUSION+ "
"""Before a number that was merged over several rows (the first one apart): for all of them, or shared?"""


class Refus(Exception):
    """Why the file is not read, and what to do, in French."""


def limiter() -> None:
    """Bounds this process: memory, processor, no file written."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMOIRE_MAX, MEMOIRE_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_MAX, CPU_MAX))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
