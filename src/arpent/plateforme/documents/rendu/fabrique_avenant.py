"""Makes ``gabarits/avenant/v1/avenant.docx``: the Word avenant, from code, always the same bytes.

    python -m arpent.plateforme.documents.rendu.fabrique_avenant

A test compares the committed file with what this script makes.
"""

from __future__ import annotations

import io
from pathlib import Path

from docx import Document
from docx.document import Document as Fichier
from docx.shared import Mm

from .archive import figer
from .pieces_docx import PIED_DE_CHARTE, balise, champ, installer_styles, paragraphe, tableau, titre

GABARIT = Path(__file__).parent.parent / "gabarits" / "avenant" / "v1" / "avenant.docx"


def fabriquer() -> bytes:
    """The template as a .docx file."""
    doc = Document()
    installer_styles(doc)
    _pages(doc)
    _entete(doc)
    _articles(doc)
    _signatures(doc)
    tampon = io.BytesIO()
    doc.save(tampon)
    return figer(tampon.getvalue())


def _pages(doc: Fichier) -> None:
    section = doc.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(23)
    section.top_margin, section.bottom_margin = Mm(26), Mm(22)
    section.header.paragraphs[0].text = "{{ autorite }} · {{ territoire }}"
    pied = section.footer.paragraphs[0]
    mention = "{% if demonstration %} · * valeurs de démonstration{% endif %}"
    pied.text = PIED_DE_CHARTE + "Version {{ version }} établie le {{ etabli_le }}" + mention + " · page "
    champ(pied, "PAGE")
    pied.add_run(" / ")
    champ(pied, "NUMPAGES")


def _entete(doc: Fichier) -> None:
    paragraphe(doc, "{{ autorite }}", "Autorité")
    paragraphe(doc, "{{ dispositif }} · {{ contrat }}", "Discret")
    titre(doc, 1, "{{ titre }}")
    paragraphe(doc, "{{ objet }}")
    titre(doc, 2, "Entre les parties")
    with balise(doc, "for p in parties"):
        paragraphe(
            doc,
            "{{ p.nom }}{% if p.representation %}, représenté par {{ p.representation }}{% endif %}",
            "List Bullet",
        )
    paragraphe(doc, "{{ chapeau }}")


def _articles(doc: Fichier) -> None:
    titre(doc, 2, "Article 1. Modifications")
    mouvements(doc)
    titre(doc, 2, "Article 2. Effets sur les aides")
    with balise(doc, "for x in totaux"):
        paragraphe(doc, "{{ x.cle }} : {{ x.valeur }}", "Repère")
    with balise(doc, "if lignes"):
        lignes_revues(doc)
    titre(doc, 2, "Article 3. Date d’effet")
    paragraphe(doc, "{{ effet }}")
    titre(doc, 2, "Article 4. Autres dispositions")
    paragraphe(doc, "Les autres dispositions du contrat et de ses annexes demeurent inchangées.")
    titre(doc, 2, "Voie d’approbation")
    paragraphe(doc, "{{ voie }}.")
    with balise(doc, "for x in raisons"):
        paragraphe(doc, "{{ x }}", "List Bullet")
    with balise(doc, "for x in mentions"):
        paragraphe(doc, "{{ x }}*", "Attention")


def mouvements(doc: Fichier) -> None:
    """One numbered sentence a change, its reason below."""
    with balise(doc, "for m in mouvements"):
        p = paragraphe(doc, "{{ m.numero }}. {{ m.phrase }}")
        p.paragraph_format.left_indent, p.paragraph_format.first_line_indent = Mm(6), Mm(-6)
        with balise(doc, "if m.motif"):
            paragraphe(doc, "Motif : {{ m.motif }}", "Discret").paragraph_format.left_indent = Mm(6)


def lignes_revues(doc: Fichier) -> None:
    """The projects touched, their aid before and after."""
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
    )


def _signatures(doc: Fichier) -> None:
    titre(doc, 2, "Signatures")
    paragraphe(
        doc, "Fait à {{ fait_a or '………………………………' }}, le ………………………………"
    ).paragraph_format.keep_with_next = True
    tableau(
        doc,
        "p in parties",
        (
            ("Partie", "{{ p.nom }}", 60),
            ("Nom et qualité", "{{ p.signature }}", 54),
            ("Signature", "", 50),
        ),
        hauteur=Mm(24),
    )


if __name__ == "__main__":
    GABARIT.write_bytes(fabriquer())
