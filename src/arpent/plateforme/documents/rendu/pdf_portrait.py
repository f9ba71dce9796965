"""The portrait de territoire as PDF/A-2a and PDF/UA-1, with the drawings of the screen."""

from __future__ import annotations

from ..catalogue import gabarit
from ..donnees_portrait import PortraitDoc
from .pdf import compiler
from .vue_portrait import vue_portrait


def rendre_portrait_pdf(doc: PortraitDoc) -> bytes:
    """Always the same bytes for the same data. RenduImpossible, GabaritInconnu."""
    vue, dessins = vue_portrait(doc)
    return compiler(gabarit(doc.gabarit), vue, dessins)
