"""Avenants and consolidated contracts as PDF/A-2a and PDF/UA-1. RenduImpossible, GabaritInconnu."""

from __future__ import annotations

from ..catalogue import gabarit
from ..donnees_avenant import AvenantDoc, ConsolideDoc
from .pdf import compiler
from .vue_avenant import vue_avenant, vue_consolide


def rendre_avenant_pdf(doc: AvenantDoc) -> bytes:
    """The avenant to vote and sign."""
    return compiler(gabarit(doc.gabarit), vue_avenant(doc), charte=doc.charte)


def rendre_consolide_pdf(doc: ConsolideDoc) -> bytes:
    """The contract as it stands one day, each line with the act that brought it."""
    return compiler(gabarit(doc.gabarit), vue_consolide(doc), charte=doc.charte)
