"""Makes ``gabarits/compte_rendu/v1/compte_rendu.docx``: the Word minutes, from code, always the same bytes.

    python -m arpent.plateforme.documents.rendu.fabrique_compte_rendu

A test compares the committed file with what this script makes.
"""

from __future__ import annotations

from pathlib import Path

from docx.document import Document as Fichier

from .fabrique_convocation import fermer, ouvrir
from .pieces_docx import balise, paragraphe, repeter, tableau, titre

GABARIT = Path(__file__).parent.parent / "gabarits" / "compte_rendu" / "v1" / "compte_rendu.docx"


def fabriquer() -> bytes:
    """The template as a .docx file."""
    doc = ouvrir("Établi le {{ etabli_le }}")
    paragraphe(doc, "{{ surtitre }}", "Discret")
    titre(doc, 1, "{{ entete }}")
    tableau(doc, "x in seance", (("Réunion", "{{ x.cle }}", 40), ("À retenir", "{{ x.valeur }}", 124)))
    with balise(doc, "if synthese"):
        titre(doc, 2, "Synthèse")
    repeter(doc, "synthese")
    with balise(doc, "if decisions"):
        titre(doc, 2, "Décisions")
        tableau(
            doc,
            "x in decisions",
            (
                ("N°", "{{ x.numero }}", 12),
                ("Décision", "{{ x.texte }}", 84),
                ("À faire par", "{{ x.responsable }}", 40),
                ("Échéance", "{{ x.echeance }}", 28),
            ),
        )
    with balise(doc, "if points"):
        titre(doc, 2, "Points examinés")
    with balise(doc, "for p in points"):
        titre(doc, 3, "{{ p.titre }}")
        with balise(doc, "if p.detail"):
            paragraphe(doc, "{{ p.detail }}", "Discret")
        repeter(doc, "p.notes")
        repeter(doc, "p.decisions", "List Bullet")
    with balise(doc, "if questions"):
        titre(doc, 2, "Questions préparées")
        tableau(
            doc, "x in questions", (("Question", "{{ x.question }}", 82), ("Réponse", "{{ x.reponse }}", 82))
        )
    titre(doc, 2, "Présences")
    paragraphe(doc, "{{ compte }}")
    _presences(doc, "presents")
    with balise(doc, "if absents"):
        titre(doc, 3, "Absents et excusés")
        _presences(doc, "absents")
    paragraphe(doc, "{{ validation }}", "Discret")
    return fermer(doc)


def _presences(doc: Fichier, variable: str) -> None:
    tableau(
        doc,
        f"x in {variable}",
        (
            ("Nom", "{{ x.nom }}", 50),
            ("Qualité", "{{ x.qualite }}", 76),
            ("Présence", "{{ x.presence }}", 38),
        ),
    )


if __name__ == "__main__":
    GABARIT.parent.mkdir(parents=True, exist_ok=True)
    GABARIT.write_bytes(fabriquer())
