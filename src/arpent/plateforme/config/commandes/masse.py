"""Indicators and income flows of every EPCI, in one file."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

from .sortie import ligne

SUFFIXES = (".csv", ".parquet")
BASES = "flux_revenus"


def declarer(actions: Any) -> None:
    calculer = actions.add_parser(
        "calculer", help="tous les indicateurs et les quatre bases de toutes les intercommunalités"
    )
    calculer.add_argument("--niveau", choices=["epci"], default="epci", help="le niveau calculé (epci)")
    calculer.add_argument(
        "--sortie", type=Path, required=True, metavar="FICHIER", help="fichier à écrire, .csv ou .parquet"
    )
    calculer.set_defaults(agir=calculer_tout)


def calculer_tout(options: argparse.Namespace) -> int:
    from django.conf import settings

    from arpent.plateforme.observatoire import magasin as module
    from arpent.plateforme.observatoire.masse import table_epci

    sortie: Path = options.sortie
    if sortie.suffix.lower() not in SUFFIXES:
        print("Donnez un nom de fichier qui finit par .csv ou .parquet.", file=sys.stderr)
        return 2
    if not sortie.parent.is_dir():
        print(f"Le dossier {sortie.parent} n’existe pas : créez-le d’abord.", file=sys.stderr)
        return 2
    debut = time.monotonic()
    try:
        magasin = module.ouvrir(settings.ARPENT_DONNEES)
    except module.ObservatoireVide as erreur:
        print(erreur, file=sys.stderr)
        return 2
    table = table_epci(magasin)
    lignes = [*table.lignes(), *_bases(magasin)]
    _ecrire(lignes, sortie)
    connues = sum(x["valeur"] is not None for x in lignes)
    ligne(
        f"{sortie} : {len(table.sirens)} intercommunalités, {len(table.indicateurs)} indicateurs, "
        f"{connues} valeurs connues sur {len(lignes)}, en {time.monotonic() - debut:.1f} s."
    )
    return 0


def _bases(magasin: Any) -> list[dict[str, Any]]:
    """The four bases of the EPCI whose communes are all in the store, central values."""
    import numpy as np

    from arpent.metier.flux_revenus import masse as calcul
    from arpent.metier.flux_revenus.resultats import LIBELLES_BASES
    from arpent.plateforme.diagnostics.flux.calcul import epci_complets, masse_des_epci

    sirens = epci_complets(magasin)
    if not sirens:
        return []
    masse = masse_des_epci(magasin, sirens)
    lignes: list[dict[str, Any]] = []
    for code, libelle in LIBELLES_BASES.items():
        valeurs = masse.base(code)[calcul.CENTRAL]
        lignes += [
            {
                "epci_siren": siren,
                "indicateur": f"{BASES}.{code}",
                "libelle": libelle,
                "unite": "€ par an",
                "valeur": None if np.isnan(v) else float(v),
                "couverture": float(not np.isnan(v)),
                "part_secrete": 0.0,
                "origine": "estimation",
            }
            for siren, v in zip(sirens, valeurs, strict=True)
        ]
    return lignes


def _ecrire(lignes: list[dict[str, Any]], sortie: Path) -> None:
    """Beside, then moved: a file is whole or is not."""
    import polars as pl

    neuf = sortie.with_name(f".{sortie.name}.neuf")
    table = pl.DataFrame(lignes, infer_schema_length=None)
    if sortie.suffix.lower() == ".parquet":
        table.write_parquet(neuf)
    else:
        table.write_csv(neuf, separator=";")
    neuf.replace(sortie)
