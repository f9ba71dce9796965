"""INSEE, Filosofi up to 2021: `cc_filosofi_2021_COM.csv` and its EPCI, DEP, REG, ZE variants.

Semicolons, decimal comma, `s` secret, `nd` or `ns` not available. Medians and rates are never summed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from .base import LICENCE_OUVERTE, FichierRefuse, Lot, Progression, Rapport, Reconnaissance
from .source import Entete, Source
from .tables import codes_de_communes, lire_csv, variables

NIVEAUX = {
    "COM": "communes", "EPCI": "epci", "DEP": "departements", "REG": "regions", "ZE": "zones_emploi",
    "FR": "france",
}  # fmt: skip


class ChargeurFilosofi:
    jeu = "filosofi"
    titre = "Revenus et pauvreté (Filosofi)"
    producteur = "Insee-DGFiP-Cnaf-Cnav-CCMSA"
    licence = LICENCE_OUVERTE
    adresse = "https://www.insee.fr/fr/statistiques/6692220"
    version = 1

    def reconnaitre(self, source: Source) -> Reconnaissance | None:
        for membre in source.membres:
            if "meta" in membre.lower() or (entete := source.entete(membre)) is None:
                continue
            annees = {m[1] for c in entete.colonnes if (m := re.fullmatch(r"MED(\d\d)", c))}
            # the comparateur repeats MED21 beside census variables: it has its own loader
            recensement = any(re.match(r"[PC]\d\d_", c) for c in entete.colonnes)
            if len(annees) == 1 and entete.colonnes[0] == "CODGEO" and not recensement:
                annee = 2000 + int(annees.pop())
                niveau = _niveau(membre or source.nom, entete)
                # published in the geography of three years later (Filosofi 2021: 1 January 2024)
                return Reconnaissance(str(annee), annee + 3, membre, {"niveau": niveau})
        return None

    def lire(
        self, source: Source, quoi: Reconnaissance, rapport: Rapport, progression: Progression
    ) -> Sequence[Lot]:
        entete = source.entete(quoi.membre)
        if entete is None:
            raise FichierRefuse(f"{source.nom} : aucune table lisible.")
        progression("lecture", 0, 0)
        table = lire_csv(source, entete, quoi.membre)
        rapport.lues = table.height
        niveau = quoi.details["niveau"]
        if niveau == "communes":
            table = codes_de_communes(table, "CODGEO", rapport)
        else:
            table = table.with_columns(pl.col("CODGEO").alias("code"))
        noms = [c for c in entete.colonnes if c not in ("CODGEO", "LIBGEO")]
        lot = table.select("code").hstack(variables(table, noms, rapport))
        rapport.gardees = lot.height
        return [Lot(niveau, lot)]


def _niveau(nom: str, entete: Entete) -> str:
    trouve = re.search(r"_(COM|EPCI|DEP|REG|ZE|FR)\b", nom.upper().replace(".", " "))
    if trouve:
        return NIVEAUX[trouve[1]]
    longueurs = {len(x[0]) for x in entete.exemples if x}
    return {5: "communes", 9: "epci", 4: "zones_emploi", 2: "departements"}.get(
        max(longueurs, default=5), "communes"
    )


CHARGEUR = ChargeurFilosofi()
