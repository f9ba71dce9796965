"""Fonts for the tests: Source Sans and Source Serif (OFL) under other names, then spoiled in one way."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from typing import Any

from arpent.plateforme.documents.rendu.polices import fichiers_de_police

SANS, SANS_GRAS, SERIF, _ = fichiers_de_police()
FAMILLE, TITRES = "Essai Collectivité", "Essai Titres"


def police(source: Any = SANS, famille: str = FAMILLE, gate: Callable[[Any], None] | None = None) -> bytes:
    """The bytes of the face `source` renamed; `gate` changes the font of fontTools in place."""
    from fontTools.ttLib import TTFont

    with TTFont(source) as fonte:
        nom = famille.replace(" ", "").replace("é", "e")
        for rang, texte in ((1, famille), (4, famille), (6, nom), (16, famille)):
            fonte["name"].removeNames(nameID=rang)
            fonte["name"].setName(texte, rang, 3, 1, 0x409)
        if gate is not None:
            gate(fonte)
        tampon = io.BytesIO()
        fonte.save(tampon)
    return tampon.getvalue()


@cache
def les_trois() -> tuple[bytes, bytes, bytes]:
    """Text, text in bold, titles."""
    return police(), police(SANS_GRAS), police(SERIF, TITRES)
