"""Makes ``gabarits/note/v1/note.docx``: the Word note de synthèse, from code, always the same bytes.

    python -m arpent.plateforme.documents.rendu.fabrique_note

A test compares the committed file with what this script makes.
"""

from __future__ import annotations

from pathlib import Path

from docx.document import Document as Fichier
from docx.shared import Mm

from .fabrique_convocation import fermer, ouvrir
from .pieces_docx import balise, paragraphe, repeter, tableau, titre

GABARIT = Path(__file__).parent.parent / "gabarits" / "note" / "v1" / "note.docx"


def fabriquer() -> bytes:
    """The template as a .docx file."""
    doc = ouvrir("Note établie le {{ etabli_le }}")
    doc.styles["Heading 1"].font.size = Mm(6)
    paragraphe(doc, "{{ surtitre }}", "Discret")
    titre(doc, 1, "{{ objet }}")
    with balise(doc, "if regle"):
        paragraphe(doc, "{{ regle }}", "Discret")
    titre(doc, 2, "Ce qui est demandé")
    paragraphe(doc, "Il est demandé à l’assemblée :")
    repeter(doc, "demande", "List Bullet")
    _partie(doc)
    titre(doc, 2, "Conséquences financières")
    repeter(doc, "finances")
    titre(doc, 2, "Le contrat dans son ensemble")
    repeter(doc, "presentation")
    with balise(doc, "if themes"):
        _totaux(doc, "Thème", "themes")
        _totaux(doc, "Année", "annees")
        titre(doc, 3, "Par financeur")
        tableau(
            doc,
            "x in financeurs",
            (("Financeur", "{{ x.libelle }}", 124), ("Montant", "{{ x.montant }}", -40)),
            pied=("Coût total HT", "{{ cout_total }}"),
        )
    with balise(doc, "if articles"):
        titre(doc, 2, "Les principaux articles")
    with balise(doc, "for a in articles"):
        p = paragraphe(doc, "")
        p.add_run("{{ a.titre }}").bold = True
        p.add_run("{% if a.texte %}. {{ a.texte }}{% endif %}")
    with balise(doc, "if reste_articles"):
        paragraphe(doc, "{{ reste_articles }}", "Discret")
    titre(doc, 2, "Calendrier")
    tableau(doc, "x in calendrier", (("Quand", "{{ x.quand }}", 60), ("Quoi", "{{ x.quoi }}", 104)))
    titre(doc, 2, "Annexes du contrat")
    paragraphe(doc, "{{ annexes | join(' ; ') }}.")
    return fermer(doc)


def _partie(doc: Fichier) -> None:
    titre(doc, 2, "{{ partie_titre }}")
    repeter(doc, "partie")
    with balise(doc, "if siens"):
        tableau(
            doc,
            "p in siens",
            (
                ("N°", "{{ p.numero }}", 12),
                ("Projet", "{{ p.titre }}", 49),
                ("Année", "{{ p.annee }}", 13),
                ("Coût HT", "{{ p.cout_ht }}", -31),
                ("Aide", "{{ p.aide }}", -29),
                ("Reste", "{{ p.reste }}", -30),
            ),
            pied=(
                "",
                "Total",
                "",
                "{{ total_siens.cout_ht }}",
                "{{ total_siens.aide }}",
                "{{ total_siens.reste }}",
            ),
        )


def _totaux(doc: Fichier, quoi: str, variable: str) -> None:
    titre(doc, 3, f"Par {quoi.lower()}")
    tableau(
        doc,
        f"x in {variable}",
        (
            (quoi, "{{ x.libelle }}", 80),
            ("Projets", "{{ x.nombre }}", -20),
            ("Coût HT", "{{ x.cout_ht }}", -32),
            ("Aide", "{{ x.aide }}", -32),
        ),
        pied=("Total", "{{ ensemble.nombre }}", "{{ ensemble.cout_ht }}", "{{ ensemble.aide }}"),
    )


if __name__ == "__main__":
    GABARIT.parent.mkdir(parents=True, exist_ok=True)
    GABARIT.write_bytes(fabriquer())
