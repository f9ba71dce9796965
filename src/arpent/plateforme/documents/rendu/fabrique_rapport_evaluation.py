"""Makes ``gabarits/rapport_evaluation/v1/rapport_evaluation.docx``: always the same bytes.

    python -m arpent.plateforme.documents.rendu.fabrique_rapport_evaluation

A test compares the committed file with what this script makes.
"""

from __future__ import annotations

from pathlib import Path

from ..donnees_evaluation import LARGEURS
from .fabrique_convocation import fermer, ouvrir
from .pieces_docx import balise, paragraphe, repeter, tableau, titre

GABARIT = Path(__file__).parent.parent / "gabarits" / "rapport_evaluation" / "v1" / "rapport_evaluation.docx"
PREMIERE, PAGE = 56, 164
"""Millimetres of the first column, of the whole line."""


def fabriquer() -> bytes:
    """The template as a .docx file."""
    doc = ouvrir("{{ etabli }}")
    paragraphe(doc, "{{ surtitre }}", "Discret")
    titre(doc, 1, "{{ titre }}")
    with balise(doc, "if reference"):
        paragraphe(doc, "Contrat {{ reference }}", "Discret")
    with balise(doc, "for s in sections"):
        titre(doc, 2, "{{ s.titre }}")
        repeter(doc, "s.paragraphes")
        repeter(doc, "s.points", "List Bullet")
        with balise(doc, "for t in s.tableaux"):
            with balise(doc, "if t.titre"):
                titre(doc, 3, "{{ t.titre }}")
            for largeur in LARGEURS:
                reste = (PAGE - PREMIERE) // (largeur - 1)
                for a_pied in (True, False):
                    with balise(doc, f"if t.largeur == {largeur} and {'' if a_pied else 'not '}t.a_pied"):
                        tableau(
                            doc,
                            "x in t.lignes",
                            tuple(
                                (f"{{{{ t.entetes.c{n} }}}}", f"{{{{ x.c{n} }}}}", reste if n else PREMIERE)
                                for n in range(largeur)
                            ),
                            pied=tuple(f"{{{{ t.pied.c{n} }}}}" for n in range(largeur)) if a_pied else (),
                        )
        with balise(doc, "if s.note"):
            paragraphe(doc, "{{ s.note }}", "Discret")
    return fermer(doc)


if __name__ == "__main__":
    GABARIT.parent.mkdir(parents=True, exist_ok=True)
    GABARIT.write_bytes(fabriquer())
