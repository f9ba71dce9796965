"""DGCL, BANATIC: competences per groupement, and transfers per commune.

Three tables, tab-separated whatever their extension says: the list of groupements with one column per
competence code (`C1004`, 1 or OUI when held), the plain list SIREN × code, and « transferts », which tells by
which intermediate groupement a commune is in a syndicat.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from .base import LICENCE_OUVERTE, FichierRefuse, Lot, Progression, Rapport, Reconnaissance
from .source import Source
from .tables import AnyEntete, annee_exigee, chercher, codes_de_communes, lire_table, par_cle, sirens, textes

COMPETENCE = re.compile(r"^C(\d{4})$")
TRANSFERTS = {"code_insee_commune", "siren_groupement", "siren_groupement_intermediaire"}
OUI = ("1", "OUI", "Oui", "oui", "1.0")


class _Banatic:
    producteur = "DGCL"
    licence = LICENCE_OUVERTE
    adresse = "https://www.banatic.interieur.gouv.fr"
    version = 1


class ChargeurBanaticTransferts(_Banatic):
    jeu = "banatic_transferts"
    titre = "Transferts de compétences des communes aux groupements (BANATIC)"
    fichiers = ("banatic_2025_transferts.csv",)

    def reconnaitre(self, source: Source) -> Reconnaissance | None:
        trouve = chercher(source, lambda e: set(par_cle(e)) >= TRANSFERTS)
        if trouve is None:
            return None
        annee = annee_exigee(source, trouve[0], "banatic_2025_transferts.csv")
        return Reconnaissance(str(annee), annee, trouve[0], {"cles": par_cle(trouve[1])})

    def lire(
        self, source: Source, quoi: Reconnaissance, rapport: Rapport, progression: Progression
    ) -> Sequence[Lot]:
        progression("lecture", 0, 0)
        cles = quoi.details["cles"]
        table = lire_table(source, quoi.membre)
        rapport.lues = table.height
        table = codes_de_communes(table, cles["code_insee_commune"], rapport, doubles_permis=True)
        table = sirens(table, cles["siren_groupement"], rapport)
        voulus = {
            "siren_groupement": "groupement", "nom_groupement": "nom",
            "nature_juridique_groupement": "nature",
            "siren_groupement_intermediaire": "par_groupement",
        }  # fmt: skip
        noms = {"code": "code"} | {cles[c]: nom for c, nom in voulus.items() if c in cles}
        lot = textes(table, noms).unique(maintain_order=True)
        if nombre := table.height - lot.height:
            rapport.rejets["transfert en double"] += nombre
        rapport.gardees = lot.height
        return [Lot("transferts", lot)]


class ChargeurBanaticCompetences(_Banatic):
    jeu = "banatic_competences"
    titre = "Compétences exercées par les groupements (BANATIC)"
    fichiers = ("banatic_2021_competences.csv",)

    def reconnaitre(self, source: Source) -> Reconnaissance | None:
        trouve = chercher(source, lambda e: _siren(e) is not None and (_large(e) or _longue(e) is not None))
        if trouve is None:
            return None
        annee = annee_exigee(source, trouve[0], "banatic_2021_competences.csv")
        details = {"siren": _siren(trouve[1]), "code": _longue(trouve[1])}
        return Reconnaissance(str(annee), annee, trouve[0], details)

    def lire(
        self, source: Source, quoi: Reconnaissance, rapport: Rapport, progression: Progression
    ) -> Sequence[Lot]:
        progression("lecture", 0, 0)
        table = lire_table(source, quoi.membre)
        rapport.lues = table.height
        siren, code = quoi.details["siren"], quoi.details["code"]
        table = sirens(table, siren, rapport)
        if code is None:
            colonnes = [c for c in table.columns if COMPETENCE.match(c.strip())]
            table = table.select(siren, *colonnes).unpivot(index=siren, variable_name="competence")
            table = table.filter(pl.col("value").is_in(OUI)).with_columns(
                pl.col("competence").str.strip_chars().str.slice(1)
            )
            code = "competence"
        lot = table.select(pl.col(siren).alias("groupement"), pl.col(code).alias("competence"))
        lot = lot.filter(pl.col("competence").fill_null("").str.contains(r"^\d{4}$")).unique(
            maintain_order=True
        )
        if not lot.height:
            raise FichierRefuse(f"{source.nom} : aucune compétence lisible.")
        if quoi.details["code"] and (nombre := table.height - lot.height):
            rapport.rejets["compétence en double ou sans code"] += nombre
        rapport.gardees = rapport.lues - rapport.rejetees
        return [Lot("competences", lot)]


def _siren(entete: AnyEntete) -> str | None:
    cles = par_cle(entete)
    return next((cles[c] for c in ("siren", "n_siren", "siren_groupement") if c in cles), None)


def _large(entete: AnyEntete) -> bool:
    return sum(1 for nom in entete.colonnes if COMPETENCE.match(nom)) >= 5


def _longue(entete: AnyEntete) -> str | None:
    cles = par_cle(entete)
    return next((nom for c, nom in cles.items() if re.match(r"^code_competence(_\d{4})?$", c)), None)


CHARGEURS = (ChargeurBanaticTransferts(), ChargeurBanaticCompetences())
