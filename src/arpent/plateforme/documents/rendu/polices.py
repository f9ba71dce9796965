"""The fonts of the house, and what they can draw.

Typst refuses a whole document for one character that its font lacks; ``dessinable`` replaces such characters
beforehand. The fonts come from two PyPI packages that ship the OFL files; no system font is ever used.
"""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path

import font_source_sans_pro
import font_source_serif_pro

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
    return frozenset.intersection(*(_points_de_code(fichier.read_bytes()) for fichier in droites))


def dessinable(texte: str) -> str:
    """The text with each character the fonts lack replaced by ``SUBSTITUT`` (newlines are kept)."""
    connus = caracteres_dessinables()
    return "".join(c if c == "\n" or ord(c) in connus else SUBSTITUT for c in texte)


def _points_de_code(police: bytes) -> frozenset[int]:
    """Code points of a TrueType file: its cmap table, formats 4 (BMP) and 12 (all planes)."""
    (nombre,) = struct.unpack_from(">H", police, 4)
    tables = {
        police[i : i + 4]: struct.unpack_from(">I", police, i + 8)[0] for i in range(12, 12 + 16 * nombre, 16)
    }
    cmap = tables[b"cmap"]
    points: set[int] = set()
    for rang in range(struct.unpack_from(">H", police, cmap + 2)[0]):
        debut = cmap + struct.unpack_from(">I", police, cmap + 8 + 8 * rang)[0]
        (format_,) = struct.unpack_from(">H", police, debut)
        if format_ == 4:
            points |= _format_4(police, debut)
        elif format_ == 12:
            points |= _format_12(police, debut)
    return frozenset(points)


def _format_4(police: bytes, debut: int) -> set[int]:
    segments = struct.unpack_from(">H", police, debut + 6)[0] // 2
    fins = struct.unpack_from(f">{segments}H", police, debut + 14)
    debuts = struct.unpack_from(f">{segments}H", police, debut + 16 + 2 * segments)
    return {c for a, b in zip(debuts, fins, strict=True) if a != 0xFFFF for c in range(a, b + 1)}


def _format_12(police: bytes, debut: int) -> set[int]:
    (groupes,) = struct.unpack_from(">I", police, debut + 12)
    bornes = (struct.unpack_from(">II", police, debut + 16 + 12 * i) for i in range(groupes))
    return {c for a, b in bornes for c in range(a, b + 1)}
