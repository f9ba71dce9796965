"""Makes ``gabarits/approbation_avenant/v1/approbation_avenant.docx``: the Word draft, for an avenant.

    python -m arpent.plateforme.documents.rendu.fabrique_approbation_avenant

It has the heading, the votes and the end of the draft of a fiche; a test compares the committed file with it.
"""

from __future__ import annotations

from pathlib import Path

from docx.document import Document as Fichier
from docx.shared import Mm

from .fabrique_avenant import lignes_revues, mouvements
from .fabrique_deliberation import assembler
from .pieces_docx import balise, paragraphe, titre

GABARIT = (
    Path(__file__).parent.parent / "gabarits" / "approbation_avenant" / "v1" / "approbation_avenant.docx"
)


def fabriquer() -> bytes:
    """The template as a .docx file."""
    return assembler(
        _corps,
        "Après en avoir délibéré, l’assemblée ({{ assemblee }}) :",
        "de la version proposée de l’avenant",
    )


def _corps(doc: Fichier) -> None:
    paragraphe(doc, "Objet : {{ objet }}", "Cle").paragraph_format.space_after = Mm(3)
    with balise(doc, "for x in visas"):
        paragraphe(doc, "Vu {{ x }}")
    titre(doc, 2, "Exposé")
    with balise(doc, "for x in expose"):
        paragraphe(doc, "{{ x }}")
    mouvements(doc)
    with balise(doc, "if lignes"):
        paragraphe(doc, "{{ annonce }}")
        lignes_revues(doc)
    with balise(doc, "if ecartes"):
        paragraphe(doc, "N’ont pas pris part au vote, étant intéressés à l’affaire : {{ ecartes }}.")


if __name__ == "__main__":
    GABARIT.parent.mkdir(parents=True, exist_ok=True)
    GABARIT.write_bytes(fabriquer())
