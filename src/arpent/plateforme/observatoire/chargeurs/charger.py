"""Loads official files into the lake: a child process reads, this one never touches what the file holds."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from arpent.plateforme.observatoire.lac import LAC, Provenance, TableDuLac, deposer, tables

from .base import FichierRefuse, Progression, Rapport
from .ouvrier import RESULTAT

DUREE_MAX = 600
"""Seconds of wall clock given to the child."""
LIGNE_MAX = 4_096


@dataclass(frozen=True, slots=True)
class Resultat:
    """What became of one file. `deja`: the same file was loaded by the same version of its loader."""

    fichier: str
    sha256: str
    tables: tuple[TableDuLac, ...]
    deja: bool = False

    @property
    def rapports(self) -> tuple[Rapport, ...]:
        """One report per table of the file, in the order they were read; levels share theirs."""
        uniques: dict[tuple[str, str], Rapport] = {}
        for table in self.tables:
            p = table.provenance
            uniques.setdefault((p.jeu, p.millesime), Rapport.depuis(p.rapport))
        return tuple(uniques.values())


def charger(chemin: Path, donnees: Path, progression: Progression = lambda *_: None) -> Resultat:
    """Reads the file in a child process and puts its tables in the lake. FichierRefuse when it cannot be.

    Idempotent: the same bytes already in the lake, through the same version of the loader, change nothing.
    """
    sha256 = empreinte(chemin)
    if deja := _deja_charge(donnees, sha256):
        return Resultat(chemin.name, sha256, deja, deja=True)
    (donnees / LAC).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".chargement-", dir=donnees / LAC) as nom:
        dossier = Path(nom)
        lues = _dans_un_enfant(chemin, dossier, progression)
        niveaux: dict[str, list[str]] = {}
        for lue in lues:
            niveaux.setdefault(f"{lue['jeu']} {lue['millesime']}", []).append(lue["niveau"])
        with _verrou(donnees):
            deposees = tuple(
                deposer(donnees, _provenance(lue, chemin, sha256, niveaux), dossier / lue["parquet"])
                for lue in lues
            )
    return Resultat(chemin.name, sha256, deposees)


def reconnaitre(chemin: Path) -> list[dict[str, Any]]:
    """What the file is, without loading it: jeu, titre, producteur, millesime, geographie, membre…"""
    if not chemin.is_file():
        raise FichierRefuse(f"Le fichier {chemin} n’existe pas : vérifiez son nom et son dossier.")
    with tempfile.TemporaryDirectory(prefix="arpent-") as nom:
        return _dans_un_enfant(chemin, Path(nom), lambda *_: None, "--reconnaitre")


def empreinte(chemin: Path) -> str:
    try:
        with chemin.open("rb") as flux:
            return hashlib.file_digest(flux, "sha256").hexdigest()
    except OSError as erreur:
        raise FichierRefuse(
            f"Le fichier {chemin} ne peut pas être lu : vérifiez son nom, son dossier et ses droits."
        ) from erreur


def _deja_charge(donnees: Path, sha256: str) -> tuple[TableDuLac, ...]:
    """The tables of that very file, when all are still there and its loaders have not changed."""
    presentes = tuple(t for t in tables(donnees) if t.provenance.sha256 == sha256)
    if not presentes:
        return ()
    from .registre import CHARGEURS

    versions = {c.jeu: c.version for c in CHARGEURS}
    attendues = presentes[0].provenance.rapport.get("tables", {})
    trouvees: dict[str, list[str]] = {}
    for t in presentes:
        trouvees.setdefault(f"{t.provenance.jeu} {t.provenance.millesime}", []).append(t.provenance.niveau)
    completes = {k: sorted(v) for k, v in attendues.items()} == {k: sorted(v) for k, v in trouvees.items()}
    a_jour = all(versions.get(t.provenance.jeu) == t.provenance.version_chargeur for t in presentes)
    return presentes if completes and a_jour else ()


def _provenance(lue: dict[str, Any], chemin: Path, sha256: str, niveaux: dict[str, list[str]]) -> Provenance:
    communs = ("jeu", "titre", "producteur", "licence", "adresse", "millesime", "geographie", "niveau")
    return Provenance(
        **{nom: lue[nom] for nom in communs},
        fichier=chemin.name,
        sha256=sha256,
        version_chargeur=lue["version_chargeur"],
        lignes=lue["lignes"],
        colonnes=tuple(lue["colonnes"]),
        rapport=lue["rapport"] | {"tables": niveaux},
    )


def _dans_un_enfant(
    chemin: Path, dossier: Path, progression: Progression, *options: str
) -> list[dict[str, Any]]:
    """Runs the worker; whatever becomes of it, this returns its tables or raises FichierRefuse."""
    commande = [sys.executable, "-m", f"{__package__}.ouvrier", str(chemin.resolve()), str(dossier), *options]
    erreurs = dossier / "erreurs.txt"
    with (
        erreurs.open("wb") as sortie_erreur,
        subprocess.Popen(
            commande, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=sortie_erreur
        ) as enfant,
    ):
        minuteur = threading.Timer(DUREE_MAX, enfant.kill)
        minuteur.daemon = True
        minuteur.start()
        try:
            assert enfant.stdout is not None
            while ligne := enfant.stdout.readline(LIGNE_MAX):
                _relayer(ligne, progression)
        except BaseException:
            enfant.kill()
            raise
        finally:
            minuteur.cancel()
    try:
        resultat = json.loads((dossier / RESULTAT).read_text(encoding="utf-8"))
    except (OSError, ValueError) as erreur:
        if os.environ.get("ARPENT_TRACE"):
            sys.stderr.write(erreurs.read_text(encoding="utf-8", errors="replace")[-8_000:])
        raise FichierRefuse(
            f"Le fichier {chemin.name} n’a pas pu être lu : il est abîmé, trop grand ou n’est pas un fichier "
            "officiel. Téléchargez-le à nouveau sur le site du producteur."
        ) from erreur
    if "refus" in resultat:
        raise FichierRefuse(resultat["refus"])
    lues: list[dict[str, Any]] = resultat["tables"]
    return lues


def _relayer(ligne: bytes, progression: Progression) -> None:
    try:
        quoi, faites, total = json.loads(ligne)
        progression(str(quoi), int(faites), int(total))
    except (ValueError, TypeError):
        return


@contextmanager
def _verrou(donnees: Path) -> Iterator[None]:
    """One writer of the lake at a time."""
    with (donnees / LAC / ".verrou").open("w") as fichier:
        fcntl.flock(fichier, fcntl.LOCK_EX)
        yield
