"""What slides are made of: a title, a text, a table, a native chart, a picture with its alternative."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE
from pptx.util import Emu, Inches, Pt

from arpent.plateforme.socle.images import png

from ..donnees_portrait import GraphiqueDoc
from .texte import propre

LARGEUR, HAUTEUR = Inches(13.333), Inches(7.5)
MARGE = Inches(0.7)
PLEIN = Emu(LARGEUR - 2 * MARGE)
VERT, ENCRE, DOUX, PAPIER = "17573C", "1A231E", "55605A", "F6F2E9"
POLICE, POLICE_TITRE = "Calibri", "Georgia"
BARRES_MAX = 10


def couleur(hexa: str) -> RGBColor:
    return RGBColor(*bytes.fromhex(hexa))  # type: ignore[no-untyped-call]


def ecrire(
    diapo: Any, textes: Sequence[str], cadre: tuple[int, int, int, int], *, taille: int = 20,
    gras: bool = False, teinte: str = ENCRE, police: str = POLICE, puces: bool = False,
) -> Any:  # fmt: skip
    """Paragraphs in a box (left, top, width, height). Returns the shape."""
    forme = diapo.shapes.add_textbox(*(Emu(int(x)) for x in cadre))
    zone = forme.text_frame
    zone.word_wrap, zone.auto_size = True, MSO_AUTO_SIZE.NONE
    for rang, texte in enumerate(textes):
        ligne = zone.paragraphs[0] if rang == 0 else zone.add_paragraph()
        morceau = ligne.add_run()
        morceau.text = ("• " if puces else "") + propre(texte).replace("\n", " ")
        morceau.font.size, morceau.font.bold, morceau.font.name = Pt(taille), gras, police
        morceau.font.color.rgb = couleur(teinte)
        ligne.space_after = Pt(taille * 0.35)
    return forme


def titrer(diapo: Any, titre: str) -> None:
    """The finding of the slide, in the title placeholder: screen readers and the outline find it."""
    forme = diapo.shapes.title
    forme.left, forme.top, forme.width, forme.height = MARGE, Inches(0.35), PLEIN, Inches(1.25)
    zone = forme.text_frame
    zone.word_wrap, zone.vertical_anchor = True, MSO_ANCHOR.MIDDLE
    zone.text = propre(titre).replace("\n", " ")
    police = zone.paragraphs[0].runs[0].font
    police.size, police.bold, police.name = Pt(30 if len(titre) < 90 else 26), True, POLICE_TITRE
    police.color.rgb = couleur(VERT)
    zone.paragraphs[0].alignment = 1


def decrire(forme: Any, titre: str, description: str) -> None:
    """The alternative text of a picture or of a chart."""
    proprietes = forme._element.xpath(".//p:cNvPr")[0]
    proprietes.set("descr", propre(f"{titre}. {description}")[:2000])
    proprietes.set("title", propre(titre)[:250])


def dessiner(diapo: Any, graphique: GraphiqueDoc, cadre: tuple[int, int, int, int]) -> None:
    """A native bar chart when bars say it all, else the drawing as a picture. ImageImpossible."""
    if graphique.barres and len(graphique.barres) <= BARRES_MAX:
        _barres(diapo, graphique, cadre)
    else:
        _image(diapo, graphique, cadre)


def _barres(diapo: Any, graphique: GraphiqueDoc, cadre: tuple[int, int, int, int]) -> None:
    donnees: Any = CategoryChartData()  # type: ignore[no-untyped-call]
    donnees.categories = [propre(b.libelle) for b in graphique.barres]
    donnees.add_series(propre(graphique.titre)[:200], [float(b.valeur) for b in graphique.barres])
    forme = diapo.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *(Emu(int(x)) for x in cadre), donnees)
    decrire(forme, graphique.titre, graphique.description)
    dessin = forme.chart
    dessin.has_legend = dessin.has_title = False
    dessin.font.size, dessin.font.name = Pt(18), POLICE
    dessin.value_axis.visible = dessin.value_axis.has_major_gridlines = False
    if all(b.valeur >= 0 for b in graphique.barres):
        dessin.value_axis.minimum_scale = 0
    axe = dessin.category_axis
    axe.reverse_order = True  # the first bar on top, as it is read
    axe.format.line.fill.background()
    trace = dessin.plots[0]
    trace.gap_width = 45
    trace.series[0].format.fill.solid()
    trace.series[0].format.fill.fore_color.rgb = couleur(VERT)
    for rang, barre in enumerate(graphique.barres):
        etiquette = trace.series[0].points[rang].data_label
        etiquette.has_text_frame = True
        etiquette.text_frame.text = propre(barre.ecrit)
        etiquette.text_frame.paragraphs[0].runs[0].font.size = Pt(18)
        etiquette.position = XL_LABEL_POSITION.OUTSIDE_END


def _image(diapo: Any, graphique: GraphiqueDoc, cadre: tuple[int, int, int, int]) -> None:
    x, y, large, haut = cadre
    forme = diapo.shapes.add_picture(io.BytesIO(png(graphique.svg)), Emu(int(x)), Emu(int(y)))
    echelle = min(large / forme.width, haut / forme.height)
    forme.width, forme.height = Emu(int(forme.width * echelle)), Emu(int(forme.height * echelle))
    forme.left = Emu(int(x + (large - forme.width) / 2))
    decrire(forme, graphique.titre, graphique.description)


def tableau(
    diapo: Any, entetes: Sequence[str], lignes: Sequence[Sequence[str]], cadre: tuple[int, int, int, int]
) -> None:
    """A table with a header row; the first column is wider, the others to the right."""
    forme = diapo.shapes.add_table(len(lignes) + 1, len(entetes), *(Emu(int(x)) for x in cadre))
    table = forme.table
    table.first_row, table.horz_banding = True, False
    premiere = int(cadre[2] * 0.34)
    for rang in range(len(entetes)):
        table.columns[rang].width = (
            premiere if rang == 0 else int((cadre[2] - premiere) / max(len(entetes) - 1, 1))
        )
    for i, ligne in enumerate((entetes, *lignes)):
        for j, texte in enumerate(ligne):
            case = table.cell(i, j)
            case.text = propre(texte)
            case.fill.solid()
            case.fill.fore_color.rgb = couleur(VERT if i == 0 else "FFFEFB")
            paragraphe = case.text_frame.paragraphs[0]
            paragraphe.alignment = 1 if j == 0 else 3
            for morceau in paragraphe.runs:
                morceau.font.size, morceau.font.name, morceau.font.bold = Pt(18), POLICE, i == 0 or j == 0
                morceau.font.color.rgb = couleur("FFFEFB" if i == 0 else ENCRE)


def langue_francaise(diapo: Any) -> None:
    """Every run is French: spelling and reading aloud follow."""
    for noeud in diapo._element.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}rPr"):
        noeud.set("lang", "fr-FR")


def pied(diapo: Any, texte: str, numero: int) -> None:
    ecrire(diapo, [f"{texte}   {numero}"], (MARGE, Inches(6.98), PLEIN, Inches(0.4)), taille=12, teinte=DOUX)


def annoter(diapo: Any, texte: str) -> None:
    """The notes of the speaker: source, vintage, caution."""
    diapo.notes_slide.notes_text_frame.text = propre(texte)
