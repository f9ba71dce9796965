"""A photo as a drawing that templates place: upright, made small, without what the camera noted."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass

from ..donnees_fiche import ImageDoc

COTE = 1_100
"""Pixels of the longer side: sharp on half an A4 page, light in a booklet of sixty fiches."""
COTE_LOGO = 600
"""A logo is printed 22 mm high and travels inside every version of a contract."""
PIXELS_MAXIMUM = 60_000_000
"""Beyond, the file is not a photo but a trap: it is not decoded."""


def photo(octets: bytes, alternative: str) -> ImageDoc | None:
    """The photo ready to print; None when the file is not an image that can be read."""
    # Imported at the first photo: the start of the server must not pay for it.
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(octets), formats=("JPEG", "PNG", "WEBP")) as image:
            if image.width * image.height > PIXELS_MAXIMUM:
                return None
            image.draft("RGB", (COTE, COTE))
            droite = ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    droite.thumbnail((COTE, COTE))
    tampon = io.BytesIO()
    droite.save(tampon, "JPEG", quality=82)
    largeur, hauteur = droite.size
    code = base64.b64encode(tampon.getvalue()).decode("ascii")
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{largeur}" height="{hauteur}" '
        f'viewBox="0 0 {largeur} {hauteur}"><image width="{largeur}" height="{hauteur}" '
        f'href="data:image/jpeg;base64,{code}"/></svg>'
    )
    return ImageDoc(svg, alternative, largeur, hauteur)


class LogoIllisible(ValueError):
    """Why a logo cannot be printed (French)."""


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo on white, ready for the two kinds of documents."""

    svg: str
    png: bytes


def logo(octets: bytes) -> Logo:
    """The logo flattened on white, at most COTE_LOGO pixels wide. LogoIllisible."""
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(octets), formats=("JPEG", "PNG", "WEBP")) as image:
            if image.width * image.height > PIXELS_MAXIMUM:
                raise LogoIllisible("Cette image est trop grande : réduisez-la.")
            vue = ImageOps.exif_transpose(image).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as erreur:
        if isinstance(erreur, LogoIllisible):
            raise
        raise LogoIllisible("Le logo n’est pas une image lisible : envoyez un PNG ou un JPEG.") from None
    vue.thumbnail((COTE_LOGO, COTE_LOGO))
    if min(vue.size) < 16:
        raise LogoIllisible("Ce logo est trop petit pour être imprimé : au moins 16 pixels de côté.")
    fond = Image.new("RGB", vue.size, "white")
    fond.paste(vue, mask=vue.getchannel("A"))
    tampon = io.BytesIO()
    fond.save(tampon, "PNG", optimize=True)
    largeur, hauteur = fond.size
    code = base64.b64encode(tampon.getvalue()).decode("ascii")
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{largeur}" height="{hauteur}" '
        f'viewBox="0 0 {largeur} {hauteur}"><image width="{largeur}" height="{hauteur}" '
        f'href="data:image/png;base64,{code}"/></svg>'
    )
    return Logo(svg, tampon.getvalue())
