"""Makes ``gabarits/approbation/v1/approbation.docx``: the Word draft of the vote of a contract, from code.

    python -m arpent.plateforme.documents.rendu.fabrique_approbation

It has the heading, the votes and the end of the draft of a fiche; a test compares the committed file with it.
"""

from __future__ import annotations

from pathlib import Path

from docx.document import Document as Fichier
from docx.shared import Mm

from .fabrique_deliberation import assembler
from .pieces_docx import balise, paragraphe, tableau, titre

GABARIT = Path(__file__).parent.parent / "gabarits" / "approbation" / "v1" / "approbation.docx"


def fabriquer() -> bytes:
    """The template as a .docx file."""
    return assembler(
        _corps, "Après en avoir délibéré, l’assemblée ({{ assemblee }}) :", "de la version émise du contrat"
    )


def _corps(doc: Fichier) -> None:
    paragraphe(doc, "Objet : {{ objet }}", "Cle").paragraph_format.space_after = Mm(3)
    with balise(doc, "for x in visas"):
        paragraphe(doc, "Vu {{ x }}")
    titre(doc, 2, "Exposé")
    with balise(doc, "for x in expose"):
        paragraphe(doc, "{{ x }}")
    with balise(doc, "if projets"):
        paragraphe(doc, "{{ annonce }}")
        tableau(
            doc,
            "p in projets",
            (
                ("N°", "{{ p.numero }}", 12),
                ("Projet", "{{ p.titre }}", 56),
                ("Maître d’ouvrage", "{{ p.maitre_ouvrage }}", 40),
                ("Coût HT", "{{ p.cout_ht }}", -28),
                ("Aide", "{{ p.aide }}", -28),
            ),
            pied=("", "Total", "", "", "{{ total_projets }}"),
        )
    with balise(doc, "if ecartes"):
        paragraphe(doc, "N’ont pas pris part au vote, étant intéressés à l’affaire : {{ ecartes }}.")


if __name__ == "__main__":
    GABARIT.parent.mkdir(parents=True, exist_ok=True)
    GABARIT.write_bytes(fabriquer())
