"""The charter of an authority on a Word document: logo and header on the cover, fonts, colour of titles."""

from __future__ import annotations

import base64
import io
from typing import Any

from ..donnees_charte import CharteDoc
from .texte import propre

CORPS, TITRES = "Calibri", "Georgia"
"""The fonts of the templates, found on every office computer: those of the authority take their place."""
VERT = "17573C"
"""The colour of the titles in the templates: every style that has it takes that of the authority."""
HAUTEUR_MM = 22


def habiller(document: Any, charte: CharteDoc) -> None:
    """Changes the document in place. `document`: that of python-docx."""
    from docx.shared import Mm, RGBColor

    couleur = RGBColor.from_string(charte.couleur.lstrip("#").upper())
    polices = polices_remplacees(charte)
    for style in document.styles:
        police = getattr(style, "font", None)
        if police is None:
            continue
        police.name = polices.get(police.name, police.name)
        if police.color is not None and str(police.color.rgb) == VERT:
            police.color.rgb = couleur
    if not document.paragraphs:
        return
    premier = document.paragraphs[0]
    if charte.logo:
        haut = premier.insert_paragraph_before("")
        dessin = haut.add_run().add_picture(io.BytesIO(_png(charte.logo)), height=Mm(HAUTEUR_MM))
        dessin._inline.docPr.set("descr", propre(charte.alternative))
    if charte.entete:
        suivants = document.paragraphs[2 if charte.logo else 1 :]
        if suivants:
            suivants[0].insert_paragraph_before(propre(charte.entete))
        else:
            document.add_paragraph(propre(charte.entete))


def polices_remplacees(charte: CharteDoc | None) -> dict[str, str]:
    """Font of the house → that of the authority, if any. A Word file names it, and does not hold it."""
    voulues = {CORPS: "texte", TITRES: "titres"}
    familles = {maison: charte.familles(role) if charte else () for maison, role in voulues.items()}
    return {maison: trouvees[0] for maison, trouvees in familles.items() if trouvees}


def _png(svg: str) -> bytes:
    """The picture inside the drawing that ``photo.logo`` made."""
    return base64.b64decode(svg.partition("base64,")[2].partition('"')[0])
