"""The booklet of a Rendez-vous de Territoire, as PDF/A-2a and PDF/UA-1."""

from __future__ import annotations

from ..catalogue import gabarit
from ..donnees_rendez_vous import RendezVousDoc
from .pdf import compiler
from .vue_rendez_vous import vue_rendez_vous


def rendre_livret_rendez_vous_pdf(doc: RendezVousDoc) -> bytes:
    """The same bytes for the same data. RenduImpossible, GabaritInconnu."""
    vue, dessins = vue_rendez_vous(doc)
    return compiler(gabarit(doc.gabarit), vue, dessins, charte=doc.charte)
