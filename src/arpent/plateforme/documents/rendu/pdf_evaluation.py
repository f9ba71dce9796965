"""A report of evaluation, or the balance of a closed contract, as PDF/A-2a and PDF/UA-1."""

from __future__ import annotations

from ..catalogue import gabarit
from ..donnees_evaluation import RapportEvaluationDoc
from .pdf import compiler
from .vue_evaluation import vue_rapport_evaluation


def rendre_rapport_evaluation_pdf(doc: RapportEvaluationDoc) -> bytes:
    """Section by section. RenduImpossible, GabaritInconnu."""
    return compiler(gabarit(doc.gabarit), vue_rapport_evaluation(doc), charte=doc.charte)
