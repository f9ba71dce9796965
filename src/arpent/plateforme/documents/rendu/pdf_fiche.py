"""Fiches projets, drafts of délibérations, reports as PDF/A-2a and PDF/UA-1.

All raise RenduImpossible, GabaritInconnu.
"""

from __future__ import annotations

from ..catalogue import gabarit
from ..donnees_approbation import ApprobationAvenantDoc, ApprobationDoc
from ..donnees_fiche import DeliberationDoc, FichesDoc, PiecesDoc
from ..donnees_rapport import RapportDoc
from .pdf import compiler
from .vue_approbation import vue_approbation
from .vue_approbation_avenant import vue_approbation_avenant
from .vue_deliberation import vue_deliberation
from .vue_fiche import vue_fiches, vue_pieces
from .vue_rapport import vue_rapport


def rendre_fiches_pdf(doc: FichesDoc) -> bytes:
    """One fiche projet, or those of a plan in one file."""
    vue, dessins = vue_fiches(doc)
    return compiler(gabarit(doc.gabarit), vue, dessins)


def rendre_deliberation_pdf(doc: DeliberationDoc) -> bytes:
    """The draft délibération, its blanks marked and listed."""
    return compiler(gabarit(doc.gabarit), vue_deliberation(doc))


def rendre_approbation_pdf(doc: ApprobationDoc) -> bytes:
    """The draft délibération by which a party approves the contract."""
    return compiler(gabarit(doc.gabarit), vue_approbation(doc))


def rendre_approbation_avenant_pdf(doc: ApprobationAvenantDoc) -> bytes:
    """The draft délibération by which a party approves an avenant."""
    return compiler(gabarit(doc.gabarit), vue_approbation_avenant(doc))


def rendre_pieces_pdf(doc: PiecesDoc) -> bytes:
    """The pieces to tick."""
    return compiler(gabarit(doc.gabarit), vue_pieces(doc))


def rendre_rapport_pdf(doc: RapportDoc) -> bytes:
    """The report of the pré-instruction of one fiche or of a plan."""
    return compiler(gabarit(doc.gabarit), vue_rapport(doc))
