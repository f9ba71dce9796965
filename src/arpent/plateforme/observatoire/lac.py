"""The lake: every official file loaded, at its own level and vintage, in Parquet with its provenance.

    observatoire/lac/<jeu>/<millesime>/<niveau>.parquet      code + variables (see chargeurs.base.Lot)
    observatoire/lac/<jeu>/<millesime>/<niveau>.json         provenance of that table

Written with polars in the loader's process only. Read with polars in commands (`arpent observatoire …`),
never by a page: pages read the memory-mapped columns that `chargement` builds from it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

LAC = Path("observatoire") / "lac"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a table comes from. `rapport`: what the loader read, kept and rejected."""

    jeu: str
    titre: str
    producteur: str
    licence: str
    adresse: str
    millesime: str
    geographie: int
    niveau: str
    fichier: str
    sha256: str
    version_chargeur: int
    lignes: int
    colonnes: tuple[str, ...]
    charge_le: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    rapport: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TableDuLac:
    provenance: Provenance
    chemin: Path

    def lire(self, colonnes: Sequence[str] | None = None) -> pl.DataFrame:
        import polars as pl

        return pl.read_parquet(self.chemin, columns=list(colonnes) if colonnes else None)


def dossier_de(donnees: Path, jeu: str, millesime: str) -> Path:
    return donnees / LAC / jeu / millesime.replace("/", "-")


def deposer(donnees: Path, provenance: Provenance, parquet: Path) -> TableDuLac:
    """Moves a Parquet into the lake, then its provenance: a table without one does not exist."""
    dossier = dossier_de(donnees, provenance.jeu, provenance.millesime)
    dossier.mkdir(parents=True, exist_ok=True)
    cible = dossier / f"{provenance.niveau}.parquet"
    fiche = cible.with_suffix(".json")
    fiche.unlink(missing_ok=True)
    os.replace(parquet, cible)
    neuf = fiche.with_suffix(".json.neuf")
    neuf.write_text(json.dumps(asdict(provenance), ensure_ascii=False, indent=1), encoding="utf-8")
    os.replace(neuf, fiche)
    return TableDuLac(provenance, cible)


def tables(donnees: Path, jeu: str | None = None) -> Iterator[TableDuLac]:
    """The tables of the lake by jeu, vintage and level; those of one jeu when asked."""
    racine = donnees / LAC
    for fiche in sorted(racine.glob(f"{jeu or '*'}/*/*.json")):
        brut = json.loads(fiche.read_text(encoding="utf-8"))
        brut["colonnes"] = tuple(brut["colonnes"])
        chemin = fiche.with_suffix(".parquet")
        if chemin.exists():
            yield TableDuLac(Provenance(**brut), chemin)


def table(donnees: Path, jeu: str, niveau: str, millesime: str | None = None) -> TableDuLac | None:
    """The table of that level, of the vintage asked or the latest one."""
    trouvees = [
        t
        for t in tables(donnees, jeu)
        if t.provenance.niveau == niveau and millesime in (None, t.provenance.millesime)
    ]
    return max(trouvees, key=lambda t: t.provenance.millesime, default=None)
