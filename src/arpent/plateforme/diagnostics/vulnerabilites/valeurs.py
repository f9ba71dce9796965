"""The figures a model asks for, and the places between which it compares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from arpent.extraits import lecture as extraits
from arpent.metier.vulnerabilite import Echelle, Indicateur, Modele
from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.observatoire import catalogue as module_catalogue
from arpent.plateforme.observatoire.catalogue import Rapport
from arpent.plateforme.observatoire.magasin import Magasin
from arpent.plateforme.observatoire.tableau import Tableau

POPULATIONS = {Echelle.EPCI: "P23_POP", Echelle.COMMUNE: "population_2023"}
Valeurs = dict[str, dict[str, float | None]]


def table_de(magasin: Magasin, echelle: Echelle) -> Tableau:
    return magasin.epci if echelle is Echelle.EPCI else magasin.communes


def lire_valeurs(magasin: Magasin, modele: Modele, codes: Sequence[str]) -> Valeurs:
    """The value of each indicator for each place; None when it is missing or secret."""
    colonnes = {i.code: _colonne(magasin, modele.echelle, i, codes) for i in modele.indicateurs}
    return {code: {nom: lues[rang] for nom, lues in colonnes.items()} for rang, code in enumerate(codes)}


def _colonne(
    magasin: Magasin, echelle: Echelle, indicateur: Indicateur, codes: Sequence[str]
) -> list[float | None]:
    """A column of the store (over another when the model says so), else an indicator of the catalogue."""
    table, nom = table_de(magasin, echelle), indicateur.colonne or indicateur.code
    rangs = table.rangs_de(codes)
    if nom in table.colonnes:
        return _quotient(table, rangs, nom, indicateur.denominateur or None)
    quoi = module_catalogue.catalogue().indicateurs.get(nom)
    if quoi is None:
        return [None] * len(codes)
    if echelle is Echelle.EPCI:
        return [magasin.comparaison(f"epci:{siren}", quoi) for siren in codes]
    regle = quoi.calcul
    if not isinstance(regle, Rapport) or regle.niveau == "epci":
        return [None] * len(codes)
    lus = _quotient(table, rangs, regle.numerateur, regle.denominateur)
    return [None if v is None else v * regle.facteur for v in lus]


def _quotient(
    table: Tableau, rangs: Sequence[int], numerateur: str, denominateur: str | None
) -> list[float | None]:
    lues = table.extrait(numerateur, rangs).astype(float)
    if denominateur:
        bas = table.extrait(denominateur, rangs)
        lues = np.divide(lues, bas, out=np.full(len(rangs), np.nan), where=bas > 0)
    return [None if np.isnan(v) else float(v) for v in lues]


def comparables(
    modele: Modele, autorite: Organisation, magasin: Magasin, departement: str
) -> tuple[list[str], str]:
    """The places of the Région, or those of the Département; and how to say it."""
    regional = autorite.nature == Organisation.Nature.REGION
    region = magasin.manifeste["regions"].get(departement, "")
    if modele.echelle is Echelle.COMMUNE:
        regions = magasin.manifeste["regions"]
        voulus = {d for d, r in regions.items() if r == region} if regional else {departement}
        codes = [c for c in magasin.communes.rangs if departement_de(c) in voulus]
        return codes, f"les {len(codes)} communes {'de la région' if regional else 'du département'}"
    if regional:
        sirens = [x["siren"] for x in epci() if x["region_principale"] == region]
    else:
        sirens = [x["siren"] for x in epci() if departement in x["departements"].split()]
    connus = [s for s in sirens if s in magasin.epci.rangs]
    ou = "de la région" if regional else "présentes dans le département"
    return connus, f"les {len(connus)} intercommunalités {ou}"


def departement_de(commune: str) -> str:
    return commune[:3] if commune.startswith("97") else commune[:2]


@cache
def epci() -> tuple[extraits.Ligne, ...]:
    return tuple(extraits.lignes("france/epci"))


@cache
def noms_des_epci() -> Mapping[str, str]:
    return {x["siren"]: x["nom"] for x in epci()}
