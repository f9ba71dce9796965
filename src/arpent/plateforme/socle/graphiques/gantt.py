"""Calendars: one line each, its bars and marks on a common axis of time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from .base import Figure, couper, hachure, identifiant, pc, pos, texte, toile

Genre = Literal["fait", "prevu", "retard", "prevision"]
PAS, AXE = 44.0, 34.0
GRADUATIONS = 5
LARGEUR_MOIS = 16.0
"""Percent of the width that a month takes on a phone."""
LIBELLES: dict[Genre, str] = {
    "fait": "fait",
    "prevu": "prévu",
    "retard": "en retard",
    "prevision": "prévision, du plus tôt au plus tard",
}
_CLASSES: dict[Genre, str] = {"fait": "s1", "prevu": "attenue", "retard": "s4", "prevision": "s2"}
_MOIS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")


@dataclass(frozen=True, slots=True)
class Periode:
    """A bar from one day to another, both included. `detail` is its tooltip."""

    debut: date
    fin: date
    genre: Genre
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Jalon:
    """A mark on one day."""

    le: date
    detail: str
    fort: bool = False


@dataclass(frozen=True, slots=True)
class LigneGantt:
    """`cellules`: what the table behind says of the line, after its name."""

    libelle: str
    periodes: tuple[Periode, ...]
    cellules: tuple[str, ...]
    jalons: tuple[Jalon, ...] = ()
    note: str = ""


_PAS_DES_MOIS = (1, 2, 3, 6, 12, 24, 60, 120, 300, 1200)


def _debuts_de_mois(debut: date, fin: date) -> list[date]:
    """First days of months, five at most: every 1, 2, 3, 6 months, or so many years."""
    premier, dernier = debut.year * 12 + debut.month - 1, fin.year * 12 + fin.month - 1
    for pas in _PAS_DES_MOIS:
        rangs = (r for r in range(premier, dernier + 1) if r % pas == 0)
        dates = [d for r in rangs if debut <= (d := date(r // 12, r % 12 + 1, 1)) <= fin]
        if len(dates) <= GRADUATIONS:
            break
    return dates


def gantt(
    titre: str,
    lignes: Sequence[LigneGantt],
    entetes: tuple[str, ...],
    *,
    today: date | None = None,
) -> Figure:
    """Name above its bars, dates along the top, today as a line. `entetes` head the table behind.

    Raises ValueError without any date to draw.
    """
    jours = [d for x in lignes for p in x.periodes for d in (p.debut, p.fin)]
    jours += [j.le for x in lignes for j in x.jalons]
    if not jours:
        raise ValueError("Aucune date à dessiner : le calendrier demande au moins une période.")
    debut, fin = min(jours), max(jours)
    etendue = max((fin - debut).days, 1)

    def x_de(jour: date) -> float:
        return (jour - debut).days / etendue * 100

    motif = identifiant(titre, len(lignes))
    presents = [g for g in LIBELLES if any(p.genre == g for x in lignes for p in x.periodes)]
    dessin, haut = _legende(presents, motif)
    hauteur = haut + AXE + len(lignes) * PAS
    dessin += _axe([(x_de(d), d) for d in _debuts_de_mois(debut, fin)], haut, hauteur)
    for rang, ligne in enumerate(lignes):
        dessin += _dessiner(ligne, haut + AXE + rang * PAS, x_de, motif)
    if today is not None and debut <= today <= fin:
        x = pc(x_de(today))
        for rang in range(len(lignes)):  # over the bars only: a name stays readable
            y = haut + AXE + rang * PAS
            dessin += (
                f'<line class="repere" x1="{x}" x2="{x}" y1="{pos(y + 16)}" y2="{pos(y + 34)}">'
                "<title>aujourd’hui</title></line>"
            )
    description = (
        f"Calendrier de {len(lignes)} lignes, de {_MOIS[debut.month - 1]} {debut.year} à "
        f"{_MOIS[fin.month - 1]} {fin.year}"
        + (" ; le trait vertical est aujourd’hui." if today is not None and debut <= today <= fin else ".")
    )
    tableau = tuple((x.libelle, *x.cellules) for x in lignes)
    svg = toile(titre, description, hauteur, hachure(motif) + dessin)
    return Figure(titre, description, svg, entetes, tableau)


def _axe(dates: Sequence[tuple[float, date]], haut: float, hauteur: float) -> str:
    """A line and its month at each date; no month over another, on a phone either."""
    dessin, libre = "", 0.0
    for x, jour in dates:
        au_bord = x > 100 - LARGEUR_MOIS
        dessin += (
            f'<line class="grille-trait" x1="{pc(x)}" x2="{pc(x)}" y1="{pos(haut + 20)}" '
            f'y2="{pos(hauteur)}"/>'
        )
        if (x - LARGEUR_MOIS if au_bord else x) < libre:
            continue
        libre = x if au_bord else x + LARGEUR_MOIS
        dessin += (
            f'<text class="doux menu{" fin" if au_bord else ""}" x="{pc(x)}" y="{pos(haut + 14)}">'
            f"{_MOIS[jour.month - 1]} {jour.year}</text>"
        )
    return dessin


def _legende(presents: Sequence[Genre], motif: str) -> tuple[str, float]:
    """One line a kind: readable on a phone."""
    dessin = ""
    for rang, genre in enumerate(presents):
        y = rang * 22.0
        dessin += f'<rect class="{_CLASSES[genre]}" x="0" y="{pos(y + 1)}" width="20" height="12"/>'
        if genre == "prevision":
            dessin += f'<rect x="0" y="{pos(y + 1)}" width="20" height="12" fill="url(#{motif})"/>'
        dessin += f'<text x="28" y="{pos(y + 12)}">{LIBELLES[genre]}</text>'
    return dessin, 22.0 * len(presents) + 8


def _dessiner(ligne: LigneGantt, y: float, x_de: Callable[[date], float], motif: str) -> str:
    nom = texte(ligne.libelle)
    dessin = (
        f'<text x="0" y="{pos(y + 13)}">{texte(couper(ligne.libelle, 42))}<title>{nom}</title></text>'
        f'<rect class="rail" x="0" y="{pos(y + 19)}" width="100%" height="12"/>'
    )
    if ligne.note:
        dessin += f'<text class="doux fin" x="100%" y="{pos(y + 13)}">{texte(ligne.note)}</text>'
    for p in ligne.periodes:
        x = x_de(p.debut)
        largeur = max(x_de(p.fin) - x, 0.8)
        place = f'x="{pc(min(x, 99.2))}" y="{pos(y + 19)}" width="{pc(largeur)}" height="12"'
        dessin += (
            f'<rect class="{_CLASSES[p.genre]}" {place}><title>{nom} : {texte(p.detail or LIBELLES[p.genre])}'
            "</title></rect>"
        )
        if p.genre == "prevision":
            dessin += f'<rect {place} fill="url(#{motif})" pointer-events="none"/>'
    for jalon in ligne.jalons:
        ou = pc(x_de(jalon.le))
        dessin += (
            f'<circle class="{"points c1" if not jalon.fort else "s1"}" cx="{ou}" cy="{pos(y + 25)}" r="5">'
            f"<title>{texte(jalon.detail)}</title></circle>"
        )
    return dessin
