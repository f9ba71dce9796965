"""The papers of the meeting that votes a contract, as PDF/A-2a and PDF/UA-1.

All raise RenduImpossible, GabaritInconnu.
"""

from __future__ import annotations

from ..catalogue import gabarit
from ..donnees_seance import ConvocationDoc, PresentationDoc
from ..donnees_seance_avenant import PresentationAvenantDoc
from .pdf import compiler
from .vue_convocation import vue_convocation
from .vue_note import vue_note
from .vue_note_avenant import vue_note_avenant


def rendre_convocation_pdf(doc: ConvocationDoc) -> bytes:
    """The letter, the proxy to tear off, and the sheet of the sender."""
    return compiler(gabarit(doc.gabarit), vue_convocation(doc), charte=doc.charte)


def rendre_note_pdf(doc: PresentationDoc) -> bytes:
    """The note de synthèse, two or three pages."""
    charte = doc.contrat.charte if doc.role == "autorite" else None
    return compiler(gabarit(doc.gabarit), vue_note(doc), charte=charte)


def rendre_note_avenant_pdf(doc: PresentationAvenantDoc) -> bytes:
    """The note de synthèse of an avenant, one or two pages."""
    charte = doc.charte if doc.role == "autorite" else None
    return compiler(gabarit(doc.gabarit), vue_note_avenant(doc), charte=charte)
