"""The brief of the elected member, as PDF/A-2a and PDF/UA-1."""

from __future__ import annotations

from ..catalogue import gabarit
from ..donnees_pilotage import NotePilotageDoc
from .pdf import compiler
from .vue_pilotage import MESURES, vue_note_pilotage


def rendre_note_pilotage_pdf(doc: NotePilotageDoc) -> bytes:
    """One page: all that it holds, less when it would take two. RenduImpossible, GabaritInconnu."""
    import pypdfium2 as pdfium  # at the first brief

    modele = gabarit(doc.gabarit)
    for mesure in MESURES:
        contenu = compiler(modele, vue_note_pilotage(doc, mesure), charte=doc.charte)
        with pdfium.PdfDocument(contenu) as pdf:
            if len(pdf) == 1:
                break
    return contenu
