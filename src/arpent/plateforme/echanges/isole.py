"""Reads an uploaded table in a process of its own, with limits: whatever is in the file, the server lives.

Run as a script: `python -I isole.py FILE xlsx|csv`. Prints one JSON object: {"entetes": […],
"numeros": [line in the file…], "lignes": [[cell, …], …]} or {"refus": "message in French"}. Imports nothing
of Arpent.
"""

from __future__ import annotations

import csv
import io
import json
import re
import resource
import sys
import unicodedata
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from xml.etree import ElementTree

MEMOIRE_MAX = 512 * 1024 * 1024
CPU_MAX = 10
ENTREES_MAX = 2_000
GONFLE_MAX = 200 * 1024 * 1024
RATIO_MAX = 100
LIGNES_MAX = 20_000
COLONNES_MAX = 100
COLONNE_LOINTAINE = 1_000
LIGNE_LOINTAINE = 100_000
CELLULE_MAX = 5_000
TEXTE_MAX = 30_000_000
BLOC = 1 << 20
TITRE_LIGNES = 30
ERREUR = "#ERREUR"
# A cell that holds something: spreadsheets also write formats alone (`<c r="XFD1" s="4"/>`), of no matter.
_CELLULE = re.compile(rb"""<(?:\w+:)?c\b([^>]*?)\br=["']([A-Z]{1,9})([0-9]{1,9})["']([^>]*)(?<!/)>""")
_EN_ERREUR = re.compile(rb"""\bt=["']e["']""")
_CHEVAUCHEMENT = 256
_CONTROLES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]|_x000[Dd]_")
_MOTS_DE_TITRE = re.compile(
    r"intitul|projet|operation|ouvrage|porteur|cout|montant|theme|financ|subvention|annee|axe|priorit|"
    r"maturit|assiette|aide|region|departement|autres?\b|n°|numero"
)


class Refus(Exception):
    """Why the file is not read, and what to do, in French."""


_TROP_GONFLE = "Le classeur décompressé dépasse 200 Mo : ne gardez que la feuille du plan d’actions."


def _limiter() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMOIRE_MAX, MEMOIRE_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_MAX, CPU_MAX))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


# --- workbooks ------------------------------------------------------------------------------------


def _numero_colonne(lettres: bytes) -> int:
    numero = 0
    for lettre in lettres:
        numero = numero * 26 + lettre - 64
    return numero


def _verifier_entetes(archive: zipfile.ZipFile) -> None:
    infos = archive.infolist()
    if len(infos) > ENTREES_MAX:
        raise Refus(
            "Le classeur contient un nombre anormal de parties : enregistrez-le à nouveau depuis Excel."
        )
    if sum(i.file_size for i in infos) > GONFLE_MAX:
        raise Refus(_TROP_GONFLE)
    for info in infos:
        if ".." in info.filename.split("/") or info.filename.startswith("/") or "\\" in info.filename:
            raise Refus("Le classeur contient un chemin interdit : enregistrez-le à nouveau depuis Excel.")
        if info.flag_bits & 0x1:
            raise Refus("Le classeur est protégé par un mot de passe : retirez-le avant l’envoi.")
        if info.file_size > BLOC and info.file_size > RATIO_MAX * max(info.compress_size, 1):
            raise Refus(
                "Le classeur est compressé de façon anormale : enregistrez-le à nouveau depuis Excel."
            )
    if "xl/workbook.xml" not in archive.namelist():
        raise Refus(
            "Le fichier n’est pas un classeur Excel : enregistrez le tableau au format .xlsx ou .csv."
        )


def _lire_bloc(bloc: bytes, erreurs: set[tuple[int, int]], *, est_feuille: bool) -> None:
    """Refuses entities and far cells; notes the cells in error, as (line, column) from 1."""
    if b"<!DOCTYPE" in bloc or b"<!ENTITY" in bloc:
        raise Refus(
            "Le classeur contient des définitions interdites : enregistrez-le à nouveau depuis Excel."
        )
    if not est_feuille:
        return
    for avant, lettres, chiffres, apres in _CELLULE.findall(bloc):
        colonne, ligne = _numero_colonne(lettres), int(chiffres)
        if colonne > COLONNE_LOINTAINE or ligne > LIGNE_LOINTAINE:
            raise Refus(
                f"Une cellule est très loin du tableau ({(lettres + chiffres).decode()}) : supprimez les "
                "lignes et les colonnes vides autour du tableau, puis enregistrez."
            )
        if _EN_ERREUR.search(avant) or _EN_ERREUR.search(apres):
            erreurs.add((ligne, colonne))


def _lire_parties(archive: zipfile.ZipFile) -> dict[str, set[tuple[int, int]]]:
    """Inflates every part block by block (sizes that lie, entities, far cells); cells in error by part."""
    erreurs: dict[str, set[tuple[int, int]]] = {}
    gonfle = 0
    for info in archive.infolist():
        if not info.filename.endswith((".xml", ".rels")):
            continue
        est_feuille = info.filename.startswith("xl/worksheets/")
        trouvees = erreurs.setdefault(info.filename, set())
        reste = b""
        with archive.open(info) as flux:
            while bloc := flux.read(BLOC):
                gonfle += len(bloc)
                if gonfle > GONFLE_MAX:
                    raise Refus(_TROP_GONFLE)
                if not reste and bloc[:2] in (b"\xff\xfe", b"\xfe\xff"):
                    raise Refus("Le classeur est encodé de façon inhabituelle : enregistrez-le depuis Excel.")
                _lire_bloc(reste + bloc, trouvees, est_feuille=est_feuille)
                reste = bloc[-_CHEVAUCHEMENT:]
    return erreurs


def _partie_par_feuille(archive: zipfile.ZipFile) -> dict[str, str]:
    """Name of each sheet → its part. Only called once no part holds a definition."""
    cibles = {
        lien.get("Id"): "xl/" + lien.get("Target", "").removeprefix("/xl/")
        for lien in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    parties: dict[str, str] = {}
    for element in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        if element.tag.endswith("}sheet"):
            lien = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
            parties[element.get("name", "")] = cibles.get(lien, "")
    return parties


def _erreurs_par_feuille(chemin: str) -> dict[str, set[tuple[int, int]]]:
    """Checks the archive before anything opens it; says which cells of each sheet are in error."""
    try:
        with zipfile.ZipFile(chemin) as archive:
            _verifier_entetes(archive)
            erreurs = _lire_parties(archive)
            return {nom: erreurs.get(p, set()) for nom, p in _partie_par_feuille(archive).items()}
    except (
        zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, KeyError,
        ElementTree.ParseError,
    ) as erreur:  # fmt: skip
        raise Refus(
            "Le classeur est abîmé ou incomplet : ouvrez-le dans Excel, enregistrez-le, puis recommencez."
        ) from erreur


def lire_xlsx(chemin: str) -> list[list[str]]:
    """The visible sheet that looks most like a plan, as texts; the first one when they look alike."""
    erreurs = _erreurs_par_feuille(chemin)
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum  # heavy: workbooks only

    meilleure: tuple[int, list[list[str]]] = (-1, [])
    try:
        classeur = CalamineWorkbook.from_path(chemin)
        for feuille in classeur.sheets_metadata:
            if feuille.typ != SheetTypeEnum.WorkSheet or feuille.visible != SheetVisibleEnum.Visible:
                continue
            rows = classeur.get_sheet_by_name(feuille.name).to_python(
                skip_empty_area=False, nrows=LIGNE_LOINTAINE
            )
            if not any(cell not in ("", None) for row in rows for cell in row):
                continue
            note = max(_note_de_titre([_texte(cell) for cell in row]) for row in rows[:TITRE_LIGNES])
            if note > meilleure[0]:
                meilleure = (note, _en_textes(rows, erreurs.get(feuille.name, set())))
    except Refus:
        raise
    except Exception as erreur:  # the reader has no common base class
        raise Refus(
            "Le classeur n’a pas pu être lu : enregistrez-le à nouveau au format .xlsx, ou en .csv."
        ) from erreur
    if not meilleure[1]:
        raise Refus("Le classeur ne contient aucune donnée : vérifiez que vous envoyez le bon fichier.")
    return meilleure[1]


def _en_textes(rows: list[list[Any]], erreurs: set[tuple[int, int]]) -> list[list[str]]:
    textes = [[_texte(cell) for cell in row] for row in rows]
    for ligne, colonne in erreurs:  # the reader gives "" for #REF!: an amount must not vanish in silence
        if ligne <= len(textes) and colonne <= len(textes[ligne - 1]):
            textes[ligne - 1][colonne - 1] = ERREUR
    return textes


def _texte(valeur: Any) -> str:
    """A cell as one would type it; numbers keep cents at most, so that 1.234 is never read as thousands."""
    match valeur:
        case None:
            return ""
        case bool():
            return "oui" if valeur else "non"
        case int():
            return str(valeur)
        case float():
            if valeur != valeur or valeur in (float("inf"), float("-inf")):
                return ""
            if valeur == int(valeur):
                return str(int(valeur))
            return str(Decimal(repr(valeur)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))
        case datetime():
            return valeur.date().isoformat()
        case date():
            return valeur.isoformat()
        case time() | timedelta():
            return str(valeur)
        case _:
            return str(valeur)


# --- text files -----------------------------------------------------------------------------------


def _decoder(octets: bytes) -> str:
    if octets[:2] in (b"\xff\xfe", b"\xfe\xff"):  # « Texte Unicode » of Excel
        return octets.decode("utf-16", errors="replace")
    if b"\0" in octets:
        raise Refus("Le fichier n’est pas un texte : enregistrez le tableau au format .csv ou .xlsx.")
    for encodage in ("utf-8-sig", "cp1252"):
        try:
            return octets.decode(encodage)
        except UnicodeDecodeError:
            continue
    return octets.decode("latin-1")


def _separateur(texte: str) -> str:
    """The separator that cuts the first lines into the most columns."""
    lignes = [ligne for ligne in texte[:100_000].splitlines()[:TITRE_LIGNES] if ligne.strip()]
    return max(";\t,|", key=lambda s: sum(ligne.count(s) for ligne in lignes))


def lire_csv(chemin: str) -> list[list[str]]:
    with open(chemin, "rb") as flux:
        texte = _decoder(flux.read())
    csv.field_size_limit(200_000)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(texte, newline=""), delimiter=_separateur(texte), strict=True):
            rows.append(row)
            if len(rows) > LIGNE_LOINTAINE:
                break
    except csv.Error as erreur:
        raise Refus(
            f"Le fichier est mal formé vers la ligne {len(rows) + 1} (guillemet non refermé, par exemple) : "
            "corrigez-le ou enregistrez-le au format .xlsx."
        ) from erreur
    return rows


# --- both -----------------------------------------------------------------------------------------


def _note_de_titre(row: list[str]) -> int:
    """How much a line looks like the titles of a plan: its cells that hold one of the usual words."""
    pleines = [c.strip() for c in row if c.strip()]
    if len(pleines) < 2 or any(c[:1].isdigit() or len(c) > 120 for c in pleines):
        return 0
    return sum(bool(_MOTS_DE_TITRE.search(_plier(c))) for c in pleines)


def _plier(texte: str) -> str:
    decompose = unicodedata.normalize("NFKD", texte)
    return "".join(c for c in decompose if not unicodedata.combining(c)).lower()


def _verifier_lignes(lignes: list[tuple[int, list[str]]]) -> None:
    if not lignes:
        raise Refus("Le fichier n’a qu’une ligne de titres : ajoutez au moins un projet.")
    if len(lignes) > LIGNES_MAX:
        raise Refus(f"Le tableau dépasse {LIGNES_MAX} lignes : découpez-le en plusieurs fichiers.")
    total = 0
    for numero, row in lignes:
        total += sum(map(len, row))
        if any(len(c) > CELLULE_MAX for c in row):
            raise Refus(
                f"Une cellule de la ligne {numero} dépasse {CELLULE_MAX} caractères : raccourcissez-la."
            )
    if total > TEXTE_MAX:
        raise Refus("Le tableau contient trop de texte : découpez-le en plusieurs fichiers.")


def ranger(rows: list[list[str]]) -> dict[str, Any]:
    """Headers and lines with their number in the file; blank lines are left out."""
    pleines = [
        (numero, [_CONTROLES.sub("", c).strip() for c in row])
        for numero, row in enumerate(rows, start=1)
        if any(c.strip() for c in row)
    ]
    if not pleines:
        raise Refus("Le fichier est vide : vérifiez que vous envoyez le bon fichier.")
    notes = [_note_de_titre(row) for _, row in pleines[:TITRE_LIGNES]]
    debut = notes.index(max(notes))
    entetes, lignes = pleines[debut][1], pleines[debut + 1 :]
    largeur = max(rang for _, row in pleines[debut:] for rang, c in enumerate(row, start=1) if c)
    if largeur > COLONNES_MAX:
        raise Refus(
            f"Le tableau a {largeur} colonnes, {COLONNES_MAX} sont admises : ne gardez que les utiles."
        )
    _verifier_lignes(lignes)
    vides = [""] * largeur
    return {
        "entetes": [" ".join(e.split())[:200] for e in (entetes + vides)[:largeur]],
        "numeros": [numero for numero, _ in lignes],
        "lignes": [(row + vides)[:largeur] for _, row in lignes],
    }


def main() -> None:
    chemin, genre = sys.argv[1:3]
    _limiter()
    try:
        resultat = ranger(lire_xlsx(chemin) if genre == "xlsx" else lire_csv(chemin))
    except Refus as refus:
        resultat = {"refus": str(refus)}
    except (MemoryError, RecursionError):
        resultat = {"refus": "Le fichier est trop lourd à lire : ne gardez que la feuille du plan d’actions."}
    json.dump(resultat, sys.stdout, ensure_ascii=True)


if __name__ == "__main__":
    main()
