"""The portrait as a Word document, to be reworked: the words and charts of the PDF, charts as images."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime

from ..donnees_portrait import PortraitDoc
from .archive import figer
from .pptx import Image
from .texte import propre
from .vue import Vue
from .vue_portrait import vue_portrait

VERT, DOUCE = "17573C", "55605A"
LARGEUR_MM, COLONNE_MM = 164.0, 100.0


def rendre_portrait_docx(doc: PortraitDoc, image: Image) -> bytes:
    """`image` draws an SVG as a PNG. Always the same bytes for the same data."""
    vue, dessins = vue_portrait(doc)
    ecrit = _Document(dessins, image)
    ecrit.couverture(vue)
    ecrit.essentiel(vue)
    for famille in vue["familles"]:
        ecrit.famille(vue, famille)
    ecrit.flux(vue)
    if vue["vulnerabilite"]:
        ecrit.vulnerabilite(vue["vulnerabilite"])
    ecrit.afom(vue)
    ecrit.sources(vue)
    return ecrit.octets(doc)


class _Document:
    def __init__(self, dessins: Sequence[str], image: Image) -> None:
        # Imported at the first document: the start of the server must not pay for it.
        from docx import Document
        from docx.oxml.ns import qn
        from docx.shared import Mm, Pt, RGBColor

        self.dessins, self.image, self.mm = dessins, image, Mm
        self.docx = Document()
        section = self.docx.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(23)
        section.top_margin = section.bottom_margin = Mm(22)
        for nom, taille, police in (
            ("Normal", 10.5, "Source Sans Pro"),
            ("Title", 30, "Source Serif Pro"),
            ("Heading 1", 19, "Source Serif Pro"),
            ("Heading 2", 13, "Source Serif Pro"),
            ("Heading 3", 11, "Source Sans Pro"),
        ):
            style = self.docx.styles[nom]
            style.font.name, style.font.size = police, Pt(taille)
            fontes = style.element.get_or_add_rPr().get_or_add_rFonts()
            for attribut in list(fontes.attrib):
                if attribut.endswith("Theme"):
                    del fontes.attrib[attribut]
            fontes.set(qn("w:hAnsi"), police)
            if nom != "Normal":
                style.font.color.rgb = RGBColor.from_string(VERT)
        langue = self.docx.styles["Normal"].element.get_or_add_rPr()
        langue.append(langue.makeelement(qn("w:lang"), {qn("w:val"): "fr-FR"}))

    def titre(self, texte: str, niveau: int) -> None:
        self.docx.add_heading(texte, niveau)

    def phrase(self, texte: str, *, gras: bool = False, discret: bool = False) -> None:
        from docx.shared import Pt, RGBColor

        if not texte:
            return
        suite = self.docx.add_paragraph().add_run(texte)
        suite.bold = gras
        if discret:
            suite.font.size, suite.font.color.rgb = Pt(8.5), RGBColor.from_string(DOUCE)

    def liste(self, textes: Sequence[str]) -> None:
        for texte in textes:
            self.docx.add_paragraph(texte, style="List Bullet")

    def tableau(self, entetes: Sequence[str], lignes: Sequence[Sequence[str]]) -> None:
        """The header row repeats on each page and is marked as such."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.oxml.ns import qn
        from docx.shared import Pt

        table = self.docx.add_table(rows=0, cols=len(entetes), style="Table Grid")
        table.autofit = False
        etroit = len(entetes) < 5
        premiere = LARGEUR_MM * (0.34 if etroit else 0.22)
        autre = (LARGEUR_MM - premiere) / (len(entetes) - 1)
        for i, colonne in enumerate(table.columns):  # the grid: what LibreOffice reads
            colonne.width = self.mm(autre if i else premiere)
        for j, ligne in enumerate((entetes, *lignes)):
            cases = table.add_row().cells
            for i, texte in enumerate(ligne):
                cases[i].width = self.mm(autre if i else premiere)
                paragraphe = cases[i].paragraphs[0]
                paragraphe.paragraph_format.space_after = Pt(1)
                suite = paragraphe.add_run(texte)
                suite.font.size, suite.bold = Pt(8.5 if etroit else 7), j == 0
                if i:
                    paragraphe.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        proprietes = table.rows[0]._tr.get_or_add_trPr()
        proprietes.append(proprietes.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))
        self.docx.add_paragraph()

    def graphiques(self, liste: Sequence[Vue]) -> None:
        for g in liste:
            legende = self.docx.add_paragraph()
            legende.paragraph_format.keep_with_next = True
            legende.add_run(g["titre"]).bold = True
            large = COLONNE_MM if g["colonne"] else LARGEUR_MM
            large = min(large, 105 / g["rapport"])
            pixels = 430 if g["colonne"] else 720
            flux = io.BytesIO(self.image(self.dessins[g["dessin"]], pixels))
            photo = self.docx.add_picture(flux, width=self.mm(large))
            photo._inline.docPr.set("descr", g["alternative"][:900])
            photo._inline.docPr.set("title", g["titre"][:200])
            self.phrase(f"Source : {g['source']}", discret=True)

    def couverture(self, p: Vue) -> None:
        self.phrase(p["autorite"], gras=True)
        self.phrase(p["dispositif"], discret=True)
        self.docx.add_heading(f"Portrait de territoire – {p['territoire']}", 0)
        self.phrase(f"{p['constat']}.")
        self.phrase(f"{p['perimetre']}. {p['intercommunalites']}.")
        self.phrase(f"Figé le {p['fige_le']}. Empreinte des données : {p['donnees']}.", discret=True)
        if p["mentions"]:
            self.phrase("Valeurs de démonstration", gras=True)
            self.liste(p["mentions"])

    def essentiel(self, p: Vue) -> None:
        self.titre("L’essentiel", 1)
        chiffres = [(c["libelle"], c["valeur"], c["detail"], c["source"]) for c in p["chiffres"]]
        if chiffres:
            self.tableau(("Indicateur", "Valeur", "Repère", "Source"), chiffres)
        self.graphiques(p["carte"])
        self.titre("Le périmètre", 2)
        self.phrase(f"{p['communes']}.")
        self.titre("Ce que montre l’ensemble", 1)
        self.graphiques(p["ensemble"])
        self.titre("Le portrait, famille par famille", 1)

    def famille(self, p: Vue, f: Vue) -> None:
        self.titre(f["titre"], 2)
        if f["resume"]:
            self.phrase(f"Ce qui distingue le plus le territoire : {f['resume']}.")
        if f["lignes"]:
            self.tableau(p["entetes_famille"], f["lignes"])
        if f["absentes"]:
            self.phrase(f"Non disponible ici : {f['absentes']}.", discret=True)
        self.graphiques(f["graphiques"])

    def flux(self, p: Vue) -> None:
        f = p["flux"]
        self.titre("Les flux de revenus", 1)
        self.phrase(f"{f['titre']}.", gras=True)
        for x in f["paragraphes"]:
            self.phrase(x)
        self.titre("Les quatre bases", 2)
        self.tableau(p["entetes_bases"], f["bases"])
        self.graphiques(f["graphiques"])
        if f["partenaires"]:
            self.titre("Les partenaires des navettes", 2)
            self.tableau(
                ("Intercommunalité", "Viennent travailler ici", "Partent y travailler"), f["partenaires"]
            )
        self.phrase(f["note"], discret=True)
        self.liste(f["avertissements"])

    def vulnerabilite(self, v: Vue) -> None:
        self.titre(f"La vulnérabilité : {v['classe'].lower()}", 1)
        self.phrase(f"{v['classe']}, selon le modèle « {v['modele']} ». {v['pourquoi']}")
        if v["demonstration"]:
            self.phrase("Modèle à pondérations de démonstration.", gras=True)
        self.tableau(("Membre", "Classe", "Score", "Rang"), v["membres"])
        self.liste(v["effets"])
        self.graphiques(v["graphiques"])
        if v["stabilite"]:
            self.titre("La solidité de ce classement", 2)
            self.phrase(v["stabilite"])
        if v["essais"]:
            self.tableau(
                ("Poids essayé", "Changent de classe à +20 %", "Changent de classe à −20 %"), v["essais"]
            )
        self.liste(v["avertissements"])

    def afom(self, p: Vue) -> None:
        self.titre("Ce que le territoire constate, ce qui est en jeu", 1)
        if p["enjeux"]:
            self.titre("Les enjeux, par priorité", 2)
            for e in p["enjeux"]:
                self.phrase(f"{e['numero']}. {e['titre']}", gras=True)
                self.phrase(e["description"])
        for q in p["afom"]:
            if q["constats"]:
                self.titre(q["titre"], 2)
                self.liste(
                    [f"{c['texte']} ({c['preuve']})" if c["preuve"] else c["texte"] for c in q["constats"]]
                )

    def sources(self, p: Vue) -> None:
        self.titre("Méthode et sources", 1)
        for x in p["methode"]:
            self.phrase(x)
        self.tableau(
            ("Source", "Millésimes", "Couverture la plus basse", "Secret statistique"),
            [(s["titre"], s["millesime"], s["couverture"], s["secret"]) for s in p["sources"]],
        )

    def octets(self, doc: PortraitDoc) -> bytes:
        proprietes = self.docx.core_properties
        proprietes.title = propre(f"Portrait de territoire, {doc.territoire}")[:255]
        proprietes.author, proprietes.language = propre(doc.autorite)[:255], "fr-FR"
        quand = datetime(doc.fige_le.year, doc.fige_le.month, doc.fige_le.day, tzinfo=UTC)
        proprietes.created = proprietes.modified = quand
        tampon = io.BytesIO()
        self.docx.save(tampon)
        return figer(tampon.getvalue())
