"""A photo as a drawing that templates place: upright, made small, without what the camera noted."""

from __future__ import annotations

import base64
import io

from ..donnees_fiche import ImageDoc

COTE = 1_100
"""Pixels of the longer side: sharp on half an A4 page, light in a booklet of sixty fiches."""
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
