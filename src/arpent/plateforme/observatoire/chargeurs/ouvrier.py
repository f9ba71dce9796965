"""The loader's own process: recognises, reads, checks the codes, writes Parquet and a report, under limits.

    python -m arpent.plateforme.observatoire.chargeurs.ouvrier FICHIER DOSSIER [--reconnaitre]

Progress goes to standard output, one JSON line each; the outcome to DOSSIER/resultat.json. It never imports
Django, never touches the data of the instance and may die at any time: its parent (`charger`) stands.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sys
import time
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

    from .base import Chargeur, Rapport, Reconnaissance
    from .source import Source

MEMOIRE_MAX = 3 * 1024**3
PROCESSEUR_MAX = 300
FICHIER_MAX = 4 * 1024**3
RESULTAT = "resultat.json"
CLASSEURS_MAX = 10
LISTE_MAX = 500
"""Codes or warnings told one by one in the report."""
COLONNES_DE_CODES = {
    "communes": ("code",),
    "membres": ("code",),
    "flux": ("origine", "destination"),
    "transferts": ("code",),
}
"""Where commune codes stand, by level. Movements and passage tables are about old codes by nature."""


def limiter() -> None:
    """Bounds on memory, processor time and written size; no core file."""
    for genre, valeur in (
        (resource.RLIMIT_AS, MEMOIRE_MAX),
        (resource.RLIMIT_CPU, PROCESSEUR_MAX),
        (resource.RLIMIT_FSIZE, FICHIER_MAX),
        (resource.RLIMIT_CORE, 0),
    ):
        dur = resource.getrlimit(genre)[1]
        borne = valeur if dur == resource.RLIM_INFINITY else min(valeur, dur)
        resource.setrlimit(genre, (borne, borne))


class Annonce:
    """Progress told to the parent, ten times a second at most."""

    def __init__(self) -> None:
        self.dernier = 0.0

    def __call__(self, quoi: str, faites: int, total: int) -> None:
        maintenant = time.monotonic()
        if maintenant - self.dernier > 0.1 or faites == total:
            self.dernier = maintenant
            print(json.dumps([quoi, faites, total]), flush=True)


def principal(arguments: Sequence[str]) -> int:
    chemin, dossier = Path(arguments[0]), Path(arguments[1])
    limiter()
    os.environ["POLARS_MAX_THREADS"] = "2"
    os.environ["TMPDIR"] = str(dossier)
    resultat: dict[str, Any]
    from .base import FichierRefuse

    try:
        resultat = {"tables": _traiter(chemin, dossier, seulement="--reconnaitre" in arguments)}
    except FichierRefuse as refus:
        resultat = {"refus": str(refus)}
    except (MemoryError, RecursionError):
        resultat = {"refus": "Le fichier demande trop de mémoire : ce n’est pas un fichier officiel."}
    (dossier / RESULTAT).write_text(json.dumps(resultat, ensure_ascii=False), encoding="utf-8")
    return 0


def _traiter(chemin: Path, dossier: Path, *, seulement: bool) -> list[dict[str, Any]]:
    from .base import Rapport
    from .registre import lire, reconnaitre_tout

    annonce = Annonce()
    annonce("reconnaissance", 0, 0)
    reconnus = [
        (source, chargeur, quoi)
        for source in _sources(chemin, dossier)
        for chargeur, quoi in reconnaitre_tout(source)
    ]
    tables: list[dict[str, Any]] = []
    for source, chargeur, quoi in reconnus:
        if seulement:
            tables.append(_fiche(chargeur, quoi, Rapport()))
            continue
        rapport = Rapport()
        lots = lire(chargeur, source, quoi, rapport, annonce)
        annonce("contrôle des codes", 0, 0)
        for lot in lots:
            _verifier_codes(lot.niveau, lot.table, rapport)
        _abreger(rapport)
        for lot in lots:
            nom = f"{len(tables)}.parquet"
            annonce("écriture", 0, 0)
            lot.table.write_parquet(dossier / nom, compression="zstd")
            tables.append(
                _fiche(chargeur, quoi, rapport)
                | {
                    "niveau": lot.niveau,
                    "lignes": lot.table.height,
                    "colonnes": lot.table.columns,
                    "parquet": nom,
                }
            )
    return tables


def _fiche(chargeur: Chargeur, quoi: Reconnaissance, rapport: Rapport) -> dict[str, Any]:
    return {
        "jeu": chargeur.jeu,
        "titre": chargeur.titre,
        "producteur": chargeur.producteur,
        "licence": chargeur.licence,
        "adresse": chargeur.adresse,
        "version_chargeur": chargeur.version,
        "millesime": quoi.millesime,
        "geographie": quoi.geographie,
        "membre": quoi.membre,
        "rapport": rapport.en_json(),
    }


def _sources(chemin: Path, dossier: Path) -> Iterator[Source]:
    """The file; the workbooks that an archive carries are taken out and read for themselves."""
    from .base import FichierRefuse
    from .source import GONFLE_MAX, Source

    source = Source(chemin)
    classeurs = [m for m in source.membres if m.lower().endswith((".xlsx", ".ods"))] if source.membres else []
    if source.genre != "zip" or not classeurs or any(m.lower().endswith(".csv") for m in source.membres):
        yield source
        return
    for rang, membre in enumerate(classeurs[:CLASSEURS_MAX]):
        sorti = dossier / f"classeur-{rang}" / Path(membre).name
        sorti.parent.mkdir()
        try:
            with source.ouvrir(membre) as flux, sorti.open("wb") as cible:
                shutil.copyfileobj(flux, cible, GONFLE_MAX)
        except (zipfile.BadZipFile, OSError, EOFError) as erreur:
            raise FichierRefuse("L’archive est abîmée ou incomplète : téléchargez-la à nouveau.") from erreur
        yield Source(sorti)


def _verifier_codes(niveau: str, table: pl.DataFrame, rapport: Rapport) -> None:
    """Which commune codes do not exist today: merged since (told with the new code) or unknown."""
    connus, passage = _communes_du_jour()
    if not connus:
        return
    for colonne in COLONNES_DE_CODES.get(niveau, ()):
        if colonne not in table.columns:
            continue
        codes = set(table[colonne].drop_nulls().unique().to_list()) - connus
        fusionnes = {c: passage[c] for c in codes if c in passage}
        rapport.codes_fusionnes.update(fusionnes)
        rapport.codes_inconnus.extend(sorted(codes - set(fusionnes) - set(rapport.codes_inconnus)))


def _communes_du_jour() -> tuple[frozenset[str], dict[str, str]]:
    """Commune codes in force (PLM arrondissements included) and old code → code of today."""
    from arpent.extraits import lecture

    if not lecture.existe("france/communes"):
        return frozenset(), {}
    connus = {x["code_insee"] for x in lecture.lignes("france/communes")}
    connus |= {str(c) for c in (*range(75101, 75121), *range(69381, 69390), *range(13201, 13217))}
    passage: dict[str, str] = {}
    if lecture.existe("france/passage_communes_vers_2025"):
        for x in lecture.lignes("france/passage_communes_vers_2025"):
            ancien, nouveau = list(x.values())[:2]
            passage[ancien] = nouveau
    return frozenset(connus), passage


def _abreger(rapport: Rapport) -> None:
    """Long lists are cut, and say so."""
    for nom in ("codes_inconnus", "avertissements"):
        liste: list[str] = getattr(rapport, nom)
        if len(liste) > LISTE_MAX:
            setattr(rapport, nom, [*liste[:LISTE_MAX], f"… et {len(liste) - LISTE_MAX} autres"])


if __name__ == "__main__":
    raise SystemExit(principal(sys.argv[1:]))
