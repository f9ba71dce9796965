"""The look of an authority, as its documents print it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CharteDoc:
    """The look of the authority. `couleur` « #17573c »; `logo` a stand-alone SVG around a PNG, or empty."""

    couleur: str
    entete: str = ""
    pied: str = ""
    logo: str = ""
    alternative: str = ""
    fait_a: str = ""
