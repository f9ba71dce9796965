"""The font of an authority: what a document asks of it, checked before it is kept."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .texte import propre

OCTETS_MAXIMUM = 2 * 1024**2
SECONDES = 20
GRASSE = 600
"""OS/2.usWeightClass from which a face is a bold one: the templates ask for 600."""
FRANCAIS = "AÀÂÆBCÇDEÉÈÊËFGHIÎÏJKLMNOÔŒPQRSTUÙÛÜVWXYŸZaàâæbcçdeéèêëfghiîïjklmnoôœpqrstuùûüvwxyÿz"
INDISPENSABLES = FRANCAIS + "0123456789 \u00a0.,;:!?’'«»()[]/+-–*%€§°&@"
"""What every document of ours prints; the rest is drawn by the fonts of the house."""
_ATELIER = Path(__file__).with_name("atelier_police.py")
_WEB = (b"wOFF", b"wOF2")
_FIXES = (b"\x00\x01\x00\x00", b"OTTO", b"true")


class PoliceRefusee(ValueError):
    """Why a font cannot be used (French, says what to do)."""


@dataclass(frozen=True, slots=True)
class Police:
    """A face that can be used. `famille`: its name for Typst and for Word; `grasse`: weight 600 or more."""

    famille: str
    grasse: bool


def lire_police(octets: bytes) -> Police:
    """Opens the file apart and says what it is. PoliceRefusee."""
    if len(octets) > OCTETS_MAXIMUM:
        raise PoliceRefusee("Cette police dépasse 2 Mo : prenez une version sans les écritures étrangères.")
    if octets[:4] in _WEB:
        raise PoliceRefusee("Cette police est au format du web (WOFF) : envoyez son fichier .ttf ou .otf.")
    if octets[:4] not in _FIXES:
        raise PoliceRefusee("Ce fichier n’est pas une police : envoyez un fichier .ttf ou .otf.")
    lue = _ouvrir_a_part(octets)
    if lue["variable"]:
        raise PoliceRefusee("Cette police est variable : envoyez ses fichiers fixes (« Regular », « Bold »).")
    if lue["italique"]:
        raise PoliceRefusee("Cette police est en italique : envoyez la version droite.")
    if not lue["incorporable"]:
        raise PoliceRefusee(
            "La licence inscrite dans cette police interdit de l’incorporer à un PDF : demandez à l’éditeur "
            "une version qui le permet, ou choisissez-en une autre."
        )
    if manquants := [chr(c) for c in lue["manquants"] if not chr(c).isspace()]:
        cites = " ".join(manquants[:12]) + (" …" if len(manquants) > 12 else "")
        raise PoliceRefusee(f"Il manque à cette police des caractères du français : {cites}")
    famille = propre(str(lue["famille"])).strip()[:80]
    if not famille:
        raise PoliceRefusee("Cette police ne porte pas de nom : envoyez le fichier fourni par son éditeur.")
    return Police(famille, int(lue["graisse"]) >= GRASSE)


def _ouvrir_a_part(octets: bytes) -> dict[str, Any]:
    attendus = json.dumps(sorted({ord(c) for c in INDISPENSABLES})).encode()
    try:
        fini = subprocess.run(
            [sys.executable, "-I", str(_ATELIER)],
            input=attendus + b"\n" + octets,
            capture_output=True,
            timeout=SECONDES,
            check=False,
        )
        if fini.returncode == 0:
            lue: dict[str, Any] = json.loads(fini.stdout)
            return lue
    except (subprocess.TimeoutExpired, ValueError):
        pass
    raise PoliceRefusee("Cette police est abîmée ou illisible : envoyez de nouveau son fichier .ttf ou .otf.")
