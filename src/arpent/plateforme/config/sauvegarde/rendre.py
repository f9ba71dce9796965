"""`arpent restaurer`: all is built and checked in a new place, then takes the stead of the former one."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import IntegrityError
from django.utils import timezone

from arpent.plateforme.socle import base_neuve
from arpent.plateforme.socle.panne import DepotMuet

from . import SauvegardeRefusee, tables
from .archive import CERTIFICATS, CLE, DONNEES, FICHIERS, Archive
from .places import (
    AVANT,
    CHANTIER,
    base,
    echanger_la_base,
    echanger_les_fichiers,
    est_occupee,
    fermer_le_chantier,
    ouvrir_le_chantier,
    reglages_du_chantier,
    tables_remplies,
)

Dire = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Restauration:
    """What was put in place, and where the former instance now is (empty: there was none)."""

    archive: Archive
    ecartee: str
    base_ecartee: str


def restaurer(chemin: Path, *, remplacer: bool, dire: Dire) -> Restauration:
    """SauvegardeRefusee before anything has moved: bad archive, instance not empty or still running."""
    archive = Archive(chemin)
    dire("Contrôle de l’archive")
    archive.controler()
    _exiger_la_cle(archive)
    neuve = _exiger_une_place(archive, remplacer)
    donnees = Path(settings.ARPENT_DONNEES)
    chantier = donnees / CHANTIER
    shutil.rmtree(chantier, ignore_errors=True)
    chantier.mkdir(parents=True, mode=0o700)
    try:
        dire("Base de données")
        _batir_la_base(archive, chantier)
        dire("Fichiers")
        _poser_les_fichiers(archive, chantier)
        dire("Mise en place")
        ecartee = donnees / f"{AVANT}{timezone.now():%Y%m%d-%H%M%S}"
        ancienne = echanger_la_base(chantier, ecartee)
        echanger_les_fichiers(chantier, ecartee)
        if neuve and {f.name for f in ecartee.glob("*")} <= {"cle-secrete", "arpent.sqlite3"}:
            shutil.rmtree(ecartee, ignore_errors=True)  # what this very command made by starting
            ancienne = ""
    except DepotMuet as erreur:
        raise SauvegardeRefusee(
            f"{erreur} La base n’a pas été touchée. Vérifiez ARPENT_FICHIERS, puis recommencez."
        ) from None
    except OSError as erreur:
        raise SauvegardeRefusee(
            f"La restauration s’est arrêtée ({erreur.strerror} : {erreur.filename}). "
            "Vérifiez la place et les droits, puis recommencez."
        ) from None
    finally:
        shutil.rmtree(chantier, ignore_errors=True)
        fermer_le_chantier()
        archive.fermer()
    return Restauration(archive, str(ecartee) if ecartee.exists() else "", ancienne)


def _exiger_la_cle(archive: Archive) -> None:
    """Codes of a second factor are ciphered by the key: another one would make them void."""
    imposee, gardee = os.environ.get("ARPENT_CLE"), b"".join(archive.blocs(CLE)).decode()
    if imposee and imposee != gardee:
        raise SauvegardeRefusee(
            "ARPENT_CLE n’est pas la clé de l’instance sauvegardée : les seconds facteurs seraient "
            "illisibles. Retirez ARPENT_CLE (celle de l’archive sera mise en place), ou corrigez-la."
        )


def _exiger_une_place(archive: Archive, remplacer: bool) -> bool:
    """True: nothing was ever written here."""
    pleines = tables_remplies() if tables.migrations_recues() else []
    if pleines and not remplacer:
        raise SauvegardeRefusee(
            f"Cette instance n’est pas vide ({len(pleines)} tables portent des lignes). Restaurez dans un "
            "autre ARPENT_DONNEES et une autre base, ou ajoutez --remplacer : l’actuelle sera mise de côté."
        )
    if est_occupee():
        raise SauvegardeRefusee(
            "L’application tourne encore sur cette base. Arrêtez-la (systemctl stop arpent), puis relancez."
        )
    libre = shutil.disk_usage(settings.ARPENT_DONNEES).free
    if libre < archive.manifeste.octets * 2:
        raise SauvegardeRefusee(
            f"Il faut {archive.manifeste.octets * 2 // 1024**2} Mo libres dans {settings.ARPENT_DONNEES}, "
            f"il y en a {libre // 1024**2}. Faites de la place, puis recommencez."
        )
    return not pleines


def _batir_la_base(archive: Archive, chantier: Path) -> None:
    """The database as it was saved, checked table by table, then brought up to this version."""
    manifeste = archive.manifeste
    noeuds = [(app, nom) for app, nom in manifeste.migrations]
    tous = tables.modeles(noeuds)
    for table, modele in tous.items():
        if table not in manifeste.tables or manifeste.tables[table].colonnes != tables.colonnes(modele):
            raise SauvegardeRefusee(f"La table {table} de l’archive n’a pas les colonnes attendues.")
    reglages = reglages_du_chantier(chantier)
    ouvrir_le_chantier()
    with base(reglages):
        migrer_jusqu_a(noeuds)
        tables.vider(tous.values())
        try:
            with transaction.atomic():
                for table, modele in tous.items():
                    tables.remplir(modele, archive.lignes(table))
                tables.poser_les_compteurs(tous, manifeste.compteurs)
        except IntegrityError as erreur:
            raise SauvegardeRefusee(f"Les lignes de l’archive se contredisent : {erreur}.") from None
        for table, modele in tous.items():
            relue, attendue = tables.empreinte_de(modele), manifeste.tables[table]
            if (relue.nombre, relue.valeur) != (attendue.lignes, attendue.empreinte):
                raise SauvegardeRefusee(
                    f"La table {table} relue n’est pas celle de l’archive. Rien n’a été remplacé."
                )
        call_command("migrate", verbosity=0, interactive=False)


def migrer_jusqu_a(noeuds: list[tables.Noeud]) -> None:
    """An empty database receives those migrations, with their triggers and their indexes."""
    if set(noeuds) == {(m.app_label, m.name) for m in base_neuve.toutes()} and base_neuve.est_vide():
        base_neuve.creer()
        return
    executeur = MigrationExecutor(connection)
    executeur.migrate(tables.pointes(noeuds, executeur.loader))


def _poser_les_fichiers(archive: Archive, chantier: Path) -> None:
    """Beside the present files, or straight into a store elsewhere, where names are never taken twice."""
    ici = isinstance(default_storage, FileSystemStorage)
    (chantier / "fichiers").mkdir()
    for nom in archive.manifeste.entrees:
        if nom == CLE:
            _ecrire(archive, nom, chantier / "cle-secrete")
        elif nom.startswith(CERTIFICATS):
            _ecrire(archive, nom, chantier / "certificats" / nom.removeprefix(CERTIFICATS))
        elif nom.startswith(DONNEES):
            _ecrire(archive, nom, chantier / nom.removeprefix(DONNEES))
        elif nom.startswith(FICHIERS) and ici:
            _ecrire(archive, nom, chantier / "fichiers" / nom.removeprefix(FICHIERS))
        elif nom.startswith(FICHIERS):
            _deposer(archive, nom, nom.removeprefix(FICHIERS))


def _ecrire(archive: Archive, nom: str, cible: Path) -> None:
    cible.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(cible, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as sortie:
        for bloc in archive.blocs(nom):
            sortie.write(bloc)
        sortie.flush()
        os.fsync(sortie.fileno())


def _deposer(archive: Archive, nom: str, cible: str) -> None:
    """A file that the bucket holds already stays; another one under its name is nobody's to write over."""
    try:
        with default_storage.open(cible) as present:
            if hashlib.file_digest(present, "sha256").hexdigest() == archive.manifeste.entrees[nom].sha256:
                return
    except FileNotFoundError:
        with archive.ouvrir(nom) as flux:
            default_storage.save(cible, File(flux))
        return
    raise SauvegardeRefusee(
        f"Le dépôt d’ARPENT_FICHIERS tient déjà un autre fichier nommé {cible}. Rien n’a été remplacé : "
        "restaurez dans un autre dossier du dépôt."
    )
