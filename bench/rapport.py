"""The figures as a table one can paste in a page, and what misses its target."""

from __future__ import annotations

from typing import Any

from .mesures import MesureTaille
from .pages import CROISSANCE, GRANDE_TAILLE, OCTETS, PAGES, TAILLE_DE_REFERENCE

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
    noms = {p.code: p.libelle for p in PAGES} | {"plancher": "*plancher*"}
    for p in (mesure.plancher, *mesure.pages):
        lignes.append(
            f"| {noms[p.code]} | {nombre(p.p50)} | {nombre(p.p95)} | {nombre(p.p50 / mesure.plancher.p50, 2)} "
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
    for p in PAGES:
        brut = grande.page(p.code).p50 / petite.page(p.code).p50
        lignes.append(f"| {p.libelle} | {nombre(brut, 2)} | {nombre(brut / derive, 2)} |")
    return [*lignes, ""]


def tableau_reste(mesures: dict[str, float]) -> list[str]:
    lignes = ["### Le reste", "", "| mesure | valeur | cible |", "|---|--:|--:|"]
    for code, (libelle, unite, cible) in CIBLES.items():
        if code in mesures:
            lignes.append(f"| {libelle} | {nombre(mesures[code], 2)} {unite} | ≤ {nombre(cible, 0)} {unite} |")
    for libelle, valeur in mesures.items():
        if libelle not in CIBLES:
            lignes.append(f"| {libelle} | {nombre(valeur)} | |")
    return [*lignes, ""]


def manques(tailles: dict[int, MesureTaille], mesures: dict[str, float]) -> list[str]:
    """What misses its target, one sentence each; empty when everything is reached."""
    constats = []
    for taille, mesure in tailles.items():
        for p in PAGES:
            m = mesure.page(p.code)
            if p.sql is not None and m.sql > p.sql:
                constats.append(f"{p.libelle} à {taille} : {m.sql} requêtes (au plus {p.sql})")
            if p.sql is not None and m.octets > OCTETS:
                constats.append(f"{p.libelle} à {taille} : {m.octets} octets (au plus {OCTETS})")
            if p.ratio and taille == TAILLE_DE_REFERENCE and mesure.ratio(p.code) > p.ratio:
                ratio = nombre(mesure.ratio(p.code), 2)
                constats.append(f"{p.libelle} à {taille} : {ratio} × le plancher (au plus {p.ratio:g})")
    if {TAILLE_DE_REFERENCE, GRANDE_TAILLE} <= tailles.keys():
        for p in PAGES:
            croissance = tailles[GRANDE_TAILLE].ratio(p.code) / tailles[TAILLE_DE_REFERENCE].ratio(p.code)
            if p.ratio and croissance > CROISSANCE:
                constats.append(f"{p.libelle} : × {nombre(croissance, 2)} de 10 000 à 100 000 fiches")
    for code, (libelle, unite, cible) in CIBLES.items():
        if mesures.get(code, 0) > cible:
            constats.append(f"{libelle} : {nombre(mesures[code], 2)} {unite} (au plus {nombre(cible, 0)})")
    return constats


def as_json(moteur: str, tailles: dict[int, MesureTaille], mesures: dict[str, float]) -> dict[str, Any]:
    return {
        "moteur": moteur,
        "tailles": {str(t): m.as_dict() for t, m in tailles.items()},
        "mesures": mesures,
        "manques": manques(tailles, mesures),
    }
