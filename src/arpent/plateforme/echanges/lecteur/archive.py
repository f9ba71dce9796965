"""A workbook is an archive: checked before anything opens it."""

from __future__ import annotations

import re
import zipfile
import zlib
from xml.etree import ElementTree

from .limites import COLONNE_LOINTAINE, ENTREES_MAX, GONFLE_MAX, LIGNE_LOINTAINE, RATIO_MAX, Refus

BLOC = 1 << 20
# A cell that holds something: spreadsheets also write formats alone (`<c r="XFD1" s="4"/>`), of no matter.
_CELLULE = re.compile(rb"""<(?:\w+:)?c\b([^>]*?)\br=["']([A-Z]{1,9})([0-9]{1,9})["']([^>]*)(?<!/)>""")
_EN_ERREUR = re.compile(rb"""\bt=["']e["']""")
_CHEVAUCHEMENT = 256
_TROP_GONFLE = "Le classeur décompressé dépasse 200 Mo : ne gardez que la feuille du plan d’actions."


def _numero_colonne(lettres: bytes) -> int:
    numero = 0
    for lettre in lettres:
        numero = numero * 26 + lettre - 64
    return numero


def _verifier_entetes(archive: zipfile.ZipFile, genre: str) -> None:
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
    if ("xl/workbook.xml" if genre == "xlsx" else "content.xml") not in archive.namelist():
        nom = "Excel" if genre == "xlsx" else "LibreOffice"
        raise Refus(f"Le fichier n’est pas un classeur {nom} : enregistrez-le au format .xlsx ou .csv.")


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


def verifier(chemin: str, genre: str) -> dict[str, set[tuple[int, int]]]:
    """Checks the archive; says which cells of each sheet are in error, as (line, column) from 1."""
    try:
        with zipfile.ZipFile(chemin) as archive:
            _verifier_entetes(archive, genre)
            erreurs = _lire_parties(archive)
            if genre == "ods":
                return {}
            return {nom: erreurs.get(p, set()) for nom, p in _partie_par_feuille(archive).items()}
    except (
        zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, KeyError,
        ElementTree.ParseError,
    ) as erreur:  # fmt: skip
        raise Refus(
            "Le classeur est abîmé ou incomplet : ouvrez-le dans Excel, enregistrez-le, puis recommencez."
        ) from erreur
