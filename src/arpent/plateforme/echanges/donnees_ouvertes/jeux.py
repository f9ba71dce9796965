"""The files that are offered, each made on demand from the same reading."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from .dictionnaire import CONTRATS, PROJETS, Colonne
from .fichiers import en_csv, en_geojson, en_parquet
from .lecture import Ouvertes, lire, sirets, votes_adoptes
from .scdl import DELIBERATIONS, SUBVENTIONS, deliberations, subventions
from .scdl import en_csv as scdl_csv

SCHEMAS = Path(__file__).with_name("schemas")
LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence"


@dataclass(frozen=True, slots=True)
class Fichier:
    """One file of a data set: its name, its media type, and what makes it."""

    nom: str
    mime: str
    faire: Callable[[date], bytes]

    @property
    def format(self) -> str:
        return self.nom.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Jeu:
    """A data set: several files of the same rows."""

    code: str
    titre: str
    resume: str
    fichiers: tuple[Fichier, ...]
    colonnes: tuple[Colonne, ...] = ()
    schema: str = ""
    """The file of the official schema it follows."""


def _contrats(lues: Ouvertes) -> bytes:
    return en_csv(CONTRATS, lues.contrats)


def _subventions(le: date) -> bytes:
    return scdl_csv(SUBVENTIONS, subventions(lire(le).attributions, sirets())[0])


def _deliberations(le: date) -> bytes:
    return scdl_csv(DELIBERATIONS, deliberations(votes_adoptes(), sirets())[0])


JEUX: tuple[Jeu, ...] = (
    Jeu(
        "contrats", "Contrats territoriaux", "Les contrats signés, leurs dates et leurs totaux.",
        (
            Fichier("contrats.csv", "text/csv", lambda le: _contrats(lire(le))),
            Fichier(
                "contrats.parquet", "application/vnd.apache.parquet",
                lambda le: en_parquet(CONTRATS, lire(le).contrats),
            ),
        ),
        CONTRATS,
    ),
    Jeu(
        "projets", "Projets des contrats",
        "Les projets inscrits aux contrats signés, avenants compris, avec leur coût, leur aide et leur lieu.",
        (
            Fichier("projets.csv", "text/csv", lambda le: en_csv(PROJETS, lire(le).projets)),
            Fichier(
                "projets.geojson", "application/geo+json", lambda le: en_geojson(PROJETS, lire(le).projets)
            ),
            Fichier(
                "projets.parquet", "application/vnd.apache.parquet",
                lambda le: en_parquet(PROJETS, lire(le).projets),
            ),
        ),
        PROJETS,
    ),
    Jeu(
        "subventions", "Subventions attribuées (SCDL)",
        "Données essentielles des aides attribuées par un acte, une ligne par bénéficiaire.",
        (Fichier("subventions.csv", "text/csv", _subventions),),
        schema="subventions-2.1.1.json",
    ),
    Jeu(
        "deliberations", "Délibérations sur les contrats (SCDL)",
        "Les délibérations par lesquelles les parties ont approuvé les contrats signés.",
        (Fichier("deliberations.csv", "text/csv", _deliberations),),
        schema="deliberations-2.1.5.json",
    ),
)  # fmt: skip
FICHIERS = {f.nom: f for jeu in JEUX for f in jeu.fichiers}
GARDE = 600.0
"""Seconds: nobody makes the server work by asking again and again."""
_verrou = threading.Lock()
_gardes: dict[str, tuple[float, bytes]] = {}


def contenu_garde(fichier: Fichier, le: date) -> bytes:
    """The file as made ten minutes ago at most; one is made at a time."""
    with _verrou:
        fait = _gardes.get(fichier.nom)
        if fait is None or time.monotonic() - fait[0] > GARDE:
            fait = _gardes[fichier.nom] = (time.monotonic(), fichier.faire(le))
        return fait[1]


def oublier() -> None:
    """For tests."""
    _gardes.clear()
