"""Who lives here and works there: the commune × commune file of home-to-work trips, ready to be asked.

    navettes = ouvrir(donnees)
    navettes.bilan(communes)                       people who stay, who leave, who come in
    navettes.partenaires(communes, par="epci")     where they go to, where they come from

`construire` turns the table of the lake (jeu `mobilites`, level `flux`) into memory-mapped columns, sorted
by home and indexed by place of work; a page never reads Parquet. Without that file the table of 2014 of the
extracts is used: only the flows of 100 people or more, in Lozère (`complete` is False, `bilan` is refused).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from arpent.extraits import lecture as extraits
from arpent.plateforme.observatoire import lac, magasin

JEU, NIVEAU = "mobilites", "flux"
MANIFESTE = "navettes"
COLONNES = (
    "codes",
    "groupes",
    "sirens",
    "origines",
    "destinations",
    "actifs",
    "debuts",
    "arrivees",
    "debuts_arrivees",
)

SOURCE_2014 = "INSEE, recensement 2014 (flux de 100 actifs et plus)"

Rangs = NDArray[np.int32]
Nombres = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bilan:
    """Employed people of a set of communes taken as a whole; `couverture`: share of them in the file."""

    internes: float
    sortants: float
    entrants: float
    couverture: float


@dataclass(frozen=True, slots=True)
class Partenaire:
    """`code`: SIREN of an EPCI, or code of a commune (of a foreign place, as published)."""

    code: str
    actifs: float


@dataclass(frozen=True, slots=True)
class Partenaires:
    """The places exchanged with, most people first; `autres` is what the list leaves out."""

    vers: tuple[Partenaire, ...]
    depuis: tuple[Partenaire, ...]
    autres_vers: float
    autres_depuis: float


@dataclass(frozen=True, slots=True)
class Navettes:
    """Flows sorted by home: those of the commune of rank r are `debuts[r]:debuts[r + 1]`.

    `arrivees` gives the same flows sorted by place of work. `groupes[r]` is the rank of the EPCI of a commune
    in `sirens` (−1: none).
    """

    codes: NDArray[np.str_]
    groupes: Rangs
    sirens: NDArray[np.str_]
    origines: Rangs
    destinations: Rangs
    actifs: Nombres
    debuts: NDArray[np.int64]
    arrivees: Rangs
    debuts_arrivees: NDArray[np.int64]
    source: str
    millesime: str
    complete: bool

    def rangs(self, communes: Sequence[str]) -> NDArray[np.intp]:
        """The ranks of the communes that the file knows, without double."""
        if not len(self.codes):
            return np.empty(0, dtype=np.intp)
        voulus = np.unique(np.asarray(communes, dtype=self.codes.dtype))
        places = np.minimum(np.searchsorted(self.codes, voulus), len(self.codes) - 1)
        connus: NDArray[np.intp] = places[self.codes[places] == voulus]
        return connus

    def bilan(self, communes: Sequence[str]) -> Bilan | None:
        """None when the file leaves out the small flows: their sum would be too low."""
        if not self.complete or not communes:
            return None
        rangs = self.rangs(communes)
        ici = self._masque(rangs)
        partent, arrivent = self._departs(rangs), self._arrivees(rangs)
        poids = self.actifs[partent]
        restent = ici[self.destinations[partent]]
        viennent = ~ici[self.origines[arrivent]]
        return Bilan(
            internes=float(poids[restent].sum()),
            sortants=float(poids[~restent].sum()),
            entrants=float(self.actifs[arrivent][viennent].sum()),
            couverture=len(rangs) / len(set(communes)),
        )

    def sortants(self, communes: Sequence[str]) -> float | None:
        bilan = self.bilan(communes)
        return None if bilan is None else bilan.sortants

    def entrants(self, communes: Sequence[str]) -> float | None:
        bilan = self.bilan(communes)
        return None if bilan is None else bilan.entrants

    def partenaires(self, communes: Sequence[str], par: str = "epci", n: int = 10) -> Partenaires:
        """The `n` first places in each direction, by EPCI or by `commune`."""
        rangs = self.rangs(communes)
        ici = self._masque(rangs)
        partent, arrivent = self._departs(rangs), self._arrivees(rangs)
        vers, depuis = self.destinations[partent], self.origines[arrivent]
        dehors, viennent = ~ici[vers], ~ici[depuis]
        sorties = self._cumuler(vers[dehors], self.actifs[partent][dehors], par, n)
        entrees = self._cumuler(depuis[viennent], self.actifs[arrivent][viennent], par, n)
        return Partenaires(sorties[0], entrees[0], sorties[1], entrees[1])

    def matrice_epci(self) -> Nombres:
        """People by EPCI of home (rows) and of work (columns), in the order of `sirens`."""
        taille = len(self.sirens)
        o, d = self.groupes[self.origines], self.groupes[self.destinations]
        bons = (o >= 0) & (d >= 0)
        cases = o.astype(np.int64) * taille + d
        if not bons.all():
            cases, poids = cases[bons], self.actifs[bons]
        else:
            poids = self.actifs
        plat = np.bincount(cases, weights=poids, minlength=taille * taille)
        return plat.astype(np.float64, copy=False).reshape(taille, taille)

    def par_epci(self, sirens: Sequence[str]) -> tuple[Nombres, Nombres, Nombres] | None:
        """Internal, outgoing and incoming people of each EPCI asked (NaN: unknown to the file)."""
        if not self.complete:
            return None
        o, d = self.groupes[self.origines], self.groupes[self.destinations]
        taille = len(self.sirens)
        memes = (o == d) & (o >= 0)
        internes = np.bincount(o[memes], weights=self.actifs[memes], minlength=taille)
        partis = np.bincount(o[o >= 0], weights=self.actifs[o >= 0], minlength=taille) - internes
        venus = np.bincount(d[d >= 0], weights=self.actifs[d >= 0], minlength=taille) - internes
        places = {siren: i for i, siren in enumerate(self.sirens.tolist())}
        rangs = np.array([places.get(s, -1) for s in sirens], dtype=np.intp)
        choisis = (np.where(rangs >= 0, x[rangs], np.nan) for x in (internes, partis, venus))
        return tuple(choisis)  # type: ignore[return-value]

    def _masque(self, rangs: NDArray[np.intp]) -> NDArray[np.bool_]:
        masque = np.zeros(len(self.codes), dtype=bool)
        masque[rangs] = True
        return masque

    def _departs(self, rangs: NDArray[np.intp]) -> NDArray[np.intp]:
        return _tranches(self.debuts, rangs)

    def _arrivees(self, rangs: NDArray[np.intp]) -> NDArray[np.intp]:
        return self.arrivees[_tranches(self.debuts_arrivees, rangs)].astype(np.intp)

    def _cumuler(
        self, rangs: Rangs, poids: Nombres, par: str, n: int
    ) -> tuple[tuple[Partenaire, ...], float]:
        noms = self.codes if par == "commune" else self.sirens
        places = rangs if par == "commune" else self.groupes[rangs]
        connus = places >= 0
        cumuls = np.bincount(places[connus], weights=poids[connus], minlength=len(noms))
        ordre = np.argsort(-cumuls, kind="stable")[:n]
        gardes = tuple(Partenaire(str(noms[i]), float(cumuls[i])) for i in ordre if cumuls[i] > 0)
        return gardes, max(float(poids.sum()) - sum(p.actifs for p in gardes), 0.0)


def _tranches(debuts: NDArray[np.int64], rangs: NDArray[np.intp]) -> NDArray[np.intp]:
    """The positions debuts[r]…debuts[r + 1] of each rank, one after the other."""
    if not len(rangs):
        return np.empty(0, dtype=np.intp)
    return np.concatenate([np.arange(debuts[r], debuts[r + 1]) for r in rangs]).astype(np.intp)


def assembler(
    origines: Sequence[str] | NDArray[Any],
    destinations: Sequence[str] | NDArray[Any],
    actifs: Sequence[float] | Nombres,
    *,
    epci: Mapping[str, str],
    passage: Mapping[str, str],
    source: str,
    millesime: str,
    complete: bool = True,
) -> Navettes:
    """The index of a list of flows. Codes of merged communes become those of today (`passage`)."""
    bruts = [np.asarray(x, dtype=str) for x in (origines, destinations)]
    anciens, positions = np.unique(np.concatenate(bruts), return_inverse=True)
    actuels = np.array([passage.get(c, c) for c in anciens.tolist()], dtype=str)
    codes, vers_actuel = np.unique(actuels, return_inverse=True)
    ranges = vers_actuel[positions].astype(np.int32)
    nombre = len(bruts[0])
    o, d = ranges[:nombre], ranges[nombre:]
    poids = np.asarray(actifs, dtype=np.float64)
    ordre = np.argsort(o, kind="stable")
    o, d, poids = o[ordre], d[ordre], poids[ordre]
    arrivees = np.argsort(d, kind="stable").astype(np.int32)
    bornes = np.arange(len(codes) + 1)
    sirens = np.unique(np.array([s for s in (epci.get(c, "") for c in codes.tolist()) if s], dtype=str))
    places = {s: i for i, s in enumerate(sirens.tolist())}
    groupes = np.array([places.get(epci.get(c, ""), -1) for c in codes.tolist()], dtype=np.int32)
    return Navettes(
        codes=codes,
        groupes=groupes,
        sirens=sirens,
        origines=o,
        destinations=d,
        actifs=poids,
        debuts=np.searchsorted(o, bornes).astype(np.int64),
        arrivees=arrivees,
        debuts_arrivees=np.searchsorted(d[arrivees], bornes).astype(np.int64),
        source=source,
        millesime=millesime,
        complete=complete,
    )


def construire(donnees: Path, dossier: Path) -> dict[str, Any] | None:
    """Write the latest table of trips of the lake in `dossier`; what the manifest keeps. None: not loaded.

    Called by the loading command only (it reads Parquet).
    """
    table = lac.table(donnees, JEU, NIVEAU)
    if table is None:
        return None
    flux = table.lire(["origine", "destination", "actifs"]).drop_nulls()
    provenance = table.provenance
    navettes = assembler(
        flux["origine"].to_numpy(),
        flux["destination"].to_numpy(),
        flux["actifs"].to_numpy(),
        epci=epci_des_communes(),
        passage=_passage(),
        source=f"{provenance.producteur}, {provenance.titre}",
        millesime=provenance.millesime,
    )
    for nom in COLONNES:
        np.save(dossier / f"{MANIFESTE}_{nom}.npy", getattr(navettes, nom))
    return {
        "source": navettes.source,
        "millesime": navettes.millesime,
        "complete": navettes.complete,
        "flux": len(navettes.actifs),
        "sha256": provenance.sha256,
    }


_ouvertes: dict[Path, Navettes] = {}


def ouvrir(donnees: Path) -> Navettes:
    """The matrix of the store under `donnees`, memory-mapped and kept; else the table of 2014."""
    manifeste = magasin.ouvrir(donnees).manifeste
    quoi = manifeste.get(MANIFESTE)
    if not quoi:
        return de_2014()
    dossier = donnees / magasin.DOSSIER / str(manifeste["dossier"])
    if dossier not in _ouvertes:
        _ouvertes.clear()
        colonnes = {nom: np.load(dossier / f"{MANIFESTE}_{nom}.npy", mmap_mode="r") for nom in COLONNES}
        _ouvertes[dossier] = Navettes(
            **colonnes, source=quoi["source"], millesime=quoi["millesime"], complete=quoi["complete"]
        )
    return _ouvertes[dossier]


@cache
def de_2014() -> Navettes:
    """The flows of 100 people or more of the extracts, between different communes."""
    nom = "lozere/mobilites_flux"
    lignes = [
        x
        for x in (extraits.lignes(nom) if extraits.existe(nom) else ())
        if x["flux_2014"] and x["code_residence"] != x["code_travail"]
    ]
    return assembler(
        [x["code_residence_2025"] for x in lignes],
        [x["code_travail_2025"] for x in lignes],
        [float(x["flux_2014"]) for x in lignes],
        epci=epci_des_communes(),
        passage={},
        source=SOURCE_2014,
        millesime="2014",
        complete=False,
    )


@cache
def epci_des_communes() -> Mapping[str, str]:
    """SIREN of the EPCI of each commune of France; {} without the national extract."""
    if not extraits.existe("france/communes"):
        return {}
    return {x["code_insee"]: x["epci_siren"] for x in extraits.lignes("france/communes") if x["epci_siren"]}


def _passage() -> dict[str, str]:
    nom = "france/passage_communes_vers_2025"
    if not extraits.existe(nom):
        return {}
    return {x["code_ancien"]: x["code_2025"] for x in extraits.lignes(nom)}
