"""`arpent sauvegarder`: a picture of the database while it works, then the files that this picture names."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, models
from django.utils import timezone

from arpent import __version__
from arpent.plateforme.socle.panne import DepotMuet

from . import SauvegardeRefusee, tables
from .archive import CERTIFICATS, CLE, DONNEES, FICHIERS, Archive, Ecrivain, Manifeste, blocs_de
from .places import base, est_passager, reglages_de_lecture


@dataclass(frozen=True, slots=True)
class Sauvegarde:
    """What was written. `sha256` is that of the manifest, which covers all the rest."""

    chemin: Path
    manifeste: Manifeste
    sha256: str
    octets: int


def sauvegarder(chemin: Path) -> Sauvegarde:
    """Writes the archive, reads all of it again, then gives it its name: a file with that name is whole."""
    if chemin.exists():
        raise _deja_la(chemin)
    if Path(settings.ARPENT_DONNEES).resolve() in chemin.resolve().parents:
        raise SauvegardeRefusee(
            f"{chemin} serait dans ARPENT_DONNEES : gardez les sauvegardes ailleurs, "
            "si possible hors du serveur."
        )
    if not tables.migrations_recues():
        raise SauvegardeRefusee("La base n’est pas encore préparée : il n’y a rien à sauvegarder.")
    provisoire = chemin.with_name(f".{chemin.name}.partiel")
    try:
        with instantane(chemin.parent) as reglages, base(reglages), os.fdopen(_ouvrir(provisoire), "wb") as f:
            _ecrire_ou_abandonner(Ecrivain(f, _manifeste()))
            f.flush()
            os.fsync(f.fileno())
        ecrite = Archive(provisoire)
        ecrite.controler()
        ecrite.fermer()
        os.link(provisoire, chemin)  # unlike a renaming, refuses a name that has been taken meanwhile
    except FileExistsError:
        raise _deja_la(chemin) from None
    except DepotMuet as erreur:
        raise SauvegardeRefusee(
            f"{erreur} Aucune sauvegarde n’est faite sans ses fichiers. Vérifiez ARPENT_FICHIERS."
        ) from None
    except OSError as erreur:
        raise SauvegardeRefusee(
            f"La sauvegarde n’a pas pu être écrite dans {chemin.parent} ({erreur.strerror}). "
            "Vérifiez la place et les droits, ou choisissez un autre dossier."
        ) from None
    finally:
        provisoire.unlink(missing_ok=True)
    return Sauvegarde(chemin, ecrite.manifeste, ecrite.sha256, chemin.stat().st_size)


def _deja_la(chemin: Path) -> SauvegardeRefusee:
    return SauvegardeRefusee(f"{chemin} existe déjà : une sauvegarde n’en remplace jamais une autre.")


def _ouvrir(chemin: Path) -> int:
    """Readable by its owner only: the key of the instance is inside."""
    return os.open(chemin, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)


@contextlib.contextmanager
def instantane(dossier: Path) -> Iterator[dict[str, object]]:
    """Settings of a database that no longer moves: a copy on SQLite, a frozen transaction on PostgreSQL."""
    if connection.vendor != "sqlite":
        yield reglages_de_lecture()
        return
    descripteur, nom = tempfile.mkstemp(prefix=".arpent-instantane-", suffix=".sqlite3", dir=dossier)
    os.close(descripteur)
    try:
        with connection.cursor() as curseur:
            curseur.execute("VACUUM INTO %s", [nom])  # an empty file may be written over
        yield reglages_de_lecture(nom)
    finally:
        Path(nom).unlink(missing_ok=True)


def _manifeste() -> Manifeste:
    return Manifeste(
        version=__version__,
        moteur=connection.vendor,
        faite_le=timezone.now().isoformat(timespec="seconds"),
        migrations=[list(n) for n in tables.migrations_recues()],
    )


def _ecrire_ou_abandonner(ecrivain: Ecrivain) -> None:
    try:
        _ecrire(ecrivain)
    except BaseException:
        ecrivain.abandonner()
        raise


def _ecrire(ecrivain: Ecrivain) -> str:
    manifeste = ecrivain.manifeste
    tous = tables.modeles((app, nom) for app, nom in manifeste.migrations)
    for table, modele in tous.items():
        ecrivain.table(table, tables.colonnes(modele), tables.lire(modele))
    manifeste.compteurs = tables.compteurs(tous)
    for nom in sorted(nommes(tous.values())):
        try:
            with default_storage.open(nom) as flux:
                ecrivain.ajouter(FICHIERS + nom, blocs_de(flux), comprimer=False)
        except FileNotFoundError:
            manifeste.manquants.append(nom)
    ecrivain.ajouter(CLE, [str(settings.SECRET_KEY).encode()])
    _ajouter_un_dossier(ecrivain, CERTIFICATS, Path(settings.ARPENT_CERTIFICATS), set())
    ecartes = {Path(settings.ARPENT_CERTIFICATS).resolve(), Path(settings.MEDIA_ROOT).resolve()}
    _ajouter_un_dossier(ecrivain, DONNEES, Path(settings.ARPENT_DONNEES), ecartes)
    return ecrivain.clore()


def nommes(tous: Iterable[type[models.Model]]) -> set[str]:
    """The path in the store of every file that a row of this picture names."""
    noms: set[str] = set()
    for modele in tous:
        for champ in modele._meta.concrete_fields:
            if isinstance(champ, models.FileField):
                lus = modele._base_manager.exclude(**{champ.name: ""}).values_list(champ.name, flat=True)
                noms.update(lus.iterator())
    return noms


def _ajouter_un_dossier(ecrivain: Ecrivain, prefixe: str, racine: Path, ecartes: set[Path]) -> None:
    """Every plain file under `racine`; what is rebuilt, passing or put aside is left out."""
    for chemin in sorted(racine.rglob("*")):
        relatif = chemin.relative_to(racine)
        if est_passager(relatif) or any(e in chemin.resolve().parents for e in ecartes):
            continue
        with contextlib.suppress(FileNotFoundError):
            if chemin.is_file() and not chemin.is_symlink():
                with chemin.open("rb") as flux:
                    ecrivain.ajouter(prefixe + relatif.as_posix(), blocs_de(flux))
