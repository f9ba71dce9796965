"""The slides: titles, native charts where they can be, alternatives, notes, big type."""

from __future__ import annotations

import io

from pptx import Presentation
from pptx.util import Pt

from arpent.plateforme.documents.rendu.pptx import rendre_portrait_pptx

from .test_portrait import _graphique, _image, portrait


def _diapositives(**change: object):  # type: ignore[no-untyped-def]
    return list(Presentation(io.BytesIO(rendre_portrait_pptx(portrait(**change), _image))).slides)


def test_chaque_diapositive_a_un_titre_et_des_notes() -> None:
    for lame in _diapositives():
        assert lame.shapes.title.text_frame.text
        assert lame.notes_slide.notes_text_frame.text


def test_des_barres_simples_restent_modifiables_le_reste_est_une_image_decrite() -> None:
    formes = [f for lame in _diapositives() for f in lame.shapes]
    graphes = [f for f in formes if f.has_chart]
    assert [list(g.chart.plots[0].series[0].values) for g in graphes] == [[12.0, 10.0]]
    images = [f for f in formes if f.shape_type == 13]
    assert images
    assert all(f._element.xpath(".//p:cNvPr")[0].get("descr") for f in images)


def test_rien_n_est_ecrit_en_dessous_de_18_points() -> None:
    tailles = [
        suite.font.size
        for lame in _diapositives()
        for forme in lame.shapes
        if forme.has_text_frame
        for paragraphe in forme.text_frame.paragraphs
        for suite in paragraphe.runs
    ]
    assert tailles
    assert min(tailles) >= Pt(18)


def test_sans_vulnerabilite_ni_constats_il_n_y_a_pas_de_diapositive_vide() -> None:
    titres = [x.shapes.title.text_frame.text for x in _diapositives(constats=(), enjeux=())]
    assert not {"Ce que le territoire constate", "Ce qui est en jeu"} & set(titres)


def test_le_nombre_de_diapositives_reste_projetable() -> None:
    assert len(_diapositives(ensemble=tuple(_graphique(f"G{i}") for i in range(9)))) <= 14
