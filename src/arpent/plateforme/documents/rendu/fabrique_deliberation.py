"""Makes ``gabarits/deliberation/v1/deliberation.docx``: the Word draft, from code, always the same bytes.

    python -m arpent.plateforme.documents.rendu.fabrique_deliberation

A mairie may then open the template in Word and give it its own heading (docs/documents.md). A test compares
the committed file with what this script makes.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

from docx import Document
from docx.document import Document as Fichier
from docx.shared import Mm

from .archive import figer
from .pieces_docx import balise, champ, installer_styles, paragraphe, tableau, titre

GABARIT = Path(__file__).parent.parent / "gabarits" / "deliberation" / "v1" / "deliberation.docx"


def fabriquer() -> bytes:
    """The template as a .docx file."""
    return assembler(_corps, "Après en avoir délibéré, le {{ assemblee }} :", "de la fiche projet")


def assembler(corps: Callable[[Fichier], None], decision: str, origine: str) -> bytes:
    """A draft délibération: heading and sitting, `corps`, then the decision, the vote, what is left to do."""
    doc = Document()
    installer_styles(doc)
    doc.styles["Title"].paragraph_format.space_before = Mm(2)
    doc.styles["Title"].font.size = Mm(7)
    _entete(doc)
    corps(doc)
    _decision(doc, decision, origine)
    tampon = io.BytesIO()
    doc.save(tampon)
    return figer(tampon.getvalue())


def _entete(doc: Fichier) -> None:
    section = doc.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(23)
    section.top_margin, section.bottom_margin = Mm(24), Mm(22)
    section.header.paragraphs[0].text = "{{ nom }}{% if siren %} · SIREN {{ siren }}{% endif %}"
    pied = section.footer.paragraphs[0]
    mention = "{% if demonstration %} · * valeurs de démonstration{% endif %}"
    pied.text = "Projet établi le {{ etabli_le }}" + mention + " · page "
    champ(pied, "PAGE")
    pied.add_run(" / ")
    champ(pied, "NUMPAGES")
    paragraphe(doc, "{{ nom }}", "Autorité")
    paragraphe(doc, "Projet de délibération", "Attention")
    titre(doc, 1, "{{ assemblee_titre }} : délibération n°\u00a0{{ numero }}")
    paragraphe(doc, "Séance du {{ seance }}")
    tableau(doc, "m in membres", (("Séance", "{{ m.cle }}", 82), ("À reporter", "{{ m.valeur }}", 82)))


def _corps(doc: Fichier) -> None:
    paragraphe(doc, "Objet : {{ objet }}", "Cle").paragraph_format.space_after = Mm(3)
    with balise(doc, "for x in visas"):
        paragraphe(doc, "Vu {{ x }}")
    titre(doc, 2, "Exposé")
    with balise(doc, "for x in expose"):
        paragraphe(doc, "{{ x }}")
    paragraphe(doc, "{{ financement }}")
    with balise(doc, "if plan"):
        tableau(
            doc,
            "l in plan",
            (
                ("Financeur", "{{ l.financeur }}", 46),
                ("Dispositif ou précision", "{{ l.libelle }}", 46),
                ("Statut", "{{ l.statut }}", 22),
                ("Montant", "{{ l.montant }}{% if l.demonstration %}*{% endif %}", -32),
                ("Part", "{{ l.part }}", -18),
            ),
            pied=("Total des financements", "", "", "{{ total_plan }}", ""),
        )
    with balise(doc, "if ecart"):
        paragraphe(
            doc,
            "{{ ecart }} Coût total HT : {{ cout_ht }} ; financements : {{ total_plan }} ; "
            "écart : {{ ecart_montant }}.",
            "Attention",
        )


def _decision(doc: Fichier, annonce: str, origine: str) -> None:
    titre(doc, 2, "Décision")
    paragraphe(doc, annonce)
    with balise(doc, "for a in articles"):
        p = paragraphe(doc, "{{ a.numero }}. {{ a.texte }}")
        p.paragraph_format.left_indent, p.paragraph_format.first_line_indent = Mm(6), Mm(-6)
    titre(doc, 2, "Vote")
    tableau(doc, "v in votes", (("Voix", "{{ v.cle }}", 82), ("Nombre", "{{ v.valeur }}", 82)))
    for qualite in ("Le secrétaire de séance", "{{ executif }}"):
        paragraphe(doc, qualite, "Cle").paragraph_format.space_before = Mm(8)
        paragraphe(doc, "Nom, date et signature :", "Discret").paragraph_format.space_after = Mm(14)
    titre(doc, 2, "Avant le vote (à retirer de l’acte)")
    paragraphe(
        doc,
        f"Ce projet est préparé à partir {origine} ; il n’a pas de valeur d’acte. Il reste à compléter :",
    )
    with balise(doc, "for x in a_completer"):
        paragraphe(doc, "{{ x }}", "List Bullet")
    with balise(doc, "if rappels"):
        paragraphe(doc, "À vérifier :")
    with balise(doc, "for x in rappels"):
        paragraphe(doc, "{{ x }}", "List Bullet")


if __name__ == "__main__":
    GABARIT.write_bytes(fabriquer())
