"""Reading an uploaded table: the file is opened by a child process with limits (`isole`), never here."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

TAILLE_MAX = 20 * 1024 * 1024
DELAI_MAX = 20
_SCRIPT = Path(__file__).with_name("isole.py")
_TROP_LOURD = (
    "Le fichier est trop lourd ou trop complexe à lire : ne gardez que la feuille du plan d’actions, "
    "ou enregistrez-la au format .csv."
)


class FichierIllisible(ValueError):
    """Why a file is refused and what to do, in one French sentence."""


@dataclass(frozen=True, slots=True)
class LigneLue:
    """One line of the file, as texts; `numero` is its number in the file, as the person sees it."""

    numero: int
    cellules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tableau:
    """A table as read: one text per header and per cell, nothing interpreted."""

    entetes: tuple[str, ...]
    lignes: tuple[LigneLue, ...]
    nom: str = ""


def tableau(
    entetes: Sequence[str], numeros: Sequence[int], lignes: Sequence[Sequence[str]], nom: str = ""
) -> Tableau:
    """The table from its stored form; without `numeros`, lines follow the header from line 2."""
    rangs = numeros or range(2, len(lignes) + 2)
    lues = (LigneLue(n, tuple(row)) for n, row in zip(rangs, lignes, strict=True))
    return Tableau(tuple(entetes), tuple(lues), nom)


def _genre(chemin: Path, nom: str) -> str:
    """xlsx or csv, from the extension and the first bytes, which must agree."""
    extension = Path(nom).suffix.lower()
    if extension not in {".xlsx", ".csv"}:
        conseil = "enregistrez le tableau au format .xlsx ou .csv"
        raise FichierIllisible(f"Le format « {extension or 'sans extension'} » n’est pas lu : {conseil}.")
    taille = chemin.stat().st_size
    if taille == 0:
        raise FichierIllisible("Le fichier est vide : vérifiez que vous envoyez le bon fichier.")
    if taille > TAILLE_MAX:
        raise FichierIllisible("Le fichier dépasse 20 Mo : ne gardez que la feuille du plan d’actions.")
    with chemin.open("rb") as flux:
        debut = flux.read(8)
    est_zip, est_ole = debut.startswith(b"PK"), debut.startswith(b"\xd0\xcf\x11\xe0")
    if est_ole:
        raise FichierIllisible(
            "Le fichier est un ancien classeur .xls, ou protégé par un mot de passe : enregistrez-le "
            "en .xlsx, sans mot de passe."
        )
    if extension == ".xlsx" and not est_zip:
        raise FichierIllisible(
            "Le fichier n’est pas un classeur Excel malgré son nom : enregistrez-le au format .xlsx ou .csv."
        )
    if extension == ".csv" and est_zip:
        raise FichierIllisible("Le fichier est un classeur nommé .csv : renommez-le en .xlsx.")
    return extension[1:]


def lire_fichier(chemin: Path, nom: str = "") -> Tableau:
    """Headers and lines of a .xlsx or .csv file. Raises FichierIllisible, whatever the file holds.

    `nom` is the name given by the person, when the file is kept under another one.
    """
    nom = nom or chemin.name
    genre = _genre(chemin, nom)
    commande = [sys.executable, "-I", str(_SCRIPT), str(chemin.resolve()), genre]
    try:
        enfant = subprocess.run(
            commande, capture_output=True, timeout=DELAI_MAX, check=False, cwd="/", env={}
        )
    except subprocess.TimeoutExpired:
        raise FichierIllisible(_TROP_LOURD) from None
    if enfant.returncode != 0:  # killed by a limit: memory, time
        raise FichierIllisible(_TROP_LOURD)
    resultat = json.loads(enfant.stdout)
    if refus := resultat.get("refus"):
        raise FichierIllisible(refus)
    return tableau(resultat["entetes"], resultat["numeros"], resultat["lignes"], nom)
