"""Which column of an export says what, and its lines as the reconciliation reads them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from arpent.metier.apcp import LigneExport, Nature

from ..correspondance import mots
from ..valeurs import jour, montant

CHAMPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "montant": ("Montant", ("montant ttc", "montant mandate", "montant engage", "montant", "somme")),
    "le": (
        "Date",
        ("date mandat", "date de mandat", "date engagement", "date emission", "date paiement", "date"),
    ),
    "engagement": (
        "Numéro d’engagement",
        ("numero engagement", "n engagement", "no engagement", "num engagement", "engagement"),
    ),
    "mandat": (
        "Numéro de mandat",
        ("numero mandat", "n mandat", "no mandat", "num mandat", "mandat", "piece"),
    ),
    "siret": ("SIRET du tiers", ("siret", "siret tiers", "n siret", "siren")),
    "tiers": ("Nom du tiers", ("nom tiers", "tiers", "beneficiaire", "creancier", "libelle tiers")),
    "exercice": ("Exercice", ("exercice", "annee")),
}
"""Field → its name, and the headers that feed it, the best one first."""


@dataclass(frozen=True, slots=True)
class Lue:
    """One line of the file; `export` None: `raison` says why it cannot be read."""

    numero: int
    export: LigneExport | None
    tiers: str = ""
    montant: Decimal | None = None
    raison: str = ""


def deviner(entetes: Sequence[str]) -> dict[int, str]:
    """The most likely field of each column; a field serves once, a column too."""
    plies = [mots(e) for e in entetes]
    notes = []
    for ordre, (code, (_, synonymes)) in enumerate(CHAMPS.items()):
        for rang, plie in enumerate(plies):
            exact = next((len(synonymes) - i for i, s in enumerate(synonymes) if s == plie), 0)
            dedans = max((len(s) for s in synonymes if s in plie), default=0)
            if exact or dedans:
                notes.append((1000 * exact + dedans, -ordre, -rang, rang, code))
    trouvees: dict[int, str] = {}
    for *_, rang, code in sorted(notes, reverse=True):
        if rang not in trouvees and code not in trouvees.values():
            trouvees[rang] = code
    return trouvees


def signature(entetes: Sequence[str]) -> str:
    """The same for the same headers in another order; apart from those of a plan."""
    noms = sorted(filter(None, (mots(e) for e in entetes)))
    return hashlib.sha256("\n".join(["finances", *noms]).encode()).hexdigest()


def defaut(correspondance: Mapping[str, str]) -> str:
    """Why those columns do not let lines be read; empty when they do."""
    dits = set(correspondance.values())
    if manque := [CHAMPS[c][0] for c in ("montant", "le") if c not in dits]:
        return f"Dites quelle colonne donne : {', '.join(manque).lower()}."
    if not dits & {"engagement", "siret"}:
        return "Dites quelle colonne donne le numéro d’engagement, ou le SIRET du tiers."
    return ""


def lire_lignes(
    nature: str,
    correspondance: Mapping[str, str],
    numeros: Sequence[int],
    lignes: Sequence[Sequence[str]],
) -> list[Lue]:
    """Each line, read or with its reason."""
    rangs = {code: int(rang) for rang, code in correspondance.items()}
    return [_lire(Nature(nature), rangs, n, row) for n, row in zip(numeros, lignes, strict=True)]


def _lire(nature: Nature, rangs: Mapping[str, int], numero: int, row: Sequence[str]) -> Lue:
    def cellule(code: str) -> str:
        rang = rangs.get(code)
        return row[rang].strip() if rang is not None and rang < len(row) else ""

    tiers = cellule("tiers")[:200]
    try:
        somme, le = montant(cellule("montant")), jour(cellule("le"))
    except ValueError as refus:
        return Lue(numero, None, tiers, raison=str(refus)[:500])
    if not somme:
        return Lue(numero, None, tiers, raison="Le montant est vide ou nul : cette ligne n’est pas reprise.")
    if le is None:
        return Lue(numero, None, tiers, somme, "La date est vide : cette ligne n’est pas reprise.")
    return Lue(
        numero,
        LigneExport(
            numero=numero, nature=nature, montant=somme, le=le, exercice=_exercice(cellule("exercice"), le),
            engagement=cellule("engagement")[:60], siret=cellule("siret")[:20], mandat=cellule("mandat")[:60],
        ),
        tiers,
        somme,
    )  # fmt: skip


def _exercice(texte: str, le: date) -> int:
    return int(texte) if texte.isdigit() and 2000 <= int(texte) <= 2100 else le.year
