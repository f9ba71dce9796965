"""Makes ``gabarits/convocation/v1/convocation.docx``: the Word convocation, from code, always the same bytes.

    python -m arpent.plateforme.documents.rendu.fabrique_convocation

A test compares the committed file with what this script makes.
"""

from __future__ import annotations

import io
from pathlib import Path

from docx import Document
from docx.document import Document as Fichier
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm

from .archive import figer
from .pieces_docx import PIED_DE_CHARTE, balise, champ, installer_styles, paragraphe, tableau, titre

GABARIT = Path(__file__).parent.parent / "gabarits" / "convocation" / "v1" / "convocation.docx"


def ouvrir(pied_de_page: str) -> Fichier:
    """An A4 sheet with the name of the body above and the page number below."""
    doc = Document()
    installer_styles(doc)
    section = doc.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(23)
    section.top_margin, section.bottom_margin = Mm(24), Mm(20)
    section.header.paragraphs[0].text = "{{ nom }}{% if siren %} · SIREN {{ siren }}{% endif %}"
    pied = section.footer.paragraphs[0]
    pied.text = (
        PIED_DE_CHARTE
        + pied_de_page
        + "{% if demonstration %} · * valeurs de démonstration{% endif %} · page "
    )
    champ(pied, "PAGE")
    pied.add_run(" / ")
    champ(pied, "NUMPAGES")
    paragraphe(doc, "{{ nom }}", "Autorité").paragraph_format.space_after = Mm(4)
    return doc


def fermer(doc: Fichier) -> bytes:
    tampon = io.BytesIO()
    doc.save(tampon)
    return figer(tampon.getvalue())


def fabriquer() -> bytes:
    """The template as a .docx file."""
    doc = ouvrir("Préparée le {{ etabli_le }}")
    titre(doc, 1, "{{ entete }}")
    paragraphe(doc, "{{ envoyee }}").alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paragraphe(doc, "{{ appel }}")
    paragraphe(doc, "{{ invitation }}")
    tableau(doc, "x in reunion", (("Séance", "{{ x.cle }}", 40), ("À retenir", "{{ x.valeur }}", 124)))
    titre(doc, 2, "Ordre du jour")
    with balise(doc, "for x in ordre_du_jour"):
        paragraphe(doc, "{{ x }}", "List Bullet")
    with balise(doc, "for x in regles"):
        paragraphe(doc, "{{ x }}")
    with balise(doc, "if pieces"):
        paragraphe(doc, "Sont joints à cette convocation :")
    with balise(doc, "for x in pieces"):
        paragraphe(doc, "{{ x }}", "List Bullet")
    paragraphe(doc, "{{ formule }}").paragraph_format.space_before = Mm(2)
    signature = paragraphe(doc, "{{ executif }}", "Cle")
    signature.paragraph_format.left_indent = Mm(90)
    suite = paragraphe(doc, "Nom et signature", "Discret")
    suite.paragraph_format.left_indent, suite.paragraph_format.space_after = Mm(90), Mm(12)
    with balise(doc, "if pouvoir"):
        paragraphe(doc, "– – – – – – – – – – – – – – – – – – – – – – – – – – – – – – – – – – – –", "Discret")
        titre(doc, 2, "Pouvoir (à rendre signé avant la séance)")
    with balise(doc, "for x in pouvoir"):
        paragraphe(doc, "{{ x }}").paragraph_format.keep_with_next = True
    paragraphe(doc, "{{ regle_pouvoir }}", "Discret")
    titre(doc, 2, "Pour l’envoi (feuille à garder, ne part pas avec la convocation)", nouvelle_page=True)
    paragraphe(doc, "{{ limite }}", "Attention")
    paragraphe(doc, "Il reste à compléter :")
    with balise(doc, "for x in a_completer"):
        paragraphe(doc, "{{ x }}", "List Bullet")
    with balise(doc, "if rappels"):
        paragraphe(doc, "À vérifier :")
    with balise(doc, "for x in rappels"):
        paragraphe(doc, "{{ x }}", "List Bullet")
    titre(doc, 3, "Message d’accompagnement")
    with balise(doc, "for x in message"):
        paragraphe(doc, "{{ x }}")
    return fermer(doc)


if __name__ == "__main__":
    GABARIT.parent.mkdir(parents=True, exist_ok=True)
    GABARIT.write_bytes(fabriquer())
