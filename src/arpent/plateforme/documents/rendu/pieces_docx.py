"""The pieces a Word template is made of: styles of the house, marked paragraphs, tables, fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

_ENCRE, _DOUCE, _VERT, _OCRE = (RGBColor.from_string(x) for x in ("1D2420", "55605A", "17573C", "8A5A00"))
_FILET = "DCD8CC"
Colonne = tuple[str, str, int]
"""Title, mark, width in millimetres; a negative width is a column of figures, set to the right."""


@contextmanager
def balise(doc: Document, texte: str) -> Iterator[None]:
    """The paragraphs written inside are kept under « if … » or repeated by « for … »."""
    doc.add_paragraph(f"{{%p {texte} %}}")
    yield
    doc.add_paragraph(f"{{%p end{texte.split()[0]} %}}")


def paragraphe(doc: Document, texte: str, style: str = "Normal") -> Paragraph:
    return doc.add_paragraph(texte, style=style)


def repeter(doc: Document, variable: str, style: str = "Normal") -> None:
    """A paragraph for each text of a list."""
    with balise(doc, f"for x in {variable}"):
        paragraphe(doc, "{{ x }}", style)


def titre(doc: Document, niveau: int, texte: str, *, nouvelle_page: bool = False) -> None:
    doc.add_paragraph(texte, style=f"Heading {niveau}").paragraph_format.page_break_before = (
        nouvelle_page or None
    )


def sommaire(doc: Document, variable: str) -> None:
    """A table of contents that Word updates, already filled for readers that do not."""
    paragraphe(doc, "Sommaire", "Sommaire titre")
    debut = doc.add_paragraph(style="Sommaire")
    _borne(debut, "begin", dirty="true")
    _instruction(debut, 'TOC \\o "1-2" \\h \\z \\u')
    _borne(debut, "separate")
    with balise(doc, f"for x in {variable}"):
        paragraphe(doc, "{{ x }}", "Sommaire")
    _borne(doc.add_paragraph(style="Sommaire"), "end")


def champ(p: Paragraph, code: str) -> None:
    """A field (PAGE, NUMPAGES) with « 1 » as its value until it is computed."""
    _borne(p, "begin")
    _instruction(p, code)
    _borne(p, "separate")
    p.add_run("1")
    _borne(p, "end")


def tableau(
    doc: Document,
    boucle: str,
    colonnes: Sequence[Colonne],
    *,
    pied: Sequence[str] = (),
    hauteur: Length | None = None,
) -> None:
    """A table: header row repeated on each page, one row for each turn of ``boucle``, a row of totals."""
    table = doc.add_table(rows=0, cols=len(colonnes))
    table.autofit = False
    for colonne, (_, _, largeur) in zip(table.columns, colonnes, strict=True):
        colonne.width = Mm(abs(largeur))
    _filets(table)
    _rangee(table, [c[0] for c in colonnes], colonnes, "Tableau titre")
    _entete(table)
    _rangee(table, [f"{{%tr for {boucle} %}}"], colonnes)
    _rangee(table, [c[1] for c in colonnes], colonnes)
    if hauteur is not None:
        table.rows[-1].height, table.rows[-1].height_rule = hauteur, WD_ROW_HEIGHT_RULE.AT_LEAST
    _rangee(table, ["{%tr endfor %}"], colonnes)
    if pied:
        _rangee(table, pied, colonnes, "Tableau total")


PIED_DE_CHARTE = "{% if charte and charte.pied %}{{ charte.pied }} · {% endif %}"
"""Before the rest of a footer: the address of the authority."""


def installer_styles(doc: Document) -> None:
    """French, the inks of the house, and fonts found on every office computer."""
    normal = _style(doc, "Normal", "Calibri", 10.5, _ENCRE, avant=0, apres=5)
    normal.element.get_or_add_rPr().append(_element("w:lang", val="fr-FR"))
    for lang in doc.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:val"), "fr-FR")
    _style(doc, "Title", "Georgia", 26, _VERT, avant=120, apres=6, gras=True)
    _style(doc, "Subtitle", "Georgia", 18, _ENCRE, avant=0, apres=18)
    for niveau, taille, avant in ((1, 19, 0), (2, 13, 14), (3, 11, 10)):
        style = _style(doc, f"Heading {niveau}", "Georgia", taille, _VERT, avant=avant, apres=6, gras=True)
        style.paragraph_format.keep_with_next = True
    _style(doc, "List Bullet", "Calibri", 10.5, _ENCRE, avant=0, apres=3)
    _style(doc, "Autorité", "Calibri", 13, _ENCRE, avant=0, apres=0, gras=True)
    _style(doc, "Discret", "Calibri", 9, _DOUCE, avant=0, apres=4)
    _style(doc, "Attention", "Calibri", 10.5, _OCRE, avant=6, apres=6, gras=True)
    _style(
        doc, "Cle", "Calibri", 10.5, _ENCRE, avant=8, apres=0, gras=True
    ).paragraph_format.keep_with_next = True
    _style(doc, "Repère", "Calibri", 10.5, _ENCRE, avant=0, apres=1)
    _style(doc, "Sommaire titre", "Georgia", 19, _VERT, avant=0, apres=8, gras=True)
    doc.styles["Sommaire titre"].paragraph_format.page_break_before = True
    _style(doc, "Sommaire", "Calibri", 10, _ENCRE, avant=0, apres=2)
    _style(doc, "Tableau", "Calibri", 9, _ENCRE, avant=2, apres=2)
    _style(doc, "Tableau titre", "Calibri", 8.5, _DOUCE, avant=2, apres=2, gras=True)
    _style(doc, "Tableau total", "Calibri", 9, _ENCRE, avant=2, apres=2, gras=True)
    for nom in ("Header", "Footer"):
        _style(doc, nom, "Calibri", 8.5, _DOUCE, avant=0, apres=0)


def _style(
    doc: Document,
    nom: str,
    police: str,
    taille: float,
    couleur: RGBColor,
    *,
    avant: float,
    apres: float,
    gras: bool = False,
) -> ParagraphStyle:
    noms = {style.name for style in doc.styles}
    style = doc.styles[nom] if nom in noms else doc.styles.add_style(nom, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)
    style.font.size, style.font.bold, style.font.color.rgb = Pt(taille), gras, couleur
    style.font.name = police
    fontes = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribut in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fontes.attrib.pop(qn(f"w:{attribut}"), None)
    for bordure in list(style.element.iter(qn("w:pBdr"))):
        bordure.getparent().remove(bordure)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(avant), Pt(apres)
    return style


def _rangee(table: Table, textes: Sequence[str], colonnes: Sequence[Colonne], style: str = "Tableau") -> None:
    rangee = table.add_row()  # type: ignore[no-untyped-call]
    rangee._tr.get_or_add_trPr().append(_element("w:cantSplit"))
    cellules = rangee.cells
    for cellule, (_, _, largeur) in zip(cellules, colonnes, strict=True):
        cellule.width = Mm(abs(largeur))
        cellule.paragraphs[0].style = style
        if largeur < 0:
            cellule.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for cellule, texte in zip(cellules, textes, strict=False):
        _ecrire(cellule, texte)


def _ecrire(cellule: _Cell, texte: str) -> None:
    cellule.paragraphs[0].add_run(texte)


def _entete(table: Table) -> None:
    table.rows[0]._tr.get_or_add_trPr().append(_element("w:tblHeader", val="true"))


def _filets(table: Table) -> None:
    """Hairlines between rows, and narrow margins that leave room for amounts."""
    bordures, marges = _element("w:tblBorders"), _element("w:tblCellMar")
    for cote, taille in (("top", "8"), ("bottom", "8"), ("insideH", "4")):
        bordures.append(_element(f"w:{cote}", val="single", sz=taille, space="0", color=_FILET))
    for cote in ("left", "right"):
        marges.append(_element(f"w:{cote}", w="57", type="dxa"))
    # Word wants the children of tblPr in the order of the standard: borders, layout, margins, look.
    disposition = table._tbl.tblPr.find(qn("w:tblLayout"))
    assert disposition is not None
    disposition.addprevious(bordures)
    disposition.addnext(marges)


def _borne(p: Paragraph, nature: str, **attributs: str) -> None:
    p.add_run()._r.append(_element("w:fldChar", fldCharType=nature, **attributs))


def _element(nom: str, **attributs: str) -> Any:
    element = OxmlElement(nom)
    for cle, valeur in attributs.items():
        element.set(qn(f"w:{cle}"), valeur)
    return element


def _instruction(p: Paragraph, code: str) -> None:
    instruction = OxmlElement("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = f" {code} "
    p.add_run()._r.append(instruction)
