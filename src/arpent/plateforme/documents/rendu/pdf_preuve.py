"""The readable proof of a consent, as PDF/A-2a and PDF/UA-1."""

from __future__ import annotations

from ..catalogue import gabarit
from ..donnees_preuve import PreuveConsentementDoc
from .pdf import compiler
from .vue_preuve import vue_preuve


def rendre_preuve_pdf(doc: PreuveConsentementDoc) -> bytes:
    """One page. RenduImpossible, GabaritInconnu."""
    return compiler(gabarit(doc.gabarit), vue_preuve(doc))
