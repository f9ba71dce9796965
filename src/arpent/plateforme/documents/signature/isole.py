"""The files that people send are read in a process of their own, with limits of time and memory."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, astuple
from pathlib import Path
from typing import Any

from arpent.plateforme.documents.empreinte import empreinte

from .papier import Marque, PageVue, Pile, PileRefusee
from .verification import ILLISIBLE, Rapport, RevisionLue, SignatureLue

SECONDES = 120
_ATELIER = "arpent.plateforme.documents.signature.atelier"
_REFUS = 3


class AtelierEnPanne(RuntimeError):
    """The workshop gave nothing: too long, too heavy, or a native crash."""


def _demander(commande: dict[str, Any], fichiers: Sequence[bytes]) -> tuple[dict[str, Any], bytes]:
    entete = json.dumps(commande | {"tailles": [len(f) for f in fichiers]}).encode() + b"\n"
    try:
        fini = subprocess.run(
            [sys.executable, "-I", "-m", _ATELIER],
            input=entete + b"".join(fichiers),
            capture_output=True,
            timeout=SECONDES,
            check=False,
        )
    except subprocess.TimeoutExpired as erreur:
        raise AtelierEnPanne("délai dépassé") from erreur
    if fini.returncode == _REFUS:
        raise PileRefusee(fini.stderr.decode(errors="replace"))
    if fini.returncode != 0:
        raise AtelierEnPanne(fini.stderr.decode(errors="replace")[-2000:])
    ligne, _, fichier = fini.stdout.partition(b"\n")
    return json.loads(ligne), fichier


def verifier(pdf: bytes, dossier: Path | None = None, *, connu: bool = False) -> Rapport:
    """`verifier_pdf` on a file that somebody sent. Never raises."""
    commande = {"quoi": "verifier", "dossier": str(dossier) if dossier else "", "connu": connu}
    try:
        lu, _ = _demander(commande, [pdf])
    except (AtelierEnPanne, PileRefusee):
        texte = "Ce PDF est fait de façon anormale : sa lecture a été arrêtée. Il ne peut pas être vérifié."
        return Rapport(ILLISIBLE, len(pdf), empreinte(pdf), texte)
    return rapport_de(lu)


def rapport_de(lu: dict[str, Any]) -> Rapport:
    """A report from its plain values (`asdict`)."""
    signatures = tuple(SignatureLue(**(s | {"defauts": tuple(s["defauts"])})) for s in lu["signatures"])
    revisions = tuple(RevisionLue(**r) for r in lu["revisions"])
    groupes = {"signatures": signatures, "revisions": revisions, "alterations": tuple(lu["alterations"])}
    return Rapport(**(lu | groupes))


def pile_de(lu: dict[str, Any]) -> Pile:
    """A pile from its plain values."""
    return Pile(lu["attendues"], tuple(PageVue(**v) for v in lu["vues"]), tuple(lu["manquantes"]))


def pile_en_valeurs(pile: Pile) -> dict[str, Any]:
    """Plain values, to be kept with the file."""
    return asdict(pile) | {"manquantes": list(pile.manquantes), "vues": [asdict(v) for v in pile.vues]}


def reconnaitre(
    original: bytes, fichiers: Sequence[tuple[str, bytes]], attendu: Marque
) -> tuple[Pile, bytes]:
    """The pile against the file to sign, then the pages found in order. PileRefusee."""
    commande = {"quoi": "reconnaitre", "noms": [n for n, _ in fichiers], "marque": astuple(attendu)}
    try:
        lu, rangees = _demander(commande, [original, *(c for _, c in fichiers)])
    except AtelierEnPanne as panne:
        raise PileRefusee(
            "La lecture de ces pages a été arrêtée : trop longue ou fichier abîmé. Numérisez à 200 points "
            "par pouce, en niveaux de gris, puis renvoyez."
        ) from panne
    return pile_de(lu), rangees


def marquer(pdf: bytes, marque: Marque, mention: str) -> bytes:
    """The copy to print, with its codes. PileRefusee when it cannot be made."""
    try:
        return _demander({"quoi": "marquer", "marque": astuple(marque), "mention": mention}, [pdf])[1]
    except AtelierEnPanne as panne:
        raise PileRefusee(
            "La copie à imprimer n’a pas pu être préparée : générez le document à nouveau."
        ) from panne
