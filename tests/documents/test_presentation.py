"""The slides of the meeting: the figures of the note, native charts and tables, big type, alternatives."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

import pytest
from PIL import Image
from pptx import Presentation
from pptx.util import Pt

from arpent.plateforme.documents.catalogue import gabarit
from arpent.plateforme.documents.donnees_charte import CharteDoc
from arpent.plateforme.documents.donnees_fiche import CollectiviteDoc
from arpent.plateforme.documents.donnees_seance import PresentationDoc, ProjetPresenteDoc, ReunionDoc
from arpent.plateforme.documents.rendu.photo import logo
from arpent.plateforme.documents.rendu.pptx_seance import abreger, rendre_presentation_pptx

from .hostiles import HOSTILES

DEPARTEMENT = CollectiviteDoc(
    "Département de l’Exemple", "conseil départemental", "le Département", "le président"
)


def exemple(**champs: Any) -> PresentationDoc:
    return replace(cast(PresentationDoc, gabarit("presentation/v1").exemple()), **champs)


def lames(doc: PresentationDoc) -> list[Any]:
    return list(Presentation(io.BytesIO(rendre_presentation_pptx(doc))).slides)


def titres(doc: PresentationDoc) -> list[str]:
    return [x.shapes.title.text_frame.text for x in lames(doc)]


def textes(lame: Any) -> str:
    dits = [f.text_frame.text for f in lame.shapes if f.has_text_frame]
    dits += [c.text for f in lame.shapes if f.has_table for r in f.table.rows for c in r.cells]
    return "\n".join(dits)


def test_les_diapositives_vont_du_territoire_au_vote() -> None:
    assert titres(exemple()) == [
        "Contrat territorial Causses et Haut-Pays 2026-2028",
        "Le territoire en trois chiffres",
        "Les enjeux du territoire",
        "5\u00a0projets, 656\u202f300\u00a0€ d’aides par thème",
        "Qui paie les 2\u202f925\u202f001\u00a0€ de travaux hors taxes",
        "Les aides, année par année",
        "Ce que cela change pour la commune",
        "Le calendrier",
        "Ce qui est demandé : le vote du conseil municipal",
    ]


def test_les_montants_sont_des_graphiques_et_des_tableaux_natifs() -> None:
    formes = [f for lame in lames(exemple()) for f in lame.shapes]
    graphes = [list(f.chart.plots[0].series[0].values) for f in formes if f.has_chart]
    themes, financeurs, annees = graphes
    assert themes == [300000.0, 274000.0, 63000.0, 19300.15]
    assert annees == [396000.0, 19300.15, 178000.0, 63000.0]
    assert sum(financeurs) == pytest.approx(2925001.11)
    tableau = next(f.table for f in formes if f.has_table)
    assert [c.text for c in tableau.rows[4].cells][2:] == [
        "1\u202f554\u202f751\u00a0€", "382\u202f300\u00a0€", "755\u202f976\u00a0€"
    ]  # fmt: skip


def test_chaque_diapositive_a_titre_notes_et_alternatives() -> None:
    for lame in lames(exemple()):
        assert lame.shapes.title.text_frame.text
        assert lame.notes_slide.notes_text_frame.text
        for forme in lame.shapes:
            if forme.has_chart or forme.has_table or forme.shape_type == 13:
                assert forme._element.xpath(".//p:cNvPr")[0].get("descr")


def test_rien_n_est_ecrit_en_dessous_de_18_points_ni_ne_sort_de_la_page() -> None:
    deck = Presentation(io.BytesIO(rendre_presentation_pptx(exemple())))
    largeur, hauteur = deck.slide_width, deck.slide_height
    assert largeur is not None
    assert hauteur is not None
    for lame in deck.slides:
        for forme in lame.shapes:
            assert forme.left + forme.width <= largeur
            assert forme.top + forme.height <= hauteur
            cadres = [forme.text_frame] if forme.has_text_frame else []  # type: ignore[attr-defined]
            if forme.has_table:
                cadres = [c.text_frame for r in forme.table.rows for c in r.cells]  # type: ignore[attr-defined]
            tailles = [s.font.size for cadre in cadres for p in cadre.paragraphs for s in p.runs]
            assert all(t >= Pt(18) for t in tailles)


def test_la_charte_donne_sa_couleur_et_son_logo() -> None:
    png = io.BytesIO()
    Image.new("RGB", (300, 120), "#7a1f3d").save(png, "PNG")
    charte = CharteDoc(
        "#7a1f3d", logo=logo(png.getvalue()).svg, alternative="Logo : Département de l’Exemple"
    )
    couverture = lames(exemple(contrat=replace(exemple().contrat, charte=charte)))[0]
    assert str(couverture.shapes.title.text_frame.paragraphs[0].runs[0].font.color.rgb) == "7A1F3D"
    (image,) = [f for f in couverture.shapes if f.shape_type == 13]
    assert image._element.xpath(".//p:cNvPr")[0].get("descr") == "Logo : Département de l’Exemple"


def test_une_partie_sans_projet_le_lit_en_toutes_lettres() -> None:
    sans = replace(exemple().collectivite, nom="Commune de Nulle-Part")
    lame = lames(exemple(collectivite=sans))[6]
    assert "aucun projet dont la commune est maître d’ouvrage" in textes(lame)
    assert not [f for f in lame.shapes if f.has_table]


def test_beaucoup_de_projets_tiennent_et_le_total_les_compte_tous() -> None:
    c = exemple().contrat
    un = c.projets[1]
    projets = tuple(replace(un, numero=str(n), theme=f"Thème {n}", aide=Decimal(n)) for n in range(1, 21))
    lues = lames(exemple(contrat=replace(c, projets=projets)))
    tableau = next(f.table for f in lues[6].shapes if f.has_table)
    lignes = [[c.text for c in r.cells] for r in tableau.rows]
    assert len(lignes) == 8
    assert (lignes[6][0], lignes[6][3]) == ("15 autres projets", "120\u00a0€")
    assert (lignes[7][0], lignes[7][3]) == ("Total, 20 projets", "210\u00a0€")
    graphe = next(f.chart for f in lues[3].shapes if f.has_chart)
    assert len(list(graphe.plots[0].categories)) == 7
    assert sum(graphe.plots[0].series[0].values) == 210


def test_un_contrat_vide_se_presente_sans_graphique() -> None:
    vide = replace(exemple().contrat, projets=(), financeurs=(), chiffres=(), enjeux=(), axes=())
    lues = lames(exemple(contrat=vide, reunion=ReunionDoc()))
    assert "Date de séance à fixer" in textes(lues[0])
    assert lues[1].shapes.title.text_frame.text == "Le contrat en trois chiffres"
    assert not [f for lame in lues for f in lame.shapes if f.has_chart]
    assert "Le contrat n’inscrit aucun projet." in textes(lues[3])


def test_l_autorite_lit_ce_qu_elle_apporte() -> None:
    lame = lames(exemple(collectivite=DEPARTEMENT, role="autorite"))[6]
    assert "Le Département apporte" in textes(lame)


def test_un_texte_se_coupe_a_un_mot() -> None:
    assert abreger("Interconnexion des réseaux d’eau", 20) == "Interconnexion des…"
    assert abreger("x" * 30, 10) == "x" * 9 + "…"
    assert abreger("court", 10) == "court"


@pytest.mark.parametrize("rang", range(0, 60, 20))
def test_des_textes_hostiles_restent_des_textes(rang: int) -> None:
    piege = HOSTILES[rang]
    c = exemple().contrat
    projets: tuple[ProjetPresenteDoc, ...] = tuple(
        replace(c.projets[1], titre=x, theme=x) for x in HOSTILES[rang : rang + 20]
    )
    doc = exemple(contrat=replace(c, titre=piege, territoire=piege, enjeux=(piege,), projets=projets))
    assert len(lames(doc)) == 9
