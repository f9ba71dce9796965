"""DGCL, BANATIC: groupements, their members and what they do.

Two published forms: `perimetres_epci_syndicats_2025.csv`, and the national export (workbook of 75 MB whose
sheet weighs 1.4 GB: read row by row), one row per membership and one OUI/NON column per competence, whose
labels change from one year to the next and are kept as published.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import polars as pl

from . import classeur
from .base import LICENCE_OUVERTE, FichierRefuse, Lot, Progression, Rapport, Reconnaissance
from .source import Source
from .tables import LIGNE, annee_exigee, chercher, cle, lire_table, par_cle

PERIMETRES = {"siren", "raison_sociale", "nature_juridique", "siren_membre", "type_membre"}
EXPORT = {
    "n_siren",
    "nom_du_groupement",
    "nature_juridique",
    "siren_membre",
    "categorie_des_membres_du_groupement",
}
SIREN = re.compile(r"^\d{9}$")
PAS = 20_000

GROUPEMENT = ("code", "nom", "nature", "departement", "mode_financement")
ADHESION = ("groupement", "membre", "nom_membre", "type_membre")
CHAMPS = {
    "siren": ("siren", "n_siren"), "nom": ("raison_sociale", "nom_du_groupement"),
    "nature": ("nature_juridique",),
    "departement": ("dept", "departement"), "mode_financement": ("mode_financ", "mode_de_financement"),
    "membre": ("siren_membre",), "nom_membre": ("nom_membre",),
    "type_membre": ("type_membre", "categorie_des_membres_du_groupement"),
}  # fmt: skip
"""Our field to the keys of the headers that carry it, in the two forms."""


class ChargeurBanaticGroupements:
    jeu = "banatic_groupements"
    titre = "Groupements, membres et compétences (BANATIC)"
    producteur = "DGCL"
    licence = LICENCE_OUVERTE
    adresse = "https://www.banatic.interieur.gouv.fr"
    fichiers = ("perimetres_epci_syndicats_2025.csv", "export_national_banatic_2025.xlsx")
    version = 1

    def reconnaitre(self, source: Source) -> Reconnaissance | None:
        for attendues in (PERIMETRES, EXPORT):
            trouve = chercher(source, lambda e, a=attendues: a <= set(par_cle(e)))  # type: ignore[misc]
            if trouve:
                membre = "" if source.genre in ("xlsx", "ods") else trouve[0]
                annee = annee_exigee(source, membre, "perimetres_epci_syndicats_2025.csv")
                return Reconnaissance(str(annee), annee, trouve[0])
        return None

    def lire(
        self, source: Source, quoi: Reconnaissance, rapport: Rapport, progression: Progression
    ) -> Sequence[Lot]:
        entete, rangees = _rangees(source, quoi.membre)
        cles = [cle(nom) for nom in entete]
        places = {champ: _place(cles, noms) for champ, noms in CHAMPS.items()}
        rangs_connus = {rang for rang in places.values() if rang is not None}
        groupements: dict[str, tuple[str | None, ...]] = {}
        adhesions: dict[tuple[str, str], tuple[str | None, ...]] = {}
        competences: list[tuple[str, str]] = []
        for numero, rangee in rangees:
            if not any(rangee):
                continue
            rapport.lues += 1
            if rapport.lues % PAS == 0:
                progression("lecture des adhésions", rapport.lues, 0)
            lu = {
                c: rangee[r].strip() if r is not None and r < len(rangee) else "" for c, r in places.items()
            }
            siren = lu["siren"].replace(" ", "")
            membre = lu["membre"].replace(" ", "")
            if not SIREN.match(siren) or not SIREN.match(membre):
                rapport.rejeter("SIREN illisible", numero, f"{lu['siren']} / {lu['membre']}")
                continue
            if (siren, membre) in adhesions:
                rapport.rejeter("adhésion en double", numero, f"{siren} / {membre}")
                continue
            rapport.gardees += 1
            adhesions[siren, membre] = (siren, membre, lu["nom_membre"] or None, lu["type_membre"] or None)
            if siren not in groupements:
                groupements[siren] = (siren, *(lu[c] or None for c in GROUPEMENT[1:]))
                competences += [
                    (siren, entete[rang])
                    for rang, cellule in enumerate(rangee)
                    if cellule.upper() == "OUI" and rang not in rangs_connus
                ]
        if not groupements:
            raise FichierRefuse(f"{source.nom} : aucun groupement lisible.")
        lots = [
            Lot("groupements", _table(GROUPEMENT, groupements.values())),
            Lot("adhesions", _table(ADHESION, adhesions.values())),
        ]
        return (
            [*lots, Lot("competences", _table(("groupement", "competence"), competences))]
            if competences
            else lots
        )


def _rangees(source: Source, membre: str) -> tuple[tuple[str, ...], Iterable[tuple[int, Sequence[str]]]]:
    """The headers, then (line, cells): streamed from a workbook, read whole from a CSV."""
    for feuille in source.entetes_feuilles:
        if feuille.feuille == membre and source.genre == "xlsx":
            flux = enumerate(classeur.lignes_en_flux(source.chemin, membre), start=1)
            return feuille.colonnes, (paire for paire in flux if paire[0] > feuille.rang + 1)
    table = lire_table(source, membre)
    return tuple(table.columns[1:]), _lignes(table)


def _lignes(table: pl.DataFrame) -> Iterator[tuple[int, Sequence[str]]]:
    for ligne, *cellules in table.select(LIGNE, pl.exclude(LIGNE)).iter_rows():
        yield ligne, [c or "" for c in cellules]


def _place(cles: Sequence[str], noms: Sequence[str]) -> int | None:
    return next((cles.index(nom) for nom in noms if nom in cles), None)


def _table(noms: Sequence[str], rangees: Iterable[tuple[str | None, ...]]) -> pl.DataFrame:
    return pl.DataFrame(list(rangees), schema=dict.fromkeys(noms, pl.String), orient="row")


CHARGEUR = ChargeurBanaticGroupements()
