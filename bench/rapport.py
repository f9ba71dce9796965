"""The figures as a table one can paste in a page, and what misses its target."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from .mesures import MesurePage, MesureTaille
from .pages import CROISSANCE, GRANDE_TAILLE, OCTETS, PAR_CODE, TAILLE_DE_REFERENCE


@dataclass(frozen=True, slots=True)
class Autre:
    """A measure that is not a page. `au_plus`: the target, when there is one."""

    libelle: str
    unite: str
    au_plus: float | None = None


AUTRES = {
    "pret": Autre("serveur prêt après son démarrage", "s", 3.0),
    "pret_cpu": Autre("dont travail du processeur", "s"),
    "pret_plancher": Autre("le plancher prêt, au même moment", "s"),
    "memoire": Autre("mémoire d’un processus de travail (PSS), après les pages", "Mo", 110.0),
    "connexion": Autre("connexion (POST)", "ms", 150.0),
    "debit_liste": Autre("liste, 8 personnes, 2 processus", "pages/s"),
    "debit_plancher": Autre("plancher, 8 personnes, 2 processus", "pages/s"),
    "contrat_pdf": Autre("contrat en PDF, de la base au fichier", "s", 1.0),
    "contrat_cpu": Autre("dont travail du processeur", "s"),
    "contrat_pages": Autre("pages de ce contrat", ""),
    "contrat_memoire": Autre("mémoire du compositeur de PDF, au plus haut", "Mo"),
    "preinstruction": Autre("pré-instruction des fiches, de la base aux verdicts", "s", 5.0),
    "preinstruction_fiches": Autre("fiches pré-instruites", ""),
    "preinstruction_memoire": Autre("mémoire de la commande, au plus haut", "Mo"),
    "import_10000": Autre("import de 10 000 lignes XLSX : de l’envoi à l’aperçu", "s", 3.0),
    "import_envoi": Autre("dont envoi et lecture du fichier", "s"),
    "import_apercu": Autre("dont contrôle et aperçu", "s"),
    "import_cpu": Autre("dont travail du processeur", "s"),
    "import_memoire": Autre("mémoire du processus de travail après l’import", "Mo"),
    "import_sale": Autre("classeur sale de 10 000 lignes, du fichier à l’aperçu", "s", 15.0),
    "import_sale_memoire": Autre("mémoire la plus haute de cette lecture", "Mo", 500.0),
    "solveur": Autre("plans de cofinancement résolus et réparés", "plans/s"),
}
DU_SERVEUR = ("pret", "pret_cpu", "pret_plancher", "memoire", "connexion")
"""Those that each size measures; the largest size is kept."""


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


def tableau_autres(mesures: dict[str, float]) -> list[str]:
    lignes = ["### Le reste", "", "| mesure | valeur | cible |", "|---|--:|--:|"]
    for code, autre in AUTRES.items():
        if code in mesures:
            cible = f"≤ {autre.au_plus:g} {autre.unite}" if autre.au_plus else ""
            lignes.append(f"| {autre.libelle} | {nombre(mesures[code], 2)} {autre.unite} | {cible} |")
    return [*lignes, ""]


def page(moteur: str, tailles: dict[int, MesureTaille], mesures: dict[str, float]) -> list[str]:
    """Everything, in Markdown."""
    charge, coeurs = os.getloadavg()[2], os.cpu_count() or 1
    lignes = [
        f"## {moteur}",
        "",
        f"Le {date.today():%d/%m/%Y}, {coeurs} cœurs, charge moyenne de la machine sur un quart d’heure : "
        f"{nombre(charge)}. Seuls les rapports se comparent d’une machine à l’autre.",
        "",
    ]
    for mesure in tailles.values():
        lignes += tableau_pages(mesure)
    if {TAILLE_DE_REFERENCE, GRANDE_TAILLE} <= tailles.keys():
        lignes += tableau_croissance(tailles[TAILLE_DE_REFERENCE], tailles[GRANDE_TAILLE])
    lignes += tableau_autres(mesures)
    manque = manques(tailles, mesures)
    if not manque:
        return [*lignes, "Toutes les cibles sont atteintes."]
    return [*lignes, "Cibles manquées :", "", *(f"- {m}" for m in manque)]


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
    for code, autre in AUTRES.items():
        if autre.au_plus and mesures.get(code, 0) > autre.au_plus:
            constats.append(
                f"{autre.libelle} : {nombre(mesures[code], 2)} {autre.unite} (au plus {autre.au_plus:g})"
            )
    return constats


def _pages(mesure: MesureTaille, m: MesurePage) -> Iterator[str]:
    page = PAR_CODE[m.code]
    ou = f"{page.libelle} à {nombre(mesure.taille, 0)} fiches"
    if page.sql is not None and m.sql > page.sql:
        yield f"{ou} : {m.sql} requêtes (au plus {page.sql})"
    if page.sql is not None and m.octets > OCTETS:
        yield f"{ou} : {nombre(m.octets, 0)} octets (au plus {nombre(OCTETS, 0)})"
    if page.au_plus_ms and mesure.taille == GRANDE_TAILLE and m.p50 > page.au_plus_ms:
        yield f"{ou} : {nombre(m.p50, 0)} ms (au plus {page.au_plus_ms:g})"
    if page.ratio and mesure.taille == TAILLE_DE_REFERENCE and mesure.ratio(m) > page.ratio:
        yield f"{ou} : {nombre(mesure.ratio(m), 2)} × le plancher (au plus {page.ratio:g})"


def as_json(moteur: str, tailles: dict[int, MesureTaille], mesures: dict[str, float]) -> dict[str, Any]:
    return {
        "moteur": moteur,
        "tailles": {str(t): asdict(m) for t, m in tailles.items()},
        "mesures": mesures,
        "manques": manques(tailles, mesures),
    }
