"""The papers of a grant file, as PDF/A-2a and PDF/UA-1."""

from __future__ import annotations

from ..catalogue import gabarit
from ..donnees_dossier import AccuseDossierDoc, RapportCommissionDoc
from .pdf import compiler
from .vue_dossier import vue_accuse, vue_rapport_commission


def rendre_accuse_pdf(doc: AccuseDossierDoc) -> bytes:
    """One page. RenduImpossible, GabaritInconnu."""
    return compiler(gabarit(doc.gabarit), vue_accuse(doc), charte=doc.charte)


def rendre_rapport_commission_pdf(doc: RapportCommissionDoc) -> bytes:
    """The report and its list by fund. RenduImpossible, GabaritInconnu."""
    return compiler(gabarit(doc.gabarit), vue_rapport_commission(doc), charte=doc.charte)
