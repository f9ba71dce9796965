"""The container of a Word file that somebody sent: nothing in it runs, links outside or explodes."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

TAILLE_MAX = 10 * 1024**2
OUVERT_MAX = 60 * 1024**2
ENTREES_MAX = 500
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PRINCIPAL = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_ACTIFS = re.compile(
    r"vbaproject|vbadata|activex|embeddings/|customui|\.(exe|dll|js|vbs|bin|dotm|docm)$", re.IGNORECASE
)
_CHAMPS = re.compile(
    r"^\W*(DDE|DDEAUTO|INCLUDE|INCLUDETEXT|INCLUDEPICTURE|LINK|IMPORT|MACROBUTTON|DATABASE)\b", re.IGNORECASE
)
_PAS_WORD = "Ce fichier n’est pas un document Word lisible : enregistrez-le au format .docx et renvoyez-le."
_TROP_LOURD = "Ce document est trop lourd : allégez ses images (10 Mo au plus), puis renvoyez-le."


class GabaritRefuse(ValueError):
    """The template cannot be put in service; the message (French) says why and what to do."""


def verifier_paquet(contenu: bytes) -> None:
    """Raises GabaritRefuse. Reads at most `OUVERT_MAX` bytes, whatever the headers say."""
    if len(contenu) > TAILLE_MAX:
        raise GabaritRefuse(_TROP_LOURD)
    if contenu.startswith(b"\xd0\xcf\x11\xe0"):
        raise GabaritRefuse(
            "Ce fichier est un ancien document .doc, ou il est protégé par un mot de passe : "
            "enregistrez-le en .docx, sans mot de passe."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
            _verifier(archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, KeyError, ParseError, DefusedXmlException, EOFError,
            OSError, RuntimeError, zlib.error) as erreur:  # fmt: skip
        raise GabaritRefuse(_PAS_WORD) from erreur


def _verifier(archive: zipfile.ZipFile) -> None:
    entrees = archive.infolist()
    if len(entrees) > ENTREES_MAX or sum(e.file_size for e in entrees) > OUVERT_MAX:
        raise GabaritRefuse(_TROP_LOURD)
    if _PRINCIPAL.encode() not in _lire(archive, "[Content_Types].xml"):
        raise GabaritRefuse(
            "Ce fichier est un modèle (.dotx) ou contient des macros (.docm) : dans Word, "
            "« Enregistrer sous », type « Document Word (.docx) », puis renvoyez-le."
        )
    for entree in entrees:
        if _ACTIFS.search(entree.filename):
            raise GabaritRefuse(
                "Ce document contient une macro, un contrôle ou un objet incorporé "
                f"({entree.filename.rpartition('/')[2]}) : retirez-le et enregistrez en .docx, sans macro."
            )
    reste = OUVERT_MAX
    for entree in entrees:
        brut = _lire(archive, entree.filename, reste)
        reste -= len(brut)
        if entree.filename.endswith(".rels"):
            _verifier_liens(fromstring(brut, forbid_dtd=True))
        elif entree.filename.endswith(".xml"):
            _verifier_champs(fromstring(brut, forbid_dtd=True))


def _lire(archive: zipfile.ZipFile, nom: str, maximum: int = OUVERT_MAX) -> bytes:
    with archive.open(nom) as flux:
        brut = flux.read(maximum + 1)
    if len(brut) > maximum:
        raise GabaritRefuse(_TROP_LOURD)
    return brut


def _verifier_liens(racine: Element) -> None:
    for lien in racine:
        genre = lien.get("Type", "").rpartition("/")[2]
        if lien.get("TargetMode") == "External":
            quoi = {
                "hyperlink": "un lien hypertexte : écrivez l’adresse en texte simple (« Supprimer le lien »)",
                "attachedTemplate": "un modèle Word attaché : détachez-le (Développeur, Modèle de document)",
                "image": "une image liée : insérez-la dans le document au lieu de la lier",
            }.get(genre, "un lien vers un autre fichier : retirez-le")
            raise GabaritRefuse(f"Ce document contient {quoi}, puis renvoyez-le. Lien : {lien.get('Target')}")
        if genre in {"aFChunk", "oleObject", "package", "control", "vbaProject", "subDocument"}:
            raise GabaritRefuse("Ce document incorpore un autre fichier : retirez-le, puis renvoyez-le.")


def _verifier_champs(racine: Element) -> None:
    """A Word field may be cut in several runs: its pieces are read together, paragraph by paragraph."""
    codes = [e.get(f"{_W}instr", "") for e in racine.iter(f"{_W}fldSimple")]
    for p in racine.iter(f"{_W}p"):
        code = ""
        for e in p.iter():
            if e.tag == f"{_W}instrText":
                code += e.text or ""
            elif e.tag == f"{_W}fldChar":
                codes.append(code)
                code = ""
        codes.append(code)
    for code in codes:
        if trouve := _CHAMPS.search(code):
            raise GabaritRefuse(
                f"Ce document contient un champ Word qui va chercher autre chose ({trouve[1].upper()}) : "
                "remplacez-le par son texte (Ctrl + Maj + F9), puis renvoyez-le."
            )
