"""The acts that award an aid, as PDF/A-2a and PDF/UA-1."""

from __future__ import annotations

from ..catalogue import gabarit
from ..donnees_attribution import AttributionDoc
from .pdf import compiler
from .vue_attribution import vue_attribution


def rendre_attribution_pdf(doc: AttributionDoc) -> bytes:
    """Letter, arrêté or convention, by its template. RenduImpossible, GabaritInconnu."""
    return compiler(gabarit(doc.gabarit), vue_attribution(doc), charte=doc.charte)
