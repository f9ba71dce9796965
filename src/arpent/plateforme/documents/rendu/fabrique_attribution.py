"""Makes the Word templates of the acts that award an aid, from code, always the same bytes.

    python -m arpent.plateforme.documents.rendu.fabrique_attribution

A test compares the committed files with what this script makes.
"""

from __future__ import annotations

from pathlib import Path

from docx.document import Document as Fichier
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm

from .fabrique_convocation import fermer, ouvrir
from .pieces_docx import balise, paragraphe, tableau, titre

GENRES = ("lettre", "arrete", "convention")
_GABARITS = Path(__file__).parent.parent / "gabarits"


def chemin(genre: str) -> Path:
    nom = f"{genre}_attribution"
    return _GABARITS / nom / "v1" / f"{nom}.docx"


def fabriquer(genre: str) -> bytes:
    """The template of that act as a .docx file."""
    doc = ouvrir("Établi le {{ etabli_le }}")
    paragraphe(doc, "{{ mention }}", "Attention")
    {"lettre": _lettre, "arrete": _arrete, "convention": _convention}[genre](doc)
    with balise(doc, "if not emis"):
        _reste(doc)
    return fermer(doc)


def _lettre(doc: Fichier) -> None:
    for texte in ("{{ beneficiaire_executif }}", "{{ beneficiaire }}", "{{ adresse }}"):
        p = paragraphe(doc, texte)
        p.paragraph_format.left_indent, p.paragraph_format.space_after = Mm(95), Mm(0)
    date = paragraphe(doc, "{{ lieu }}")
    date.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    date.paragraph_format.space_before, date.paragraph_format.space_after = Mm(4), Mm(8)
    titre(doc, 1, "{{ entete }}")
    paragraphe(doc, "Objet : {{ objet }}", "Cle")
    paragraphe(doc, "Références : {{ references }}", "Discret")
    paragraphe(doc, "Madame, Monsieur,").paragraph_format.space_before = Mm(3)
    with balise(doc, "for x in corps"):
        paragraphe(doc, "{{ x }}")
    _montants(doc)
    titre(doc, 2, "Pour être payé")
    with balise(doc, "for x in suites"):
        paragraphe(doc, "{{ x }}")
    paragraphe(doc, "Envoyez :")
    with balise(doc, "for x in a_envoyer"):
        paragraphe(doc, "{{ x }}", "List Bullet")
    with balise(doc, "if delais"):
        titre(doc, 2, "Délais à respecter")
    with balise(doc, "for x in delais"):
        paragraphe(doc, "{{ x }}", "List Bullet")
    paragraphe(doc, "{{ formule }}").paragraph_format.space_before = Mm(3)
    _signature(doc)


def _arrete(doc: Fichier) -> None:
    titre(doc, 1, "{{ entete }}")
    paragraphe(doc, "Objet : {{ objet }}", "Cle").paragraph_format.space_after = Mm(3)
    paragraphe(doc, "{{ autorite_executif }},", "Cle")
    _visas(doc)
    paragraphe(doc, "ARRÊTE", "Cle").alignment = WD_ALIGN_PARAGRAPH.CENTER
    _articles(doc)
    paragraphe(doc, "{{ lieu }}").paragraph_format.space_before = Mm(4)
    _signature(doc)


def _convention(doc: Fichier) -> None:
    titre(doc, 1, "{{ entete }}")
    paragraphe(doc, "Objet : {{ objet }}", "Cle").paragraph_format.space_after = Mm(3)
    paragraphe(doc, "Entre", "Cle")
    with balise(doc, "for x in parties"):
        with balise(doc, "if not loop.first"):
            paragraphe(doc, "et")
        paragraphe(doc, "{{ x }}")
    _visas(doc)
    paragraphe(doc, "Il est convenu ce qui suit.", "Cle")
    _articles(doc)
    paragraphe(doc, "{{ lieu }}, en deux exemplaires.").paragraph_format.space_before = Mm(4)
    for role, qui in (
        ("{{ role_autorite }}", "{{ signataire }}{% if qualite %}, {{ qualite }}{% endif %}"),
        ("Pour le bénéficiaire", "{{ beneficiaire_executif }}, {{ beneficiaire }}"),
    ):
        paragraphe(doc, role, "Cle")
        p = paragraphe(doc, qui)
        p.paragraph_format.keep_with_next, p.paragraph_format.space_after = True, Mm(0)
        paragraphe(doc, "Date, signature et cachet", "Discret").paragraph_format.space_after = Mm(16)


def _visas(doc: Fichier) -> None:
    with balise(doc, "for x in visas"):
        paragraphe(doc, "Vu {{ x }}")


def _montants(doc: Fichier) -> None:
    tableau(doc, "m in montants", (("Montants", "{{ m.cle }}", 64), ("Valeur", "{{ m.valeur }}", 100)))


def _articles(doc: Fichier) -> None:
    with balise(doc, "for a in articles"):
        titre(doc, 2, "Article {{ a.numero }}. {{ a.titre }}")
        with balise(doc, "for x in a.paragraphes"):
            paragraphe(doc, "{{ x }}")


def _signature(doc: Fichier) -> None:
    for texte, style, apres in (
        ("{{ pour_l_autorite }}", "Cle", 0),
        ("{{ signataire }}", "Normal", 0),
        ("Signature et cachet", "Discret", 16),
    ):
        p = paragraphe(doc, texte, style)
        p.paragraph_format.left_indent, p.paragraph_format.space_after = Mm(90), Mm(apres)
        p.paragraph_format.keep_with_next = apres == 0


def _reste(doc: Fichier) -> None:
    titre(doc, 2, "Avant la signature (feuille à retirer)", nouvelle_page=True)
    with balise(doc, "if constat"):
        paragraphe(doc, "{{ constat }}", "Attention")
    paragraphe(doc, "Il reste à compléter :")
    with balise(doc, "for x in a_completer"):
        paragraphe(doc, "{{ x }}", "List Bullet")
    with balise(doc, "if rappels"):
        paragraphe(doc, "À vérifier :")
    with balise(doc, "for x in rappels"):
        paragraphe(doc, "{{ x }}", "List Bullet")


if __name__ == "__main__":
    for genre in GENRES:
        chemin(genre).parent.mkdir(parents=True, exist_ok=True)
        chemin(genre).write_bytes(fabriquer(genre))
