"""The fonts of the house, and what they can draw.

Typst refuses a whole document for one character that its font lacks; ``dessinable`` replaces such characters
beforehand. The fonts come from two PyPI packages that ship the OFL files, and from the
charter of the authority; no system font is ever used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

import font_source_sans_pro
import font_source_serif_pro
from django.core.files.storage import default_storage

from ..donnees_charte import PoliceDoc

_FICHIERS = {
    font_source_sans_pro: ("Regular", "Semibold"),
    font_source_serif_pro: ("Regular", "Semibold"),
}
_FAMILLES = {font_source_sans_pro: "SourceSansPro", font_source_serif_pro: "SourceSerifPro"}
SUBSTITUT = "☐"
"""Stands for a character that the fonts cannot draw (emoji, Arabic, Chinese…)."""


@cache
def fichiers_de_police() -> tuple[Path, ...]:
    """The font files the templates use, always in the same order."""
    return tuple(
        Path(str(paquet.__file__)).parent / "files" / f"{_FAMILLES[paquet]}-{graisse}.ttf"
        for paquet, graisses in _FICHIERS.items()
        for graisse in graisses
    )


@cache
def caracteres_dessinables() -> frozenset[int]:
    """Code points that both upright weights of Source Sans draw.

    Templates set user text upright, in Source Sans or with Source Sans as the fallback of Source Serif.
    """
    droites = (
        f for f in fichiers_de_police() if f.stem in ("SourceSansPro-Regular", "SourceSansPro-Semibold")
    )
    return frozenset.intersection(*(_points_de_code(fichier) for fichier in droites))


def dessinable(texte: str) -> str:
    """The text with each character the fonts lack replaced by ``SUBSTITUT`` (newlines are kept)."""
    connus = caracteres_dessinables()
    return "".join(c if c == "\n" or ord(c) in connus else SUBSTITUT for c in texte)


def _points_de_code(fichier: Path) -> frozenset[int]:
    # Imported at the first PDF: the start of the server must not pay for it.
    from fontTools.ttLib import TTFont

    with TTFont(fichier, lazy=True) as police:
        return frozenset(police.getBestCmap())


def octets_de(polices: Iterable[PoliceDoc]) -> Iterator[bytes]:
    """The faces of an authority, from the store of files; one that has left it is drawn by ours instead."""
    for police in polices:
        with suppress(OSError), default_storage.open(police.fichier) as flux:
            yield flux.read()
