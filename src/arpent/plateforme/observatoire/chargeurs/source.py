"""Opening what was downloaded: CSV, gzip, zip, workbook, GeoJSON. Sizes are checked before inflating.

Nothing here trusts the file: an archive that swells too much, holds too many parts or a path that climbs is
refused; a text is decoded as UTF-8, else as cp1252.
"""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from .base import FichierRefuse

TETE = 256 * 1024
GONFLE_MAX = 3 * 1024**3
"""Bytes of one inflated member: the largest published file (dossier complet) is under 1 GiB."""
RATIO_MAX = 100
ENTREES_MAX = 2_000
BLOC = 1 << 20
SEPARATEURS = ";\t,|"


@dataclass(frozen=True, slots=True)
class Entete:
    """The beginning of a text table. `colonnes`: its headers; `exemples`: its first rows, as texts."""

    encodage: str
    separateur: str
    colonnes: tuple[str, ...]
    exemples: tuple[tuple[str, ...], ...]

    def a(self, *noms: str) -> bool:
        return set(noms) <= set(self.colonnes)


@dataclass(frozen=True)
class Source:
    """A file given to the loaders. `membres` are the files of the archive, or the file itself alone."""

    chemin: Path
    membres: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "membres", self._membres())

    @property
    def nom(self) -> str:
        return self.chemin.name

    @cached_property
    def genre(self) -> str:
        """zip, xlsx, ods, gz or texte, from the first bytes (never from the name)."""
        with self.chemin.open("rb") as flux:
            debut = flux.read(4)
        if debut[:2] == b"\x1f\x8b":
            return "gz"
        if debut[:4] != b"PK\x03\x04":
            return "texte"
        noms = self._archive_verifiee()
        if "xl/workbook.xml" in noms:
            return "xlsx"
        return "ods" if "content.xml" in noms and "mimetype" in noms else "zip"

    def _archive_verifiee(self) -> list[str]:
        try:
            with zipfile.ZipFile(self.chemin) as archive:
                infos = archive.infolist()
        except (zipfile.BadZipFile, OSError, ValueError) as erreur:
            raise FichierRefuse("L’archive est abîmée ou incomplète : téléchargez-la à nouveau.") from erreur
        if len(infos) > ENTREES_MAX:
            raise FichierRefuse(
                f"L’archive contient plus de {ENTREES_MAX} fichiers : ce n’est pas un fichier officiel."
            )
        for info in infos:
            if ".." in info.filename.split("/") or info.filename.startswith("/") or "\\" in info.filename:
                raise FichierRefuse(
                    "L’archive contient un chemin interdit : téléchargez-la sur le site du producteur."
                )
            if info.flag_bits & 0x1:
                raise FichierRefuse(
                    "L’archive est protégée par un mot de passe : retirez-le avant de la charger."
                )
            trop = info.file_size > BLOC and info.file_size > RATIO_MAX * max(info.compress_size, 1)
            if trop or info.file_size > GONFLE_MAX:
                raise FichierRefuse(
                    "L’archive gonfle de façon anormale : téléchargez-la sur le site du producteur."
                )
        return [i.filename for i in infos if not i.is_dir()]

    def _membres(self) -> tuple[str, ...]:
        if not self.chemin.is_file():
            raise FichierRefuse(f"Le fichier {self.chemin} n’existe pas : vérifiez son nom et son dossier.")
        if self.chemin.stat().st_size == 0:
            raise FichierRefuse(f"Le fichier {self.nom} est vide : téléchargez-le à nouveau.")
        return tuple(self._archive_verifiee()) if self.genre == "zip" else ("",)

    def octets(self, membre: str = "", maximum: int = GONFLE_MAX) -> bytes:
        """The whole member, inflated block by block: sizes that lie are found out."""
        with self.ouvrir(membre) as flux:
            morceaux, total = [], 0
            try:
                while bloc := flux.read(BLOC):
                    total += len(bloc)
                    if total > maximum:
                        raise FichierRefuse(
                            "Le fichier décompressé est trop grand : vérifiez ce que vous chargez."
                        )
                    morceaux.append(bloc)
            except (zlib.error, EOFError, OSError, zipfile.BadZipFile) as erreur:
                raise FichierRefuse("Le fichier compressé est abîmé : téléchargez-le à nouveau.") from erreur
        return b"".join(morceaux)

    def ouvrir(self, membre: str = "") -> io.BufferedIOBase:
        """A binary stream on a member, inflated on the fly."""
        if self.genre == "gz":
            return gzip.open(self.chemin)
        if self.genre == "zip":
            archive = zipfile.ZipFile(self.chemin)
            try:
                return archive.open(membre)  # type: ignore[return-value]
            except (KeyError, RuntimeError, NotImplementedError, zipfile.BadZipFile) as erreur:
                raise FichierRefuse(
                    f"L’archive ne contient pas {membre or 'de données lisibles'}."
                ) from erreur
        return self.chemin.open("rb")

    def tete(self, membre: str = "") -> bytes:
        with self.ouvrir(membre) as flux:
            try:
                return flux.read(TETE)
            except (zlib.error, EOFError, OSError, zipfile.BadZipFile) as erreur:
                raise FichierRefuse("Le fichier compressé est abîmé : téléchargez-le à nouveau.") from erreur

    def entete(self, membre: str = "") -> Entete | None:
        """The headers of a text table; None for a workbook or a binary file."""
        if self.genre in ("xlsx", "ods"):
            return None
        octets = self.tete(membre)
        if b"\0" in octets:
            return None
        encodage = encodage_de(octets)
        lignes = octets.decode(encodage, errors="replace").splitlines()
        if not lignes:
            return None
        separateur = max(SEPARATEURS, key=lambda s: lignes[0].count(s))
        rangees = [decouper(ligne, separateur) for ligne in lignes[:6]]
        return Entete(encodage, separateur, rangees[0], tuple(rangees[1:]))

    def feuilles(self) -> Sequence[str]:
        """Names of the sheets of a workbook (xlsx, ods)."""
        from python_calamine import CalamineWorkbook

        self._archive_verifiee()
        return CalamineWorkbook.from_path(self.chemin).sheet_names

    def feuille(self, nom: str) -> list[list[object]]:
        """All the cells of a sheet."""
        from python_calamine import CalamineWorkbook

        self._archive_verifiee()
        return CalamineWorkbook.from_path(self.chemin).get_sheet_by_name(nom).to_python(skip_empty_area=False)  # type: ignore[return-value]


def encodage_de(octets: bytes) -> str:
    """utf-8-sig when the bytes are UTF-8 (a character cut at the end is forgiven), else cp1252."""
    try:
        octets.decode("utf-8-sig")
    except UnicodeDecodeError as erreur:
        if erreur.start < len(octets) - 4:
            return "cp1252"
    return "utf-8-sig"


def decouper(ligne: str, separateur: str) -> tuple[str, ...]:
    import csv

    return tuple(c.strip() for c in next(csv.reader([ligne], delimiter=separateur), []))
