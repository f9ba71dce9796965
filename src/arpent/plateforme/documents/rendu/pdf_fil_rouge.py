"""The printed thread, as PDF/A-2a and PDF/UA-1."""

from __future__ import annotations

from ..catalogue import gabarit
from ..donnees_fil_rouge import FilRougeDoc
from .pdf import compiler
from .vue_fil_rouge import vue_fil_rouge


def rendre_fil_rouge_pdf(doc: FilRougeDoc) -> bytes:
    """One thread after the other. RenduImpossible, GabaritInconnu."""
    return compiler(gabarit(doc.gabarit), vue_fil_rouge(doc), charte=doc.charte)
