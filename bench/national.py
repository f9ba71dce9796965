"""A whole France with a fixed seed: real communes, real EPCI, invented figures; Parquet and official CSV.

python -m bench.national DOSSIER    writes communes.parquet, epci.parquet, flux.parquet, sirens.json and the
                                    commuting file in the layout of Insee
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import polars as pl

from arpent.extraits import lecture
from arpent.metier.flux_revenus import COLONNES_COMMUNES, COLONNES_EPCI, COLONNES_OFFICIELLES
from arpent.plateforme.observatoire.catalogue import catalogue
from arpent.plateforme.observatoire.derivation import SECRET, Colonne
from arpent.plateforme.observatoire.expressions import noms_de
from arpent.plateforme.observatoire.masse import regles_du_catalogue

AA = "22"
GRAINE = 20_261_123
FLUX = 1_800_000
MANQUANTS = 0.02
SECRETS_SUR = 7
"""One column in so many has a companion column of secret cells."""
FICHIER_DES_FLUX = f"base-flux-mobilite-domicile-lieu-travail-20{AA}.csv"


def feuilles(nom: str) -> list[str]:
    """The columns that must be read to make this one."""
    recettes = catalogue().derivees
    trouvees: list[str] = []
    for lu in noms_de(nom):
        recette = recettes.get(lu)
        if recette is None:
            trouvees.append(lu)
            continue
        entrees = [v for v in recette.values() if isinstance(v, str)]
        trouvees += [f for entree in entrees for f in feuilles(entree)]
    return trouvees


def colonnes_lues() -> list[str]:
    noms = ["population_2023", *COLONNES_COMMUNES, *COLONNES_OFFICIELLES]
    for regle in regles_du_catalogue(AA):
        for nom in (regle.haut, regle.bas):
            noms += feuilles(nom) if nom else []
    return list(dict.fromkeys(noms))


def ecrire(dossier: Path) -> None:
    hasard = np.random.default_rng(GRAINE)
    communes = [x for x in lecture.lignes("france/communes") if x["epci_siren"]]
    sirens = sorted({x["epci_siren"] for x in communes})
    places = {s: i for i, s in enumerate(sirens)}
    groupes = np.array([places[x["epci_siren"]] for x in communes], dtype=np.int32)
    population = np.array([lecture.nombre(x["population_municipale_2023"]) for x in communes])
    population = np.where(np.isnan(population), 200.0, population)
    colonnes: dict[str, Colonne] = {}
    for rang, nom in enumerate(colonnes_lues()):
        colonne = _inventer(nom, population, hasard)
        trous = hasard.random(len(communes)) < MANQUANTS
        if nom not in ("population_2023", "P22_POP"):
            colonne = np.where(trous, np.nan, colonne)
            if rang % SECRETS_SUR == 0:
                colonnes[nom + SECRET] = np.where(trous, 1.0, np.nan)
        colonnes[nom] = colonne
    pl.DataFrame({"groupe": groupes} | colonnes).write_parquet(dossier / "communes.parquet")
    _epci(sirens, hasard).write_parquet(dossier / "epci.parquet")
    (dossier / "sirens.json").write_text(json.dumps(sirens), encoding="utf-8")
    _flux([x["code_insee"] for x in communes], population, hasard, dossier)


def _inventer(nom: str, population: Colonne, hasard: np.random.Generator) -> Colonne:
    n = len(population)
    if nom.startswith(("est_", "a_")):
        return (hasard.random(n) < 0.3).astype(float)
    if nom in ("population_2023", "P22_POP"):
        return population
    if "_pct" in nom or "_ind_" in nom:
        return np.round(hasard.uniform(5, 45, n), 1)
    if nom == "actifs_15_64_2021":
        return np.round(population * hasard.uniform(0.4, 0.5, n))
    return np.round(population * hasard.uniform(0.01, 0.2, n))


def _epci(sirens: list[str], hasard: np.random.Generator) -> pl.DataFrame:
    """The real published values where they are; one EPCI in forty is left without."""
    publiees = {x["code"]: x for x in lecture.lignes("france/indicateurs_epci")}
    colonnes = {
        nom: [lecture.nombre(publiees.get(s, {}).get(nom)) for s in sirens]
        for nom in COLONNES_EPCI
        if nom != "n_communes"
    }
    return pl.DataFrame({"n_communes": np.ones(len(sirens))} | colonnes)


def _flux(codes: list[str], population: Colonne, hasard: np.random.Generator, dossier: Path) -> None:
    """Large places send and receive more; each pair once."""
    n = len(codes)
    cumuls = np.cumsum(np.sqrt(population + 1.0))
    tires = np.searchsorted(cumuls, hasard.random((2, int(FLUX * 1.15))) * cumuls[-1])
    paires = np.unique(tires[0].astype(np.int64) * n + tires[1])
    paires = np.sort(hasard.permutation(paires)[:FLUX])
    origines, destinations = paires // n, paires % n
    actifs = np.round(hasard.exponential(12.0, len(paires)) + 1.0, 9)
    pl.DataFrame(
        {"o": origines.astype(np.int32), "d": destinations.astype(np.int32), "actifs": actifs}
    ).write_parquet(dossier / "flux.parquet")
    noms = np.array(codes)
    pl.DataFrame(
        {
            "CODGEO": noms[origines],
            "LIBGEO": "Commune",
            "DCLT": noms[destinations],
            "L_DCLT": "Commune",
            f"NBFLUX_C{AA}_ACTOCC15P": actifs,
        }
    ).write_csv(dossier / FICHIER_DES_FLUX, separator=";")


if __name__ == "__main__":
    ecrire(Path(sys.argv[1]))
