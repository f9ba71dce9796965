"""What every deck is made of: slides with a real title, big type, native charts and tables, alternatives."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from ..donnees_charte import CharteDoc
from .archive import figer, figer_classeur
from .habillage import CORPS, TITRES, polices_remplacees
from .texte import propre

VERT, ENCRE, DOUCE, OCRE = "17573C", "1D2420", "55605A", "8A5A00"
PAPIER, BANDE = "FFFFFF", "F1EFE8"
EMU_MM = 36000
LARGEUR, HAUTEUR, MARGE = 338.67, 190.5, 16.0
PLACE_DE_L_ETIQUETTE = 1.2
"""Room at the end of the longest bar, so that its label stays on one line."""
Ligne = tuple[str, int, str, bool]
"""Text, size in points, colour, bold."""


@dataclass(frozen=True, slots=True)
class Barre:
    """One bar of a native chart. `ecrit`: its value as the page writes it, with its unit."""

    libelle: str
    valeur: Decimal | float
    ecrit: str


def ouvrir() -> Any:
    """An empty 16:9 deck of python-pptx."""
    # Imported at the first deck: the start of the server must not pay for it.
    from pptx import Presentation
    from pptx.util import Emu

    deck = Presentation()
    deck.slide_width, deck.slide_height = Emu(int(LARGEUR * EMU_MM)), Emu(int(HAUTEUR * EMU_MM))
    return deck


def fermer(deck: Any, titre: str, auteur: str, le: date) -> bytes:
    """The file, the same bytes for the same slides."""
    proprietes = deck.core_properties
    proprietes.title, proprietes.author = propre(titre)[:255], propre(auteur)[:255]
    proprietes.language = "fr-FR"
    proprietes.created = proprietes.modified = datetime(le.year, le.month, le.day, tzinfo=UTC)
    tampon = io.BytesIO()
    deck.save(tampon)
    return figer(tampon.getvalue())


def couper(texte: str, signes: int) -> str:
    return texte if len(texte) <= signes else texte[: signes - 1].rstrip(" ,;.") + "…"


class Lames:
    """Writes slides one after the other; lengths in millimetres. `charte`: fonts, colour of titles.

    `axe`, `etiquette`: sizes in points of the texts of a native chart.
    """

    axe, etiquette = 18, 20

    def __init__(self, deck: Any, charte: CharteDoc | None = None) -> None:
        self.deck, self.polices = deck, polices_remplacees(charte)
        self.teinte = charte.couleur.lstrip("#").upper() if charte else VERT

    def nouvelle(self, titre: str, notes: str) -> Any:
        """A slide of the « title only » layout: its title is a real title, read first."""
        from pptx.util import Mm, Pt

        lame = self.deck.slides.add_slide(self.deck.slide_layouts[5])
        lame.background.fill.solid()
        lame.background.fill.fore_color.rgb = self.couleur(PAPIER)
        place = lame.shapes.title
        place.left, place.top, place.width, place.height = Mm(MARGE), Mm(9), Mm(LARGEUR - 2 * MARGE), Mm(30)
        cadre = place.text_frame
        cadre.word_wrap = True
        taille = 30 if len(titre) < 75 else 26
        self.ecrire(cadre.paragraphs[0], titre, taille, self.teinte, gras=True, police=TITRES)
        lame.notes_slide.notes_text_frame.text = propre(notes)
        trait = lame.shapes.add_connector(1, Mm(MARGE), Mm(40), Mm(LARGEUR - MARGE), Mm(40))
        trait.line.color.rgb = self.couleur(self.teinte)
        trait.line.width = Pt(1.25)
        self.decrire(trait, "Trait de séparation, décoratif")
        return lame

    @staticmethod
    def couleur(hexa: str) -> Any:
        from pptx.dml.color import RGBColor

        return RGBColor.from_string(hexa)  # type: ignore[no-untyped-call]

    @staticmethod
    def decrire(forme: Any, alternative: str) -> None:
        """What a screen reader says of a picture, a chart, a table, a line."""
        forme._element.xpath(".//p:cNvPr")[0].set("descr", propre(alternative)[:900])

    def ecrire(
        self,
        paragraphe: Any,
        texte: str,
        taille: int,
        couleur: str = ENCRE,
        *,
        gras: bool = False,
        police: str = CORPS,
    ) -> None:
        from pptx.enum.text import PP_ALIGN
        from pptx.util import Pt

        paragraphe.alignment = PP_ALIGN.LEFT
        suite = paragraphe.add_run()
        suite.text = propre(texte).replace("\n", " ")
        suite.font.size, suite.font.bold = Pt(taille), gras
        suite.font.name = self.polices.get(police, police)
        suite.font.color.rgb = self.couleur(couleur)
        suite._r.get_or_add_rPr().set("lang", "fr-FR")

    def texte(self, lame: Any, x: float, y: float, w: float, h: float, lignes: Sequence[Ligne]) -> None:
        from pptx.util import Mm, Pt

        cadre = lame.shapes.add_textbox(Mm(x), Mm(y), Mm(w), Mm(h)).text_frame
        cadre.word_wrap = True
        for rang, (texte, taille, couleur, gras) in enumerate(lignes):
            paragraphe = cadre.paragraphs[0] if rang == 0 else cadre.add_paragraph()
            paragraphe.space_after = Pt(7)
            self.ecrire(paragraphe, texte, taille, couleur, gras=gras)

    def barres(self, lame: Any, serie: str, alternative: str, barres: Sequence[Barre]) -> None:
        """A native chart, that can be edited: one bar a row, its value at its end."""
        from pptx.chart.data import CategoryChartData
        from pptx.enum.chart import XL_CHART_TYPE
        from pptx.util import Mm, Pt

        donnees: Any = CategoryChartData(number_format="#,##0.##")  # type: ignore[no-untyped-call]
        donnees.categories = [propre(b.libelle) for b in barres]
        donnees.add_series(propre(serie), [float(b.valeur) for b in barres])
        cadre = lame.shapes.add_chart(
            XL_CHART_TYPE.BAR_CLUSTERED, Mm(MARGE), Mm(46), Mm(LARGEUR - 2 * MARGE), Mm(126), donnees
        )
        self.decrire(cadre, alternative)
        dessin = cadre.chart
        classeur = dessin.part.chart_workbook.xlsx_part
        classeur._blob = figer_classeur(classeur.blob)
        dessin.has_legend = dessin.has_title = False
        dessin.font.size = Pt(self.axe)
        dessin.category_axis.reverse_order = True
        dessin.value_axis.visible = False
        dessin.value_axis.has_major_gridlines = False
        dessin.value_axis.minimum_scale = min(0.0, *(float(b.valeur) for b in barres))
        if (plus_haute := max(float(b.valeur) for b in barres)) > 0:
            dessin.value_axis.maximum_scale = plus_haute * PLACE_DE_L_ETIQUETTE
        trace = dessin.plots[0]
        trace.gap_width, trace.has_data_labels = 45, True
        trace.data_labels.font.size = Pt(self.etiquette)
        trace.data_labels.number_format, trace.data_labels.number_format_is_linked = "#,##0.##", False
        trace.series[0].format.fill.solid()
        trace.series[0].format.fill.fore_color.rgb = self.couleur(self.teinte)
        for rang, barre in enumerate(barres):  # labels as the page writes them, with their unit
            etiquette = trace.series[0].points[rang].data_label.text_frame
            etiquette.text, etiquette.word_wrap = propre(barre.ecrit), False
            etiquette.paragraphs[0].runs[0].font.size = Pt(self.etiquette)

    def dessin(self, lame: Any, dessine: bytes, alternative: str, *, largeur: float = 0) -> None:
        """A picture as large as the slide allows; in a column of that `largeur` on the left."""
        from pptx.util import Mm

        photo = lame.shapes.add_picture(io.BytesIO(dessine), Mm(MARGE), Mm(46))
        large, haut = largeur or LARGEUR - 2 * MARGE, HAUTEUR - 46 - 18
        facteur = min(large * EMU_MM / photo.width, haut * EMU_MM / photo.height)
        photo.width, photo.height = int(photo.width * facteur), int(photo.height * facteur)
        photo.left = Mm(MARGE + (large - photo.width / EMU_MM) / 2)
        self.decrire(photo, alternative)

    def tableau(
        self,
        lame: Any,
        entetes: Sequence[str],
        lignes: Sequence[Sequence[str]],
        *,
        largeurs: Sequence[float] = (),
        droite: Sequence[int] = (),
        gras: Sequence[int] = (1,),
        bandes: bool = False,
        total: bool = False,
        corps: int = 20,
    ) -> None:
        """A native table. `largeurs`: shares of the width, equal by default; `droite`: columns of figures.

        `bandes` tints one row in two; `total` says that the last row adds the others; `corps`: size of the
        rows in points.
        """
        from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
        from pptx.util import Mm

        place = LARGEUR - 2 * MARGE
        hauteur = min(18.0, 118 / (len(lignes) + 1))
        cadre = lame.shapes.add_table(
            len(lignes) + 1, len(entetes), Mm(MARGE), Mm(50), Mm(place), Mm(hauteur * (len(lignes) + 1))
        )
        self.decrire(cadre, "Tableau : " + ", ".join(entetes))
        table = cadre.table
        table.first_row, table.horz_banding, table.last_row = True, False, total
        for i, part in enumerate(largeurs):
            table.columns[i].width = Mm(place * part / sum(largeurs))
        for j, ligne in enumerate((entetes, *lignes)):
            fond = self.teinte if j == 0 else BANDE if bandes and j % 2 == 0 else PAPIER
            somme = total and j == len(lignes)
            for i, cellule in enumerate(ligne):
                case = table.cell(j, i)
                case.vertical_anchor = MSO_ANCHOR.MIDDLE if bandes else None
                case.fill.solid()
                case.fill.fore_color.rgb = self.couleur(fond)
                paragraphe = case.text_frame.paragraphs[0]
                taille, encre = (min(18, corps), "FFFFFF") if j == 0 else (corps, ENCRE)
                self.ecrire(paragraphe, cellule, taille, encre, gras=j == 0 or i in gras or somme)
                if i in droite:
                    paragraphe.alignment = PP_ALIGN.RIGHT
