"""A Word document from its template and its texts: used by the server, and by the workshop (`gabarits_word`).

What people typed is data: escaped, never evaluated.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from ..donnees_charte import CharteDoc
from .archive import figer
from .blancs import MARQUE_BLANC
from .habillage import habiller
from .texte import propre
from .vue import Vue

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment


@dataclass(frozen=True, slots=True)
class Piece:
    """What a Word template prints: its texts, and the properties of the file."""

    vue: Vue
    titre: str
    auteur: str
    etabli_le: date
    charte: CharteDoc | None = None


def composer(modele: bytes, piece: Piece, environnement: SandboxedEnvironment | None = None) -> bytes:
    """The document, always the same bytes. `environnement`: stricter than the one of shipped templates."""
    # Imported at the first document: half a second that the start of the server must not pay.
    from docxtpl import DocxTemplate
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    from .surlignage import surligner

    document = DocxTemplate(io.BytesIO(modele))
    if environnement is None:
        environnement = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    document.render(piece.vue, environnement, autoescape=True)
    proprietes = document.docx.core_properties  # not get_docx(): it would load the template again
    proprietes.title = propre(piece.titre)[:255]
    proprietes.author = propre(piece.auteur)[:255]
    proprietes.language = "fr-FR"
    le = piece.etabli_le
    proprietes.created = proprietes.modified = datetime(le.year, le.month, le.day, tzinfo=UTC)
    surligner(document.docx, MARQUE_BLANC)
    if piece.charte is not None:
        habiller(document.docx, piece.charte)
    tampon = io.BytesIO()
    document.save(tampon)
    return figer(tampon.getvalue())
