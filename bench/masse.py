"""Every EPCI at once, on the columns of `bench.national`: what the product does, timed.

python -m bench.masse calcul DOSSIER     reading, computing, memory, growth: JSON
python -m bench.masse flux DOSSIER F     the commuting file F loaded into a lake, then asked: JSON
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from arpent.metier.flux_revenus import COLONNES_COMMUNES, COLONNES_OFFICIELLES
from arpent.metier.flux_revenus import masse as flux
from arpent.plateforme.observatoire import navettes as mobilites
from arpent.plateforme.observatoire.catalogue import catalogue
from arpent.plateforme.observatoire.derivation import Colonne, deriver
from arpent.plateforme.observatoire.expressions import evaluer
from arpent.plateforme.observatoire.masse import Mesures, Rangement, mesurer, regles_du_catalogue

from .national import AA

FOIS = 7
TAILLES = (1, 10, 100, 312, 625, 1250)
LARGEUR = 300


@dataclass(frozen=True, slots=True)
class National:
    """What is read: columns of the communes, their group, columns of the EPCI, flows between communes."""

    groupes: np.ndarray[Any, np.dtype[np.intp]]
    communes: dict[str, Colonne]
    epci: dict[str, Colonne]
    flux: tuple[mobilites.Rangs, mobilites.Rangs, Colonne]


def lire(dossier: Path) -> National:
    """The Parquet columns needed, as arrays: the floor of the chapter."""
    import polars as pl

    communes, epci, trajets = (
        pl.read_parquet(dossier / f"{n}.parquet") for n in ("communes", "epci", "flux")
    )
    return National(
        communes["groupe"].to_numpy().astype(np.intp),
        {c: communes[c].to_numpy() for c in communes.columns if c != "groupe"},
        {c: epci[c].to_numpy() for c in epci.columns},
        (trajets["o"].to_numpy(), trajets["d"].to_numpy(), trajets["actifs"].to_numpy()),
    )


def restreindre(lu: National, nombre: int) -> National:
    """The first EPCI only, their communes and the flows that leave them (ended at home when they go out)."""
    ici = lu.groupes < nombre
    rangs = np.cumsum(ici) - 1
    o, d, actifs = lu.flux
    gardes = ici[o]
    arrivees = np.where(ici[d], rangs[d], rangs[o])
    return National(
        lu.groupes[ici],
        {c: v[ici] for c, v in lu.communes.items()},
        {c: v[:nombre] for c, v in lu.epci.items()},
        (rangs[o[gardes]].astype(np.int32), arrivees[gardes].astype(np.int32), actifs[gardes]),
    )


def calculer(lu: National) -> tuple[Mesures, flux.Masse]:
    """All the indicators and the four bases, from the columns just read."""
    nombre = len(next(iter(lu.epci.values())))
    colonnes = deriver(lu.communes, catalogue().derivees)
    regles = regles_du_catalogue(AA)

    def colonne(nom: str) -> Colonne | None:
        if nom not in colonnes:
            try:
                colonnes[nom] = evaluer(nom, colonnes.__getitem__)
            except KeyError:
                return None
        return colonnes[nom]

    rangement = Rangement(lu.groupes, nombre)
    mesures = mesurer(regles, colonne, rangement, lu.communes["population_2023"])
    bilan = _navettes(lu, nombre).par_epci([str(i).zfill(6) for i in range(nombre)])
    assert bilan is not None
    utiles = (*COLONNES_COMMUNES, *COLONNES_OFFICIELLES)
    bases = flux.calculer(
        {n: lu.communes[n] for n in utiles}, lu.groupes, lu.epci, navettes=flux.NavettesEnMasse(*bilan)
    )
    return mesures, bases


def _navettes(lu: National, nombre: int) -> mobilites.Navettes:
    """The matrix as the store opens it; the indexes by commune are of no use here."""
    o, d, actifs = lu.flux
    rien = np.empty(0, dtype=np.int64)
    sirens = np.array([str(i).zfill(6) for i in range(nombre)])
    return mobilites.Navettes(
        codes=sirens, groupes=lu.groupes.astype(np.int32), sirens=sirens,
        origines=o, destinations=d, actifs=actifs, debuts=rien, arrivees=rien.astype(np.int32),
        debuts_arrivees=rien, source="", millesime="", complete=True,
    )  # fmt: skip


def chronometrer(quoi: Callable[[], Any], fois: int = FOIS) -> float:
    """Median time in seconds, after one call left out."""
    quoi()
    durees = []
    for _ in range(fois):
        debut = time.perf_counter()
        quoi()
        durees.append(time.perf_counter() - debut)
    return median(durees)


def calcul(dossier: Path) -> dict[str, float]:
    """Times in seconds, memory in MB. Reading and computing take turns, so that noise hits both."""
    lu = lire(dossier)
    calculer(lu)
    lectures, calculs = [], []
    for _ in range(FOIS):
        debut = time.perf_counter()
        lu = lire(dossier)
        milieu = time.perf_counter()
        calculer(lu)
        lectures.append(milieu - debut)
        calculs.append(time.perf_counter() - milieu)
    memoire = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    nombre = len(next(iter(lu.epci.values())))
    tailles = [min(t, nombre) for t in TAILLES]
    durees, poids = {}, {}
    for taille in tailles:
        partie = restreindre(lu, taille)
        durees[taille] = chronometrer(lambda p=partie: calculer(p))  # type: ignore[misc]
        poids[taille] = len(partie.groupes)
    large = np.random.default_rng(0).random((LARGEUR, len(lu.groupes)))
    rangement = Rangement(lu.groupes, nombre)
    rangee = np.ascontiguousarray(rangement.ranger(large))
    plein, quart = tailles[-1], tailles[-3]
    croissance = (durees[plein] / poids[plein]) / (durees[quart] / poids[quart])
    resultat = {
        "epci": float(nombre),
        "communes": float(len(lu.groupes)),
        "indicateurs": float(len(regles_du_catalogue(AA))),
        "colonnes": float(len(lu.communes)),
        "lecture": median(lectures),
        "calcul": median(calculs),
        "memoire": memoire,
        "croissance": croissance,
        "large": chronometrer(lambda: rangement.sommer(rangee)),
    }
    return resultat | {f"n{taille}": duree for taille, duree in durees.items()}


def charger_les_flux(fichier: Path) -> dict[str, float]:
    """From the official file to the lake, to the store's columns, to the EPCI × EPCI matrix."""
    import django

    django.setup()
    from arpent.plateforme.observatoire.chargeurs.charger import charger

    avancees: list[str] = []
    with tempfile.TemporaryDirectory() as nom:
        donnees = Path(nom)
        debut = time.perf_counter()
        charge = charger(fichier, donnees, lambda quoi, *_: avancees.append(quoi))
        milieu = time.perf_counter()
        mobilites.construire(donnees, donnees)
        fin = time.perf_counter()
        fichiers = {
            n: np.load(donnees / f"{mobilites.MANIFESTE}_{n}.npy", mmap_mode="r") for n in mobilites.COLONNES
        }
        matrice = mobilites.Navettes(**fichiers, source="", millesime="", complete=True)
        return {
            "lignes": float(charge.tables[0].provenance.lignes),
            "chargement": milieu - debut,
            "construction": fin - milieu,
            "avancees": float(len(avancees)),
            "memoire_enfant": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
            "matrice": chronometrer(matrice.matrice_epci),
        }


if __name__ == "__main__":
    if sys.argv[1] == "calcul":
        print(json.dumps(calcul(Path(sys.argv[2]))))
    else:
        print(json.dumps(charger_les_flux(Path(sys.argv[2]))))
