"""Workbooks: small ones read whole (calamine), large xlsx read row by row with a bounded memory.

The streaming reader is our own expat handler: it stops at the first declared entity, never follows a cell
reference beyond the width of a table, and gives texts.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any
from xml.parsers import expat

from .base import FichierRefuse

ILLISIBLE = "Le classeur est abîmé ou n’est pas un vrai classeur : téléchargez-le à nouveau."
ERREURS = (
    zipfile.BadZipFile, expat.ExpatError, zlib.error, KeyError, EOFError, OSError, ValueError, RuntimeError,
)  # fmt: skip
"""What a spoiled workbook raises; RuntimeError: encrypted, or an exotic compression."""
BLOC = 1 << 18
LARGEUR_MAX = 3_000
TEXTES_MAX = 3_000_000
"""Shared strings of one workbook."""
NS_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def texte_de(cellule: object) -> str:
    """A cell as the text a CSV would hold: 241200567.0 is 241200567, a date is in ISO form."""
    if cellule is None:
        return ""
    if isinstance(cellule, bool):
        return "1" if cellule else "0"
    if isinstance(cellule, float):
        return str(int(cellule)) if cellule.is_integer() and abs(cellule) < 1e15 else repr(cellule)
    if hasattr(cellule, "isoformat"):
        return str(cellule.isoformat())
    return str(cellule).strip()


def feuilles(chemin: Path, genre: str) -> Sequence[str]:
    if genre == "xlsx":
        return list(_parties(chemin))
    return list(_calamine(chemin).sheet_names)


def cellules(chemin: Path, nom: str, maximum: int) -> list[list[object]]:
    """All the cells of a sheet. Refused when the XML of the workbook is larger than `maximum` bytes."""
    with zipfile.ZipFile(chemin) as archive:
        if sum(i.file_size for i in archive.infolist()) > maximum:
            raise FichierRefuse("Le classeur est trop grand : enregistrez la feuille utile au format CSV.")
    try:
        return _calamine(chemin).get_sheet_by_name(nom).to_python(skip_empty_area=False)  # type: ignore[no-any-return]
    except FichierRefuse:
        raise
    except Exception as erreur:  # the reader's own errors share no base class
        raise FichierRefuse(ILLISIBLE) from erreur


def debut(chemin: Path, genre: str, nom: str, nombre: int) -> list[list[str]]:
    """The first rows of a sheet, as texts."""
    if genre == "xlsx":
        return list(islice(lignes_en_flux(chemin, nom), nombre))
    lues = cellules(chemin, nom, 250 * 1024**2)[:nombre]
    return [[texte_de(c) for c in rangee] for rangee in lues]


def lignes_en_flux(chemin: Path, nom: str) -> Iterator[list[str]]:
    """The rows of a sheet of an xlsx, one at a time, as texts; empty rows are given as []."""
    try:
        parties = _parties(chemin)
        if nom not in parties:
            raise FichierRefuse(f"Le classeur n’a pas de feuille « {nom} ».")
        with zipfile.ZipFile(chemin) as archive:
            textes = _textes_partages(archive)
            yield from _Lignes(textes).lire(archive, parties[nom])
    except ERREURS as erreur:
        raise FichierRefuse(ILLISIBLE) from erreur


def _calamine(chemin: Path) -> Any:
    from python_calamine import CalamineWorkbook

    try:
        return CalamineWorkbook.from_path(chemin)
    except Exception as erreur:  # the reader's own errors share no base class
        raise FichierRefuse(ILLISIBLE) from erreur


def _analyseur() -> expat.XMLParserType:
    analyseur = expat.ParserCreate(namespace_separator=" ")
    analyseur.buffer_text = True

    def refuser(*_: object) -> None:
        raise FichierRefuse("Le classeur déclare des entités XML : ce n’est pas un fichier officiel.")

    analyseur.EntityDeclHandler = refuser
    analyseur.StartDoctypeDeclHandler = refuser
    return analyseur


def _parties(chemin: Path) -> dict[str, str]:
    """Sheet name to the path of its XML in the archive."""
    try:
        with zipfile.ZipFile(chemin) as archive:
            noms: dict[str, str] = {}
            cibles: dict[str, str] = {}

            def feuille(balise: str, attributs: dict[str, str]) -> None:
                if balise.endswith(" sheet"):
                    noms[attributs.get("name", "")] = attributs.get(f"{NS_RELATION} id", "")

            def relation(balise: str, attributs: dict[str, str]) -> None:
                if balise.endswith("Relationship"):
                    cibles[attributs.get("Id", "")] = attributs.get("Target", "")

            _parcourir(archive, "xl/workbook.xml", feuille)
            _parcourir(archive, "xl/_rels/workbook.xml.rels", relation)
    except ERREURS as erreur:
        raise FichierRefuse(ILLISIBLE) from erreur
    chemins = {nom: cibles.get(cle, "") for nom, cle in noms.items()}
    return {n: c.lstrip("/") if c.startswith("/") else f"xl/{c}" for n, c in chemins.items() if c}


def _parcourir(archive: zipfile.ZipFile, partie: str, ouvrante: Any) -> None:
    analyseur = _analyseur()
    analyseur.StartElementHandler = ouvrante
    with archive.open(partie) as flux:
        analyseur.ParseFile(flux)


def _textes_partages(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    textes: list[str] = []
    morceaux: list[str] = []
    dans = {"t": False, "phonetique": False}

    def ouvrir(balise: str, _: dict[str, str]) -> None:
        fin = balise.rpartition(" ")[2]
        if fin == "si":
            morceaux.clear()
        elif fin == "rPh":
            dans["phonetique"] = True
        elif fin == "t":
            dans["t"] = not dans["phonetique"]

    def fermer(balise: str) -> None:
        fin = balise.rpartition(" ")[2]
        if fin == "t":
            dans["t"] = False
        elif fin == "rPh":
            dans["phonetique"] = False
        elif fin == "si":
            textes.append("".join(morceaux))
            if len(textes) > TEXTES_MAX:
                raise FichierRefuse("Le classeur contient trop de textes : ce n’est pas un fichier officiel.")

    def ecrire(donnees: str) -> None:
        if dans["t"]:
            morceaux.append(donnees)

    analyseur = _analyseur()
    analyseur.StartElementHandler, analyseur.EndElementHandler = ouvrir, fermer
    analyseur.CharacterDataHandler = ecrire
    with archive.open("xl/sharedStrings.xml") as flux:
        analyseur.ParseFile(flux)
    return textes


class _Lignes:
    """The rows of one sheet, gathered block by block."""

    def __init__(self, textes: Sequence[str]) -> None:
        self.textes = textes
        self.pretes: list[list[str]] = []
        self.rangee: list[str] = []
        self.genre = ""
        self.colonne = -1
        self.valeur: list[str] | None = None

    def lire(self, archive: zipfile.ZipFile, partie: str) -> Iterator[list[str]]:
        analyseur = _analyseur()
        analyseur.StartElementHandler, analyseur.EndElementHandler = self._ouvrir, self._fermer
        analyseur.CharacterDataHandler = self._ecrire
        with archive.open(partie) as flux:
            while bloc := flux.read(BLOC):
                analyseur.Parse(bloc, False)
                yield from self.pretes
                self.pretes.clear()
            analyseur.Parse(b"", True)
        yield from self.pretes

    def _ouvrir(self, balise: str, attributs: dict[str, str]) -> None:
        fin = balise.rpartition(" ")[2]
        if fin == "c":
            self.genre = attributs.get("t", "n")
            reference = attributs.get("r", "")
            self.colonne = _colonne(reference) if reference else self.colonne + 1
        elif fin in ("v", "t"):
            self.valeur = []
        elif fin == "row":
            self.rangee, self.colonne = [], -1

    def _fermer(self, balise: str) -> None:
        fin = balise.rpartition(" ")[2]
        if fin in ("v", "t") and self.valeur is not None:
            self._poser("".join(self.valeur))
            self.valeur = None
        elif fin == "row":
            self.pretes.append(self.rangee)

    def _ecrire(self, donnees: str) -> None:
        if self.valeur is not None:
            self.valeur.append(donnees)

    def _poser(self, brut: str) -> None:
        if not 0 <= self.colonne < LARGEUR_MAX:
            raise FichierRefuse(
                "Le classeur a une cellule très loin à droite : ce n’est pas un fichier officiel."
            )
        while len(self.rangee) <= self.colonne:
            self.rangee.append("")
        if self.genre == "s":
            texte = self.textes[int(brut)] if brut.isdigit() and int(brut) < len(self.textes) else ""
        elif self.genre == "n" and re.fullmatch(r"-?\d+\.0+|-?\d*\.?\d+[eE][+-]?\d+", brut):
            texte = texte_de(float(brut))
        else:
            texte = brut
        self.rangee[self.colonne] += texte.strip() if not self.rangee[self.colonne] else texte


def _colonne(reference: str) -> int:
    """`AB12` is column 27."""
    nombre = 0
    for lettre in reference:
        if not "A" <= lettre <= "Z":
            break
        nombre = nombre * 26 + ord(lettre) - 64
        if nombre > LARGEUR_MAX:
            return LARGEUR_MAX
    return nombre - 1
