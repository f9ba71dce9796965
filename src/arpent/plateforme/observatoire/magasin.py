"""The columnar store of indicators: opened once per process, memory-mapped, reloaded on change.

magasin = ouvrir(donnees)
magasin.valeurs(codes_communes, epci, "part_75_plus")
magasin.portrait(codes_communes, epci)
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from arpent.plateforme.observatoire import calcul
from arpent.plateforme.observatoire.calcul import Somme, ValeurIndicateur
from arpent.plateforme.observatoire.catalogue import (
    Croissance,
    Indicateur,
    Publie,
    Rapport,
    catalogue,
    indicateur,
)
from arpent.plateforme.observatoire.derivation import Colonne
from arpent.plateforme.observatoire.tableau import Tableau

DOSSIER = "observatoire"
MANIFESTE = "manifeste.json"
GEOGRAPHIE = "geographie.json"
FRANCE = "fr"

SOURCES_SECRETES = frozenset({"filosofi", "urssaf", "lovac", "dvf"})
"""Producers who hide small counts: what is missing there may be secret."""


class ObservatoireVide(Exception):
    """The store was never loaded."""

    def __init__(self, chemin: Path) -> None:
        super().__init__(
            "L’observatoire n’est pas encore chargé : aucun indicateur n’est disponible. "
            "Lancez « arpent init » pour charger les données publiques fournies."
        )
        self.chemin = chemin


@dataclass(frozen=True, slots=True)
class Magasin:
    """Four tables: communes, EPCI (published), references (published), comparisons (recomputed totals)."""

    manifeste: Mapping[str, Any]
    communes: Tableau
    epci: Tableau
    references: Tableau
    totaux: Tableau
    rangs_epci: Tableau
    secrets: frozenset[str]

    def valeurs(self, codes_communes: Sequence[str], epci: Sequence[str], code: str) -> ValeurIndicateur:
        """The indicator on a perimeter: its communes and its EPCI. Unknown code: IndicateurInconnu.

        An EPCI-level figure needs `epci`; a perimeter that cuts an EPCI passes an empty `epci`.
        """
        quoi = indicateur(code)
        if isinstance(quoi.calcul, Publie):
            return self._publie(quoi, quoi.calcul, epci)
        return self._recompose(quoi, quoi.calcul, codes_communes, epci)

    def _recompose(
        self, quoi: Indicateur, regle: Rapport | Croissance, communes: Sequence[str], epci: Sequence[str]
    ) -> ValeurIndicateur:
        if regle.niveau == "epci":
            table, codes, poids = self.epci, epci, "P23_POP"
        else:
            table, codes, poids = self.communes, communes, "population_2023"
        rangs = table.rangs_de(codes)
        haut, bas = entrees(regle)
        somme = _sommer(table, rangs, haut, bas, poids)
        valeur = calcul.valeur_de_somme(somme, regle)
        couverture = somme.couverture if somme else 0.0
        if quoi.evolution is None or not isinstance(regle, Rapport):
            return self._presenter(quoi, valeur, couverture)
        if len(epci) == 1 and quoi.evolution.ecart:
            ecart = self.epci.valeur(epci[0], quoi.evolution.ecart)
            return self._presenter(quoi, valeur, couverture, change=ecart)
        passe = _sommer(table, rangs, quoi.evolution.numerateur or "", quoi.evolution.denominateur, poids)
        avant = None
        # an evolution compares like with like: both vintages must be fully known
        if passe and min(couverture, passe.couverture) >= calcul.COUVERTURE_COMPLETE:
            avant = calcul.valeur_de_somme(passe, regle)
        return self._presenter(
            quoi, valeur, couverture, change=calcul.difference(quoi.evolution, valeur, avant)
        )

    def _publie(self, quoi: Indicateur, regle: Publie, epci: Sequence[str]) -> ValeurIndicateur:
        if not epci:
            note = "Publié par EPCI seulement : non disponible sur ce périmètre."
            return self._presenter(quoi, None, 0.0, note=note)
        rangs = self.epci.rangs_de(epci)
        taux = self.epci.extrait(regle.colonne, rangs)
        if len(epci) == 1:
            valeur = None if np.isnan(taux[0]) else float(taux[0])
            change = self._changement(quoi, valeur, epci, base="")
            return self._presenter(quoi, valeur, float(valeur is not None), change=change)
        detail = calcul.detail_des_epci(epci, taux)
        if regle.base is None:
            note = "Non agrégeable : lire la valeur publiée de chaque EPCI."
            return self._presenter(quoi, None, self._connus(taux, rangs), note=note, detail=detail)
        somme = self._recomposer(taux, regle.base, epci)
        valeur = calcul.valeur_de_somme(somme, Rapport(regle.colonne, regle.base))
        note = "Recomposé à partir des valeurs publiées de chaque EPCI et de leur dénominateur."
        if not regle.base_exacte:
            note = "Approché : recomposé à partir des valeurs de chaque EPCI avec un dénominateur voisin."
        base = quoi.evolution.base if quoi.evolution else None
        change = self._changement(quoi, valeur, epci, base=base) if base else None
        couverture = somme.couverture if somme else 0.0
        return self._presenter(
            quoi, valeur, couverture, change=change, approche=True, note=note, detail=detail
        )

    def _changement(
        self, quoi: Indicateur, valeur: float | None, epci: Sequence[str], *, base: str
    ) -> float | None:
        """The published change, or the difference with the earlier published value.

        One EPCI: read as it is. Several: recomposed with `base`, only when every EPCI has its value.
        """
        nom = quoi.evolution and (quoi.evolution.ecart or quoi.evolution.colonne)
        if quoi.evolution is None or not nom:
            return None
        if len(epci) == 1:
            lu = self.epci.valeur(epci[0], nom)
        else:
            somme = self._recomposer(self.epci.extrait(nom, self.epci.rangs_de(epci)), base, epci)
            complet = somme is not None and somme.couverture >= calcul.COUVERTURE_COMPLETE
            lu = calcul.valeur_de_somme(somme, Rapport(nom, base)) if complet else None
        return lu if quoi.evolution.ecart else calcul.difference(quoi.evolution, valeur, lu)

    def _recomposer(self, taux: Colonne, base: str, epci: Sequence[str]) -> Somme | None:
        bases = np.array([self._base(base, siren) for siren in epci])
        return calcul.recomposer(taux, bases, self.epci.extrait("P23_POP", self.epci.rangs_de(epci)))

    def _connus(self, taux: Colonne, rangs: Sequence[int]) -> float:
        """Share of the population whose EPCI has a published value."""
        somme = calcul.sommer(taux, None, self.epci.extrait("P23_POP", rangs))
        return somme.couverture if somme else 0.0

    def _base(self, nom: str, siren: str) -> float:
        """The head count of an EPCI: the sum of its communes that have one."""
        valeurs = self.communes.extrait(nom, self.communes.rangs_de(self.communes_de(siren)))
        return float(np.nansum(valeurs)) if (~np.isnan(valeurs)).any() else np.nan

    def communes_de(self, siren: str) -> Sequence[str]:
        membres: Sequence[str] = self.manifeste["membres"].get(siren, ())
        return membres

    def _presenter(
        self,
        quoi: Indicateur,
        valeur: float | None,
        couverture: float,
        *,
        change: float | None = None,
        approche: bool = False,
        note: str = "",
        detail: tuple[calcul.DetailEpci, ...] = (),
    ) -> ValeurIndicateur:
        incomplet = couverture < calcul.COUVERTURE_COMPLETE
        secret = incomplet and quoi.code in self.secrets
        if couverture < calcul.COUVERTURE_MINIMALE:
            valeur = None
        if incomplet and (valeur is not None or not note):
            note = f"{calcul.note_de_couverture(couverture, secret)} {note}".strip()
        if valeur is None:
            change = None
        dit = quoi.evolution and calcul.libelle_evolution(quoi.evolution, change, approche=approche)
        return ValeurIndicateur(
            quoi.code, quoi.libelle, valeur, quoi.unite, quoi.decimales, quoi.millesime, quoi.source,
            round(couverture, 4), incomplet and valeur is not None, secret, note, change, dit or "", detail,
        )  # fmt: skip

    def comparaison(self, niveau: str, quoi: Indicateur) -> float | None:
        """The value of another place: `fr`, `reg:76`, `dep:48`, or any EPCI compared, `epci:244800470`.

        None: not available, or known for less than half of its population.
        """
        regle, siren = quoi.calcul, niveau.removeprefix("epci:")
        publiees = self.references if siren == niveau else self.epci
        if isinstance(regle, Publie):
            return publiees.valeur(siren, regle.colonne)
        if regle.niveau == "epci":
            haut, bas = entrees(regle)
            somme = _sommer(publiees, publiees.rangs_de([siren]), haut, bas, "P23_POP")
            return calcul.valeur_de_somme(somme, regle)
        haut_lu = self.totaux.valeur(niveau, f"{quoi.code}.numerateur")
        couverture = self.totaux.valeur(niveau, f"{quoi.code}.couverture") or 0.0
        if haut_lu is None or couverture < calcul.COUVERTURE_MINIMALE:
            return None
        bas_lu = self.totaux.valeur(niveau, f"{quoi.code}.denominateur")
        return calcul.valeur_de_somme(Somme(haut_lu, bas_lu, couverture), regle)


def entrees(regle: Rapport | Croissance) -> tuple[str, str | None]:
    """The columns above and below the line (a growth is end over start)."""
    if isinstance(regle, Croissance):
        return regle.fin, regle.debut
    return regle.numerateur, regle.denominateur


def _sommer(table: Tableau, rangs: Sequence[int], haut: str, bas: str | None, poids: str) -> Somme | None:
    if not rangs:
        return None
    denominateur = None if bas is None else table.extrait(bas, rangs)
    return calcul.sommer(table.extrait(haut, rangs), denominateur, table.extrait(poids, rangs))


_ouverts: dict[Path, tuple[tuple[int, int], Magasin]] = {}


def ouvrir(donnees: Path) -> Magasin:
    """The store under `donnees` (ARPENT_DONNEES). Cached; read again when the manifest has changed."""
    chemin = donnees / DOSSIER / MANIFESTE
    try:
        etat = chemin.stat()
    except FileNotFoundError:
        raise ObservatoireVide(chemin) from None
    marque = (etat.st_mtime_ns, etat.st_size)
    connu = _ouverts.get(chemin)
    if connu is None or connu[0] != marque:
        connu = (marque, _lire(chemin))
        _ouverts[chemin] = connu
    return connu[1]


def secrets() -> frozenset[str]:
    """The indicators whose missing values may be secret."""
    voiles = {catalogue().sources[source] for source in SOURCES_SECRETES}
    return frozenset(c for c, i in catalogue().indicateurs.items() if i.source in voiles)


def _lire(chemin: Path) -> Magasin:
    manifeste = json.loads(chemin.read_text(encoding="utf-8"))
    dossier = chemin.parent / manifeste["dossier"]
    tables = {nom: Tableau.lire(dossier, quoi) for nom, quoi in manifeste["tableaux"].items()}
    return Magasin(manifeste=manifeste, secrets=secrets(), **tables)
