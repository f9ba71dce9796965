"""The template of an authority is opened in a process of its own, with limits of time and memory."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ..rendu.composition import Piece
from ..rendu.pdf import RenduImpossible
from .paquet import TAILLE_MAX, GabaritRefuse

SECONDES = 60
_ATELIER = "arpent.plateforme.documents.gabarits_word.atelier"
_REFUS = 3


def controler_a_part(modele: bytes, pieces: Sequence[Piece], obligatoires: Mapping[str, str]) -> None:
    """`controle.controler`, apart. GabaritRefuse, whatever the file holds."""
    if len(modele) > TAILLE_MAX:
        raise GabaritRefuse("Ce document dépasse 10 Mo : allégez ses images, puis renvoyez-le.")
    code, _, erreur = _demander("controler", modele, pieces, obligatoires)
    if code == _REFUS:
        raise GabaritRefuse(erreur)
    if code != 0:
        raise GabaritRefuse(
            "La lecture de ce document a été arrêtée : il est trop lourd, trop complexe ou abîmé. Repartez "
            "du gabarit livré, puis renvoyez-le."
        )


def composer_a_part(modele: bytes, piece: Piece) -> bytes:
    """The document of a template in service. RenduImpossible (French) when it no longer fits the data."""
    code, contenu, erreur = _demander("composer", modele, [piece], {})
    if code != 0 or not contenu.startswith(b"PK"):
        raise RenduImpossible(
            "Le document Word n’a pas été produit : le gabarit de votre collectivité ne se remplit plus. "
            "Déposez-le corrigé ou revenez au gabarit livré (page du dispositif, « Gabarits Word »)."
            + (f" {erreur}" if code == _REFUS else ""),
            detail=erreur[-4000:],
        )
    return contenu


def _demander(
    quoi: str, modele: bytes, pieces: Sequence[Piece], obligatoires: Mapping[str, str]
) -> tuple[int, bytes, str]:
    commande: dict[str, Any] = {
        "quoi": quoi,
        "pieces": [asdict(p) | {"etabli_le": p.etabli_le.isoformat()} for p in pieces],
        "obligatoires": dict(obligatoires),
    }
    try:
        fini = subprocess.run(
            [sys.executable, "-I", "-m", _ATELIER],
            input=json.dumps(commande).encode() + b"\n" + modele,
            capture_output=True,
            timeout=SECONDES,
            check=False,
            env={"LANG": "C.UTF-8"},
        )
    except subprocess.TimeoutExpired:
        return -1, b"", "délai dépassé"
    return fini.returncode, fini.stdout, fini.stderr.decode(errors="replace")
