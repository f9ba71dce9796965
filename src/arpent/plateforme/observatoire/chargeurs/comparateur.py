"""INSEE, « comparateur de territoires » (`base_cc_comparateur.csv`): a summary of several sources by commune.

Population, civil registration, households, dwellings, activity and establishments. The incomes that it
repeats (MED21, TP6021) are those of Filosofi: they keep their `s` marks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .base import LICENCE_OUVERTE, Lot, Progression, Rapport, Reconnaissance
from .communs import codes, lire, tableau_de, tableaux
from .rp import VARIABLE, annee_de
from .source import Source
from .tables import variables

AUTRES = re.compile(r"^(?:SUPERF|NAIS\w*|DECE\w*|MED\d\d|TP60\d\d|NBMENFISC\d\d|PIMP\d\d|ET\w+\d\d)$")


class ChargeurComparateur:
    jeu = "comparateur"
    titre = "Comparateur de territoires"
    producteur = "Insee"
    licence = LICENCE_OUVERTE
    adresse = "https://www.insee.fr/fr/statistiques/2521169"
    version = 1

    def reconnaitre(self, source: Source) -> Reconnaissance | None:
        for tableau in tableaux(source):
            annees = {annee_de(m[1]) for c in tableau.colonnes if (m := VARIABLE.match(c))}
            petit = len(tableau.colonnes) < 100 and {"CODGEO", "SUPERF"} <= set(tableau.colonnes)
            if annees and petit and not tableau.cle.upper().startswith("ARM"):
                return Reconnaissance(str(max(annees)), max(annees) + 3, tableau.membre, {"cle": tableau.cle})
        return None

    def lire(
        self, source: Source, quoi: Reconnaissance, rapport: Rapport, progression: Progression
    ) -> Sequence[Lot]:
        tableau = tableau_de(source, quoi.details["cle"])
        progression("lecture", 0, 0)
        noms = [c for c in tableau.colonnes if VARIABLE.match(c) or AUTRES.match(c)]
        table = lire(source, tableau, ["CODGEO", *noms])
        rapport.lues = table.height
        table = codes(table, "CODGEO", "communes", rapport)
        lot = table.select("code").hstack(variables(table, noms, rapport))
        rapport.gardees = lot.height
        return [Lot("communes", lot)]


CHARGEUR = ChargeurComparateur()
