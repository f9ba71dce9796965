"""Rows of texts → headers and lines: where the titles are, on how many lines, what each column is called."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from .limites import CELLULE_MAX, COLONNES_MAX, LIGNES_MAX, TEXTE_MAX, Refus

TITRE_LIGNES = 30
NIVEAUX_MAX = 2  # lines of titles above and below the main one
_CONTROLES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]|_x000[Dd]_")
_MOTS_DE_TITRE = re.compile(
    r"intitul|projet|operation|ouvrage|porteur|cout|montant|theme|financ|subvention|annee|axe|priorit|"
    r"maturit|assiette|aide|region|departement|autres?\b|n°|numero"
)
_PRECISION = re.compile(
    r"\(?(?:en )?(?:[km]?€|euros?|h\.?t\.?|t\.?t\.?c\.?|ht ?/ ?ttc|[km]?€ ?(?:ht|ttc)|%|acquis|sollicites?|"
    r"demandes?|obtenus?|previsionnels?|oui ?/ ?non|jj/mm/aaaa|date|detr|dsil|etat|region|departement|epci|"
    r"ue|debut|fin)\)?"
)
Plage = tuple[tuple[int, int], tuple[int, int]]


def plier(texte: str) -> str:
    decompose = unicodedata.normalize("NFKD", texte)
    return "".join(c for c in decompose if not unicodedata.combining(c)).lower()


def note_de_titre(row: Sequence[str]) -> int:
    """How much a line looks like the titles of a plan: its cells that hold one of the usual words."""
    pleines = [c.strip() for c in row if c.strip()]
    if len(pleines) < 2 or any(c[:1].isdigit() or len(c) > 120 for c in pleines):
        return 0
    return sum(bool(_MOTS_DE_TITRE.search(plier(c))) for c in pleines)


def _est_titre_au_dessus(row: Sequence[str], y: int, fusions: Sequence[Plage], largeur: int) -> bool:
    """A line of groups: « Plan de financement » over several columns; not the title of the whole table."""
    pleines = [c for c in row if c]
    if not pleines or any(c[:1].isdigit() or len(c) > 120 for c in pleines):
        return False
    larges = [d - g + 1 for (haut, g), (bas, d) in fusions if haut <= y <= bas and d > g and row[g]]
    if larges:
        return max(larges) < 0.6 * largeur
    return len(pleines) >= 2 and note_de_titre(row) >= 2


def _est_titre_au_dessous(row: Sequence[str], y: int, fusions: Sequence[Plage]) -> bool:
    """A second line of titles: units, parts of a group, or cells merged with the line above."""
    pleines = [c for c in row if c]
    if not pleines or any(c[:1].isdigit() or len(c) > 60 for c in pleines):
        return False
    if all(_PRECISION.fullmatch(" ".join(plier(c).split())) for c in pleines):
        return True
    merges = [1 for (haut, _), (bas, _) in fusions if haut < y <= bas]
    return len(merges) >= 2 or (len(pleines) >= 2 and note_de_titre(row) == len(pleines))


def _etaler(row: Sequence[str], y: int, fusions: Sequence[Plage]) -> list[str]:
    """The line with each title repeated over the columns that it covers."""
    etalee = list(row)
    for (haut, gauche), (bas, droite) in fusions:
        if haut <= y <= bas and droite - gauche <= COLONNES_MAX and gauche < len(row):
            for rang in range(gauche, min(droite + 1, len(etalee))):
                etalee[rang] = etalee[rang] or row[gauche]
    return etalee


def _bloc_de_titres(
    pleines: Sequence[tuple[int, list[str]]], debut: int, fusions: Sequence[Plage]
) -> tuple[int, int]:
    """First and last line of titles around the main one, as ranks in `pleines`."""
    largeur = sum(bool(c) for c in pleines[debut][1])
    haut = bas = debut
    while haut > 0 and debut - haut < NIVEAUX_MAX:
        numero, row = pleines[haut - 1]
        contigue = numero == pleines[haut][0] - 1
        if not contigue or not _est_titre_au_dessus(row, numero - 1, fusions, largeur):
            break
        haut -= 1
    while bas + 1 < len(pleines) and bas - debut < NIVEAUX_MAX:
        numero, row = pleines[bas + 1]
        contigue = numero == pleines[bas][0] + 1
        if not contigue or not _est_titre_au_dessous(row, numero - 1, fusions):
            break
        bas += 1
    return haut, bas


def _entetes(lignes: Sequence[tuple[int, list[str]]], fusions: Sequence[Plage], largeur: int) -> list[str]:
    """One title by column: the lines of titles joined, each word once."""
    vides = [""] * largeur
    etalees = [_etaler((row + vides)[:largeur], numero - 1, fusions) for numero, row in lignes]
    entetes = []
    for rang in range(largeur):
        niveaux: list[str] = []
        for row in etalees:
            titre = " ".join(row[rang].split())
            if titre and titre not in niveaux:
                niveaux.append(titre)
        entetes.append(" – ".join(niveaux)[:200])
    return entetes


def verifier_lignes(lignes: Sequence[tuple[int, list[str]]]) -> None:
    if not lignes:
        raise Refus("Le fichier n’a qu’une ligne de titres : ajoutez au moins un projet.")
    if len(lignes) > LIGNES_MAX:
        raise Refus(f"Le tableau dépasse {LIGNES_MAX} lignes : découpez-le en plusieurs fichiers.")
    total = 0
    for numero, row in lignes:
        total += sum(map(len, row))
        if any(len(c) > CELLULE_MAX for c in row):
            raise Refus(
                f"Une cellule de la ligne {numero} dépasse {CELLULE_MAX} caractères : raccourcissez-la."
            )
    if total > TEXTE_MAX:
        raise Refus("Le tableau contient trop de texte : découpez-le en plusieurs fichiers.")


def ranger(rows: Sequence[Sequence[str]], fusions: Sequence[Plage] = ()) -> dict[str, Any]:
    """Headers and lines with their number in the file; blank lines are left out."""
    nettes = ([_CONTROLES.sub("", c).strip() for c in row] for row in rows)
    pleines = [(numero, row) for numero, row in enumerate(nettes, start=1) if any(row)]
    if not pleines:
        raise Refus("Le fichier est vide : vérifiez que vous envoyez le bon fichier.")
    notes = [note_de_titre(row) for _, row in pleines[:TITRE_LIGNES]]
    debut = notes.index(max(notes))
    haut, bas = _bloc_de_titres(pleines, debut, fusions)
    lignes = pleines[bas + 1 :]
    largeur = max(rang for _, row in pleines[haut:] for rang, c in enumerate(row, start=1) if c)
    if largeur > COLONNES_MAX:
        raise Refus(
            f"Le tableau a {largeur} colonnes, {COLONNES_MAX} sont admises : ne gardez que les utiles."
        )
    verifier_lignes(lignes)
    vides = [""] * largeur
    return {
        "entetes": _entetes(pleines[haut : bas + 1], fusions, largeur),
        "numeros": [numero for numero, _ in lignes],
        "lignes": [(row + vides)[:largeur] for _, row in lignes],
        "niveaux": bas - haut + 1,
    }
