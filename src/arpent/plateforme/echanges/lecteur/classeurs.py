"""The sheets of a workbook, as rows of texts; or, for one that Arpent made to come back, as they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from .archive import verifier
from .limites import (
    COLONNES_MAX,
    ERREUR,
    FEUILLES_MAX,
    FUSION,
    FUSION_HAUT,
    LIGNE_LOINTAINE,
    LIGNES_MAX,
    Refus,
)
from .rangement import TITRE_LIGNES, note_de_titre

MARQUE, MARQUE_MAQUETTE = "arpent-plan-", "arpent-maquette-"
Plage = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell of a merged range, (row, column) from 0."""


@dataclass(slots=True)
class Feuille:
    """A visible sheet: its rows as texts, its merged ranges, how much it looks like a plan."""

    nom: str
    rows: list[list[str]]
    fusions: list[Plage] = field(default_factory=list)
    note: int = 0
    recopiees: int = 0


@dataclass(slots=True)
class Lecture:
    """What a workbook holds: sheets that may be read, names of those that are hidden, or the way back."""

    feuilles: list[Feuille] = field(default_factory=list)
    masquees: list[str] = field(default_factory=list)
    retour: dict[str, list[list[Any]]] = field(default_factory=dict)


def lire(chemin: str, genre: str) -> Lecture:
    """Every sheet of worth, the one that looks most like a plan first."""
    erreurs = verifier(chemin, genre)
    from python_calamine import CalamineWorkbook  # heavy: workbooks only

    try:
        lecture = _lire(CalamineWorkbook.from_path(chemin), erreurs)
    except Refus:
        raise
    except Exception as erreur:  # the reader has no common base class
        raise Refus(
            "Le classeur n’a pas pu être lu : enregistrez-le à nouveau au format .xlsx, ou en .csv."
        ) from erreur
    if not lecture.feuilles and not lecture.retour:
        raise Refus("Le classeur ne contient aucune donnée : vérifiez que vous envoyez le bon fichier.")
    return lecture


def _lire(classeur: Any, erreurs: dict[str, set[tuple[int, int]]]) -> Lecture:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    lecture = Lecture()
    for meta in classeur.sheets_metadata:
        if meta.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = classeur.get_sheet_by_name(meta.name)
        rows = sheet.to_python(skip_empty_area=False, nrows=LIGNE_LOINTAINE)
        premiere = rows[0][0] if rows and rows[0] else ""
        en_erreur = erreurs.get(meta.name, set())
        if isinstance(premiere, str) and premiere.startswith(MARQUE):
            lecture.retour[premiere] = _types(rows, en_erreur)
        elif isinstance(premiere, str) and premiere.startswith(MARQUE_MAQUETTE):
            return Lecture(retour={premiere: _types(rows, en_erreur)} | _toutes(classeur, meta.name, erreurs))
        elif not any(cell not in ("", None) for row in rows for cell in row):
            continue
        elif meta.visible != SheetVisibleEnum.Visible:
            lecture.masquees.append(meta.name)
        else:
            textes = _en_textes(rows, en_erreur)
            note = max(note_de_titre(row) for row in textes[:TITRE_LIGNES])
            fusions = [(tuple(a), tuple(b)) for a, b in sheet.merged_cell_ranges or ()]
            lecture.feuilles.append(Feuille(meta.name, textes, fusions, note))
    if not lecture.retour:
        _garder_les_meilleures(lecture)
    return lecture


def _toutes(classeur: Any, sauf: str, erreurs: dict[str, set[tuple[int, int]]]) -> dict[str, list[list[Any]]]:
    """The other sheets of a maquette that comes back, by name: its visible sheet has no mark of its own."""
    return {
        f"feuille:{nom}": _types(
            classeur.get_sheet_by_name(nom).to_python(skip_empty_area=False, nrows=LIGNE_LOINTAINE),
            erreurs.get(nom, set()),
        )
        for nom in classeur.sheet_names
        if nom != sauf
    }


def _garder_les_meilleures(lecture: Lecture) -> None:
    """The best sheet, and the others that look like a plan too."""
    triees = sorted(lecture.feuilles, key=lambda f: -f.note)  # stable: the first one when alike
    lecture.feuilles = [f for rang, f in enumerate(triees) if rang == 0 or f.note >= 3][: FEUILLES_MAX + 1]
    for feuille in lecture.feuilles:
        _recopier(feuille)


def _recopier(feuille: Feuille) -> None:
    """A word merged over several rows belongs to each of them; a number is marked: it may be shared."""
    rows = feuille.rows
    for (haut, gauche), (bas, droite) in feuille.fusions:
        if bas - haut > LIGNES_MAX or droite - gauche > COLONNES_MAX or bas >= len(rows):
            continue
        valeur = rows[haut][gauche] if gauche < len(rows[haut]) else ""
        if not valeur or (bas > haut and droite > gauche):
            continue
        est_nombre = valeur.replace(".", "", 1).replace(",", "", 1).replace(" ", "").isdigit()
        for y in range(haut + 1, bas + 1):
            if gauche < len(rows[y]) and not rows[y][gauche]:
                rows[y][gauche] = f"{FUSION}{valeur}" if est_nombre else valeur
                feuille.recopiees += 1
        if est_nombre and bas > haut:
            rows[haut][gauche] = f"{FUSION_HAUT}{valeur}"


def _en_textes(rows: list[list[Any]], erreurs: set[tuple[int, int]]) -> list[list[str]]:
    textes = [[texte(cell) for cell in row] for row in rows]
    for ligne, colonne in erreurs:  # the reader gives "" for #REF!: an amount must not vanish in silence
        if ligne <= len(textes) and colonne <= len(textes[ligne - 1]):
            textes[ligne - 1][colonne - 1] = ERREUR
    return textes


def texte(valeur: Any) -> str:
    """A cell as one would type it; numbers keep cents at most, so that 1.234 is never read as thousands."""
    match valeur:
        case None:
            return ""
        case bool():
            return "oui" if valeur else "non"
        case int():
            return str(valeur)
        case float():
            if valeur != valeur or valeur in (float("inf"), float("-inf")):
                return ""
            if valeur == int(valeur):
                return str(int(valeur))
            return str(Decimal(repr(valeur)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))
        case datetime():
            return valeur.date().isoformat()
        case date():
            return valeur.isoformat()
        case time() | timedelta():
            return str(valeur)
        case _:
            return str(valeur)


def _types(rows: list[list[Any]], erreurs: set[tuple[int, int]]) -> list[list[Any]]:
    """Cells as they are: a text is a string, anything else `[text]`; rows cut after their last cell."""
    lues: list[list[Any]] = []
    for numero, row in enumerate(rows, start=1):
        cells: list[Any] = [c if isinstance(c, str) else [texte(c)] if c is not None else "" for c in row]
        for rang in range(len(cells)):
            if (numero, rang + 1) in erreurs:
                cells[rang] = [ERREUR]
        while cells and cells[-1] in ("", [""]):
            cells.pop()
        lues.append(cells)
    while lues and not lues[-1]:
        lues.pop()
    return lues
