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
from arpent.plateforme.observatoire.tableau import Tableau

DOSSIER = "observatoire"
MANIFESTE = "manifeste.json"
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
        avant = None
        if quoi.evolution and quoi.evolution.numerateur and isinstance(regle, Rapport):
            passe = _sommer(table, rangs, quoi.evolution.numerateur, quoi.evolution.denominateur, poids)
            # an evolution compares like with like: both vintages must be fully known
            if somme and passe and min(somme.couverture, passe.couverture) >= calcul.COUVERTURE_COMPLETE:
                avant = calcul.valeur_de_somme(passe, regle)
        return self._presenter(quoi, valeur, somme.couverture if somme else 0.0, avant=avant)

    def _publie(self, quoi: Indicateur, regle: Publie, epci: Sequence[str]) -> ValeurIndicateur:
        rangs = self.epci.rangs_de(epci)
        taux = self.epci.extrait(regle.colonne, rangs)
        if len(epci) == 1:
            valeur = None if np.isnan(taux[0]) else float(taux[0])
            avant, ecart = self._avant_publie(quoi, rangs[0])
            return self._presenter(quoi, valeur, float(valeur is not None), avant=avant, ecart=ecart)
        detail = calcul.detail_des_epci(epci, taux)
        if not epci or regle.base is None:
            note = "Non agrégeable : lire la valeur publiée de chaque EPCI."
            if not epci:
                note = "Publié par EPCI seulement : non disponible sur ce périmètre."
            return self._presenter(quoi, None, 0.0, note=note, detail=detail)
        bases = np.array([self._base(regle.base, siren) for siren in epci])
        somme = calcul.recomposer(taux, bases, self.epci.extrait("P23_POP", rangs))
        valeur = calcul.valeur_de_somme(somme, Rapport(regle.colonne, regle.base))
        note = "Recomposé à partir des valeurs publiées de chaque EPCI et de leur dénominateur."
        if not regle.base_exacte:
            note = "Approché : recomposé à partir des valeurs de chaque EPCI avec un dénominateur voisin."
        return self._presenter(quoi, valeur, somme.couverture if somme else 0.0, note=note, detail=detail)

    def _avant_publie(self, quoi: Indicateur, rang: int) -> tuple[float | None, float | None]:
        """The earlier published value, or the published change."""
        if quoi.evolution is None:
            return None, None
        lu = [
            float(self.epci.extrait(nom, [rang])[0]) if nom else np.nan
            for nom in (quoi.evolution.colonne, quoi.evolution.ecart)
        ]
        return (None if np.isnan(lu[0]) else lu[0], None if np.isnan(lu[1]) else lu[1])

    def _base(self, nom: str, siren: str) -> float:
        """The head count of an EPCI: the sum of its communes, missing when one of them is."""
        somme = self.communes_de(siren)
        return float(self.communes.extrait(nom, self.communes.rangs_de(somme)).sum()) if somme else np.nan

    def communes_de(self, siren: str) -> Sequence[str]:
        membres: Sequence[str] = self.manifeste["membres"].get(siren, ())
        return membres

    def _presenter(
        self,
        quoi: Indicateur,
        valeur: float | None,
        couverture: float,
        *,
        avant: float | None = None,
        ecart: float | None = None,
        note: str = "",
        detail: tuple[calcul.DetailEpci, ...] = (),
    ) -> ValeurIndicateur:
        incomplet = couverture < calcul.COUVERTURE_COMPLETE
        secret = incomplet and quoi.code in self.secrets
        if incomplet and (valeur is not None or not note):
            note = f"{calcul.note_de_couverture(couverture, secret)} {note}".strip()
        if couverture < calcul.COUVERTURE_MINIMALE:
            valeur = None
        change = ecart
        if quoi.evolution and change is None:
            change = calcul.difference(quoi.evolution, valeur, avant)
        if valeur is None:
            change = None
        return ValeurIndicateur(
            quoi.code, quoi.libelle, valeur, quoi.unite, quoi.decimales, quoi.millesime, quoi.source,
            round(couverture, 4), incomplet and valeur is not None, secret, note, change,
            calcul.libelle_evolution(quoi.evolution, change) if quoi.evolution else "", detail,
        )  # fmt: skip

    def comparaison(self, niveau: str, quoi: Indicateur) -> float | None:
        """The value of a wider place: `fr`, `dep:48`, `reg:76` or `epci:…`. None: not available."""
        regle = quoi.calcul
        if isinstance(regle, Publie):
            return self.references.valeur(niveau, regle.colonne)
        if regle.niveau == "epci":
            haut, bas = entrees(regle)
            somme = _sommer(self.references, self.references.rangs_de([niveau]), haut, bas, "P23_POP")
            return calcul.valeur_de_somme(somme, regle)
        haut_lu = self.totaux.valeur(niveau, f"{quoi.code}.numerateur")
        couverture = self.totaux.valeur(niveau, f"{quoi.code}.couverture")
        if haut_lu is None or (couverture or 0.0) < calcul.COUVERTURE_MINIMALE:
            return None
        bas_lu = self.totaux.valeur(niveau, f"{quoi.code}.denominateur")
        return calcul.valeur_de_somme(Somme(haut_lu, bas_lu, couverture or 0.0), regle)


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


def _lire(chemin: Path) -> Magasin:
    manifeste = json.loads(chemin.read_text(encoding="utf-8"))
    dossier = chemin.parent / manifeste["dossier"]
    tables = {nom: Tableau.lire(dossier, quoi) for nom, quoi in manifeste["tableaux"].items()}
    noms = catalogue().sources
    voiles = {noms[source] for source in SOURCES_SECRETES}
    secrets = frozenset(c for c, i in catalogue().indicateurs.items() if i.source in voiles)
    return Magasin(manifeste=manifeste, secrets=secrets, **tables)
