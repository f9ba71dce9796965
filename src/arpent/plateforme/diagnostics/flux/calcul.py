"""The income flows of any set of communes of the store, with the parameters of the démarche.

No query but that of `parametres_de`; everything else is read in the memory-mapped store.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

import numpy as np
from django.conf import settings

from arpent.extraits import lecture as extraits
from arpent.metier.flux_revenus import (
    COLONNES_COMMUNES,
    COLONNES_EPCI,
    COLONNES_OFFICIELLES,
    PARAMETRES,
    Donnees,
    Flux,
    ModelePresentiel,
    Navettes,
    Parametre,
    ajuster,
    estimer,
    mesurer,
    preparer,
)
from arpent.metier.flux_revenus import masse as calcul_de_masse
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.observatoire import navettes as mobilites
from arpent.plateforme.observatoire.magasin import Magasin
from arpent.plateforme.observatoire.tableau import Tableau

from ..models import ParametreFlux

Ligne = dict[str, str | int | float | None]
Parametres = tuple[Parametre, ...]
Cle = tuple[str, Parametres]

COUVERTURE_DU_DEPARTEMENT = 0.98
"""Under this share of its communes in the store, a département is not computed."""


@dataclass(frozen=True, slots=True)
class Lieu:
    """A set of communes taken as a whole, its quantities and what it captures."""

    nom: str
    communes: tuple[str, ...]
    epci: tuple[str, ...]
    donnees: Donnees
    flux: Flux

    @property
    def part_des_sortants(self) -> Decimal | None:
        """Share of the employed residents who work outside, 0 to 1."""
        sortants, actifs = self.donnees.sortants.valeur, self.donnees.actifs_occupes.valeur
        return sortants / actifs if sortants is not None and actifs else None


def parametres_de(demarche: Demarche | None) -> Parametres:
    """The default parameters, those changed by the démarche replaced. One query."""
    if demarche is None:
        return PARAMETRES
    changes = {p.code: p for p in ParametreFlux.objects.filter(demarche=demarche)}
    return tuple(_change(p, changes[p.code]) if p.code in changes else p for p in PARAMETRES)


def _change(defaut: Parametre, change: ParametreFlux) -> Parametre:
    return replace(
        defaut,
        valeur=change.valeur,
        bas=change.bas,
        haut=change.haut,
        source=change.source,
        depuis=change.depuis,
        demonstration=False,
    )


def calculer(
    magasin: Magasin, nom: str, communes: Sequence[str], epci: Sequence[str], parametres: Parametres
) -> Lieu:
    """Raises ValueError when there is no commune."""
    navettes = mobilites.ouvrir(settings.ARPENT_DONNEES)
    officielles = colonnes_officielles(magasin.communes)
    lignes, rangees = _lignes(magasin, communes, epci, officielles)
    observees = _observees(navettes, communes)
    millesimes = {nom: f"20{colonne[-2:]}" for nom, colonne in officielles.items()}
    donnees = preparer(lignes, rangees, *_tables_de_2014(), navettes=observees, millesimes=millesimes)
    flux = estimer(donnees, parametres)
    comparable = flux if observees else estimer(preparer(lignes, rangees), parametres)
    prives = comparable.redistribution.postes_prives
    evasion = mesurer(
        modele_presentiel(magasin, parametres),
        postes=prives.central if prives else None,
        captation=comparable.total.central if comparable.total else None,
        population=donnees.population.valeur,
        surface_km2=donnees.surface_km2,
    )
    return Lieu(nom, tuple(communes), tuple(epci), donnees, replace(flux, evasion=evasion))


def _observees(navettes: mobilites.Navettes, communes: Sequence[str]) -> Navettes | None:
    bilan = navettes.bilan(communes)
    if bilan is None or bilan.internes + bilan.sortants <= 0:
        return None
    return Navettes(
        internes=Decimal(repr(bilan.internes)),
        sortants=Decimal(repr(bilan.sortants)),
        entrants=Decimal(repr(bilan.entrants)),
        source=navettes.source,
        millesime=navettes.millesime,
        couverture=Decimal(repr(bilan.couverture)),
    )


def _lignes(
    magasin: Magasin, communes: Sequence[str], epci: Sequence[str], officielles: Mapping[str, str]
) -> tuple[list[Ligne], dict[str, Ligne]]:
    """The columns the estimate reads: one row per commune, one per EPCI."""
    siren_de = {commune: siren for siren in epci for commune in magasin.communes_de(siren)}
    lues = {c: c for c in COLONNES_COMMUNES} | dict(officielles)
    lignes = _extraire(magasin.communes, communes, lues)
    for code, ligne in zip(communes, lignes, strict=True):
        ligne |= {"code_insee": code, "epci_siren": siren_de.get(code, "")}
    rangees = dict(zip(epci, _extraire(magasin.epci, epci, {c: c for c in COLONNES_EPCI}), strict=True))
    for siren, ligne in rangees.items():
        ligne["libelle"] = nom_epci(siren)
    return lignes, rangees


def _extraire(table: Tableau, codes: Sequence[str], colonnes: Mapping[str, str]) -> list[Ligne]:
    """The known cells, under the names of `colonnes` (name → column); a missing one is None, never 0."""
    rangs = table.rangs_de(codes)
    presentes = {nom: c for nom, c in colonnes.items() if c in table.colonnes}
    if not presentes:
        return [{} for _ in codes]
    valeurs = np.column_stack([table.extrait(c, rangs) for c in presentes.values()]).tolist()
    return [
        {nom: None if math.isnan(v) else v for nom, v in zip(presentes, ligne, strict=True)}
        for ligne in valeurs
    ]


def colonnes_officielles(table: Tableau) -> dict[str, str]:
    """For each official quantity that is loaded, the column of its latest vintage (`emplois_22`)."""
    trouvees: dict[str, str] = {}
    for colonne in sorted(table.colonnes):
        nom, _, annee = colonne.rpartition("_")
        if nom in COLONNES_OFFICIELLES and len(annee) == 2 and annee.isdigit():
            trouvees[nom] = colonne
    return trouvees


@cache
def _tables_de_2014() -> tuple[list[extraits.Ligne], list[extraits.Ligne]]:
    """The two commuting tables of 2014, where they exist (Lozère)."""
    tables = ("lozere/mobilites_pro", "lozere/mobilites_flux")
    return tuple(list(extraits.lignes(t)) if extraits.existe(t) else [] for t in tables)  # type: ignore[return-value]


@cache
def _noms_des_epci() -> Mapping[str, str]:
    return {x["siren"]: x["nom"] for x in extraits.lignes("france/epci")}


def nom_epci(siren: str) -> str:
    return _noms_des_epci().get(siren, siren)


# --- all EPCI at once -----------------------------------------------------------------------------

_modeles: dict[Cle, ModelePresentiel | None] = {}


def modele_presentiel(magasin: Magasin, parametres: Parametres) -> ModelePresentiel | None:
    """Fitted on every EPCI whose communes are all in the store; kept until the store changes."""
    cle = (str(magasin.manifeste.get("dossier", "")), parametres)
    if cle not in _modeles:
        if len(_modeles) > 20:
            _modeles.clear()
        _modeles[cle] = _ajuster(magasin, parametres)
    return _modeles[cle]


def _ajuster(magasin: Magasin, parametres: Parametres) -> ModelePresentiel | None:
    sirens = epci_complets(magasin)
    if not sirens:
        return None
    masse = masse_des_epci(magasin, sirens, parametres)
    with np.errstate(invalid="ignore", divide="ignore"):
        densite = masse.population / masse.surface_km2
    centre = calcul_de_masse.CENTRAL
    return ajuster(masse.total[centre], densite, masse.postes_prives[centre])


def epci_complets(magasin: Magasin) -> list[str]:
    """The EPCI whose communes are all in the store."""
    rangs = magasin.communes.rangs
    return sorted(
        siren
        for siren, membres in magasin.manifeste["membres"].items()
        if siren in magasin.epci.rangs and membres and all(c in rangs for c in membres)
    )


def masse_des_epci(
    magasin: Magasin, sirens: Sequence[str], parametres: Parametres = PARAMETRES
) -> calcul_de_masse.Masse:
    """The four bases of these EPCI; the trips come from the matrix when it is complete."""
    table = magasin.communes
    groupes = np.full(len(table.rangs), -1, dtype=np.intp)
    for rang, siren in enumerate(sirens):
        groupes[table.rangs_de(magasin.communes_de(siren))] = rang
    lues = {c: c for c in COLONNES_COMMUNES} | colonnes_officielles(table)
    communes = {nom: v for nom, c in lues.items() if (v := table.colonne(c)) is not None}
    rangs = magasin.epci.rangs_de(sirens)
    epci = {c: magasin.epci.extrait(c, rangs) for c in COLONNES_EPCI}
    bilan = mobilites.ouvrir(settings.ARPENT_DONNEES).par_epci(sirens)
    return calcul_de_masse.calculer(
        communes,
        groupes,
        epci,
        navettes=None if bilan is None else calcul_de_masse.NavettesEnMasse(*bilan),
        parametres=parametres,
    )
