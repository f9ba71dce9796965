"""DGALN, LOVAC open data: private dwellings, vacant, vacant for more than two years, one column per year.

cp1252, semicolons, `s` for secret (under 11 dwellings), headers often padded with spaces: CODGEO_25;
LIBGEO_25;pp_vacant_25;pp_vacant_plus_2ans_25;pp_total_24… The stock `ff_pp_total_25` of recent files is named
`pp_total_25` like before. Variants by EPCI, département, région and for France.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from .base import LICENCE_OUVERTE, FichierRefuse, Lot, Progression, Rapport, Reconnaissance
from .communs import Tableau, codes, lire, tableau_de, tableaux
from .source import Source
from .tables import variables

SERIE = re.compile(r"^(?:ff_)?(pp_(?:vacant|vacant_plus_2ans|total)_)(?:20)?(\d\d)$")
NIVEAUX = (
    (r"CODGEO(?:_\d\d)?", "communes"), (r"(?:SIREN_)?EPCI(?:_\d\d)?", "epci"),
    (r"DEP(?:_\d\d)?", "departements"), (r"REG(?:_\d\d)?", "regions"),
)  # fmt: skip


class ChargeurLovac:
    jeu = "lovac"
    titre = "Logements vacants du parc privé (LOVAC)"
    producteur = "DGALN, Cerema, DGFiP"
    licence = LICENCE_OUVERTE
    adresse = "https://www.data.gouv.fr/datasets/logements-vacants-du-parc-prive-par-commune-departement-region-france"
    version = 1

    def reconnaitre(self, source: Source) -> Reconnaissance | None:
        for tableau in tableaux(source):
            series = {c: f"{m[1]}{m[2]}" for c in tableau.colonnes if (m := SERIE.match(c))}
            vacants = [int(v[-2:]) for v in series.values() if "vacant" in v]
            if vacants:
                niveau, colonne = _niveau(tableau)
                details = {"cle": tableau.cle, "series": series, "niveau": niveau, "code": colonne}
                return Reconnaissance(f"20{max(vacants):02d}", 2000 + max(vacants), tableau.membre, details)
        return None

    def lire(
        self, source: Source, quoi: Reconnaissance, rapport: Rapport, progression: Progression
    ) -> Sequence[Lot]:
        details = quoi.details
        progression("lecture", 0, 0)
        colonnes = [details["code"], *details["series"]] if details["code"] else list(details["series"])
        table = lire(source, tableau_de(source, details["cle"]), colonnes)
        rapport.lues = table.height
        if details["niveau"] == "france":
            table = table.head(1).with_columns(pl.lit("fr").alias("code"))
        else:
            table = codes(table, details["code"], details["niveau"], rapport)
        if not table.height:
            raise FichierRefuse(f"{source.nom} : aucun code de territoire lisible.")
        table = table.rename(details["series"])
        lot = table.select("code").hstack(variables(table, list(details["series"].values()), rapport))
        rapport.gardees = lot.height
        return [Lot(details["niveau"], lot)]


def _niveau(tableau: Tableau) -> tuple[str, str]:
    """The finest level whose code is there: a commune file also carries its EPCI and its département."""
    for motif, niveau in NIVEAUX:
        for colonne in tableau.colonnes:
            if re.fullmatch(motif, colonne):
                return niveau, colonne
    return "france", ""


CHARGEUR = ChargeurLovac()
