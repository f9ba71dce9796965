"""What the official files of the lake give to the store: read at build time only, in today's communes.

`series.yaml` says which official variable makes which column. Any other variable of a loaded file is reached
as `jeu:VARIABLE` when the catalogue names it. An official cell wins over the carriers' one; where the
official file says nothing, the carriers' figure stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from . import lac
from .catalogue import Catalogue
from .derivation import SECRET, Colonne
from .expressions import ANNEE, evaluer, noms_de, pour_annee
from .geographie import REFERENCE, Frise
from .lac import TableDuLac
from .places import Groupes

CHEMIN = Path(__file__).with_name("series.yaml")
CHAMPS = (
    "jeu", "titre", "producteur", "licence", "millesime", "geographie", "niveau", "fichier", "sha256",
)  # fmt: skip
PRESENCE = "@lac:"
"""Prefix of the columns that say, for each table of the lake, which communes it holds."""
PUBLIES = {"epci": "", "departements": "dep:", "regions": "reg:", "france": "fr"}
SIECLE_MAX = 60
"""Two digits up to this are years 20xx."""

Correspondances = Mapping[str, Mapping[str, Mapping[str, str]]]


@dataclass
class Officielles:
    """Columns from the official files. `communes` follow the rows of the store; `publiees`: cells by place.

    `origines`: for each column, the numbers in `tables` of the files it comes from.
    """

    communes: dict[str, Colonne] = field(default_factory=dict)
    publiees: dict[str, dict[str, float]] = field(default_factory=dict)
    origines: dict[str, list[int]] = field(default_factory=dict)
    origines_publiees: dict[str, list[int]] = field(default_factory=dict)
    tables: list[dict[str, Any]] = field(default_factory=list)

    def verser(self, nom: str, valeurs: Colonne, secret: Colonne | None, table: int) -> None:
        """The first file that gives a cell wins; a secret is an answer, it is not filled by an older file."""
        voile = self.communes.get(nom + SECRET)
        if nom not in self.communes:
            self.communes[nom] = valeurs
            if secret is not None:
                self.communes[nom + SECRET] = secret
        else:
            libres = np.isnan(self.communes[nom])
            if voile is not None:
                libres &= np.isnan(voile)
            if not (libres & ~np.isnan(valeurs)).any():
                return
            self.communes[nom] = np.where(libres, valeurs, self.communes[nom])
        self.origines.setdefault(nom, []).append(table)

    def publier(self, place: str, nom: str, valeur: float, table: int) -> None:
        if np.isnan(valeur):
            return
        cellules = self.publiees.setdefault(place, {})
        if nom not in cellules:
            cellules[nom] = valeur
            sources = self.origines_publiees.setdefault(nom, [])
            if table not in sources:
                sources.append(table)


@cache
def correspondances() -> Correspondances:
    brut = yaml.load(CHEMIN.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) if CHEMIN.exists() else {}
    lues: Correspondances = brut or {}
    return lues


def communes_du_lac(donnees: Path) -> set[str]:
    """All the codes of commune that the files of the lake give figures for, as published."""
    codes: set[str] = set()
    for table in _tables(donnees, "communes"):
        codes.update(table.lire(["code"])["code"].to_list())
    return codes


def recueillir(
    donnees: Path,
    codes: Sequence[str],
    frise: Frise,
    groupes: Groupes,
    poids: Colonne,
    catalogue: Catalogue,
) -> Officielles:
    """All that the lake gives. `groupes`: the places whose communes are all in the store."""
    resultat = Officielles()
    noms_voulus = _variables_du_catalogue(catalogue)
    for table in _tables(donnees, "communes"):
        colonnes = _lire_communes(table, codes, frise, catalogue, noms_voulus)
        if not colonnes:
            continue
        numero = _inscrire(resultat, table)
        resultat.communes[f"{PRESENCE}{numero}"] = colonnes.pop("")
        lignes = correspondances().get(table.provenance.jeu, {})
        for nom, expression in _lignes(lignes.get("communes", {}), colonnes, table.provenance.millesime):
            valeurs = evaluer(expression, colonnes.__getitem__)
            resultat.verser(nom, valeurs, _secret(expression, colonnes, valeurs), numero)
        for nom in _gardes(table.provenance.jeu, colonnes, noms_voulus, catalogue.gardees):
            valeurs = colonnes[nom]
            resultat.verser(f"{table.provenance.jeu}:{nom}", valeurs, _secret(nom, colonnes, valeurs), numero)
        _sommes(resultat, lignes.get("sommes", {}), colonnes, groupes, poids, table, numero)
    for niveau, prefixe in PUBLIES.items():
        for table in _tables(donnees, niveau):
            _publies(resultat, table, niveau, prefixe)
    _navettes(resultat, donnees, codes, frise)
    return resultat


def _tables(donnees: Path, niveau: str) -> list[TableDuLac]:
    """Those of the level, in the order of series.yaml then of the names; the latest vintage first."""
    ordre = {jeu: i for i, jeu in enumerate(correspondances())}
    trouvees = [t for t in lac.tables(donnees) if t.provenance.niveau == niveau]
    trouvees.sort(key=lambda t: t.provenance.millesime, reverse=True)
    return sorted(trouvees, key=lambda t: (ordre.get(t.provenance.jeu, len(ordre)), t.provenance.jeu))


def _inscrire(resultat: Officielles, table: TableDuLac) -> int:
    p = asdict(table.provenance)
    resultat.tables.append({c: p[c] for c in CHAMPS} | {"officiel": True})
    return len(resultat.tables) - 1


def _variables_du_catalogue(catalogue: Catalogue) -> set[str]:
    """The names `jeu:VARIABLE` that an indicator needs, {aa} kept."""
    noms: set[str] = set()
    for quoi in catalogue.indicateurs.values():
        expressions = list(quoi.colonnes)
        for autre in (quoi.officiel, quoi.evolution):
            if autre is not None:
                expressions += [e for e in (autre.numerateur, autre.denominateur) if e]
        noms.update(n for e in expressions for n in noms_de(e) if ":" in n)
    return noms


def _lire_communes(
    table: TableDuLac, codes: Sequence[str], frise: Frise, catalogue: Catalogue, noms: Iterable[str]
) -> dict[str, Colonne]:
    """The useful variables of a table, row by row of the store; "" says which communes are in the file."""
    jeu = table.provenance.jeu
    disponibles = [c for c in table.provenance.colonnes if c != "code" and not c.endswith(SECRET)]
    lignes = correspondances().get(jeu, {})
    utiles = set(_gardes(jeu, disponibles, noms, catalogue.gardees))
    for partie in ("communes", "sommes"):
        for _, expression in _lignes(lignes.get(partie, {}), disponibles, table.provenance.millesime):
            utiles.update(noms_de(expression))
    if not utiles:
        return {}
    voulues = [c for c in table.provenance.colonnes if c.removesuffix(SECRET) in utiles]
    lue = table.lire(["code", *voulues])
    places = lue["code"].to_list()
    alignement = _Alignement(places, codes, frise, table.provenance.geographie)
    resultat: dict[str, Colonne] = {}
    for nom in voulues:
        serie = lue[nom]
        if nom.endswith(SECRET):
            voiles = alignement.appliquer(serie.cast(float).fill_null(0.0).to_numpy(), somme=True)
            resultat[nom] = np.where(voiles > 0, 1.0, np.nan)
        elif serie.dtype.is_numeric():
            somme = not any(fnmatchcase(f"{jeu}:{nom}", m) for m in catalogue.ratios)
            valeurs = serie.cast(float).fill_null(np.nan).to_numpy()
            resultat[nom] = alignement.appliquer(valeurs, somme=somme)
    presents = alignement.appliquer(np.ones(len(places)), somme=True)
    resultat[""] = np.where(np.isnan(presents), np.nan, 1.0)
    return resultat


class _Alignement:
    """From the rows of a file to those of the store, once for all columns (rules of `Frise.convertir`)."""

    def __init__(self, places: Sequence[str], codes: Sequence[str], frise: Frise, annee: int) -> None:
        lues = {code: i for i, code in enumerate(places)}
        rangs = {code: i for i, code in enumerate(codes)}
        groupes = [g for g in frise.groupes(annee, REFERENCE) if g.avant & lues.keys()]
        touches = {c for g in groupes for c in g.avant}
        directs = [(i, rangs[c]) for c, i in lues.items() if c not in touches and c in rangs]
        self.taille = len(codes)
        self.directs = np.array(directs, dtype=np.intp).reshape(-1, 2)
        self.fusions = [
            ([lues[c] for c in sorted(g.avant)], rangs[cible])
            for g in groupes
            if len(g.apres) == 1 and g.avant <= lues.keys() and (cible := min(g.apres)) in rangs
        ]

    def appliquer(self, valeurs: Colonne, *, somme: bool) -> Colonne:
        colonne = np.full(self.taille, np.nan)
        colonne[self.directs[:, 1]] = valeurs[self.directs[:, 0]]
        for avant, rang in self.fusions:
            if somme or len(avant) == 1:
                colonne[rang] = valeurs[avant].sum()
        return colonne


def _lignes(
    lignes: Mapping[str, str], disponibles: Iterable[str], millesime: str
) -> Iterator[tuple[str, str]]:
    """(column of the store, expression) that the table can give, once per vintage it holds."""
    presents = set(disponibles)
    for nom, expression in lignes.items():
        if ANNEE in expression:
            for aa in sorted(annees_de(expression, presents), reverse=True):
                yield pour_annee(nom, aa), pour_annee(expression, aa)
        elif presents.issuperset(noms_de(expression)):
            yield pour_annee(nom, millesime[2:4]), expression


def annees_de(expression: str, presents: Iterable[str]) -> set[str]:
    """The two-digit years for which every name of the expression is present."""
    presents = set(presents)
    candidates: set[str] | None = None
    for nom in noms_de(expression):
        if ANNEE not in nom:
            if nom not in presents:
                return set()
            continue
        forme = r"(\d\d)".join(map(re.escape, nom.split(ANNEE, 1)))
        motif = re.compile(forme.replace(re.escape(ANNEE), r"\1"))
        lues = {m[1] for p in presents if (m := motif.fullmatch(p)) and int(m[1]) <= SIECLE_MAX}
        candidates = lues if candidates is None else candidates & lues
    return candidates or set()


def _gardes(jeu: str, disponibles: Iterable[str], noms: Iterable[str], motifs: Sequence[str]) -> list[str]:
    """The variables to keep under their own name: those an indicator names, and those the catalogue keeps."""
    exacts = {n.split(":", 1)[1] for n in noms if n.startswith(f"{jeu}:")}
    formes = [re.compile(re.escape(n).replace(re.escape(ANNEE), r"\d\d")) for n in exacts]
    return [
        c
        for c in disponibles
        if c
        and not c.endswith(SECRET)
        and (any(f.fullmatch(c) for f in formes) or any(fnmatchcase(f"{jeu}:{c}", motif) for motif in motifs))
    ]


def _secret(expression: str, colonnes: Mapping[str, Colonne], valeurs: Colonne) -> Colonne | None:
    voiles = [colonnes[n + SECRET] == 1.0 for n in noms_de(expression) if n + SECRET in colonnes]
    if not voiles:
        return None
    return np.where(np.any(voiles, axis=0) & np.isnan(valeurs), 1.0, np.nan)


def _sommes(
    resultat: Officielles,
    lignes: Mapping[str, str],
    colonnes: Mapping[str, Colonne],
    groupes: Groupes,
    poids: Colonne,
    table: TableDuLac,
    numero: int,
) -> None:
    """Published values of a place, made again from all its communes: variables first, arithmetic after."""
    connues: dict[str, Colonne] = {}

    def somme(nom: str) -> Colonne:
        if nom not in connues:
            connues[nom] = groupes.sommer_complets(colonnes[nom], poids)
        return connues[nom]

    for nom, expression in _lignes(lignes, colonnes, table.provenance.millesime):
        for cle, valeur in zip(groupes.cles, evaluer(expression, somme), strict=True):
            resultat.publier(cle.removeprefix("epci:"), nom, float(valeur), numero)


def _publies(resultat: Officielles, table: TableDuLac, niveau: str, prefixe: str) -> None:
    lignes = correspondances().get(table.provenance.jeu, {}).get(niveau, {})
    choix = list(_lignes(lignes, table.provenance.colonnes, table.provenance.millesime))
    if not choix:
        return
    noms = sorted({n for _, expression in choix for n in noms_de(expression)})
    lue = table.lire(["code", *noms])
    colonnes = {n: lue[n].cast(float).fill_null(np.nan).to_numpy() for n in noms}
    numero = _inscrire(resultat, table)
    for nom, expression in choix:
        valeurs = np.broadcast_to(evaluer(expression, colonnes.__getitem__), lue.height)
        for code, valeur in zip(lue["code"], valeurs, strict=True):
            place = prefixe if niveau == "france" else f"{prefixe}{code}"
            resultat.publier(place, nom, float(valeur), numero)


def _navettes(resultat: Officielles, donnees: Path, codes: Sequence[str], frise: Frise) -> None:
    """Four counts per commune from the matrix of trips: a trip inside a commune merged since is internal."""
    table = lac.table(donnees, "mobilites", "flux")
    if table is None:
        return
    flux = table.lire(["origine", "destination", "actifs"]).drop_nulls()
    annee = table.provenance.geographie
    projetes = {
        cote: frise.projeter(flux[cote].unique().to_list(), de=annee, vers=REFERENCE)
        for cote in ("origine", "destination")
    }
    rangs = {code: i for i, code in enumerate(codes)}
    # numbers of the places: those of the store first, then all the others together
    dehors = len(codes)
    origines, arrivees = (
        np.array([rangs.get(projetes[cote].get(c, ""), dehors) for c in flux[cote].to_list()], dtype=np.intp)
        for cote in ("origine", "destination")
    )
    actifs = flux["actifs"].to_numpy()
    dedans = origines == arrivees

    def compter(places: Any, masque: Any) -> Colonne:
        cumul = np.bincount(places[masque], weights=actifs[masque], minlength=dehors + 1)[:dehors]
        presents = np.bincount(places, minlength=dehors + 1)[:dehors] > 0
        return np.where(presents, cumul, np.nan)

    numero = _inscrire(resultat, table)
    tous = np.ones(len(actifs), dtype=bool)
    for nom, places, masque in (
        ("RESIDENTS", origines, tous), ("SORTANTS", origines, ~dedans),
        ("EMPLOIS", arrivees, tous), ("ENTRANTS", arrivees, ~dedans),
    ):  # fmt: skip
        resultat.verser(f"mobilites:{nom}", compter(places, masque), None, numero)
    presence = np.where(np.isnan(resultat.communes["mobilites:RESIDENTS"]), np.nan, 1.0)
    resultat.communes[f"{PRESENCE}{numero}"] = presence
