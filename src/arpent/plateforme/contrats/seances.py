"""Every paper of the meeting that votes the contract, by the name of its file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.gabarits_autorite import gabarit_word
from arpent.plateforme.documents.rendu.docx import DocumentWord
from arpent.plateforme.documents.rendu.pdf_fiche import rendre_approbation_pdf
from arpent.plateforme.documents.rendu.pdf_seance import rendre_convocation_pdf, rendre_note_pdf
from arpent.plateforme.documents.rendu.pptx_seance import rendre_presentation_pptx

from .convocations import convocation_doc
from .lecture_votes import VotePartie
from .presentations import presentation_doc
from .projets_deliberation import approbation_doc

Fabrique = Callable[[VotePartie, Demarche, date], bytes]


def _word(demarche: Demarche, nom: str, doc: DocumentWord) -> bytes:
    return gabarit_word(demarche.autorite.pk, nom).rendre(doc)


FICHIERS: dict[str, Fabrique] = {
    "convocation.docx": lambda lu, d, le: _word(d, "convocation", convocation_doc(lu, d, le)),
    "convocation.pdf": lambda lu, d, le: rendre_convocation_pdf(convocation_doc(lu, d, le)),
    "note-de-synthese.docx": lambda lu, d, le: _word(d, "note", presentation_doc(lu, d, le)),
    "note-de-synthese.pdf": lambda lu, d, le: rendre_note_pdf(presentation_doc(lu, d, le)),
    "deliberation.docx": lambda lu, d, le: _word(d, "approbation", approbation_doc(lu, d, le)),
    "deliberation.pdf": lambda lu, d, le: rendre_approbation_pdf(approbation_doc(lu, d, le)),
    "presentation.pptx": lambda lu, d, le: rendre_presentation_pptx(presentation_doc(lu, d, le)),
}
"""ContratRefuse while no version was issued; RenduImpossible. All are made from the version that is voted."""

PIECES = (
    ("Convocation", (("convocation.docx", "Word"), ("convocation.pdf", "PDF"))),
    ("Note de synthèse", (("note-de-synthese.docx", "Word"), ("note-de-synthese.pdf", "PDF"))),
    ("Projet de délibération", (("deliberation.docx", "Word"), ("deliberation.pdf", "PDF"))),
    ("Présentation", (("presentation.pptx", "PowerPoint"),)),
)
"""The same, as the page offers them."""


def ecrire_seance(lu: VotePartie, demarche: Demarche, le: date, dossier: Path) -> Iterator[Path]:
    """Writes them all in a folder, one at a time. ContratRefuse, RenduImpossible, OSError."""
    for nom, fabriquer in FICHIERS.items():
        chemin = dossier / nom
        chemin.write_bytes(fabriquer(lu, demarche, le))
        yield chemin
