"""A list of elected people as rows: the national lists are long, only some départements are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .limites import COLONNES_MAX, LIGNE_LOINTAINE, Refus
from .rangement import TITRE_LIGNES, plier, verifier_lignes

_SECRETES = ("naissance", "nationalite", "socio", "profession")
"""Columns that nothing needs: they do not leave the child."""


def _code(cellule: str) -> str:
    """“1”, “01” and “001” are one département; “2A” stays."""
    return cellule.strip().lstrip("0").upper()


def _est_titre(row: Sequence[str]) -> bool:
    plies = {plier(c).strip() for c in row}
    return any(p.startswith("nom") for p in plies) and any(p.startswith("prenom") for p in plies)


def _rang_du_departement(entetes: Sequence[str]) -> int | None:
    plies = [plier(c).strip() for c in entetes]
    return next((i for i, e in enumerate(plies) if e in {"code du departement", "code departement"}), None)


def titre_de(rows: Sequence[Sequence[str]]) -> int | None:
    """Rank of the line of titles: the first that names « nom » and « prénom »."""
    return next((i for i, row in enumerate(rows[:TITRE_LIGNES]) if _est_titre(row)), None)


def ranger_elus(rows: Sequence[Sequence[str]], departements: Sequence[str]) -> dict[str, Any]:
    """Headers and lines of these départements (all when there is none, or no such column).

    What is private (birth, nationality, profession) is left out.
    """
    debut = titre_de(rows)
    if debut is None:
        raise Refus("Le fichier n’a pas de colonnes « Nom » et « Prénom » : prenez le modèle de cette page.")
    if len(rows) > LIGNE_LOINTAINE:
        raise Refus("Le fichier dépasse 100 000 lignes : ne gardez que votre département avant de l’envoyer.")
    entetes = [" ".join(c.split())[:200] for c in rows[debut]]
    if len(entetes) > COLONNES_MAX:
        raise Refus(f"Le tableau a plus de {COLONNES_MAX} colonnes : ne gardez que les utiles.")
    rang, voulus = _rang_du_departement(entetes), {_code(c) for c in departements}
    pleines = [
        (n, row) for n, row in enumerate(rows[debut + 1 :], start=debut + 2) if any(map(str.strip, row))
    ]
    gardees = [
        (n, list(row))
        for n, row in pleines
        if rang is None or not voulus or (len(row) > rang and _code(row[rang]) in voulus)
    ]
    if pleines and not gardees:
        raise Refus("Le fichier n’a aucune ligne de vos départements : vérifiez que c’est le bon.")
    if not pleines:
        raise Refus("Le fichier n’a qu’une ligne de titres : ajoutez au moins une personne.")
    verifier_lignes(gardees)
    dites = [i for i, c in enumerate(entetes) if not any(mot in plier(c) for mot in _SECRETES)]
    vides = [""] * len(entetes)
    return {
        "entetes": [entetes[i] for i in dites],
        "numeros": [n for n, _ in gardees],
        "lignes": [[" ".join((row + vides)[i].split()) for i in dites] for _, row in gardees],
        "niveaux": 1,
    }
