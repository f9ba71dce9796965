"""The four bases of all EPCI at once: same formulas as `preparer` and `estimer`, on columns.

One array operation per formula, no loop over territories; a test compares every EPCI with the one-by-one
calculation, to the euro. NaN is « missing », never zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from arpent.metier.flux_revenus import colonnes
from arpent.metier.flux_revenus import parametres as codes
from arpent.metier.flux_revenus.donnees import Parametre
from arpent.metier.flux_revenus.parametres import PARAMETRES
from arpent.metier.flux_revenus.redressement import SEUIL_COUVERTURE
from arpent.metier.flux_revenus.resultats import LIBELLES_BASES, PRODUCTIVE, PUBLIQUE, RESIDENTIELLE, SOCIALE
from arpent.metier.flux_revenus.revenu import AUTRE_ADULTE, ENFANT, QUANTILE_NEUVIEME_DECILE

Colonne = NDArray[np.float64]
_Lecteur = Callable[[str], Colonne]
BAS, CENTRAL, HAUT = 0, 1, 2

BASE_DU_TERME = {
    "activites_productives": PRODUCTIVE,
    "emplois_publics": PUBLIQUE,
    "navetteurs": RESIDENTIELLE,
    "pensions": RESIDENTIELLE,
    "residences_secondaires": RESIDENTIELLE,
    "tourisme_marchand": RESIDENTIELLE,
    "prestations_sociales": SOCIALE,
}


@dataclass(frozen=True, slots=True)
class NavettesEnMasse:
    """Per EPCI, from the commuting matrix: people who live and work in it, who leave it, who come in."""

    internes: Colonne
    sortants: Colonne
    entrants: Colonne


@dataclass(frozen=True, slots=True)
class Masse:
    """One column per EPCI; amounts have three rows (low, central, high), in whole euros a year."""

    termes: Mapping[str, Colonne]
    population: Colonne
    surface_km2: Colonne
    postes_prives: Colonne

    def base(self, code: str) -> Colonne:
        return _total([t for nom, t in self.termes.items() if BASE_DU_TERME[nom] == code])

    @property
    def total(self) -> Colonne:
        return _total(list(self.termes.values()))

    @property
    def parts(self) -> Colonne:
        """Share of each base in the central total, in the order of LIBELLES_BASES (rows sum to 1)."""
        centraux = np.vstack([self.base(code)[CENTRAL] for code in LIBELLES_BASES])
        with np.errstate(invalid="ignore", divide="ignore"):
            parts: Colonne = centraux / self.total[CENTRAL]
        return parts


def calculer(
    communes: Mapping[str, Colonne],
    groupes: NDArray[np.intp],
    epci: Mapping[str, Colonne],
    *,
    navettes: NavettesEnMasse | None = None,
    bornes_2014: Colonne | None = None,
    parametres: Sequence[Parametre] = PARAMETRES,
) -> Masse:
    """`groupes`: the EPCI of each commune, its row in the columns of `epci` (−1: none, left out).

    Columns are those named in `colonnes`; an absent one is missing everywhere. `bornes_2014` has two rows per
    EPCI (lowest and highest share of residents who work outside), for those without a matrix.
    """
    nombre = len(next(iter(epci.values())))
    c = _Communes(communes, np.asarray(groupes, dtype=np.intp), nombre)
    p = {x.code: _bornes(x) for x in parametres}
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        return _calculer(c, lambda nom: epci.get(nom, np.full(nombre, np.nan)), navettes, bornes_2014, p)


class _Communes:
    """The communes that have an EPCI, and their sums by EPCI."""

    def __init__(self, table: Mapping[str, Colonne], groupes: NDArray[np.intp], nombre: int) -> None:
        self.gardees = groupes >= 0
        self.groupes, self.nombre, self.table = groupes[self.gardees], nombre, table
        p23, p22 = self["population_2023"], self["P22_POP"]
        self.poids = np.nan_to_num(np.where(np.isnan(p23), p22, p23))
        self.population_totale = self.sommer(self.poids)

    def __getitem__(self, nom: str) -> Colonne:
        colonne = self.table.get(nom)
        return np.full(len(self.groupes), np.nan) if colonne is None else colonne[self.gardees]

    def sommer(self, valeurs: Colonne) -> Colonne:
        return np.bincount(self.groupes, weights=valeurs, minlength=self.nombre).astype(np.float64)

    def redresser(self, valeurs: Colonne) -> Colonne:
        """Sums that impute what is missing in proportion to population; NaN under 80 % of it."""
        connues = np.isfinite(valeurs)
        couverture = self.sommer(self.poids * connues) / self.population_totale
        sommes = self.sommer(np.where(connues, valeurs, 0.0)) / couverture
        return np.where(couverture >= float(SEUIL_COUVERTURE), sommes, np.nan)


def _calculer(
    c: _Communes,
    taux: _Lecteur,
    navettes: NavettesEnMasse | None,
    bornes_2014: Colonne | None,
    p: Mapping[str, Colonne],
) -> Masse:
    habitees = c.population_totale > 0
    actifs = c.redresser(np.maximum(c["actifs_15_64_2021"] - c["chomeurs_15_64_2021"], 0.0))
    officiels = c.redresser(c[colonnes.EMPLOIS])
    emplois = np.where(np.isfinite(officiels), officiels, actifs * taux("eco_ratio_emplt_actoc_22") / 100)
    emplois = np.where(habitees, emplois, np.nan)
    productifs, publics = _emplois_par_nature(c, taux, emplois, p)
    sortants = _sortants(actifs, emplois, navettes, bornes_2014)
    locale = _part_locale(actifs, emplois, sortants, navettes)
    mediane = taux("rev_med_21")
    retraites = c.redresser(
        c["P22_POP"] * (100 - c["dm_0014_pct_22"]) / 100 * c["dsp_csp_retraites_pct_22"] / 100
    )
    # a median weighted by nobody says nothing, as in the one-by-one calculation
    salaire = p[codes.REVENU_ACTIVITE] * np.where(actifs > 0, mediane, np.nan)
    pensions = retraites * p[codes.PENSION] * np.where(retraites > 0, mediane, np.nan)
    declarees = c.redresser(c[colonnes.PENSIONS])
    revenu = _revenu_disponible(c, taux)
    residences = c.redresser(c["residences_secondaires_occasionnelles_2021"])
    termes = {
        "activites_productives": productifs * locale * salaire,
        "emplois_publics": publics * locale * salaire,
        "navetteurs": sortants * salaire,
        "pensions": np.where(np.isfinite(declarees), np.tile(declarees, (3, 1)), pensions),
        "residences_secondaires": residences * p[codes.NUITS_RESIDENCE] * p[codes.DEPENSE_NON_MARCHANDE],
        "tourisme_marchand": _nuits(c, p) * p[codes.DEPENSE_MARCHANDE],
        "prestations_sociales": np.tile(
            np.where(revenu > 0, revenu, np.nan) * taux("rev_prestasoc_21") / 100, (3, 1)
        ),
    }
    return Masse(
        termes={nom: np.floor(montant + 0.5) for nom, montant in termes.items()},
        population=c.redresser(c["population_2023"]),
        surface_km2=c.sommer(c["surface_ha"]) / 100,
        postes_prives=np.floor(_reste(publics, _reste(productifs, np.tile(emplois, (3, 1)))) + 0.5),
    )


def _emplois_par_nature(
    c: _Communes, taux: _Lecteur, emplois: Colonne, p: Mapping[str, Colonne]
) -> tuple[Colonne, Colonne]:
    """Productive jobs and jobs of public employers, three rows each."""
    agri, presentielle = taux("eco_sectagri_pct_22") / 100, taux("eco_emp_pres_pct_23") / 100
    central = emplois * (agri + (1 - agri) * (1 - presentielle))
    des_taux = np.vstack([np.fmin(emplois * (1 - presentielle), central), central, central])
    administration = c.redresser(c[colonnes.EMPLOIS_ADMINISTRATION])
    administration = np.where(
        np.isfinite(administration), administration, emplois * taux("eco_sectadmin_pct_22") / 100
    )
    des_parts = administration * p[codes.PART_PUBLIQUE]
    postes = [c.redresser(c[nom]) for nom in colonnes.POSTES]
    tous = np.sum(postes, axis=0)
    agricoles = c.redresser(c[colonnes.EMPLOIS_AGRICOLES])
    agricoles = np.where(np.isfinite(agricoles), agricoles, emplois * agri)
    flores = postes[0] + np.fmin(agricoles, np.maximum(emplois - tous, 0.0))
    # a sum is missing as soon as one of its parts is: `fmin` alone would forget it
    flores = np.where(np.isfinite(agricoles) & np.isfinite(tous), flores, np.nan)
    de_flores = np.vstack([postes[0], flores, flores])
    comptes = np.tile(np.where(np.isfinite(tous), postes[1] + postes[3], np.nan), (3, 1))
    return (
        np.where(np.isfinite(de_flores[CENTRAL]), de_flores, des_taux),
        np.where(np.isfinite(comptes), comptes, des_parts),
    )


def _sortants(
    actifs: Colonne, emplois: Colonne, navettes: NavettesEnMasse | None, bornes_2014: Colonne | None
) -> Colonne:
    solde = np.maximum(actifs - emplois, 0.0)
    resultat = np.tile(np.where(solde > 0, solde, np.nan), (3, 1))
    if bornes_2014 is not None:
        bas = np.maximum(bornes_2014[BAS] * actifs, solde)
        haut = np.maximum(bornes_2014[1] * actifs, bas)
        resultat = np.where(np.isfinite(haut), np.vstack([bas, (bas + haut) / 2, haut]), resultat)
    if navettes is not None:
        lus = navettes.sortants / (navettes.internes + navettes.sortants) * actifs
        resultat = np.where(np.isfinite(lus), lus, resultat)
    return resultat


def _part_locale(
    actifs: Colonne, emplois: Colonne, sortants: Colonne, navettes: NavettesEnMasse | None
) -> Colonne:
    """Share of the jobs held by residents; unknown commuters leave the highest possible share."""
    partis = np.nan_to_num(sortants[::-1])
    parts = np.minimum(np.maximum(actifs - partis, 0.0) / np.where(emplois > 0, emplois, np.nan), 1.0)
    if navettes is not None:
        lues = navettes.internes / (navettes.internes + navettes.entrants)
        parts = np.where(np.isfinite(lues), lues, parts)
    return parts


def _revenu_disponible(c: _Communes, taux: _Lecteur) -> Colonne:
    menages, personnes = c["NBMENFISC21"], c["NBPERSMENFISC21"]
    enfants = np.minimum(personnes * c["dm_0014_pct_22"] / 100, personnes - menages)
    unites = menages + float(AUTRE_ADULTE) * (personnes - menages - enfants) + float(ENFANT) * enfants
    rapport = taux("rev_ird9d1_21")
    sigma = np.log(np.where(rapport >= 1, rapport, np.nan)) / (2 * float(QUANTILE_NEUVIEME_DECILE))
    return c.redresser(unites) * taux("rev_med_21") * np.exp(sigma**2 / 2)


def _nuits(c: _Communes, p: Mapping[str, Colonne]) -> Colonne:
    autres: Colonne = np.sum([c[nom] for nom in colonnes.AUTRES_LITS], axis=0)
    lits = c.redresser(2 * c[colonnes.CHAMBRES] + 3 * c[colonnes.EMPLACEMENTS] + autres)
    return lits * 365 * p[codes.OCCUPATION]


def _reste(partie: Colonne, tout: Colonne) -> Colonne:
    return np.maximum(tout - partie[::-1], 0.0)


def _total(termes: Sequence[Colonne]) -> Colonne:
    """Sum of what is known; NaN where nothing is."""
    pile = np.stack(termes)
    connus = np.isfinite(pile)
    return np.where(connus.any(axis=0), np.where(connus, pile, 0.0).sum(axis=0), np.nan)


def _bornes(parametre: Parametre) -> Colonne:
    f = parametre.fourchette
    return np.full((3, 1), np.nan) if f is None else np.array([[float(x)] for x in f.valeurs])
