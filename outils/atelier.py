"""Where the extracts are made: reads the source folder, writes another, remembers what was written."""

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from arpent.extraits.lecture import Ligne, lire_csv

SEUIL_GZ = 100_000
"""Over this size (bytes) a file is compressed."""


class Atelier:
    """The same input gives the same bytes: rows keep their order, gzip has no date."""

    def __init__(self, source: Path, sortie: Path) -> None:
        self.source = source
        self.sortie = sortie
        self.ecrits: list[tuple[str, str]] = []
        """(path under the output folder, table)"""

    def lire(self, chemin: str) -> Iterator[Ligne]:
        return lire_csv([self.fichier(chemin)])

    def fichier(self, chemin: str) -> Path:
        for candidat in (self.source / f"{chemin}.csv", self.source / f"{chemin}.csv.gz"):
            if candidat.exists():
                return candidat
        raise SystemExit(f"Le fichier {chemin}.csv(.gz) manque dans {self.source}.")

    def extraire(self, table: str, chemin: str, sortie: str, garder: Callable[[Ligne], bool]) -> None:
        self.ecrire(table, sortie, (ligne for ligne in self.lire(chemin) if garder(ligne)))

    def ecrire(self, table: str, sortie: str, lignes: Iterable[Ligne]) -> None:
        lignes = list(lignes)
        if not lignes:
            raise SystemExit(f"Aucune ligne pour {sortie} : vérifiez le dossier source.")
        texte = io.StringIO()
        plume = csv.DictWriter(texte, fieldnames=list(lignes[0]), lineterminator="\n")
        plume.writeheader()
        plume.writerows(lignes)
        self._deposer(table, f"{sortie}.csv", texte.getvalue())

    def ecrire_geojson(self, table: str, sortie: str, entites: list[dict[str, object]]) -> None:
        collection = {"type": "FeatureCollection", "features": entites}
        texte = json.dumps(collection, ensure_ascii=False, separators=(",", ":"))
        self._deposer(table, f"{sortie}.geojson", texte)

    def _deposer(self, table: str, sortie: str, texte: str) -> None:
        octets = texte.encode()
        if len(octets) > SEUIL_GZ:
            sortie, octets = f"{sortie}.gz", gzip.compress(octets, mtime=0)
        chemin = self.sortie / sortie
        chemin.parent.mkdir(parents=True, exist_ok=True)
        chemin.write_bytes(octets)
        self.ecrits.append((sortie, table))
