"""Every indicator of every EPCI that can be compared: one matrix, computed once for each open store.

`colonne` gives what `magasin.comparaison("epci:SIREN", …)` gives, EPCI by EPCI (a test says so).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from arpent.plateforme.observatoire import calcul
from arpent.plateforme.observatoire.catalogue import Croissance, Indicateur, Publie, Rapport
from arpent.plateforme.observatoire.derivation import Colonne
from arpent.plateforme.observatoire.magasin import Magasin, entrees
from arpent.plateforme.observatoire.tableau import Tableau

CLASSE_DE_DENSITE = "dens3"
"""Insee's density grid of an EPCI: 1 dense, 2 intermediate, 3 rural."""
LIBELLES_DENSITE = {1: "denses", 2: "de densité intermédiaire", 3: "rurales"}


@dataclass(frozen=True)
class ValeursEpci:
    """The EPCI compared, in the order of the published table; columns are computed when first asked for."""

    magasin: Magasin
    sirens: tuple[str, ...]
    _lues: dict[str, Colonne] = field(default_factory=dict)

    @cached_property
    def rangs(self) -> dict[str, int]:
        return {siren: i for i, siren in enumerate(self.sirens)}

    @cached_property
    def _rangs_totaux(self) -> list[int]:
        return self.magasin.totaux.rangs_de([f"epci:{siren}" for siren in self.sirens])

    def colonne(self, quoi: Indicateur) -> Colonne:
        """The values of an indicator, NaN when it is not known for that EPCI."""
        if quoi.code not in self._lues:
            self._lues[quoi.code] = self._calculer(quoi)
        return self._lues[quoi.code]

    def publiee(self, nom: str) -> Colonne:
        """A published column as it is, all NaN when the store does not hold it."""
        return self.magasin.epci.extrait(nom, range(len(self.sirens)))

    def valeur(self, siren: str, quoi: Indicateur) -> float | None:
        rang = self.rangs.get(siren)
        valeur = np.nan if rang is None else float(self.colonne(quoi)[rang])
        return None if np.isnan(valeur) else valeur

    def densite(self, siren: str) -> int | None:
        """The class of density of an EPCI (see LIBELLES_DENSITE), None when it is not published."""
        classe = self.magasin.epci.valeur(siren, CLASSE_DE_DENSITE)
        return None if classe is None else int(classe)

    def de_densite(self, classe: int) -> NDArray[np.bool_]:
        choix: NDArray[np.bool_] = self.publiee(CLASSE_DE_DENSITE) == classe
        return choix

    def _calculer(self, quoi: Indicateur) -> Colonne:
        regle = quoi.calcul
        if isinstance(regle, Publie):
            # an official file has changed the formula: as `comparaison` reads it
            choisie = quoi.code in self.magasin.formules
            return self._un_par_un(quoi) if choisie else self.publiee(regle.colonne)
        if not isinstance(regle, Rapport | Croissance):
            return self._un_par_un(quoi)
        if regle.niveau == "epci":
            haut, bas = entrees(regle)
            n = range(len(self.sirens))
            table = self.magasin.epci
            return _quotient(table.extrait(haut, n), None if bas is None else table.extrait(bas, n), regle)
        totaux, code = self.magasin.totaux, quoi.code
        couverts = self._totaux(totaux, f"{code}.couverture") >= calcul.COUVERTURE_MINIMALE
        a_un_bas = isinstance(regle, Croissance) or regle.denominateur is not None
        valeurs = _quotient(
            self._totaux(totaux, f"{code}.numerateur"),
            self._totaux(totaux, f"{code}.denominateur") if a_un_bas else None,
            regle,
        )
        return np.where(couverts, valeurs, np.nan)

    def _totaux(self, totaux: Tableau, nom: str) -> Colonne:
        return totaux.extrait(nom, self._rangs_totaux)

    def _un_par_un(self, quoi: Indicateur) -> Colonne:
        lues = (self.magasin.comparaison(f"epci:{siren}", quoi) for siren in self.sirens)
        return np.array([np.nan if v is None else v for v in lues])


def _quotient(haut: Colonne, bas: Colonne | None, regle: Rapport | Croissance) -> Colonne:
    """Sum, ratio or yearly growth, element by element; NaN where it cannot be computed."""
    if isinstance(regle, Croissance):
        base = np.full_like(haut, np.nan) if bas is None else np.where(bas > 0, bas, np.nan)
        with np.errstate(invalid="ignore"):
            croissance: Colonne = ((np.where(haut >= 0, haut, np.nan) / base) ** (1 / regle.annees) - 1) * 100
        return croissance
    if bas is None:
        return haut * regle.facteur
    return haut / np.where(bas == 0, np.nan, bas) * regle.facteur


_ouvertes: list[ValeursEpci] = []


def valeurs_epci(magasin: Magasin) -> ValeursEpci:
    """The matrix of that store. The last two stores are kept: a store that is replaced goes away."""
    for connues in _ouvertes:
        if connues.magasin is magasin:
            return connues
    neuves = ValeursEpci(magasin, tuple(magasin.epci.rangs))
    _ouvertes.insert(0, neuves)
    del _ouvertes[2:]
    return neuves
