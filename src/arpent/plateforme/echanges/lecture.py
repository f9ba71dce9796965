"""Reading an uploaded table: the file is opened by a child process with limits (`isole`), never here."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TAILLE_MAX = 20 * 1024 * 1024
DELAI_MAX = 10
"""Seconds by the clock: a reader short of memory may hang instead of dying."""
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


@dataclass(frozen=True, slots=True)
class Fichier:
    """What a file holds: its tables, the best one first, or a plan exported by Arpent that comes back.

    `feuilles` are the tables as the child gives them (nom, entetes, numeros, lignes, niveaux, recopiees);
    `masquees`, the names of the hidden sheets, not read; `retour`, rows by first cell of their sheet.
    """

    feuilles: tuple[dict[str, Any], ...] = ()
    masquees: tuple[str, ...] = ()
    retour: Mapping[str, list[list[Any]]] = field(default_factory=dict)


def tableau(
    entetes: Sequence[str], numeros: Sequence[int], lignes: Sequence[Sequence[str]], nom: str = ""
) -> Tableau:
    """The table from its stored form; without `numeros`, lines follow the header from line 2."""
    rangs = numeros or range(2, len(lignes) + 2)
    lues = (LigneLue(n, tuple(row)) for n, row in zip(rangs, lignes, strict=True))
    return Tableau(tuple(entetes), tuple(lues), nom)


def _genre(chemin: Path, nom: str) -> str:
    """xlsx, ods or csv, from the extension and the first bytes, which must agree."""
    extension = Path(nom).suffix.lower()
    if extension not in {".xlsx", ".ods", ".csv"}:
        conseil = "enregistrez le tableau au format .xlsx, .ods ou .csv"
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
    if extension == ".ods" and not est_zip:
        raise FichierIllisible(
            "Le fichier n’est pas un classeur LibreOffice malgré son nom : enregistrez-le au format .ods "
            "ou .csv."
        )
    if extension == ".csv" and est_zip:
        raise FichierIllisible("Le fichier est un classeur nommé .csv : renommez-le en .xlsx.")
    return extension[1:]


def ouvrir(chemin: Path, nom: str = "", *, departements: Sequence[str] | None = None) -> Fichier:
    """What a .xlsx, .ods or .csv file holds. Raises FichierIllisible, whatever the file holds.

    `nom` is the name given by the person, when the file is kept under another one. `departements`: the file
    is a list of elected people, of which only these are read (all when there is none).
    """
    genre = _genre(chemin, nom or chemin.name)
    commande = [sys.executable, "-I", str(_SCRIPT), str(chemin.resolve()), genre]
    if departements is not None:
        commande.append(",".join(departements))
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
    if retour := resultat.get("retour"):
        return Fichier(retour=retour)
    return Fichier(tuple(resultat["feuilles"]), tuple(resultat["masquees"]))


def lire_fichier(chemin: Path, nom: str = "") -> Tableau:
    """The table that looks most like a plan in a file. Raises FichierIllisible."""
    fichier = ouvrir(chemin, nom)
    if any(nom.startswith("arpent-maquette-") for nom in fichier.retour):
        raise FichierIllisible("Ce classeur est une maquette financière, pas un plan d’actions.")
    if fichier.retour:
        raise FichierIllisible(
            "Ce classeur est un plan exporté pour être modifié : renvoyez-le sur la page « Importer » du "
            "plan."
        )
    feuille = fichier.feuilles[0]
    return tableau(feuille["entetes"], feuille["numeros"], feuille["lignes"], nom or chemin.name)
