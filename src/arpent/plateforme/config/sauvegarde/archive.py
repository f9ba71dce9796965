"""What the zip of a backup holds, written as it comes, and the proof that it is whole.

`tables/NAME.jsonl`, one row a line; `fichiers/…`, the store; `donnees/…`, the rest of the data folder;
`secrets/…`, the key of the instance and the certificates; `manifeste.json` says size and SHA-256 of each, row
count and fingerprint of each table. The SHA-256 of the manifest therefore covers all of it.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from . import SauvegardeRefusee
from .lignes import Empreinte

MANIFESTE = "manifeste.json"
FORMAT = "arpent-sauvegarde"
FORMAT_VERSION = 1
CLE = "secrets/cle-secrete"
CERTIFICATS = "secrets/certificats/"
FICHIERS, DONNEES, TABLES = "fichiers/", "donnees/", "tables/"
_BLOC = 1024 * 1024
_ILLISIBLE = (zipfile.BadZipFile, zlib.error, KeyError, EOFError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Entree:
    """One file of the zip."""

    octets: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns in the order of the lines, how many lines, and their fingerprint."""

    colonnes: list[str]
    lignes: int
    empreinte: str


@dataclass(slots=True)
class Manifeste:
    """What the archive says of itself."""

    version: str
    moteur: str
    faite_le: str
    migrations: list[list[str]]
    tables: dict[str, Table] = field(default_factory=dict)
    compteurs: dict[str, int] = field(default_factory=dict)
    entrees: dict[str, Entree] = field(default_factory=dict)
    manquants: list[str] = field(default_factory=list)

    @property
    def lignes(self) -> int:
        return sum(t.lignes for t in self.tables.values())

    @property
    def octets(self) -> int:
        return sum(e.octets for e in self.entrees.values())

    def fichiers(self) -> Iterator[str]:
        """The names in the store."""
        return (nom.removeprefix(FICHIERS) for nom in self.entrees if nom.startswith(FICHIERS))


class Ecrivain:
    """Adds entries to the zip, notes each in the manifest."""

    def __init__(self, flux: IO[bytes], manifeste: Manifeste) -> None:
        self.manifeste = manifeste
        self._zip = zipfile.ZipFile(flux, "w", zipfile.ZIP_DEFLATED, compresslevel=1)

    def ajouter(self, nom: str, blocs: Iterable[bytes], *, comprimer: bool = True) -> None:
        somme, octets = hashlib.sha256(), 0
        info = zipfile.ZipInfo(nom, (1980, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED if comprimer else zipfile.ZIP_STORED
        info.external_attr = 0o600 << 16
        with self._zip.open(info, "w", force_zip64=True) as sortie:
            for bloc in blocs:
                somme.update(bloc)
                octets += len(bloc)
                sortie.write(bloc)
        self.manifeste.entrees[nom] = Entree(octets, somme.hexdigest())

    def table(self, nom: str, colonnes: list[str], lignes: Iterable[bytes]) -> None:
        empreinte = Empreinte()

        def blocs() -> Iterator[bytes]:
            tampon: list[bytes] = []
            for ligne in lignes:
                empreinte.ajouter(ligne)
                tampon += (ligne, b"\n")
                if len(tampon) >= 1_000:
                    yield b"".join(tampon)
                    tampon.clear()
            yield b"".join(tampon)

        self.ajouter(f"{TABLES}{nom}.jsonl", blocs())
        self.manifeste.tables[nom] = Table(colonnes, empreinte.nombre, empreinte.valeur)

    def abandonner(self) -> None:
        """The archive will not be: its end is not written in a file that is closed by then."""
        self._zip.fp = None

    def clore(self) -> str:
        """Writes the manifest; its SHA-256."""
        texte = en_texte(self.manifeste)
        self._zip.writestr(zipfile.ZipInfo(MANIFESTE, (1980, 1, 1, 0, 0, 0)), texte)
        self._zip.close()
        return hashlib.sha256(texte).hexdigest()


def en_texte(manifeste: Manifeste) -> bytes:
    contenu = {"format": FORMAT, "format_version": FORMAT_VERSION} | asdict(manifeste)
    return json.dumps(contenu, ensure_ascii=False, indent=1, sort_keys=True).encode()


def blocs_de(flux: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: flux.read(_BLOC), b"")


class Archive:
    """A backup opened for reading. SauvegardeRefusee as soon as something does not hold."""

    def __init__(self, chemin: Path) -> None:
        self.chemin = chemin
        try:
            self._zip = zipfile.ZipFile(chemin)
            texte = self._zip.read(MANIFESTE)
        except FileNotFoundError:
            raise SauvegardeRefusee(f"Le fichier {chemin} n’existe pas. Vérifiez son nom.") from None
        except KeyError:
            raise _etrangere(chemin) from None
        except _ILLISIBLE:
            raise SauvegardeRefusee(
                f"{chemin} est illisible : ce n’est pas une archive zip, ou elle est coupée. "
                "Reprenez-la depuis l’endroit où elle est gardée, ou prenez la sauvegarde précédente."
            ) from None
        self.manifeste, self.sha256 = _lire_manifeste(texte, chemin), hashlib.sha256(texte).hexdigest()

    def blocs(self, nom: str) -> Iterator[bytes]:
        try:
            with self._zip.open(nom) as flux:
                yield from blocs_de(flux)
        except _ILLISIBLE:
            raise _abimee(nom, "ne se lit plus") from None

    def ouvrir(self, nom: str) -> IO[bytes]:
        return self._zip.open(nom)

    def lignes(self, table: str) -> Iterator[bytes]:
        """The rows of a table, one at a time."""
        nom = f"{TABLES}{table}.jsonl"
        try:
            with self._zip.open(nom) as flux:
                for ligne in flux:
                    yield ligne.rstrip(b"\n")
        except _ILLISIBLE:
            raise _abimee(nom, "ne se lit plus") from None

    def controler(self) -> None:
        """Reads all of it again: each file has its size and SHA-256, each table its count and fingerprint."""
        presents = [i.filename for i in self._zip.infolist()]
        attendus = {*self.manifeste.entrees, MANIFESTE}
        for nom in sorted({*presents} ^ attendus):
            raise _abimee(nom, "manque à l’archive" if nom in attendus else "n’est pas au manifeste")
        if len(presents) != len(attendus):
            raise _abimee(MANIFESTE, "deux fichiers y portent le même nom")
        for nom, attendue in self.manifeste.entrees.items():
            _exiger_un_nom_sur(nom)
            somme, octets = hashlib.sha256(), 0
            for bloc in self.blocs(nom):
                somme.update(bloc)
                octets += len(bloc)
            if (octets, somme.hexdigest()) != (attendue.octets, attendue.sha256):
                raise _abimee(nom, "n’est plus celui qui a été sauvegardé")
        for nom, table in self.manifeste.tables.items():
            empreinte = Empreinte()
            for ligne in self.lignes(nom):
                empreinte.ajouter(ligne)
            if (empreinte.nombre, empreinte.valeur) != (table.lignes, table.empreinte):
                raise _abimee(f"{TABLES}{nom}.jsonl", "n’a plus les lignes qui ont été sauvegardées")

    def fermer(self) -> None:
        self._zip.close()


def _exiger_un_nom_sur(nom: str) -> None:
    """Nothing of an archive is ever written outside the folder that receives it."""
    chemin = PurePosixPath(nom)
    if chemin.is_absolute() or ".." in chemin.parts or "\\" in nom or "\0" in nom:
        raise _abimee(nom, "porte un nom qui sort de son dossier")


def _lire_manifeste(texte: bytes, chemin: Path) -> Manifeste:
    try:
        lu: dict[str, Any] = json.loads(texte)
        if lu.pop("format") != FORMAT:
            raise _etrangere(chemin)
        if lu.pop("format_version") != FORMAT_VERSION:
            raise SauvegardeRefusee(
                f"{chemin} vient d’une version d’Arpent plus récente que celle-ci. Mettez Arpent à jour."
            )
        lu["tables"] = {nom: Table(**t) for nom, t in lu["tables"].items()}
        lu["entrees"] = {nom: Entree(**e) for nom, e in lu["entrees"].items()}
        return Manifeste(**lu)
    except SauvegardeRefusee:
        raise
    except (ValueError, TypeError, KeyError, AttributeError):
        raise _etrangere(chemin) from None


def _etrangere(chemin: Path) -> SauvegardeRefusee:
    return SauvegardeRefusee(
        f"{chemin} n’est pas une sauvegarde d’Arpent : son manifeste manque ou ne se lit pas. "
        "Donnez un fichier écrit par « arpent sauvegarder »."
    )


def _abimee(nom: str, raison: str) -> SauvegardeRefusee:
    return SauvegardeRefusee(
        f"L’archive est abîmée : {nom} {raison}. Rien n’a été restauré. "
        "Reprenez-la depuis l’endroit où elle est gardée, ou prenez la sauvegarde précédente."
    )
