"""DGCL / ANCT, France ruralités revitalisation: the list of communes (semicolons, a last empty column).

The header says the date of the list. Before 1 July 2024 the zone was ZRR: its list is read by the same loader
(« Classement en ZRR », « ZRR simplifié »).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from .base import LICENCE_OUVERTE, FichierRefuse, Lot, Progression, Rapport, Reconnaissance
from .source import Source
from .tables import AnyEntete, annee_exigee, chercher, cle, codes_de_communes, lire_table, par_cle

CODE = ("code_insee", "codgeo", "insee_com", "code_commune", "code_geographique")
MODALITES = {
    "non_classee": (0, 0), "frr_socle": (1, 0), "frr": (1, 1), "frr_beneficiaire": (1, 0),
    "classee_frr_partiellement": (1, 0), "frr_beneficiaire_partiellement": (1, 0),
}  # fmt: skip
"""Wording (as a key; « FRR+ » loses its sign) to (in the zone, in the reinforced zone)."""


class ChargeurFrr:
    jeu = "zonages_frr"
    titre = "France ruralités revitalisation (FRR, ex-ZRR)"
    producteur = "DGCL-ANCT"
    licence = LICENCE_OUVERTE
    adresse = "https://www.data.gouv.fr/datasets/france-ruralites-revitalisation"
    fichiers = ("frr-juillet-2025.csv", "zrr-2021.csv")
    version = 1

    def reconnaitre(self, source: Source) -> Reconnaissance | None:
        trouve = chercher(source, lambda e: _code(e) is not None and _classement(e) is not None)
        if trouve is None:
            return None
        classement = str(_classement(trouve[1]))
        annees = re.findall(r"20\d\d", classement)
        annee = int(annees[-1]) if annees else annee_exigee(source, trouve[0], "frr-juillet-2025.csv")
        return Reconnaissance(
            str(annee), annee, trouve[0], {"code": _code(trouve[1]), "classement": classement}
        )

    def lire(
        self, source: Source, quoi: Reconnaissance, rapport: Rapport, progression: Progression
    ) -> Sequence[Lot]:
        progression("lecture", 0, 0)
        classement = quoi.details["classement"]
        table = lire_table(source, quoi.membre, [quoi.details["code"], classement])
        rapport.lues = table.height
        table = codes_de_communes(table, quoi.details["code"], rapport)
        valeurs = [_lire(texte or "") for texte in table[classement].to_list()]
        for texte, lue in zip(table[classement].to_list(), valeurs, strict=True):
            if lue is None:
                avis = f"Classement inconnu : « {str(texte)[:40]} », valeur manquante."
                if avis not in rapport.avertissements:
                    rapport.avertissements.append(avis)
        if not table.height or all(lue is None for lue in valeurs):
            raise FichierRefuse(f"{source.nom} : aucun classement FRR lisible.")
        lot = table.select("code", pl.col(classement).alias("classement")).with_columns(
            pl.Series("FRR", [None if v is None else float(v[0]) for v in valeurs], dtype=pl.Float64),
            pl.Series("FRR_PLUS", [None if v is None else float(v[1]) for v in valeurs], dtype=pl.Float64),
        )
        rapport.gardees = lot.height
        return [Lot("communes", lot)]


def _lire(texte: str) -> tuple[int, int] | None:
    nu = cle(texte)
    if nu in MODALITES:
        return MODALITES[nu] if "+" in texte or nu != "frr" else (1, 0)
    if "zrr" in nu or re.match(r"^[CNP] ?-", texte):
        return (0, 0) if nu.startswith(("nc", "non")) else (1, 0)
    return None


def _code(entete: AnyEntete) -> str | None:
    cles = par_cle(entete)
    return next((cles[c] for c in CODE if c in cles), None)


def _classement(entete: AnyEntete) -> str | None:
    return next((nom for nom in entete.colonnes if re.search(r"\b(FRR|ZRR)\b", nom, re.IGNORECASE)), None)


CHARGEUR = ChargeurFrr()
