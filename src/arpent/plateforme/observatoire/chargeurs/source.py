"""Opening what was downloaded: CSV, gzip, zip, workbook, GeoJSON. Sizes are checked before inflating.

Nothing here trusts the file: an archive that swells too much, holds too many parts or a path that climbs is
refused; a text is decoded as UTF-8, else as cp1252. What was read of the beginning of a member is kept:
each loader asks for it.
"""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
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
COLONNES_MAX = 5_000
LIGNES_SONDEES = 6
LIGNES_AVANT_ENTETE = 12
"""INSEE workbooks carry five lines of title above the line of codes; some carry a few more."""
FEUILLE_MAX = 250 * 1024**2
"""Bytes of XML of a workbook read as a whole; a larger one is read row by row (`classeur.lignes_en_flux`)."""
ABIME = "Le fichier compressé est abîmé ou incomplet : téléchargez-le à nouveau."


@dataclass(frozen=True, slots=True)
class Entete:
    """The beginning of a text table. `colonnes`: its headers; `exemples`: its first rows, as texts."""

    encodage: str
    separateur: str
    colonnes: tuple[str, ...]
    exemples: tuple[tuple[str, ...], ...]

    def a(self, *noms: str) -> bool:
        return set(noms) <= set(self.colonnes)


@dataclass(frozen=True, slots=True)
class EnteteFeuille:
    """The headers of a sheet: `rang` is their row (from 0); `exemples` the first rows below, as texts."""

    feuille: str
    rang: int
    colonnes: tuple[str, ...]
    exemples: tuple[tuple[str, ...], ...]

    def a(self, *noms: str) -> bool:
        return set(noms) <= set(self.colonnes)


@dataclass(frozen=True)
class Source:
    """A file given to the loaders. `membres` are the files of the archive, or the file itself alone."""

    chemin: Path
    membres: tuple[str, ...] = field(init=False)
    _entetes: dict[str, Entete | None] = field(init=False, default_factory=dict, repr=False, compare=False)

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
        except (zipfile.BadZipFile, OSError, ValueError, RuntimeError) as erreur:
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

    def seul(self, membre: str) -> Source:
        """The same archive, of which only one member is shown."""
        autre = Source(self.chemin)
        object.__setattr__(autre, "membres", (membre,))
        return autre

    def octets(self, membre: str = "", maximum: int = GONFLE_MAX, *, en_lignes: bool = False) -> bytes:
        """The whole member, checked as `blocs` does."""
        return b"".join(self.blocs(membre, maximum, en_lignes=en_lignes))

    def blocs(
        self, membre: str = "", maximum: int = GONFLE_MAX, *, en_lignes: bool = False
    ) -> Iterator[bytes]:
        """The member, inflated block by block: sizes that lie are found out.

        `en_lignes` refuses an endless line before polars sees it: out of memory, polars may hang for ever.
        """
        plafond = min(maximum, max(64 * BLOC, RATIO_MAX * self.chemin.stat().st_size))
        total = 0
        with self.ouvrir(membre) as flux:
            try:
                while bloc := flux.read(BLOC):
                    total += len(bloc)
                    if total > plafond:
                        raise FichierRefuse(
                            "Le fichier décompressé est trop grand : vérifiez ce que vous chargez."
                        )
                    if en_lignes and len(bloc) == BLOC and b"\n" not in bloc:
                        raise FichierRefuse(
                            "Une ligne du fichier dépasse 1 Mo : ce n’est pas un tableau officiel. "
                            "Téléchargez-le à nouveau."
                        )
                    yield bloc
            except (zlib.error, EOFError, OSError, zipfile.BadZipFile) as erreur:
                raise FichierRefuse(ABIME) from erreur

    def ouvrir(self, membre: str = "") -> io.BufferedIOBase:
        """A binary stream on a member, inflated on the fly."""
        if self.genre == "gz":
            return gzip.open(self.chemin)
        if self.genre == "zip":
            try:
                archive = zipfile.ZipFile(self.chemin)
                return archive.open(membre)  # type: ignore[return-value]
            except (KeyError, RuntimeError, ValueError, OSError, EOFError, zipfile.BadZipFile) as erreur:
                raise FichierRefuse(
                    f"L’archive ne contient pas {membre or 'de données lisibles'}, ou elle est abîmée."
                ) from erreur
        return self.chemin.open("rb")

    def tete(self, membre: str = "") -> bytes:
        with self.ouvrir(membre) as flux:
            try:
                return flux.read(TETE)
            except (zlib.error, EOFError, OSError, zipfile.BadZipFile) as erreur:
                raise FichierRefuse(ABIME) from erreur

    def entete(self, membre: str = "") -> Entete | None:
        """The headers of a text table; None for a workbook or a binary file."""
        if self.genre in ("xlsx", "ods"):
            return None
        if membre not in self._entetes:
            self._entetes[membre] = _entete_de(self.tete(membre))
        return self._entetes[membre]

    def feuilles(self) -> Sequence[str]:
        """Names of the sheets of a workbook (xlsx, ods)."""
        from . import classeur

        self._archive_verifiee()
        return classeur.feuilles(self.chemin, self.genre)

    def feuille(self, nom: str) -> list[list[object]]:
        """All the cells of a sheet, which is not a large one."""
        from . import classeur

        self._archive_verifiee()
        return classeur.cellules(self.chemin, nom, FEUILLE_MAX)

    @cached_property
    def entetes_feuilles(self) -> tuple[EnteteFeuille, ...]:
        """The headers of each sheet of a workbook: the row that is followed by the table. () otherwise.

        It is the first row that names at least as many columns as any of the rows below it.
        """
        from . import classeur

        if self.genre not in ("xlsx", "ods"):
            return ()
        self._archive_verifiee()
        trouvees = []
        for nom in self.feuilles():
            debut = classeur.debut(self.chemin, self.genre, nom, LIGNES_AVANT_ENTETE + LIGNES_SONDEES)
            pleines = [sum(1 for c in rangee if c) for rangee in debut]
            if len(debut) < 2 or (largeur := max(pleines)) < 2:
                continue
            rang = _ligne_des_codes(debut, pleines, largeur)
            colonnes = tuple(debut[rang])
            exemples = tuple(map(tuple, debut[rang + 1 :]))
            trouvees.append(EnteteFeuille(nom, rang, colonnes, exemples))
        return tuple(trouvees)


def _ligne_des_codes(debut: Sequence[Sequence[str]], pleines: Sequence[int], largeur: int) -> int:
    """The INSEE row of codes (CODGEO…) when there is one, else the first of the widest rows."""
    for rang, rangee in enumerate(debut[:LIGNES_AVANT_ENTETE]):
        if rangee and rangee[0].upper() in ("CODGEO", "NIVGEO", "CODGEO_INI"):
            return rang
    return next(rang for rang, pleine in enumerate(pleines) if pleine >= max(2, largeur - largeur // 4))


def _entete_de(octets: bytes) -> Entete | None:
    if b"\0" in octets:
        return None
    encodage = encodage_de(octets)
    texte = octets.decode(encodage, errors="replace")
    if len(octets) == TETE:  # the last line is cut
        if "\n" not in texte:
            raise FichierRefuse("La première ligne est trop longue : ce n’est pas un tableau officiel.")
        texte = texte[: texte.rindex("\n") + 1]
    if not texte.strip():
        return None
    essais = [(len(rangees[0]), s, rangees) for s in SEPARATEURS if (rangees := _rangees(texte, s))]
    if not essais:
        return None
    largeur, separateur, rangees = max(essais, key=lambda essai: essai[0])
    if largeur > COLONNES_MAX:
        raise FichierRefuse(
            f"Le tableau a plus de {COLONNES_MAX} colonnes : ce n’est pas un fichier officiel."
        )
    return Entete(encodage, separateur, rangees[0], tuple(rangees[1:]))


def _rangees(texte: str, separateur: str) -> list[tuple[str, ...]]:
    """The first rows; a quoted cell may hold line ends. Nothing when it cannot be read so."""
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=separateur)
    rangees: list[tuple[str, ...]] = []
    try:
        for rangee in lecteur:
            rangees.append(tuple(c.strip() for c in rangee))
            if len(rangees) == LIGNES_SONDEES:
                break
    except csv.Error:
        return rangees[:-1]
    return rangees if rangees and rangees[0] else []


def encodage_de(octets: bytes) -> str:
    """utf-8-sig when the bytes are UTF-8 (a character cut at the end is forgiven), else cp1252."""
    try:
        octets.decode("utf-8-sig")
    except UnicodeDecodeError as erreur:
        if erreur.start < len(octets) - 4:
            return "cp1252"
    return "utf-8-sig"


def decouper(ligne: str, separateur: str) -> tuple[str, ...]:
    return tuple(c.strip() for c in next(csv.reader([ligne], delimiter=separateur), []))
