"""The three lists of a process being written (phases, steps, meetings): each gesture gives a new content.

A content is the JSON of a definition. A code is made from the first name a thing is given and never changes:
running démarches recognise a step by it.
"""

from __future__ import annotations

import copy
from typing import Any, Literal

from django.utils.text import slugify

Contenu = dict[str, Any]
Nature = Literal["phases", "etapes", "reunions"]
NATURES: dict[str, str] = {"phases": "la phase", "etapes": "l’étape", "reunions": "la réunion"}


class Introuvable(Exception):
    """No phase, step or meeting of that code."""


def _liste(contenu: Contenu, nature: str) -> list[dict[str, Any]]:
    if nature == "etapes":
        return [e for p in contenu["phases"] for e in p["etapes"]]
    liste: list[dict[str, Any]] = contenu.setdefault(nature, [])
    return liste


def trouver(contenu: Contenu, nature: str, code: str) -> dict[str, Any]:
    """One of them. Raises Introuvable."""
    trouve = next((x for x in _liste(contenu, nature) if x.get("code") == code), None)
    if trouve is None:
        raise Introuvable(code)
    return trouve


def phase_de(contenu: Contenu, code: str) -> str:
    """Code of the phase that holds that step. Raises Introuvable."""
    for phase in contenu["phases"]:
        if any(e.get("code") == code for e in phase["etapes"]):
            return str(phase["code"])
    raise Introuvable(code)


def code_libre(contenu: Contenu, nature: str, libelle: str) -> str:
    """A code made from the name, different from those in use."""
    pris = {x.get("code") for x in _liste(contenu, nature)} | {"nouveau"}  # a word of the addresses
    racine = slugify(libelle)[:36].strip("-") or nature[:-1]
    return next(c for c in (racine, *(f"{racine}-{n}" for n in range(2, len(pris) + 3))) if c not in pris)


def ajouter(contenu: Contenu, nature: str, valeurs: dict[str, Any], phase: str = "") -> tuple[Contenu, str]:
    """The content with one more, at the end (of the phase, for a step), and its code."""
    nouveau = copy.deepcopy(contenu)
    code = code_libre(nouveau, nature, str(valeurs["libelle"]))
    ajout = {"code": code, **valeurs}
    if nature == "etapes":
        trouver(nouveau, "phases", phase)["etapes"].append(ajout)
    else:
        if nature == "phases":
            ajout.setdefault("etapes", [])
        _liste(nouveau, nature).append(ajout)
    return nouveau, code


def modifier(contenu: Contenu, nature: str, code: str, valeurs: dict[str, Any], phase: str = "") -> Contenu:
    """The content with one said otherwise; a step may change phase, and goes then at the end of it."""
    nouveau = copy.deepcopy(contenu)
    objet = trouver(nouveau, nature, code)
    objet.update(valeurs)
    if nature == "etapes" and phase and phase != phase_de(nouveau, code):
        trouver(nouveau, "phases", phase_de(nouveau, code))["etapes"].remove(objet)
        trouver(nouveau, "phases", phase)["etapes"].append(objet)
    return nouveau


def retirer(contenu: Contenu, nature: str, code: str) -> Contenu:
    """The content without it; a phase goes with its steps."""
    nouveau = copy.deepcopy(contenu)
    objet = trouver(nouveau, nature, code)
    if nature == "etapes":
        trouver(nouveau, "phases", phase_de(nouveau, code))["etapes"].remove(objet)
    else:
        _liste(nouveau, nature).remove(objet)
    return nouveau


def deplacer(contenu: Contenu, nature: str, code: str, pas: int) -> Contenu:
    """One place up (-1) or down (1); a step at the edge of its phase enters the next one."""
    nouveau = copy.deepcopy(contenu)
    objet = trouver(nouveau, nature, code)
    if nature != "etapes":
        _glisser(_liste(nouveau, nature), objet, pas)
        return nouveau
    phases = nouveau["phases"]
    rang = next(i for i, p in enumerate(phases) if objet in p["etapes"])
    etapes = phases[rang]["etapes"]
    if 0 <= etapes.index(objet) + pas < len(etapes):
        _glisser(etapes, objet, pas)
    elif 0 <= rang + pas < len(phases):
        etapes.remove(objet)
        phases[rang + pas]["etapes"].insert(0 if pas > 0 else len(phases[rang + pas]["etapes"]), objet)
    return nouveau


def _glisser(liste: list[dict[str, Any]], objet: dict[str, Any], pas: int) -> None:
    rang = liste.index(objet)
    liste.remove(objet)
    liste.insert(max(rang + pas, 0), objet)
