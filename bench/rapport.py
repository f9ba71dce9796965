"""The figures as a table one can paste in a page, and what misses its target."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from .mesures import MesurePage, MesureTaille
from .pages import CROISSANCE, GRANDE_TAILLE, OCTETS, PAR_CODE, TAILLE_DE_REFERENCE

CIBLES = {
    "pret": ("serveur prêt après son démarrage", "s", 3.0),
    "memoire": ("mémoire d’un processus de travail", "Mo", 110.0),
    "connexion": ("connexion (POST)", "ms", 150.0),
    "contrat_pdf": ("contrat en PDF, de la base au fichier", "s", 1.0),
    "import_10000": ("aperçu d’un import de 10 000 lignes", "s", 3.0),
}


def nombre(valeur: float, decimales: int = 1) -> str:
    return f"{valeur:,.{decimales}f}".replace(",", "\u202f").replace(".", ",")


def tableau_pages(mesure: MesureTaille) -> list[str]:
    """One Markdown table for one size."""
    lignes = [
        f"### {nombre(mesure.taille, 0)} fiches",
        "",
        "| page | p50 (ms) | p95 (ms) | × plancher | requêtes | HTML (ko) | gzip (ko) |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    noms = {p.code: p.libelle for p in PAR_CODE.values()} | {"plancher": "*plancher*"}
    for p in (mesure.plancher, *mesure.pages):
        lignes.append(
            f"| {noms[p.code]} | {nombre(p.p50)} | {nombre(p.p95)} | {nombre(mesure.ratio(p), 2)} "
            f"| {p.sql} | {nombre(p.octets / 1000)} | {nombre(p.octets_gzip / 1000)} |"
        )
    return [*lignes, ""]


def tableau_croissance(petite: MesureTaille, grande: MesureTaille) -> list[str]:
    """How each page grows from one size to the other, corrected by how the floor itself moved."""
    derive = grande.plancher.p50 / petite.plancher.p50
    lignes = [
        f"### De {nombre(petite.taille, 0)} à {nombre(grande.taille, 0)} fiches",
        "",
        f"Le plancher a varié de × {nombre(derive, 2)} entre les deux mesures.",
        "",
        "| page | p50 × | p50 × (plancher déduit) |",
        "|---|--:|--:|",
    ]
    for p, q in zip(petite.pages, grande.pages, strict=True):
        brut = q.p50 / p.p50
        lignes.append(f"| {PAR_CODE[p.code].libelle} | {nombre(brut, 2)} | {nombre(brut / derive, 2)} |")
    return [*lignes, ""]


def tableau_reste(mesures: dict[str, float]) -> list[str]:
    lignes = ["### Le reste", "", "| mesure | valeur | cible |", "|---|--:|--:|"]
    for code, (libelle, unite, cible) in CIBLES.items():
        if code in mesures:
            lignes.append(
                f"| {libelle} | {nombre(mesures[code], 2)} {unite} | ≤ {nombre(cible, 0)} {unite} |"
            )
    for libelle, valeur in mesures.items():
        if libelle not in CIBLES:
            lignes.append(f"| {libelle} | {nombre(valeur)} | |")
    return [*lignes, ""]


def manques(tailles: dict[int, MesureTaille], mesures: dict[str, float]) -> list[str]:
    """What misses its target, one sentence each; empty when everything is reached."""
    constats = [constat for mesure in tailles.values() for m in mesure.pages for constat in _pages(mesure, m)]
    if {TAILLE_DE_REFERENCE, GRANDE_TAILLE} <= tailles.keys():
        petite, grande = tailles[TAILLE_DE_REFERENCE], tailles[GRANDE_TAILLE]
        for p, q in zip(petite.pages, grande.pages, strict=True):
            croissance = grande.ratio(q) / petite.ratio(p)
            if PAR_CODE[p.code].ratio and croissance > CROISSANCE:
                constats.append(
                    f"{PAR_CODE[p.code].libelle} : × {nombre(croissance, 2)} de 10 000 à 100 000 fiches"
                )
    for code, (libelle, unite, cible) in CIBLES.items():
        if mesures.get(code, 0) > cible:
            constats.append(f"{libelle} : {nombre(mesures[code], 2)} {unite} (au plus {nombre(cible, 0)})")
    return constats


def _pages(mesure: MesureTaille, m: MesurePage) -> Iterator[str]:
    page = PAR_CODE[m.code]
    ou = f"{page.libelle} à {nombre(mesure.taille, 0)} fiches"
    if page.sql is not None and m.sql > page.sql:
        yield f"{ou} : {m.sql} requêtes (au plus {page.sql})"
    if page.sql is not None and m.octets > OCTETS:
        yield f"{ou} : {nombre(m.octets, 0)} octets (au plus {nombre(OCTETS, 0)})"
    if page.ratio and mesure.taille == TAILLE_DE_REFERENCE and mesure.ratio(m) > page.ratio:
        yield f"{ou} : {nombre(mesure.ratio(m), 2)} × le plancher (au plus {page.ratio:g})"


def as_json(moteur: str, tailles: dict[int, MesureTaille], mesures: dict[str, float]) -> dict[str, Any]:
    return {
        "moteur": moteur,
        "tailles": {str(t): asdict(m) for t, m in tailles.items()},
        "mesures": mesures,
        "manques": manques(tailles, mesures),
    }
