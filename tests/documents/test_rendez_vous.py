"""The pack of a Rendez-vous: findings as titles, tables cut to the slide, figures that agree, traps."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, cast

import pytest
from openpyxl import load_workbook
from PIL import Image
from pptx import Presentation
from pptx.util import Pt

from arpent.plateforme.documents.catalogue import gabarit
from arpent.plateforme.documents.donnees_charte import CharteDoc
from arpent.plateforme.documents.donnees_rendez_vous import (
    DecisionPriseDoc,
    EnveloppeDoc,
    MontantsDoc,
    ProjetSuiviDoc,
    QuestionDoc,
    RendezVousDoc,
    RetardDoc,
)
from arpent.plateforme.documents.rendu.pdf_rendez_vous import rendre_livret_rendez_vous_pdf
from arpent.plateforme.documents.rendu.photo import logo
from arpent.plateforme.documents.rendu.pptx_rendez_vous import rendre_rendez_vous_pptx
from arpent.plateforme.documents.rendu.texte import euros
from arpent.plateforme.documents.rendu.vue_rendez_vous import (
    constat_communes,
    constat_decisions,
    constat_enveloppes,
    constat_groupes,
    constat_questions,
    constat_reste,
    constat_retards,
    rond,
)
from arpent.plateforme.documents.rendu.xlsx_rendez_vous import rendre_rendez_vous_xlsx
from arpent.plateforme.documents.serie import depuis_json, en_json

from .hostiles import HOSTILES
from .verification import faults, pages

FORMULES = ("=1+1", "+33", "-2", "@SOMME(A1)", '=HYPERLINK("http://x")')


def exemple(**champs: Any) -> RendezVousDoc:
    return replace(cast(RendezVousDoc, gabarit("livret_rendez_vous/v1").exemple()), **champs)


def vide() -> RendezVousDoc:
    return exemple(
        projets=(), retards=(), enveloppes=(), reserve=None, decisions=(), questions=(), carte=None,
        tetes_de_la_carte=(), demonstration=False,
    )  # fmt: skip


def image(svg: str, largeur: int) -> bytes:
    """Stands for the drawing: the shape of the map is checked elsewhere."""
    sortie = io.BytesIO()
    Image.new("RGB", (largeur, largeur // 2), "white").save(sortie, "PNG")
    return sortie.getvalue()


def lames(doc: RendezVousDoc) -> list[Any]:
    return list(Presentation(io.BytesIO(rendre_rendez_vous_pptx(doc, image))).slides)


def titres(doc: RendezVousDoc) -> list[str]:
    return [x.shapes.title.text_frame.text for x in lames(doc)]


def tables(doc: RendezVousDoc) -> list[list[list[str]]]:
    return [
        [[c.text for c in r.cells] for r in f.table.rows] for x in lames(doc) for f in x.shapes if f.has_table
    ]


def beaucoup(nombre: int) -> RendezVousDoc:
    """As many projects, communes, delays, decisions, questions, with long names."""
    long = "Réhabilitation complète de la maison de santé pluridisciplinaire et de ses abords, tranche"
    m = MontantsDoc(
        Decimal("1234567.89"), Decimal("123456.78"), reste_a_engager=Decimal("123456.78"),
        reste_a_realiser=Decimal("1234567.89"),
    )  # fmt: skip
    territoire = exemple().territoires[0]
    rangs = range(1, nombre + 1)
    return exemple(
        projets=tuple(
            ProjetSuiviDoc(
                territoire, i, f"{long} {i}", "Communauté de communes des Hautes Terres", f"Commune {i}",
                f"Thème {i % 9}", "retenue", m, i,
            )
            for i in rangs
        ),
        retards=tuple(
            RetardDoc(
                territoire, i, f"{long} {i}", "Études et autorisations", date(2026, 1, 1), i,
                "L’entreprise retenue pour le lot principal s’est désistée après la signature du marché",
                "Communauté de communes des Hautes Terres", "Achèvement des travaux", date(2027, 6, 30),
            )
            for i in rangs
        ),
        decisions=tuple(
            DecisionPriseDoc(date(2026, 3, 1), "Aide attribuée", territoire, f"{long} {i}", "", m.accorde)
            for i in rangs
        ),
        questions=tuple(QuestionDoc(i, territoire, f"{long} {i} ?", "Projet bloqué") for i in rangs),
        enveloppes=tuple(EnveloppeDoc(f"Territoire {i}", m.cout, m.accorde) for i in rangs),
    )  # fmt: skip


def test_le_titre_de_chaque_diapositive_dit_le_constat() -> None:
    assert titres(exemple()) == [
        "Rendez-vous de Territoire d’Exempleville",
        "698\u202f686\u00a0€ d’aides décidés, 216\u202f000\u00a0€ payés",
        "Il reste 256\u202f686\u00a0€ à engager et 226\u202f000\u00a0€ à payer",
        "« Haut-Pays » porte 58\u00a0% des aides décidées",
        "« Eau potable et assainissement » reçoit 54\u00a0% des aides décidées",
        "Aide par habitant : une commune concentre la moitié des aides communales",
        "3\u00a0communes reçoivent 506\u202f686\u00a0€ ; 192\u202f000\u00a0€ servent tout le territoire",
        "Il reste 81\u202f314\u00a0€ à employer sur les enveloppes",
        "2\u00a0projets en retard, le plus ancien de 142\u00a0jours",
        "3\u00a0décisions depuis le rendez-vous du 16\u00a0janvier 2026, 192\u202f000\u00a0€ attribués",
        "1\u00a0question à régler ensemble",
        "D’où viennent ces chiffres",
    ]


def test_sans_rien_chaque_diapositive_a_quelque_chose_a_dire() -> None:
    for lame in lames(vide()):
        dits = [f.text_frame.text for f in lame.shapes if f.has_text_frame and f != lame.shapes.title]
        assert any(d.strip() for d in dits), lame.shapes.title.text_frame.text
    assert "Aucun projet n’est encore retenu" in titres(vide())
    tient = titres(exemple(retards=()))
    assert "Aucun projet n’est en retard" in tient


def test_une_longue_liste_se_coupe_en_parts_egales() -> None:
    doc = beaucoup(23)
    des_communes = [t for t in tables(doc) if t[0][0] == "Commune"]
    assert [len(t) - 1 for t in des_communes] == [7, 8, 9]  # the last one holds the total
    assert des_communes[-1][-1][:3] == ["Total", "23", rond(doc.total.accorde)]
    noms = [ligne[0] for t in des_communes for ligne in t[1:]]
    assert len(noms) == len(set(noms)) == 24
    assert sum(len(t) - 1 for t in tables(doc) if t[0][0] == "Projet") == 23
    assert max(len(t) for t in tables(doc) if t[0][0] == "Projet") == 5
    assert any(t.endswith("(2 sur 6)") for t in titres(doc))
    assert "3 autres thèmes (6)" in _categories(doc)


def _categories(doc: RendezVousDoc) -> list[str]:
    return [c for x in lames(doc) for f in x.shapes if f.has_chart for c in f.chart.plots[0].categories]


@pytest.mark.parametrize("doc", [exemple(), vide(), beaucoup(23)], ids=["exemple", "vide", "beaucoup"])
def test_tout_se_lit_du_fond_de_la_salle(doc: RendezVousDoc) -> None:
    for lame in lames(doc):
        assert lame.has_notes_slide
        for forme in lame.shapes:
            if forme.has_chart or forme.has_table or forme.shape_type == 13:
                assert forme._element.xpath(".//p:cNvPr")[0].get("descr")
            paragraphes = list(forme.text_frame.paragraphs) if forme.has_text_frame else []
            if forme.has_table:
                paragraphes = [p for r in forme.table.rows for c in r.cells for p in c.text_frame.paragraphs]
            for suite in (s for p in paragraphes for s in p.runs):
                assert suite.font.size >= Pt(18), suite.text
            assert forme.left + forme.width <= doc_largeur(lame)


def doc_largeur(lame: Any) -> int:
    return int(lame.part.package.presentation_part.presentation.slide_width)


def test_les_notes_gardent_les_centimes() -> None:
    notes = "\n".join(x.notes_slide.notes_text_frame.text for x in lames(exemple()))
    assert "698\u202f686,26\u00a0€" in notes


def test_la_charte_habille_les_diapositives() -> None:
    tampon = io.BytesIO()
    Image.new("RGB", (300, 100), "navy").save(tampon, "PNG")
    charte = CharteDoc(couleur="#003366", logo=logo(tampon.getvalue()).svg, alternative="Logo d’Exemple")
    couverture = lames(exemple(charte=charte))[0]
    assert str(couverture.shapes.title.text_frame.paragraphs[0].runs[0].font.color.rgb) == "003366"
    assert [f for f in couverture.shapes if f.shape_type == 13]


def test_le_classeur_a_une_feuille_par_sujet_et_ses_totaux() -> None:
    doc = exemple()
    livre = load_workbook(io.BytesIO(rendre_rendez_vous_xlsx(doc)))
    assert livre.sheetnames == [
        "Synthèse", "Projets", "Territoires", "Thèmes", "Communes", "Retards", "Enveloppes", "Réserve",
        "Décisions", "Questions",
    ]  # fmt: skip
    for nom in ("Projets", "Territoires", "Thèmes", "Communes", "Enveloppes", "Décisions"):
        lignes = [r for r in livre[nom].iter_rows(values_only=True) if any(x is not None for x in r)]
        debut = next(i for i, r in enumerate(lignes) if sum(isinstance(x, str) for x in r) > 3) + 1
        for colonne, total in enumerate(lignes[-1]):
            if isinstance(total, float):
                haut = [r[colonne] for r in lignes[debut:-1] if isinstance(r[colonne], int | float)]
                assert round(sum(haut), 2) == round(total, 2), (nom, colonne)
    assert "Réserve" not in load_workbook(io.BytesIO(rendre_rendez_vous_xlsx(vide()))).sheetnames


def test_aucune_cellule_n_est_une_formule() -> None:
    doc = exemple()
    pieges = tuple(
        replace(doc.projets[0], titre=x, commune=x, theme=x, maitre_ouvrage=x, territoire=doc.territoires[0])
        for x in FORMULES
    )
    questions = tuple(QuestionDoc(1, x, x, x, x, x, x) for x in FORMULES)
    decisions = tuple(DecisionPriseDoc(date(2026, 1, 1), x, x, x, x) for x in FORMULES)
    retards = tuple(RetardDoc(x, 1, x, x, date(2026, 1, 1), 3, x, x, x) for x in FORMULES)
    livre = load_workbook(
        io.BytesIO(
            rendre_rendez_vous_xlsx(
                replace(doc, projets=pieges, questions=questions, decisions=decisions, retards=retards)
            )
        )
    )
    cellules = [c for f in livre for r in f.iter_rows() for c in r]
    assert not [c for c in cellules if c.data_type == "f"]
    assert set(FORMULES) <= {c.value for c in cellules}


@pytest.mark.parametrize("doc", [exemple(), vide(), beaucoup(60)], ids=["exemple", "vide", "beaucoup"])
def test_le_livret_se_compose_et_se_lit_par_tous(doc: RendezVousDoc) -> None:
    contenu = rendre_livret_rendez_vous_pdf(doc)
    assert faults(contenu) == []
    texte = "".join(pages(contenu))
    for constat in (constat_retards(doc) if doc.projets else "", constat_questions(doc)):
        assert re.sub(r"\s", "", constat) in texte
    if doc.projets:
        assert re.sub(r"\s", "", euros(doc.total.cout)) in texte


def test_les_textes_hostiles_ne_cassent_rien() -> None:
    doc = exemple()
    hostile = replace(
        doc, titre=HOSTILES[0][:200],
        projets=tuple(replace(doc.projets[0], titre=x, commune=x) for x in HOSTILES),
        questions=tuple(QuestionDoc(i, x, x, x, x) for i, x in enumerate(HOSTILES, 1)),
    )  # fmt: skip
    assert faults(rendre_livret_rendez_vous_pdf(hostile)) == []
    assert lames(hostile)
    assert load_workbook(io.BytesIO(rendre_rendez_vous_xlsx(hostile))).sheetnames


def test_les_constats_disent_ce_qui_est() -> None:
    doc, sans = exemple(), vide()
    assert constat_reste(sans) == "Toutes les aides décidées sont engagées et payées"
    assert constat_groupes(sans.par_theme) == "Aucune aide n’est encore décidée"
    assert constat_communes(replace(doc, projets=doc.projets[1:2])).startswith("1\u00a0commune reçoit 25")
    assert (
        constat_decisions(replace(sans, depuis_reunion=False))
        == "Aucune décision depuis le 16\u00a0janvier 2026"
    )
    assert constat_decisions(replace(doc, decisions=doc.decisions[1:2])).startswith("1\u00a0décision depuis")
    une = replace(doc, enveloppes=doc.enveloppes[1:])
    assert constat_enveloppes(une) == "Les aides décidées dépassent l’enveloppe de 23\u202f950\u00a0€"
    plein = EnveloppeDoc("A", Decimal("5.00"), Decimal("5.00"))
    assert constat_enveloppes(replace(doc, enveloppes=(plein,))) == "L’enveloppe est toute employée"
    assert constat_enveloppes(replace(doc, enveloppes=(plein, plein))).startswith(
        "Les enveloppes sont toutes"
    )
    assert constat_enveloppes(sans) == "L’enveloppe du territoire n’est pas encore arrêtée"
    assert (
        constat_questions(replace(doc, questions=doc.questions[1:]))
        == "Toutes les questions ont leur réponse"
    )
    assert rond(Decimal("-1234.5")) == "−1\u202f234\u00a0€"


def test_un_dossier_archive_se_relit_a_l_identique() -> None:
    assert depuis_json(RendezVousDoc, en_json(exemple())) == exemple()
