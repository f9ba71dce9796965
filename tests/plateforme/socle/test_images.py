"""SVG to PNG: bounded, cached, refused in words."""

from __future__ import annotations

import struct

import pytest

from arpent.plateforme.socle import images
from arpent.plateforme.socle.graphiques import Barre, barres_horizontales
from arpent.plateforme.socle.images import ImageImpossible, png

SVG = barres_horizontales("Un titre accentué : 12 % à l’Œuvre", [Barre("a", 1)]).svg_complet(400)


def test_l_image_a_deux_pixels_par_point() -> None:
    image = png(SVG, largeur=400)
    assert image.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">I", image[16:20])[0] == 800


def test_le_meme_dessin_n_est_dessine_qu_une_fois(monkeypatch: pytest.MonkeyPatch) -> None:
    premiere = png(SVG, largeur=400)

    def jamais(*_: object) -> bytes:
        raise AssertionError

    monkeypatch.setattr(images, "_dessiner", jamais)
    assert png(SVG, largeur=400) == premiere


@pytest.mark.parametrize("svg", ["", "<svg", "pas un dessin"])
def test_un_dessin_illisible_est_refuse_en_francais(svg: str) -> None:
    with pytest.raises(ImageImpossible, match="téléchargez le dessin en SVG"):
        png(svg)


def test_un_dessin_trop_lourd_est_refuse_avant_d_etre_lu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "OCTETS_MAXIMUM", 10)
    with pytest.raises(ImageImpossible, match="trop lourd"):
        png(SVG)


def test_un_dessin_trop_long_est_arrete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "SECONDES", 0.001)
    with pytest.raises(ImageImpossible, match="secondes"):
        png(SVG.replace("Un titre", "Un autre titre"))
