"""What a loaded file changes beyond the lake: the dated memberships of the communes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from arpent.extraits import lecture
from arpent.plateforme.observatoire.lac import TableDuLac
from arpent.plateforme.territoires.compositions import CompositionAppliquee, appliquer_composition

PASSAGE = "france/passage_communes_vers_2025"
JEUX = ("epci", "appartenance")


def appliquer(tables: Sequence[TableDuLac]) -> dict[int, CompositionAppliquee]:
    """Applies the compositions that these tables hold, by year; oldest first."""
    compositions = {t.provenance.geographie: t for t in tables if _est_une_composition(t)}
    return {annee: _appliquer(annee, tables, compositions[annee]) for annee in sorted(compositions)}


def _est_une_composition(table: TableDuLac) -> bool:
    return table.provenance.jeu in JEUX and table.provenance.niveau == "membres"


def _appliquer(annee: int, tables: Sequence[TableDuLac], membres: TableDuLac) -> CompositionAppliquee:
    paires, partagees = _en_codes_du_jour(membres.lire(["code", "epci"]).iter_rows())
    noms: dict[str, tuple[str, str]] = {}
    for table in tables:
        if table.provenance.geographie == annee and table.provenance.niveau == "epci":
            for siren, nom, nature in table.lire(["code", "nom", "nature"]).iter_rows():
                noms[siren] = (nom or f"EPCI {siren}", nature or "")
    bilan = appliquer_composition(annee, paires.items(), noms=noms)
    bilan.inconnues = sorted({*bilan.inconnues, *partagees})
    return bilan


def _en_codes_du_jour(lignes: object) -> tuple[dict[str, str], list[str]]:
    """Communes of that year as communes of today; one whose former communes were in two EPCI is left out."""
    passage: dict[str, str] = {}
    if lecture.existe(PASSAGE):
        for x in lecture.lignes(PASSAGE):
            ancien, nouveau = list(x.values())[:2]
            passage[ancien] = nouveau
    trouves: dict[str, set[str]] = defaultdict(set)
    for code, siren in lignes:  # type: ignore[attr-defined]
        trouves[passage.get(code, code)].add(siren)
    uniques = {code: next(iter(sirens)) for code, sirens in trouves.items() if len(sirens) == 1}
    return uniques, sorted(set(trouves) - set(uniques))
