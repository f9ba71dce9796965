"""The brief of the elected member, as PDF/A-2a and PDF/UA-1."""

from __future__ import annotations

from ..catalogue import gabarit
from ..donnees_pilotage import NotePilotageDoc
from .pdf import compiler
from .vue_pilotage import vue_note_pilotage


def rendre_note_pilotage_pdf(doc: NotePilotageDoc) -> bytes:
    """One page. RenduImpossible, GabaritInconnu."""
    return compiler(gabarit(doc.gabarit), vue_note_pilotage(doc), charte=doc.charte)
