"""INSEE, census: the theme files `base-cc-….csv` or `.xlsx` and the « dossier complet », all in the jeu `rp`.

A zip holds the data (`base-cc-logement-2022.CSV`) and its metadata (`meta_…`). Semicolons, decimal points:
head counts are not whole numbers, they are kept as published. A file carries three vintages (P22_, P16_,
P11_); `C` is the complementary survey. Paris, Lyon and Marseille come with their arrondissements: once only.
Each theme is its own vintage of the jeu (`2022-logement`), so that one does not hide another.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from .base import LICENCE_OUVERTE, FichierRefuse, Lot, Progression, Rapport, Reconnaissance
from .communs import Tableau, codes, nombres, par_tranches, tableau_de, tableaux
from .source import Source
from .tables import LIGNE

VARIABLE = re.compile(r"^[PC](\d\d)_\w+$")
THEMES = {
    "population": r"P\d\d_POP0014",
    "menages": r"C\d\d_MENPSEUL",
    "logement": r"P\d\d_RSECOCC",
    "emploi": r"[PC]\d\d_EMPLT",
    "caracteristiques-emploi": r"P\d\d_NSAL15P",
    "diplomes": r"P\d\d_NSCOL15P\w*",
}
"""Theme and the variable that only it publishes; a file with three of them is the dossier complet."""

CATEGORIES = {
    "11_21": "CS1", "12_22": "CS2", "13_23": "CS3", "14_24": "CS4", "15_25": "CS5", "16_26": "CS6",
    "32": "CS7", "40": "CS8",
}  # fmt: skip
"""Socio-professional groups: renamed in the 2022 vintage, given under their former name too."""


class ChargeurRP:
    jeu = "rp"
    titre = "Recensement de la population (bases communales et dossier complet)"
    producteur = "Insee"
    licence = LICENCE_OUVERTE
    adresse = "https://www.insee.fr/fr/information/2008354"
    version = 1

    def reconnaitre(self, source: Source) -> Reconnaissance | None:
        for tableau in tableaux(source):
            annees = {m[1] for c in tableau.colonnes if (m := VARIABLE.match(c))}
            if not annees or "CODGEO" not in tableau.colonnes or "SUPERF" in _hors_dossier(tableau):
                continue
            if (theme := theme_de(tableau.colonnes)) is None or tableau.cle.upper().startswith("ARM"):
                continue
            annee = max(annee_de(aa) for aa in annees)
            # published in the geography of three years later (RP 2022: 1 January 2025)
            millesime = f"{annee}-{theme}"
            return Reconnaissance(millesime, annee + 3, tableau.membre, {"cle": tableau.cle, "theme": theme})
        return None

    def lire(
        self, source: Source, quoi: Reconnaissance, rapport: Rapport, progression: Progression
    ) -> Sequence[Lot]:
        tableau = tableau_de(source, quoi.details["cle"])
        noms = [c for c in tableau.colonnes if VARIABLE.match(c)]
        progression("codes", 0, 0)
        base = pl.concat(par_tranches(source, tableau, ["CODGEO"]))
        rapport.lues = base.height
        base = codes(base, "CODGEO", "communes", rapport).select("code", LIGNE)
        faites = 0
        with tempfile.TemporaryDirectory() as nom:
            # read groups rest on the disk: two thousand columns do not fit twice in the memory of the process
            for rang, tranche in enumerate(par_tranches(source, tableau, noms)):
                gardees = tranche[LIGNE].is_in(base[LIGNE].implode())
                bonnes = tranche if gardees.all() else tranche.filter(gardees)
                codes_lus = base.filter(pl.col(LIGNE).is_in(bonnes[LIGNE].implode()))["code"]
                lues = codes_lus.to_frame().hstack(nombres(bonnes, noms, rapport))
                lues.write_parquet(Path(nom) / f"{rang:04d}.parquet", compression="uncompressed")
                faites += tranche.height
                progression("lecture", faites, rapport.lues)
            lot = _empiler(Path(nom))
        if not lot.height:
            raise FichierRefuse(f"{source.nom} : aucune commune lisible dans la colonne CODGEO.")
        rapport.gardees = lot.height
        return [Lot("communes", lot.with_columns(_anciens_noms(lot.columns)))]


def theme_de(colonnes: Sequence[str]) -> str | None:
    """The theme of a file, by its own variables; `dossier-complet` when it has several."""
    trouves = [t for t, motif in THEMES.items() if any(re.fullmatch(motif, c) for c in colonnes)]
    if {"population", "logement", "emploi"} <= set(trouves):
        return "dossier-complet"
    # the employment files share EMPLT: the finer one is told by its own variable
    return trouves[-1] if trouves else None


def annee_de(aa: str) -> int:
    """90 is 1990, 22 is 2022."""
    return int(aa) + (1900 if int(aa) > 60 else 2000)


def _hors_dossier(tableau: Tableau) -> Sequence[str]:
    """The comparateur also carries census variables: it is known by SUPERF and its few columns."""
    return tableau.colonnes if len(tableau.colonnes) < 100 else ()


def _empiler(dossier: Path) -> pl.DataFrame:
    """A column secret in one group of rows only is not secret in the others."""
    tranches = [pl.read_parquet(chemin) for chemin in sorted(dossier.glob("*.parquet"))]
    lot = pl.concat(tranches, how="diagonal")
    return lot.with_columns(pl.col(c).fill_null(False) for c in lot.columns if c.endswith("__secret"))


def _anciens_noms(colonnes: Sequence[str]) -> list[pl.Expr]:
    alias = []
    for nom in colonnes:
        trouve = re.fullmatch(r"(C\d\d_POP15P)_STAT_GSEC(\d\d(?:_\d\d)?)", nom)
        if trouve and trouve[2] in CATEGORIES:
            alias.append(pl.col(nom).alias(f"{trouve[1]}_{CATEGORIES[trouve[2]]}"))
    return alias


CHARGEUR = ChargeurRP()
