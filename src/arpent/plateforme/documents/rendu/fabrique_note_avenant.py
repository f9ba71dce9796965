"""Makes ``gabarits/note_avenant/v1/note_avenant.docx``, from code, always the same bytes.

    python -m arpent.plateforme.documents.rendu.fabrique_note_avenant

A test compares the committed file with what this script makes.
"""

from __future__ import annotations

from pathlib import Path

from docx.shared import Mm

from .fabrique_avenant import mouvements
from .fabrique_convocation import fermer, ouvrir
from .pieces_docx import balise, paragraphe, repeter, tableau, titre

GABARIT = Path(__file__).parent.parent / "gabarits" / "note_avenant" / "v1" / "note_avenant.docx"


def fabriquer() -> bytes:
    """The template as a .docx file."""
    doc = ouvrir("Note établie le {{ etabli_le }}")
    doc.styles["Heading 1"].font.size = Mm(6)
    paragraphe(doc, "{{ surtitre }}", "Discret")
    titre(doc, 1, "{{ intitule }}")
    paragraphe(doc, "{{ objet }}")
    with balise(doc, "if regle"):
        paragraphe(doc, "{{ regle }}", "Discret")
    titre(doc, 2, "Ce qui est demandé")
    paragraphe(doc, "Il est demandé à l’assemblée :")
    repeter(doc, "demande", "List Bullet")
    titre(doc, 2, "Ce que dit l’avenant")
    repeter(doc, "presentation")
    mouvements(doc)
    titre(doc, 2, "{{ partie_titre }}")
    repeter(doc, "partie")
    titre(doc, 2, "Effets sur le contrat")
    with balise(doc, "for x in totaux"):
        paragraphe(doc, "{{ x.cle }} : {{ x.valeur }}", "Cle")
    with balise(doc, "if lignes"):
        tableau(
            doc,
            "x in lignes",
            (
                ("N°", "{{ x.numero }}", 12),
                ("Projet", "{{ x.titre }}", 54),
                ("Maître d’ouvrage", "{{ x.maitre_ouvrage }}", 42),
                ("Aide avant", "{{ x.avant }}", -28),
                ("Aide après", "{{ x.apres }}", -28),
            ),
            pied=("", "Projets touchés", "", "{{ avant }}", "{{ apres }}"),
        )
    titre(doc, 2, "Calendrier")
    tableau(doc, "x in calendrier", (("Quand", "{{ x.quand }}", 60), ("Quoi", "{{ x.quoi }}", 104)))
    titre(doc, 2, "Voie d’approbation")
    paragraphe(doc, "{{ voie }}.")
    repeter(doc, "raisons", "List Bullet")
    with balise(doc, "for x in mentions"):
        paragraphe(doc, "{{ x }}*", "Attention")
    return fermer(doc)


if __name__ == "__main__":
    GABARIT.parent.mkdir(parents=True, exist_ok=True)
    GABARIT.write_bytes(fabriquer())
