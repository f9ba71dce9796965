"""Every indicator of every EPCI at once, from the columns of the communes: no loop over territories.

    table_epci(magasin)              all indicators × all EPCI of the store, as `Magasin.valeurs` gives them
    mesurer(regles, lire, rangement) the same arithmetic on any columns (the bench, a national file)

Communes are put once in the order of their group; each sum is then one `add.reduceat`. What is missing or
secret stays out of the sums, and the share of the population that is known, or secret, comes with the value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from arpent.plateforme.observatoire import calcul
from arpent.plateforme.observatoire.catalogue import Croissance, Indicateur, Publie, Rapport, catalogue
from arpent.plateforme.observatoire.derivation import SECRET, Colonne
from arpent.plateforme.observatoire.magasin import Magasin
from arpent.plateforme.observatoire.valeurs_epci import valeurs_epci

Entiers = NDArray[np.intp]
Lecteur = Callable[[str], Colonne | None]

DES_COMMUNES, PUBLIEE, DES_TOTAUX, INCONNUE = "communes", "publiée", "totaux", ""
"""Where a value comes from: the communes of the store, the published table of EPCI, the national totals."""


@dataclass(frozen=True, slots=True)
class Regle:
    """One indicator to sum. `refus`: a partial sum is not shown when a cell is secret."""

    code: str
    haut: str
    bas: str | None
    calcul: Rapport | Croissance
    refus: bool = False


@dataclass(frozen=True)
class Rangement:
    """`groupes[i]` is the group of the commune i (−1: none), from 0 to `nombre` − 1."""

    groupes: Entiers
    nombre: int
    _ordre: Entiers = field(init=False)
    _debuts: Entiers = field(init=False)

    def __post_init__(self) -> None:
        ordre = np.argsort(self.groupes, kind="stable")
        object.__setattr__(self, "_ordre", ordre[np.searchsorted(self.groupes[ordre], 0) :])
        ranges = self.groupes[self._ordre]
        debuts = np.flatnonzero(np.diff(ranges, prepend=-1))
        object.__setattr__(self, "_debuts", debuts)

    @cached_property
    def presents(self) -> Entiers:
        """The groups that hold at least one commune, in order."""
        lus: Entiers = self.groupes[self._ordre[self._debuts]]
        return lus

    @cached_property
    def effectifs(self) -> Colonne:
        return self.sommer(np.ones(len(self._ordre)))

    def ranger(self, colonne: Colonne) -> Colonne:
        """The column in the order of the groups; what `sommer` takes."""
        return colonne[..., self._ordre]

    def sommer(self, rangee: Colonne) -> Colonne:
        """Sums by group along the last axis; 0 where the group is empty."""
        sommes = np.zeros((*rangee.shape[:-1], self.nombre))
        if len(self._debuts):
            sommes[..., self.presents] = np.add.reduceat(rangee, self._debuts, axis=-1)
        return sommes


@dataclass(frozen=True, slots=True)
class Mesures:
    """One row per rule, one column per group; NaN = not available. Shares are 0 to 1 of the population."""

    valeurs: Colonne
    couvertures: Colonne
    secrets: Colonne


def mesurer(regles: Sequence[Regle], lire: Lecteur, rangement: Rangement, poids: Colonne) -> Mesures:
    """`poids` (population) only weighs the coverage; `lire` gives a column, None when there is none."""
    utiles = rangement.ranger(np.nan_to_num(poids))
    total = rangement.sommer(utiles)
    connues: dict[str, Colonne | None] = {}

    def rangee(nom: str) -> Colonne | None:
        if nom not in connues:
            lue = lire(nom)
            connues[nom] = None if lue is None else rangement.ranger(lue)
        return connues[nom]

    def part(masque: NDArray[np.bool_]) -> Colonne:
        peses = rangement.sommer(np.where(masque, utiles, 0.0))
        with np.errstate(invalid="ignore", divide="ignore"):
            pesee: Colonne = peses / total
            if (total > 0).all():
                return pesee
            comptee = rangement.sommer(masque.astype(float)) / rangement.effectifs
        return np.where(total > 0, pesee, np.nan_to_num(comptee))

    forme = (len(regles), rangement.nombre)
    resultat = Mesures(np.full(forme, np.nan), np.zeros(forme), np.zeros(forme))
    for i, regle in enumerate(regles):
        haut, bas = rangee(regle.haut), rangee(regle.bas) if regle.bas else None
        if haut is None or (regle.bas and bas is None):
            continue
        sus = ~np.isnan(haut) if bas is None else ~np.isnan(haut + bas)
        complet = bool(sus.all())
        resultat.couvertures[i] = np.where(rangement.effectifs > 0, 1.0, 0.0) if complet else part(sus)
        hauts = rangement.sommer(haut if complet else np.where(sus, haut, 0.0))
        bases = None if bas is None else rangement.sommer(bas if complet else np.where(sus, bas, 0.0))
        valeurs = _valeurs(hauts, bases, regle.calcul)
        voiles = [v for nom in (regle.haut, regle.bas) if nom and (v := rangee(nom + SECRET)) is not None]
        if voiles and not complet:
            caches = np.any([v == 1.0 for v in voiles], axis=0) & ~sus
            resultat.secrets[i] = part(caches)
        garde = (resultat.couvertures[i] >= calcul.COUVERTURE_MINIMALE) & (resultat.couvertures[i] > 0)
        if regle.refus:
            incomplet = resultat.couvertures[i] < calcul.COUVERTURE_COMPLETE
            garde &= ~(incomplet & (resultat.secrets[i] > 0))
        resultat.valeurs[i] = np.where(garde, valeurs, np.nan)
    return resultat


def _valeurs(hauts: Colonne, bases: Colonne | None, regle: Rapport | Croissance) -> Colonne:
    with np.errstate(invalid="ignore", divide="ignore"):
        if isinstance(regle, Croissance):
            debut = np.full_like(hauts, np.nan) if bases is None else np.where(bases > 0, bases, np.nan)
            croissance: Colonne = ((hauts / debut) ** (1 / regle.annees) - 1) * 100
            return croissance
        if bases is None:
            return hauts * regle.facteur
        return hauts / np.where(bases == 0, np.nan, bases) * regle.facteur


@dataclass(frozen=True, slots=True)
class TableEpci:
    """The indicators (rows of the arrays) of the EPCI (columns). `origines`: DES_COMMUNES and the others."""

    sirens: tuple[str, ...]
    indicateurs: tuple[Indicateur, ...]
    mesures: Mesures
    origines: NDArray[np.str_]

    def lignes(self) -> Iterator[dict[str, str | float | None]]:
        """One row per EPCI and indicator, ready for a file; a value not available is None, never 0."""
        m = self.mesures
        for e, siren in enumerate(self.sirens):
            for i, quoi in enumerate(self.indicateurs):
                valeur = m.valeurs[i, e]
                yield {
                    "epci_siren": siren,
                    "indicateur": quoi.code,
                    "libelle": quoi.libelle,
                    "unite": quoi.unite,
                    "valeur": None if np.isnan(valeur) else float(valeur),
                    "couverture": round(float(m.couvertures[i, e]), 4),
                    "part_secrete": round(float(m.secrets[i, e]), 4),
                    "origine": str(self.origines[i, e]),
                }


def table_epci(magasin: Magasin, indicateurs: Iterable[str] | None = None) -> TableEpci:
    """All EPCI of the store, those of `indicateurs` or all of the catalogue.

    An EPCI whose communes are not all in the store is read in the national totals. Unknown code: KeyError.
    """
    table = catalogue().indicateurs
    voulus = tuple(table.values()) if indicateurs is None else tuple(table[c] for c in indicateurs)
    lus = valeurs_epci(magasin)
    sirens, nombre = lus.sirens, len(lus.sirens)
    entiers = np.array([bool(magasin.communes_de(s)) for s in sirens], dtype=bool)
    groupes = np.full(len(magasin.communes.rangs), -1, dtype=np.intp)
    for rang in np.flatnonzero(entiers):
        groupes[[r for r in magasin.communes.rangs_de(magasin.communes_de(sirens[rang])) if r >= 0]] = rang
    regles = [r for quoi in voulus if (r := _regle(magasin, quoi)) is not None]
    poids = magasin.communes.colonne("population_2023")
    rangement = Rangement(groupes, nombre)
    vides = np.zeros(len(groupes))
    sommees = mesurer(regles, magasin.communes.colonne, rangement, vides if poids is None else poids)
    places = {r.code: i for i, r in enumerate(regles)}
    forme = (len(voulus), nombre)
    m = Mesures(np.full(forme, np.nan), np.zeros(forme), np.zeros(forme))
    origines = np.full(forme, INCONNUE, dtype="<U8")
    for i, quoi in enumerate(voulus):
        ailleurs = lus.colonne(quoi)
        connus = ~np.isnan(ailleurs)
        m.valeurs[i], m.couvertures[i] = ailleurs, connus
        publie = isinstance(quoi.calcul, Publie) or quoi.calcul.niveau == "epci"
        origines[i] = np.where(connus, PUBLIEE if publie else DES_TOTAUX, INCONNUE)
        place = places.get(quoi.code)
        if place is None:
            continue
        ici = entiers.copy()
        if publie:  # an official file speaks only when it covers the whole EPCI
            ici &= sommees.couvertures[place] >= calcul.COUVERTURE_COMPLETE
        m.valeurs[i] = np.where(ici, sommees.valeurs[place], m.valeurs[i])
        m.couvertures[i] = np.where(ici, sommees.couvertures[place], m.couvertures[i])
        m.secrets[i] = np.where(ici, sommees.secrets[place], 0.0)
        su = ~np.isnan(m.valeurs[i])
        origines[i] = np.where(ici, np.where(su, DES_COMMUNES, INCONNUE), origines[i])
    return TableEpci(sirens, voulus, m, origines)


def _regle(magasin: Magasin, quoi: Indicateur) -> Regle | None:
    """How to sum it from the communes; None when it is only published for the EPCI."""
    formule = magasin.formules.get(quoi.code, {})
    if isinstance(quoi.calcul, Publie):
        if not formule.get("officiel"):
            return None
        rapport = Rapport(formule["haut"], formule["bas"], formule["facteur"])
        return Regle(quoi.code, rapport.numerateur, rapport.denominateur, rapport, quoi.secret == "refus")
    if quoi.calcul.niveau == "epci":
        return None
    haut, bas = magasin.entrees(quoi)
    return Regle(quoi.code, haut, bas, quoi.calcul, quoi.secret == "refus")


def regles_du_catalogue(aa: str) -> list[Regle]:
    """The indicators that are summed once every official file of the year `aa` is loaded."""
    regles: list[Regle] = []
    for quoi in catalogue().indicateurs.values():
        lue = quoi.officiel or quoi.calcul
        if isinstance(lue, Publie) or lue.niveau == "epci":
            continue
        if isinstance(lue, Croissance):
            haut, bas = lue.fin, lue.debut
        else:
            haut, bas = lue.numerateur, lue.denominateur or ""
        noms = [n.replace("{aa}", aa) for n in (haut, bas)]
        regles.append(Regle(quoi.code, noms[0], noms[1] or None, lue, quoi.secret == "refus"))
    return regles
