"""The short code of a workshop: six characters nobody confuses, typed in any case, with or without spaces."""

from __future__ import annotations

import secrets

ALPHABET = "CDFHJKMNPRTVWXY34679"
"""No vowel (no word appears), nothing that looks like something else: 0 O, 1 I L, 2 Z, 5 S, 8 B, U V."""
LONGUEUR = 6


def nouveau() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LONGUEUR))


def normaliser(saisi: str) -> str:
    """What was typed, as it is kept; at most what the column holds."""
    return "".join(c for c in saisi.upper() if c.isalnum())[: LONGUEUR + 1]


def epele(code: str) -> str:
    """« K7M 3TR »: two groups, easier to read aloud."""
    return f"{code[:3]} {code[3:]}"
