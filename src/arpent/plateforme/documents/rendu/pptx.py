"""The portrait as slides for the COPIL: one finding a slide, big type, native charts for plain bars."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from ..donnees_portrait import GraphiqueDoc, PortraitDoc
from .archive import figer, figer_classeur
from .texte import jour, propre
from .vue_portrait import PLURIELS, lignes_des_bases

VERT, ENCRE, DOUCE, OCRE = "17573C", "1D2420", "55605A", "8A5A00"
PAPIER = "FFFFFF"
EMU_MM = 36000
LARGEUR, HAUTEUR, MARGE = 338.67, 190.5, 16.0
CONSTATS_PAR_QUADRANT, ENJEUX_MAX, GRAPHIQUES_MAX = 2, 5, 4
SIGNES_PAR_CONSTAT = 95
ESTIMATIONS = "Les flux de revenus sont des estimations : lire l’intervalle autant que la valeur centrale."
Image = Callable[[str, int], bytes]
"""Draws a self-contained SVG as a PNG of that many pixels."""


def rendre_portrait_pptx(doc: PortraitDoc, image: Image) -> bytes:
    """10 to 14 slides, 16:9. `image` comes from the caller (socle.images)."""
    # Imported at the first deck: the start of the server must not pay for it.
    from pptx import Presentation
    from pptx.util import Emu

    deck = Presentation()
    deck.slide_width, deck.slide_height = Emu(int(LARGEUR * EMU_MM)), Emu(int(HAUTEUR * EMU_MM))
    dit = _Diapositives(deck, doc, image)
    dit.couverture()
    if doc.carte:
        dit.graphique(f"Le périmètre : {doc.perimetre}", doc.carte)
    dit.chiffres()
    for g in doc.ensemble[:GRAPHIQUES_MAX]:
        dit.graphique(g.titre, g)
    for g in doc.flux.graphiques[:2]:
        dit.graphique(g.titre, g)
    dit.bases()
    dit.vulnerabilite()
    dit.afom()
    dit.enjeux()
    dit.sources()
    proprietes = deck.core_properties
    proprietes.title = propre(f"Portrait de territoire, {doc.territoire}")[:255]
    proprietes.author = propre(doc.autorite)[:255]
    proprietes.language = "fr-FR"
    quand = datetime(doc.fige_le.year, doc.fige_le.month, doc.fige_le.day, tzinfo=UTC)
    proprietes.created = proprietes.modified = quand
    tampon = io.BytesIO()
    deck.save(tampon)
    return figer(tampon.getvalue())


def _couper(texte: str, signes: int) -> str:
    return texte if len(texte) <= signes else texte[: signes - 1].rstrip(" ,;.") + "…"


class _Diapositives:
    """Writes the slides one after the other; lengths in millimetres."""

    def __init__(self, deck: Any, doc: PortraitDoc, image: Image) -> None:
        self.deck, self.doc, self.image = deck, doc, image

    def _nouvelle(self, titre: str, notes: str) -> Any:
        """A slide of the « title only » layout: its title is a real title, read first."""
        from pptx.util import Mm, Pt

        lame = self.deck.slides.add_slide(self.deck.slide_layouts[5])
        lame.background.fill.solid()
        lame.background.fill.fore_color.rgb = self._couleur(PAPIER)
        place = lame.shapes.title
        place.left, place.top, place.width, place.height = Mm(MARGE), Mm(9), Mm(LARGEUR - 2 * MARGE), Mm(30)
        cadre = place.text_frame
        cadre.word_wrap = True
        self._ecrire(
            cadre.paragraphs[0], titre, 30 if len(titre) < 75 else 26, VERT, gras=True, police="Georgia"
        )
        lame.notes_slide.notes_text_frame.text = propre(notes)
        trait = lame.shapes.add_connector(1, Mm(MARGE), Mm(40), Mm(LARGEUR - MARGE), Mm(40))
        trait.line.color.rgb = self._couleur(VERT)
        trait.line.width = Pt(1.25)
        self._decoratif(trait)
        return lame

    @staticmethod
    def _couleur(hexa: str) -> Any:
        from pptx.dml.color import RGBColor

        return RGBColor.from_string(hexa)  # type: ignore[no-untyped-call]

    @staticmethod
    def _decoratif(forme: Any) -> None:
        forme._element.xpath(".//p:cNvPr")[0].set("descr", "Trait de séparation, décoratif")

    def _ecrire(
        self,
        paragraphe: Any,
        texte: str,
        taille: int,
        couleur: str = ENCRE,
        *,
        gras: bool = False,
        police: str = "Calibri",
    ) -> None:
        from pptx.enum.text import PP_ALIGN
        from pptx.util import Pt

        paragraphe.alignment = PP_ALIGN.LEFT
        suite = paragraphe.add_run()
        suite.text = propre(texte).replace("\n", " ")
        suite.font.size, suite.font.bold, suite.font.name = Pt(taille), gras, police
        suite.font.color.rgb = self._couleur(couleur)
        suite._r.get_or_add_rPr().set("lang", "fr-FR")

    def _texte(
        self, lame: Any, x: float, y: float, w: float, h: float, lignes: Sequence[tuple[str, int, str, bool]]
    ) -> None:
        from pptx.util import Mm, Pt

        cadre = lame.shapes.add_textbox(Mm(x), Mm(y), Mm(w), Mm(h)).text_frame
        cadre.word_wrap = True
        for rang, (texte, taille, couleur, gras) in enumerate(lignes):
            paragraphe = cadre.paragraphs[0] if rang == 0 else cadre.add_paragraph()
            paragraphe.space_after = Pt(7)
            self._ecrire(paragraphe, texte, taille, couleur, gras=gras)

    def couverture(self) -> None:
        doc = self.doc
        lame = self._nouvelle(
            "Portrait de territoire", f"Figé le {jour(doc.fige_le)}. Données {doc.donnees_sha256}."
        )
        lignes = [
            (doc.territoire, 40, VERT, True),
            (f"{doc.titre}.", 24, ENCRE, False),
            (doc.perimetre, 20, DOUCE, False),
            (f"{doc.autorite} · figé le {jour(doc.fige_le)}", 20, DOUCE, False),
        ]
        lignes += [(x, 18, OCRE, True) for x in doc.mentions_demonstration]
        self._texte(lame, MARGE, 52, LARGEUR - 2 * MARGE, 120, lignes)

    def chiffres(self) -> None:
        chiffres = self.doc.chiffres[:6]
        notes = "\n".join(f"{c.libelle} : {c.valeur}. {c.source}." for c in chiffres)
        lame = self._nouvelle("Les chiffres clés", notes)
        large = (LARGEUR - 2 * MARGE) / 3
        for rang, c in enumerate(chiffres):
            x, y = MARGE + rang % 3 * large, 50 + rang // 3 * 66
            textes = [(c.valeur, 32, VERT, True), (c.libelle, 20, ENCRE, False), (c.detail, 18, DOUCE, False)]
            self._texte(lame, x, y, large - 6, 60, textes)

    def graphique(self, titre: str, g: GraphiqueDoc) -> None:
        """A native chart when the table is plain bars (it can then be edited), else the drawing."""
        lame = self._nouvelle(titre, f"{g.titre}.\n{g.description}\nSource : {g.source}.\n{self._table(g)}")
        if g.barres:
            self._barres(lame, g)
        else:
            self._dessin(lame, g)
        self._texte(
            lame,
            MARGE,
            HAUTEUR - 15,
            LARGEUR - 2 * MARGE,
            10,
            [(_couper(f"Source : {g.source}", 105), 18, DOUCE, False)],
        )

    @staticmethod
    def _table(g: GraphiqueDoc) -> str:
        return "\n".join(" ; ".join(ligne) for ligne in (g.entetes, *g.lignes[:30]))

    def _barres(self, lame: Any, g: GraphiqueDoc) -> None:
        from pptx.chart.data import CategoryChartData
        from pptx.enum.chart import XL_CHART_TYPE
        from pptx.util import Mm, Pt

        donnees: Any = CategoryChartData(number_format="#,##0.##")  # type: ignore[no-untyped-call]
        donnees.categories = [propre(b.libelle) for b in g.barres]
        donnees.add_series(propre(g.entetes[-1]), [float(b.valeur) for b in g.barres])
        cadre = lame.shapes.add_chart(
            XL_CHART_TYPE.BAR_CLUSTERED, Mm(MARGE), Mm(46), Mm(LARGEUR - 2 * MARGE), Mm(126), donnees
        )
        cadre._element.xpath("./p:nvGraphicFramePr/p:cNvPr")[0].set(
            "descr", propre(f"{g.titre}. {g.description}")[:900]
        )
        dessin = cadre.chart
        classeur = dessin.part.chart_workbook.xlsx_part
        classeur._blob = figer_classeur(classeur.blob)
        dessin.has_legend = dessin.has_title = False
        dessin.font.size = Pt(18)
        dessin.category_axis.reverse_order = True
        dessin.value_axis.visible = False
        dessin.value_axis.has_major_gridlines = False
        dessin.value_axis.minimum_scale = min(0.0, *(float(b.valeur) for b in g.barres))
        trace = dessin.plots[0]
        trace.gap_width, trace.has_data_labels = 45, True
        trace.data_labels.font.size = Pt(20)
        trace.data_labels.number_format, trace.data_labels.number_format_is_linked = "#,##0.##", False
        trace.series[0].format.fill.solid()
        trace.series[0].format.fill.fore_color.rgb = self._couleur(VERT)
        for rang, barre in enumerate(g.barres):  # labels as the page writes them, with their unit
            etiquette = trace.series[0].points[rang].data_label.text_frame
            etiquette.text = propre(barre.ecrit)
            etiquette.paragraphs[0].runs[0].font.size = Pt(20)

    def _dessin(self, lame: Any, g: GraphiqueDoc) -> None:
        from pptx.util import Mm

        photo = lame.shapes.add_picture(io.BytesIO(self.image(g.svg, g.largeur)), Mm(MARGE), Mm(46))
        large, haut = LARGEUR - 2 * MARGE, HAUTEUR - 46 - 18
        facteur = min(large * EMU_MM / photo.width, haut * EMU_MM / photo.height)
        photo.width, photo.height = int(photo.width * facteur), int(photo.height * facteur)
        photo.left = Mm((LARGEUR - photo.width / EMU_MM) / 2)
        photo._element.xpath("./p:nvPicPr/p:cNvPr")[0].set(
            "descr", propre(f"{g.titre}. {g.description}")[:900]
        )

    def bases(self) -> None:
        flux = self.doc.flux
        lame = self._nouvelle(
            "Les quatre bases de revenus", "\n".join((*flux.paragraphes, *flux.avertissements))
        )
        lignes = [
            [x[0].split(" (")[0], x[2], f"{x[1]} à {x[3]}", x[4], x[5]] for x in lignes_des_bases(flux.bases)
        ]
        self._tableau(lame, ["Base", "Estimation", "Intervalle", "Part ici", "Part en France"], lignes)

    def _tableau(self, lame: Any, entetes: Sequence[str], lignes: Sequence[Sequence[str]]) -> None:
        from pptx.util import Mm

        cadre = lame.shapes.add_table(
            len(lignes) + 1,
            len(entetes),
            Mm(MARGE),
            Mm(50),
            Mm(LARGEUR - 2 * MARGE),
            Mm(18 * (len(lignes) + 1)),
        )
        cadre._element.xpath("./p:nvGraphicFramePr/p:cNvPr")[0].set(
            "descr", "Tableau : " + ", ".join(entetes)
        )
        table = cadre.table
        table.first_row, table.horz_banding = True, False
        for j, ligne in enumerate((entetes, *lignes)):
            for i, cellule in enumerate(ligne):
                case = table.cell(j, i)
                case.fill.solid()
                case.fill.fore_color.rgb = self._couleur(VERT if j == 0 else PAPIER)
                couleur = "FFFFFF" if j == 0 else ENCRE
                self._ecrire(
                    case.text_frame.paragraphs[0],
                    cellule,
                    18 if j == 0 else 20,
                    couleur,
                    gras=j == 0 or i == 1,
                )

    def vulnerabilite(self) -> None:
        v = self.doc.vulnerabilite
        if v is None:
            return
        notes = "\n".join((v.modele, v.comparaison, *v.avertissements))
        if v.demonstration:
            notes += "\nModèle à pondérations de démonstration."
        lame = self._nouvelle(f"Vulnérabilité : {v.classe.lower()}", notes)
        lignes = [(v.pourquoi, 24, ENCRE, False), (f"Modèle : {v.modele}", 20, DOUCE, False)]
        lignes += [(e, 20, ENCRE, True) for e in v.effets]
        lignes += [(v.stabilite, 20, ENCRE, False)] if v.stabilite else []
        lignes += [("Valeurs de démonstration", 18, OCRE, True)] if v.demonstration else []
        self._texte(lame, MARGE, 50, LARGEUR - 2 * MARGE, 120, lignes)

    def afom(self) -> None:
        doc = self.doc
        if not doc.constats:
            return
        notes = "\n".join(f"{c.type} : {c.texte} {c.preuve}".strip() for c in doc.constats)
        lame = self._nouvelle("Ce que le territoire constate", notes)
        large = (LARGEUR - 2 * MARGE) / 2
        for rang, (nature, titre) in enumerate(PLURIELS.items()):
            trouves = [c for c in doc.constats if c.type == nature]
            lignes = [(titre, 22, VERT, True)]
            lignes += [
                (f"• {_couper(c.texte, SIGNES_PAR_CONSTAT)}", 18, ENCRE, False)
                for c in trouves[:CONSTATS_PAR_QUADRANT]
            ]
            reste = len(trouves) - CONSTATS_PAR_QUADRANT
            lignes += (
                [(f"et {reste} autre{'s' if reste > 1 else ''}, en note", 18, DOUCE, False)]
                if reste > 0
                else []
            )
            lignes += [] if trouves else [("Aucun constat.", 18, DOUCE, False)]
            self._texte(lame, MARGE + rang % 2 * large, 46 + rang // 2 * 68, large - 6, 64, lignes)

    def enjeux(self) -> None:
        enjeux = self.doc.enjeux
        if not enjeux:
            return
        lame = self._nouvelle(
            "Ce qui est en jeu", "\n".join(f"{e.numero}. {e.titre} {e.description}" for e in enjeux)
        )
        lignes = [(f"{e.numero}.  {e.titre}", 26, ENCRE, False) for e in enjeux[:ENJEUX_MAX]]
        self._texte(lame, MARGE, 52, LARGEUR - 2 * MARGE, 120, lignes)

    def sources(self) -> None:
        doc = self.doc
        notes = "\n".join(
            f"{s.titre} : {s.millesime} ; couverture {s.couverture} ; secret : {s.secret}"
            for s in doc.sources
        )
        lame = self._nouvelle("Sources et méthode", notes + "\n" + "\n".join(doc.methode))
        fige = f"Figé le {jour(doc.fige_le)}. Empreinte des données : {doc.donnees_sha256[:16]}."
        producteurs = ", ".join(dict.fromkeys(s.titre.split(",")[0] for s in doc.sources))
        self._texte(
            lame, MARGE, 50, LARGEUR - 2 * MARGE, 120,
            [
                (f"Producteurs : {producteurs}.", 20, ENCRE, False),
                (ESTIMATIONS, 20, ENCRE, False),
                ("Une valeur absente ou secrète n’est jamais comptée pour zéro.", 20, ENCRE, False),
                (fige, 18, DOUCE, False),
            ],
        )  # fmt: skip
