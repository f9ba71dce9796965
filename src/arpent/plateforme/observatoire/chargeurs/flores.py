"""INSEE, Flores (`base-cc-flores-AAAA.csv`): establishments (ET…) and salaried posts (ETP…) by commune.

By sector (AZ, BE, FZ, GU, OQ), size (ETPTEF…) and sphere: ETPPRES présentielle, ETPNPRES productive, with
their public part (…PUB). The sphere comes from INSEE, by activity: it is never recoded here. Posts are at the
workplace, not jobs of residents. Every column of the family `ET…<two digits>` is kept under its own name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .base import LICENCE_OUVERTE, FichierRefuse, Lot, Progression, Rapport, Reconnaissance
from .communs import Tableau, codes, lire, tableau_de, tableaux
from .source import Source
from .tables import variables

VARIABLE = re.compile(r"^ET[A-Z0-9]*?[A-Z](?:TEF)?\d*(\d\d)$")
TEMOINS = re.compile(r"^(?:ETTOT|ETPTOT|ETPPRES|ETPRES)(\d\d)$")


class ChargeurFlores:
    jeu = "flores"
    titre = "Fichier localisé des rémunérations et de l’emploi salarié (Flores)"
    producteur = "Insee"
    licence = LICENCE_OUVERTE
    adresse = "https://www.insee.fr/fr/statistiques/4991205"
    version = 1

    def reconnaitre(self, source: Source) -> Reconnaissance | None:
        for tableau in tableaux(source):
            annees = {int(m[1]) for c in tableau.colonnes if (m := TEMOINS.match(c))}
            recensement = any(re.match(r"[PC]\d\d_", c) for c in tableau.colonnes)
            if annees and "CODGEO" in tableau.colonnes and not recensement and not _arrondissements(tableau):
                annee = 2000 + max(annees)
                # Flores 2022 is in the geography of 1 January 2024
                return Reconnaissance(str(annee), annee + 2, tableau.membre, {"cle": tableau.cle})
        return None

    def lire(
        self, source: Source, quoi: Reconnaissance, rapport: Rapport, progression: Progression
    ) -> Sequence[Lot]:
        tableau = tableau_de(source, quoi.details["cle"])
        progression("lecture", 0, 0)
        noms = [c for c in tableau.colonnes if VARIABLE.match(c)]
        table = lire(source, tableau, ["CODGEO", *noms])
        rapport.lues = table.height
        table = codes(table, "CODGEO", "communes", rapport)
        if not table.height:
            raise FichierRefuse(f"{source.nom} : aucune commune lisible dans la colonne CODGEO.")
        lot = table.select("code").hstack(variables(table, noms, rapport))
        rapport.gardees = lot.height
        return [Lot("communes", lot)]


def _arrondissements(tableau: Tableau) -> bool:
    return tableau.cle.upper().startswith("ARM")


CHARGEUR = ChargeurFlores()
