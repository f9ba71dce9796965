"""ANCT, communes of the national programmes: Petites villes de demain, Action cœur de ville, ORT.

One file per programme, one row per commune; a commune absent from the list is not in the programme. The name
of the identifier column (`id_pvd`, `id_acv`, `id_ort`) tells the programme.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from .base import LICENCE_OUVERTE, FichierRefuse, Lot, Progression, Rapport, Reconnaissance
from .source import Source
from .tables import AnyEntete, annee_exigee, chercher, codes_de_communes, lire_table, par_cle

CODE = ("insee_com", "code_insee", "codgeo", "code_commune", "code_geo")


class ChargeurProgramme:
    producteur = "ANCT"
    licence = LICENCE_OUVERTE
    version = 1

    def __init__(self, sigle: str, titre: str) -> None:
        self.sigle = sigle
        self.jeu = f"zonages_{sigle}"
        self.titre = titre
        self.adresse = f"https://www.data.gouv.fr/datasets/?q={sigle}"
        self.fichiers = (f"liste-{sigle}-com-2025.csv",)

    def reconnaitre(self, source: Source) -> Reconnaissance | None:
        trouve = chercher(source, lambda e: _code(e) is not None and self._marque(e) is not None)
        if trouve is None:
            return None
        membre = "" if source.genre in ("xlsx", "ods") else trouve[0]
        annee = annee_exigee(source, membre, self.fichiers[0])
        date = next((o for c, o in par_cle(trouve[1]).items() if re.match(r"^date_sign", c)), None)
        details = {"code": _code(trouve[1]), "marque": self._marque(trouve[1]), "date": date}
        return Reconnaissance(str(annee), annee, trouve[0], details)

    def lire(
        self, source: Source, quoi: Reconnaissance, rapport: Rapport, progression: Progression
    ) -> Sequence[Lot]:
        progression("lecture", 0, 0)
        date = quoi.details["date"]
        table = lire_table(source, quoi.membre)
        rapport.lues = table.height
        table = codes_de_communes(table, quoi.details["code"], rapport)
        dedans = ~table[quoi.details["marque"]].fill_null("").str.to_lowercase().is_in(["0", "non", ""])
        if nombre := int((~dedans).sum()):
            rapport.rejets["commune hors du programme"] += nombre
        table = table.filter(dedans)
        if not table.height:
            raise FichierRefuse(f"{source.nom} : aucune commune lisible.")
        signee = pl.col(date).alias("signee_le") if date else pl.lit(None, dtype=pl.String).alias("signee_le")
        rapport.gardees = table.height
        return [Lot("communes", table.select("code", signee, pl.lit(1.0).alias(self.sigle.upper())))]

    def _marque(self, entete: AnyEntete) -> str | None:
        cles = par_cle(entete)
        noms = (f"id_{self.sigle}", self.sigle, f"code_{self.sigle}")
        return next((cles[n] for n in noms if n in cles), None)


def _code(entete: AnyEntete) -> str | None:
    cles = par_cle(entete)
    return next((cles[c] for c in CODE if c in cles), None)


CHARGEURS = (
    ChargeurProgramme("pvd", "Petites villes de demain"),
    ChargeurProgramme("acv", "Action cœur de ville"),
    ChargeurProgramme("ort", "Opérations de revitalisation de territoire"),
)
