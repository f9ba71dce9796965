"""A file sent by somebody: its type read in its content, never in its name; images made again, bare."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

COTE_MAX = 2_400
"""Pixels: a larger photo is reduced."""
_MILLION = 1_000_000
PIXELS_MAX, PIXELS_MAX_EN_MEMOIRE = 60 * _MILLION, 25 * _MILLION
"""A plain JPEG is decoded already reduced; the others need all their points in memory."""
PASSES_MAX = 60
"""Passes of a JPEG: a camera writes ten at most, each costs a whole decoding."""
_ZIPS = {
    "word/": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    "xl/": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
}
_ODF = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
_IMAGES = {"JPEG": ("image/jpeg", "jpg"), "PNG": ("image/png", "png"), "WEBP": ("image/webp", "webp")}


class FichierRefuse(ValueError):
    """The file cannot be kept; the message is French and says what to send instead."""


@dataclass(frozen=True, slots=True)
class FichierLu:
    contenu: bytes
    type_mime: str
    extension: str

    @property
    def est_image(self) -> bool:
        return self.type_mime.startswith("image/")


def lire_fichier(contenu: bytes) -> FichierLu:
    """The file ready to be kept. Raises FichierRefuse."""
    if not contenu:
        raise FichierRefuse("Le fichier est vide : vérifiez que vous envoyez le bon.")
    if contenu[:5] == b"%PDF-":
        return FichierLu(contenu, "application/pdf", "pdf")
    if contenu[:4] == b"PK\x03\x04":
        return _bureautique(contenu)
    return _image(contenu)


def _bureautique(contenu: bytes) -> FichierLu:
    try:
        with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
            noms = archive.namelist()
            if "mimetype" in noms and archive.getinfo("mimetype").file_size < 200:
                annonce = archive.read("mimetype").strip()
                if annonce in _ODF:
                    return FichierLu(contenu, annonce.decode(), _ODF[annonce])
    except (zipfile.BadZipFile, RuntimeError) as erreur:
        raise FichierRefuse("Le fichier est abîmé : enregistrez-le à nouveau, renvoyez-le.") from erreur
    if "[Content_Types].xml" in noms and not any(n.lower().endswith("vbaproject.bin") for n in noms):
        for debut, (type_mime, extension) in _ZIPS.items():
            if any(n.startswith(debut) for n in noms):
                return FichierLu(contenu, type_mime, extension)
    raise FichierRefuse(_ADMIS)


_ADMIS = (
    "Ce type de fichier n’est pas accepté. Envoyez un PDF, une photo (JPEG, PNG, WebP), un document ou un "
    "tableur sans macro (docx, xlsx, odt, ods)."
)


def _image(contenu: bytes) -> FichierLu:
    """The same picture, upright, within COTE_MAX, without position, author or thumbnail."""
    from PIL import Image, ImageOps, UnidentifiedImageError  # at the first picture

    try:
        with Image.open(io.BytesIO(contenu), formats=tuple(_IMAGES)) as image:
            genre = str(image.format)
            reductible = genre == "JPEG" and not image.info.get("progressive")
            admis = PIXELS_MAX if reductible else PIXELS_MAX_EN_MEMOIRE
            if image.width * image.height > admis:
                millions = admis // _MILLION
                raise FichierRefuse(
                    f"Cette image est trop grande : réduisez-la à {millions} millions de points."
                )
            if genre == "JPEG" and contenu.count(b"\xff\xda") > PASSES_MAX:
                raise FichierRefuse("Cette image est faite de façon anormale : enregistrez-la à nouveau.")
            image.thumbnail((COTE_MAX, COTE_MAX))  # before the rest: the full picture is never copied
            refaite = ImageOps.exif_transpose(image)
            if genre == "JPEG" and refaite.mode not in {"RGB", "L"}:
                refaite = refaite.convert("RGB")
            propre = Image.new(refaite.mode, refaite.size)
            if refaite.mode == "P" and (palette := refaite.getpalette()):
                propre.putpalette(palette)
            propre.paste(refaite)
            sortie = io.BytesIO()
            propre.save(sortie, format=genre, quality=85)
    except UnidentifiedImageError as erreur:
        raise FichierRefuse(_ADMIS) from erreur
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as erreur:
        if isinstance(erreur, FichierRefuse):
            raise
        raise FichierRefuse("L’image est abîmée : enregistrez-la à nouveau, renvoyez-la.") from erreur
    type_mime, extension = _IMAGES[genre]
    return FichierLu(sortie.getvalue(), type_mime, extension)
