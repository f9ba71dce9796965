"""Everything the figures say of a territory, gathered once for the page, the command and the contract.

One read of the columnar store; two queries for the perimeter, one for the model of vulnerability.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.conf import settings

from arpent.extraits import lecture as extraits
from arpent.metier.flux_revenus import Flux, estimer, preparer
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.observatoire.magasin import Magasin, ouvrir
from arpent.plateforme.observatoire.portrait import (
    Famille,
    LignePortrait,
    departement_principal,
    portrait,
)
from arpent.plateforme.observatoire.tableau import Tableau
from arpent.plateforme.territoires.perimetres import Perimetre, perimetre

from .vulnerabilites.evaluation import Vulnerabilite, evaluer

Ligne = dict[str, str | int | float | None]


@dataclass(frozen=True, slots=True)
class Lecture:
    """The territory in figures. `vulnerabilite` None: the policy has no model that can be applied."""

    nom: str
    perimetre: Perimetre
    departement: str
    familles: tuple[Famille, ...]
    flux: Flux
    vulnerabilite: Vulnerabilite | None
    magasin: Magasin

    def ligne(self, code: str) -> LignePortrait | None:
        return next((x for f in self.familles for x in f.lignes if x.indicateur.code == code), None)

    @property
    def nombre_valeurs(self) -> int:
        return sum(x.valeur.valeur is not None for f in self.familles for x in f.lignes)


def lire(demarche: Demarche, le: date) -> Lecture:
    """Raises ObservatoireVide when no store is loaded, ValueError when the perimeter is empty."""
    magasin = ouvrir(settings.ARPENT_DONNEES)
    ici = perimetre(demarche.territoire, le)
    if not ici.communes:
        raise ValueError(
            "Le périmètre de ce territoire est vide : rattachez-lui au moins une intercommunalité."
        )
    departement = departement_principal(magasin, ici.communes)
    return Lecture(
        nom=demarche.territoire.nom,
        perimetre=ici,
        departement=departement,
        familles=portrait(magasin, ici.communes, ici.epci, departement=departement),
        flux=flux_de_revenus(magasin, ici),
        vulnerabilite=evaluer(demarche, magasin, ici, departement),
        magasin=magasin,
    )


def flux_de_revenus(magasin: Magasin, ici: Perimetre) -> Flux:
    """The income captured by the communes of the perimeter, taken as a whole."""
    siren_de = {commune: siren for siren in ici.epci for commune in magasin.communes_de(siren)}
    communes = [
        _ligne(magasin.communes, code) | {"code_insee": code, "epci_siren": siren_de.get(code, "")}
        for code in ici.communes
    ]
    noms = noms_des_epci()
    epci = {s: _ligne(magasin.epci, s) | {"libelle": noms.get(s, s)} for s in ici.epci}
    mobilites, flux = _navettes()
    return estimer(preparer(communes, epci, mobilites, flux))


def _ligne(table: Tableau, code: str) -> Ligne:
    """The known cells of one place; a missing one is None, never 0."""
    rang = table.rangs.get(code)
    if rang is None:
        return {}
    valeurs = table.valeurs[:, rang].tolist()
    return {nom: None if math.isnan(v) else v for nom, v in zip(table.colonnes, valeurs, strict=True)}


@cache
def _navettes() -> tuple[list[extraits.Ligne], list[extraits.Ligne]]:
    """The two commuting tables of 2014, where they exist (Lozère)."""
    tables = ("lozere/mobilites_pro", "lozere/mobilites_flux")
    return tuple(list(extraits.lignes(t)) if extraits.existe(t) else [] for t in tables)  # type: ignore[return-value]


@cache
def noms_des_epci() -> Mapping[str, str]:
    return {x["siren"]: x["nom"] for x in extraits.lignes("france/epci")}
