"""ANCT / DGCL, communes classed as mountain: wholly, in part, or not; the massif where the file says it."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from .base import LICENCE_OUVERTE, FichierRefuse, Lot, Progression, Rapport, Reconnaissance
from .source import Source
from .tables import AnyEntete, annee_exigee, chercher, cle, codes_de_communes, lire_table, par_cle

CODE = ("insee_com", "code_insee", "codgeo", "code_commune", "code_geo", "insee")


class ChargeurMontagne:
    jeu = "zonages_montagne"
    titre = "Communes classées en zone de montagne"
    producteur = "ANCT"
    licence = LICENCE_OUVERTE
    adresse = (
        "https://www.data.gouv.fr/datasets/communes-de-la-loi-montagne-au-code-officiel-geographique-cog"
    )
    fichiers = ("liste-com-montagne-2025.csv",)
    version = 1

    def reconnaitre(self, source: Source) -> Reconnaissance | None:
        trouve = chercher(source, lambda e: _colonne(e, CODE) is not None and _zone(e) is not None)
        if trouve is None:
            return None
        membre = "" if source.genre in ("xlsx", "ods") else trouve[0]
        annee = annee_exigee(source, membre, self.fichiers[0])
        massif = next((o for c, o in par_cle(trouve[1]).items() if "massif" in c and "code" not in c), None)
        details = {"code": _colonne(trouve[1], CODE), "zone": _zone(trouve[1]), "massif": massif}
        return Reconnaissance(str(annee), annee, trouve[0], details)

    def lire(
        self, source: Source, quoi: Reconnaissance, rapport: Rapport, progression: Progression
    ) -> Sequence[Lot]:
        progression("lecture", 0, 0)
        zone, massif = quoi.details["zone"], quoi.details["massif"]
        table = lire_table(source, quoi.membre)
        rapport.lues = table.height
        table = codes_de_communes(table, quoi.details["code"], rapport)
        parts = [_part(texte or "") for texte in table[zone].to_list()]
        for inconnue in sorted({str(t) for t, p in zip(table[zone], parts, strict=True) if p is None})[:20]:
            rapport.avertissements.append(f"Classement inconnu : « {inconnue[:40]} », valeur manquante.")
        if all(part is None for part in parts):
            raise FichierRefuse(f"{source.nom} : aucun classement en montagne lisible.")
        nom_massif = pl.col(massif) if massif else pl.lit(None, dtype=pl.String)
        lot = table.select("code", pl.col(zone).alias("classement"), nom_massif.alias("massif")).with_columns(
            pl.Series("MONTAGNE", [None if p is None else float(p > 0) for p in parts], dtype=pl.Float64),
            pl.Series(
                "MONTAGNE_TOTALE", [None if p is None else float(p == 2) for p in parts], dtype=pl.Float64
            ),
        )
        rapport.gardees = lot.height
        return [Lot("communes", lot)]


def _part(texte: str) -> int | None:
    """2: the whole commune; 1: a part of it; 0: none."""
    nu = cle(texte)
    if nu.startswith(("non", "hors")) or nu in ("0", "n"):
        return 0
    if "part" in nu or nu == "p":
        return 1
    return (
        2
        if nu in ("1", "o", "t") or nu.startswith(("oui", "tot", "class", "montagne", "zone_de_m"))
        else None
    )


def _colonne(entete: AnyEntete, noms: Sequence[str]) -> str | None:
    cles = par_cle(entete)
    return next((cles[n] for n in noms if n in cles), None)


def _zone(entete: AnyEntete) -> str | None:
    motif = re.compile(
        r"^(zone_de_|classement_|com_|commune_de_|loi_)?montagne(_20\d\d)?$|^classement_en_montagne$"
    )
    return next((o for c, o in par_cle(entete).items() if motif.match(c)), None)


CHARGEUR = ChargeurMontagne()
