"""Reading a file with one loader, and making broken variants of a real one."""

import zipfile
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from arpent.plateforme.observatoire.chargeurs.base import Chargeur, Rapport, Reconnaissance
from arpent.plateforme.observatoire.chargeurs.registre import CHARGEURS
from arpent.plateforme.observatoire.chargeurs.source import Source

FICHIERS = Path(__file__).parent / "fichiers"


def lire(chargeur: Chargeur, chemin: Path) -> tuple[Reconnaissance, dict[str, pl.DataFrame], Rapport]:
    """What the file is, its tables by level, the report. Fails when the loader does not know the file."""
    source, rapport = Source(chemin), Rapport()
    quoi = chargeur.reconnaitre(source)
    assert quoi is not None, f"{chemin.name} n’est pas reconnu"
    lots = chargeur.lire(source, quoi, rapport, lambda *_: None)
    return quoi, {lot.niveau: lot.table for lot in lots}, rapport


def ecrire(dossier: Path, nom: str, texte: str, encodage: str = "utf-8") -> Path:
    chemin = dossier / nom
    chemin.write_bytes(texte.encode(encodage))
    return chemin


def varier(dossier: Path, nom: str, *remplacements: tuple[str, str]) -> Path:
    """A copy of a real extract in which each text is replaced once; the text must be there."""
    texte = (FICHIERS / nom).read_bytes().decode("utf-8")
    for avant, apres in remplacements:
        assert avant in texte, avant
        texte = texte.replace(avant, apres, 1)
    return ecrire(dossier, nom, texte)


def zipper(dossier: Path, nom: str, membres: dict[str, bytes]) -> Path:
    chemin = dossier / nom
    with zipfile.ZipFile(chemin, "w", zipfile.ZIP_DEFLATED) as archive:
        for membre, octets in membres.items():
            archive.writestr(membre, octets)
    return chemin


def cellule(table: pl.DataFrame, code: str, colonne: str) -> object:
    return table.row(by_predicate=pl.col("code") == code, named=True)[colonne]


def ligne(table: pl.DataFrame, code: str, colonnes: Sequence[str]) -> tuple[object, ...]:
    return tuple(cellule(table, code, c) for c in colonnes)


def qui_le_reclame(chemin: Path) -> list[str]:
    """The jeux of all the loaders that say the file is theirs: there must be one."""
    return [c.jeu for c in CHARGEURS if c.reconnaitre(Source(chemin)) is not None]
