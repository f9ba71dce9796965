"""SVG drawings as PNG, by Typst in a child process bounded in time and memory (``atelier_image.py``).

The same drawing is only drawn once: the latest images are kept in memory by the fingerprint of their SVG.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
from collections import OrderedDict
from pathlib import Path

import font_source_sans_pro

SECONDES = 20
ENSEMBLE = 2
"""Drawn at the same time: the others wait their turn."""
OCTETS_GARDES = 16 * 1024**2
OCTETS_MAXIMUM = 4 * 1024**2
"""A drawing larger than this is refused before it is read."""
_ATELIER = Path(__file__).with_name("atelier_image.py")
_SIGNATURE_PNG = b"\x89PNG\r\n\x1a\n"
_POLICES = tuple(
    str(Path(font_source_sans_pro.font_directory) / f"SourceSansPro-{graisse}.ttf")
    for graisse in ("Regular", "Semibold")
)


class ImageImpossible(RuntimeError):
    """The image could not be drawn; the message is for the user, ``detail`` for the log."""

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail


_places = threading.BoundedSemaphore(ENSEMBLE)
_verrou = threading.Lock()
_gardees: OrderedDict[str, bytes] = OrderedDict()


def png(svg: str, *, largeur: int = 720, echelle: float = 2.0) -> bytes:
    """The drawing, `largeur` × `echelle` pixels wide, on white. Raises ImageImpossible.

    `svg` must stand alone (``Figure.svg_complet``). About 0.3 s for a new drawing, nothing for a known one.
    """
    if len(svg) > OCTETS_MAXIMUM:
        raise ImageImpossible("Ce dessin est trop lourd pour une image : téléchargez-le en SVG.")
    cle = hashlib.sha256(f"{largeur} {echelle} {svg}".encode()).hexdigest()
    with _verrou:
        if (connue := _gardees.get(cle)) is not None:
            _gardees.move_to_end(cle)
            return connue
    with _places:
        image = _dessiner(svg, largeur, echelle)
    with _verrou:
        _gardees[cle] = image
        while sum(len(x) for x in _gardees.values()) > OCTETS_GARDES:
            _gardees.popitem(last=False)
    return image


def _dessiner(svg: str, largeur: int, echelle: float) -> bytes:
    commande = {"svg": svg, "largeur": largeur, "echelle": echelle, "polices": _POLICES}
    try:
        fini = subprocess.run(
            [sys.executable, "-I", str(_ATELIER)],
            input=json.dumps(commande).encode(),
            capture_output=True,
            timeout=SECONDES,
            check=False,
        )
    except subprocess.TimeoutExpired as erreur:
        raise ImageImpossible(
            f"L’image n’a pas été dessinée en {SECONDES} secondes : téléchargez le dessin en SVG."
        ) from erreur
    if fini.returncode != 0 or not fini.stdout.startswith(_SIGNATURE_PNG):
        raise ImageImpossible(
            "L’image n’a pas pu être dessinée : téléchargez le dessin en SVG.",
            detail=fini.stderr.decode(errors="replace")[-2000:],
        )
    return fini.stdout
