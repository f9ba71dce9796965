"""Makes ``gabarits/contrat/v1/contrat.docx``: the Word template, from code, always the same bytes.

    python -m arpent.plateforme.documents.rendu.fabrique_docx

An authority may then open the template in Word and give it its own look: only the ``{{ … }}`` and ``{% … %}``
marks matter (docs/documents.md). A test compares the committed file with what this script makes.
"""

from __future__ import annotations

import io
from pathlib import Path

from docx import Document
from docx.document import Document as Fichier
from docx.enum.section import WD_ORIENT
from docx.shared import Mm

from .archive import figer
from .pieces_docx import (
    PIED_DE_CHARTE,
    balise,
    champ,
    installer_styles,
    paragraphe,
    sommaire,
    tableau,
    titre,
)

GABARIT = Path(__file__).parent.parent / "gabarits" / "contrat" / "v1" / "contrat.docx"
_PROJET = "{% if brouillon %} · Projet, sans valeur d’engagement{% endif %}"
_MENTION = "{% if mentions %} · * valeurs de démonstration{% endif %}"


def fabriquer() -> bytes:
    """The template as a .docx file."""
    doc = Document()
    installer_styles(doc)
    _couverture(doc)
    sommaire(doc, "sommaire")
    _contrat(doc)
    _diagnostic(doc)
    _plan_d_actions(doc)
    _maquette(doc)
    _fiches(doc)
    tampon = io.BytesIO()
    doc.save(tampon)
    return figer(tampon.getvalue())


def _couverture(doc: Fichier) -> None:
    section = doc.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(23)
    section.top_margin, section.bottom_margin = Mm(26), Mm(22)
    section.header.paragraphs[0].text = "{{ titre }} · {{ territoire }}" + _PROJET
    pied = section.footer.paragraphs[0]
    pied.text = PIED_DE_CHARTE + "{{ reference }} · Établi le {{ etabli_le }}" + _MENTION + " · page "
    champ(pied, "PAGE")
    pied.add_run(" / ")
    champ(pied, "NUMPAGES")
    paragraphe(doc, "{{ autorite }}", "Autorité")
    paragraphe(doc, "{{ dispositif }}", "Discret")
    with balise(doc, "if brouillon"):
        paragraphe(doc, "Projet de contrat : document de travail, sans valeur d’engagement", "Attention")
    paragraphe(doc, "{{ titre }}", "Title")
    paragraphe(doc, "{{ territoire }}", "Subtitle")
    for cle, variable in (("Période", "periode"), ("Référence", "reference"), ("Version", "version")):
        with balise(doc, f"if {variable}"):
            paragraphe(doc, f"{cle} : {{{{ {variable} }}}}")
    paragraphe(doc, "Généré le {{ etabli_le }}")
    with balise(doc, "if mentions"):
        paragraphe(
            doc,
            "Valeurs de démonstration. Ce document contient des valeurs fictives, marquées d’un astérisque :",
            "Attention",
        )
        with balise(doc, "for mention in mentions"):
            paragraphe(doc, "{{ mention }}", "List Bullet")


def _contrat(doc: Fichier) -> None:
    titre(doc, 1, "Les parties", nouvelle_page=True)
    with balise(doc, "for p in parties"):
        paragraphe(doc, "{{ p.nom }}", "Cle")
        with balise(doc, "if p.identite"):
            paragraphe(doc, "{{ p.identite }}")
        paragraphe(doc, "Représentation : {{ p.representation or '……………………………………………' }}")
    for nom, variable in (("Préambule", "preambule"), ("Visas", "visas")):
        with balise(doc, f"if {variable}"):
            titre(doc, 2, nom)
            with balise(doc, f"for x in {variable}"):
                paragraphe(doc, "{{ x }}")
    titre(doc, 1, "Le contrat", nouvelle_page=True)
    paragraphe(doc, "Les parties conviennent de ce qui suit.")
    with balise(doc, "for a in articles"):
        titre(doc, 2, "Article {{ a.numero }}. {{ a.titre }}")
        with balise(doc, "for x in a.paragraphes"):
            paragraphe(doc, "{{ x }}")
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


def _diagnostic(doc: Fichier) -> None:
    with balise(doc, "if diagnostic"):
        titre(doc, 1, "Annexe 1. Synthèse du diagnostic", nouvelle_page=True)
        with balise(doc, "for x in diagnostic.resume"):
            paragraphe(doc, "{{ x }}")
        with balise(doc, "if diagnostic.enjeux"):
            titre(doc, 2, "Enjeux du territoire")
            tableau(
                doc,
                "e in diagnostic.enjeux",
                (
                    ("N°", "{{ e.numero }}", 12),
                    ("Enjeu", "{{ e.titre }}", 62),
                    ("Priorité", "{{ e.priorite }}", 30),
                    ("Précision", "{{ e.description }}", 60),
                ),
            )
        titre(doc, 2, "Forces, faiblesses, opportunités, menaces")
        with balise(doc, "for q in diagnostic.afom"):
            titre(doc, 3, "{{ q.titre }}")
            with balise(doc, "for c in q.constats"):
                paragraphe(doc, "{{ c.texte }}{% if c.preuve %} ({{ c.preuve }}){% endif %}", "List Bullet")
            with balise(doc, "if not q.constats"):
                paragraphe(doc, "Aucun constat.", "Discret")
        with balise(doc, "if diagnostic.familles"):
            titre(doc, 2, "Portrait chiffré")
            with balise(doc, "for f in diagnostic.familles"):
                titre(doc, 3, "{{ f.nom }}")
                _indicateurs(doc)


def _indicateurs(doc: Fichier) -> None:
    tableau(
        doc,
        "i in f.indicateurs",
        (
            ("Indicateur", "{{ i.libelle }}", 44),
            ("Territoire", "{{ i.valeur }}", -24),
            ("Évolution", "{{ i.evolution }}", -24),
            ("Département", "{{ i.departement }}", -24),
            ("France", "{{ i.france }}", -18),
            ("Source", "{{ i.source }}", 30),
        ),
    )


def _plan_d_actions(doc: Fichier) -> None:
    titre(doc, 1, "Annexe 2. Plan d’actions", nouvelle_page=True)
    with balise(doc, "if not axes"):
        paragraphe(doc, "Le plan d’actions ne comporte encore aucune fiche projet.", "Discret")
    with balise(doc, "for axe in axes"):
        titre(doc, 2, "{{ axe.titre }}")
        paragraphe(doc, "{{ axe.nombre }}", "Discret").paragraph_format.keep_with_next = True
        tableau(
            doc,
            "f in axe.fiches",
            (
                ("N°", "{{ f.numero }}", 11),
                ("Projet et maître d’ouvrage", "{{ f.titre }} ({{ f.maitre_ouvrage }})", 56),
                ("Thème", "{{ f.theme }}", 28),
                ("Maturité et priorité", "{{ f.etat }}", 21),
                ("Coût HT", "{{ f.cout_ht }}", -24),
                ("Aide proposée", "{{ f.aide }}{% if f.aide_demonstration %}*{% endif %}", -24),
            ),
        )


def _maquette(doc: Fichier) -> None:
    """A landscape section of its own; the mark that ends it is inside the condition, and goes with it."""
    section = doc.add_section()
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(16)
    section.top_margin, section.bottom_margin = Mm(22), Mm(18)
    with balise(doc, "if maquette"):
        titre(doc, 1, "Annexe 3. Maquette financière")
        _enveloppe(doc)
        titre(doc, 2, "Projets")
        _lignes_de_maquette(doc)
        titre(doc, 2, "Totaux")
        with balise(doc, "for t in maquette.totaux"):
            titre(doc, 3, "{{ t.titre }}")
            tableau(
                doc,
                "l in t.lignes",
                (
                    ("Libellé", "{{ l.libelle }}", 120),
                    ("Lignes", "{{ l.nombre }}", -30),
                    ("Montant", "{{ l.montant }}", -50),
                ),
            )
        with balise(doc, "for x in maquette.mentions"):
            paragraphe(doc, "Valeur de démonstration : {{ x }}", "Attention")
        with balise(doc, "for x in maquette.sources"):
            paragraphe(doc, "{{ x }}", "Discret")
        section = doc.add_section()
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(23)
    section.top_margin, section.bottom_margin = Mm(26), Mm(22)


def _enveloppe(doc: Fichier) -> None:
    for cle, valeur in (
        ("Enveloppe du territoire", "enveloppe }}{% if maquette.enveloppe_demonstration %}*{% endif %}"),
        ("Aides proposées", "aide_totale }}"),
        ("Solde disponible", "solde }}"),
        ("Coût total des projets HT", "cout_total }}"),
    ):
        paragraphe(doc, f"{cle} : {{{{ maquette.{valeur}")
    with balise(doc, "for x in maquette.formule"):
        paragraphe(doc, "{{ x }}", "Discret")


def _lignes_de_maquette(doc: Fichier) -> None:
    tableau(
        doc,
        "l in maquette.lignes",
        (
            ("N°", "{{ l.numero }}", 12),
            ("Projet", "{{ l.titre }}", 46),
            ("Maître d’ouvrage", "{{ l.maitre_ouvrage }}", 32),
            ("Thème", "{{ l.theme }}", 30),
            ("Année", "{{ l.annee }}", 13),
            ("Coût HT", "{{ l.cout_ht }}", -24),
            ("Assiette", "{{ l.assiette }}", -24),
            ("Aide", "{{ l.aide }}{% if l.demonstration %}*{% endif %}", -24),
            ("Taux", "{{ l.taux }}", -13),
            ("Autres aides", "{{ l.autres_aides }}", -24),
            ("Reste à charge", "{{ l.reste_a_charge }}", -24),
        ),
        pied=(
            "",
            "{{ maquette.nombre }}",
            "",
            "",
            "",
            "{{ maquette.cout_total }}",
            "{{ maquette.assiette_totale }}",
            "{{ maquette.aide_totale }}",
            "{{ maquette.taux_total }}",
            "{{ maquette.autres_aides_totales }}",
            "{{ maquette.reste_a_charge_total }}",
        ),
    )


def _fiches(doc: Fichier) -> None:
    titre(doc, 1, "Annexe 4. Fiches projets")
    with balise(doc, "if not fiches"):
        paragraphe(doc, "Aucune fiche projet n’est annexée.", "Discret")
    with balise(doc, "for f in fiches"):
        with balise(doc, "if loop.first"):
            titre(doc, 2, "Fiche {{ f.numero }}. {{ f.titre }}")
        with balise(doc, "if not loop.first"):
            titre(doc, 2, "Fiche {{ f.numero }}. {{ f.titre }}", nouvelle_page=True)
        for liste in ("reperes", "couts"):
            with balise(doc, f"for x in f.{liste}"):
                paragraphe(doc, "{{ x.cle }} : {{ x.valeur }}", "Repère")
        with balise(doc, "if f.description"):
            titre(doc, 3, "Description")
            paragraphe(doc, "{{ f.description }}")
        _plan_de_financement(doc)
        with balise(doc, "if f.constats"):
            _pre_instruction(doc)


def _plan_de_financement(doc: Fichier) -> None:
    titre(doc, 3, "Plan de financement")
    with balise(doc, "if not f.plan"):
        paragraphe(doc, "Le plan de financement de ce projet n’est pas encore renseigné.", "Discret")
    with balise(doc, "if f.plan"):
        tableau(
            doc,
            "l in f.plan",
            (
                ("Financeur", "{{ l.financeur }}", 48),
                ("Dispositif", "{{ l.libelle }}", 48),
                ("Statut", "{{ l.statut }}", 22),
                ("Montant", "{{ l.montant }}{% if l.demonstration %}*{% endif %}", -28),
                ("Part", "{{ l.part }}", -18),
            ),
            pied=("Total", "", "", "{{ f.total_plan }}", ""),
        )
    with balise(doc, "if f.ecart"):
        paragraphe(doc, "Le plan ne couvre pas exactement le coût HT : écart de {{ f.ecart }}.", "Attention")


def _pre_instruction(doc: Fichier) -> None:
    titre(doc, 3, "Pré-instruction")
    with balise(doc, "if f.maximum"):
        paragraphe(
            doc,
            "Aide maximale possible : {{ f.maximum }}{% if f.aide_demonstration %}*{% endif %}"
            "{% if f.plafond_liant %}, limite fixée par : {{ f.plafond_liant }}{% endif %}.",
        )
    tableau(
        doc,
        "c in f.constats",
        (
            ("Règle", "{{ c.libelle }}{% if c.demonstration %}*{% endif %}", 40),
            ("Article", "{{ c.article }}", 18),
            ("Verdict", "{{ c.verdict }}", 22),
            ("Explication", "{{ c.explication }}", 84),
        ),
    )


if __name__ == "__main__":
    GABARIT.write_bytes(fabriquer())
