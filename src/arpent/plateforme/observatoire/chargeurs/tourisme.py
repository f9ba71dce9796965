"""INSEE, tourist capacity by commune (`base-cc-tourisme-AAAA.xlsx`, sheet COM_AAAA; or its CSV).

Five lines of title, then the codes: HT hotels, HTCH rooms, CPG campsites, CPGE pitches, VV holiday villages,
RT tourist residences, AJCS hostels (with …LIT for beds), by class. At 1 January of the year; furnished
lettings and second homes are not in it. Every column of these families is kept under its own name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .base import LICENCE_OUVERTE, FichierRefuse, Lot, Progression, Rapport, Reconnaissance
from .communs import codes, lire, tableau_de, tableaux
from .source import Source
from .tables import variables

VARIABLE = re.compile(r"^(?:HT|CPG|VV|RT|AJCS)[A-Z]*\d*?(\d\d)$")
TEMOINS = re.compile(r"^(?:HTCH|CPGE)(\d\d)$")


class ChargeurTourisme:
    jeu = "tourisme"
    titre = "Capacité des communes en hébergement touristique"
    producteur = "Insee, en partenariat avec la DGE et les partenaires territoriaux"
    licence = LICENCE_OUVERTE
    adresse = "https://www.insee.fr/fr/statistiques/2021703"
    version = 1

    def reconnaitre(self, source: Source) -> Reconnaissance | None:
        for tableau in tableaux(source):
            annees = {int(m[1]) for c in tableau.colonnes if (m := TEMOINS.match(c))}
            if annees and "CODGEO" in tableau.colonnes and not tableau.cle.upper().startswith("ARM"):
                annee = 2000 + max(annees)
                trouve = re.search(r"geo(20\d\d)", f"{tableau.membre} {source.nom}")
                geographie = int(trouve[1]) if trouve else annee
                return Reconnaissance(str(annee), geographie, tableau.membre, {"cle": tableau.cle})
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


CHARGEUR = ChargeurTourisme()
