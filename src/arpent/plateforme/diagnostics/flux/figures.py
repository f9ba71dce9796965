"""The charts of the income flows; each title states what the chart shows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache

from arpent.extraits import lecture as extraits
from arpent.metier.argent import formater_nombre, formater_taux
from arpent.metier.flux_revenus import LIBELLES_BASES, Fourchette
from arpent.plateforme.observatoire.navettes import Partenaire, Partenaires
from arpent.plateforme.socle.graphiques import (
    Apport,
    Empilement,
    Estimation,
    bandes_autour,
    barres_a_fourchette,
    barres_empilees,
    choroplethe,
)
from arpent.plateforme.socle.graphiques import Lieu as LieuDeCarte
from arpent.plateforme.socle.graphiques.base import Figure, Nombre

from .calcul import Lieu, nom_epci
from .echelles import Echelle

NOMS_COURTS = {
    "activites_productives": "Ventes à l’extérieur",
    "emplois_publics": "Emplois publics",
    "navetteurs": "Salaires gagnés ailleurs",
    "pensions": "Pensions de retraite",
    "residences_secondaires": "Résidences secondaires",
    "tourisme_marchand": "Touristes",
    "prestations_sociales": "Prestations sociales",
}
TETE = 8
"""Partners shown by name."""


def _millions(x: Nombre) -> str:
    m = Decimal(str(x)) / 1_000_000
    return f"{formater_nombre(m, 0 if m >= 20 else 1)}\u00a0M€"


def _personnes(x: Nombre) -> str:
    return formater_nombre(round(float(x)))


def entrees(lieu: Lieu) -> Figure | None:
    """Each source of income with its interval, the largest first."""
    termes = sorted(
        ((t, t.montant) for b in lieu.flux.bases for t in b.termes if t.montant is not None),
        key=lambda x: -x[1].central,
    )
    if not termes:
        return None
    premier, montant = termes[0]
    total = lieu.flux.total
    part = formater_taux(montant.central / total.central, 0) if total and total.central else ""
    titre = f"Les {NOMS_COURTS[premier.code].lower()} apportent {part} de l’argent qui entre"
    return barres_a_fourchette(
        titre,
        [Estimation(NOMS_COURTS[t.code], m.bas, m.central, m.haut, t is premier) for t, m in termes],
        ecrire=_millions,
        libelle_nom="Ressource",
    )


def captation(lieu: Lieu) -> Figure | None:
    """Who captures what, and what the captured income becomes (central values)."""
    flux, r = lieu.flux, lieu.flux.redistribution
    if flux.total is None or r.revenu_des_residents is None or r.revenu_des_entrants is None:
        return None
    entrent = [
        Apport(NOMS_COURTS[t.code], t.montant.central)
        for b in flux.bases
        for t in b.termes
        if t.montant is not None
    ]
    total = flux.total.central
    ici = min(r.revenu_des_residents.central, total)
    entrants = min(r.revenu_des_entrants.central, total - ici)
    reste = total - ici - entrants
    part = formater_taux((ici + entrants) / total, 0) if total else ""
    titre = f"{part} de l’argent qui entre fait vivre des emplois au service des présents"
    sortent = [
        Apport("Emplois tenus par des habitants", ici),
        Apport("Emplois tenus par d’autres", entrants),
        Apport("Achats ailleurs, épargne, impôts", reste, attenue=True),
    ]
    return bandes_autour(
        titre, entrent, lieu.nom, sortent, ecrire=_millions, libelle_arrivee="Ce qui entre",
        libelle_depart="Ce que cela devient", libelle_valeur="Euros par an",
    )  # fmt: skip


def navettes(nom: str, partenaires: Partenaires, complete: bool) -> Figure | None:
    """Where people who work here come from, where residents go to work."""
    if not partenaires.vers and not partenaires.depuis:
        return None
    viennent = _tete(partenaires.depuis, partenaires.autres_depuis)
    partent = _tete(partenaires.vers, partenaires.autres_vers)
    entrants, sortants = (sum(float(a.valeur) for a in cote) for cote in (viennent, partent))
    reserve = "" if complete else " au moins"
    # a direction without any listed flow is unknown, not nil, when small flows are not published
    dits = [
        f"{_personnes(sortants)} habitants{reserve} travaillent ailleurs" if sortants or complete else "",
        f"{_personnes(entrants)} personnes{reserve} viennent travailler ici" if entrants or complete else "",
    ]
    titre = ", ".join(dit for dit in dits if dit)
    return bandes_autour(
        titre, viennent, nom, partent, ecrire=_personnes, libelle_arrivee="Viennent travailler ici",
        libelle_depart="Partent travailler", libelle_valeur="Actifs",
    )  # fmt: skip


def _tete(partenaires: Sequence[Partenaire], autres: float) -> list[Apport]:
    montres = [Apport(nom_epci(p.code), p.actifs) for p in partenaires[:TETE]]
    reste = autres + sum(p.actifs for p in partenaires[TETE:])
    return [*montres, Apport("Autres territoires", reste, attenue=True)] if reste > 0 else montres


def carte_des_partenaires(
    epci: Sequence[str], partenaires: Partenaires, voisins: Sequence[str]
) -> Figure | None:
    """The EPCI where residents go to work, darker when more go; those without a contour are in the table."""
    contours = _contours()
    partent = {p.code: p.actifs for p in partenaires.vers if p.code in contours}
    if not partent:
        return None
    ici = [LieuDeCarte(s, nom_epci(s), json.loads(contours[s]), voisin=True) for s in epci if s in contours]
    autour = [
        LieuDeCarte(s, nom_epci(s), json.loads(contours[s]), voisin=True)
        for s in voisins
        if s in contours and s not in partent
    ]
    lieux = [LieuDeCarte(s, nom_epci(s), json.loads(contours[s]), round(v)) for s, v in partent.items()]
    premier = max(partent, key=lambda s: partent[s])
    titre = f"La première destination est {nom_epci(premier)} ({_personnes(partent[premier])} actifs)"
    return choroplethe(
        titre, [*autour, *ici, *lieux], ecrire=_personnes, libelle_valeur="Actifs qui y travaillent",
        libelle_nom="Intercommunalité", contours=[x.geometrie for x in ici],
    )  # fmt: skip


def par_echelle(echelles: Sequence[Echelle]) -> Figure | None:
    """The shares of the four bases at each scale."""
    connues = [(e, e.lieu) for e in echelles if e.lieu is not None]
    empilements = [
        Empilement(e.nom, tuple(round(float(b.part or 0) * 100, 1) for b in lieu.flux.bases))
        for e, lieu in connues
        if lieu.flux.total is not None
    ]
    if len(empilements) < 2:
        return None
    parts = [e.part_residentielle for e, _ in connues if e.part_residentielle is not None]
    titre = "Le même calcul à plusieurs échelles ne donne pas les mêmes parts"
    if len(parts) > 1 and parts[0] > parts[-1]:
        titre = (
            "La part résidentielle baisse quand le périmètre grandit : de "
            f"{formater_taux(parts[0], 0)} à {formater_taux(parts[-1], 0)}"
        )
    return barres_empilees(
        titre, list(LIBELLES_BASES.values()), empilements, ecrire=_pourcent, en_parts=True,
        libelle_nom="Échelle",
    )  # fmt: skip


def _pourcent(x: Nombre) -> str:
    return f"{formater_nombre(Decimal(str(x)), 0)}\u00a0%"


@cache
def _contours() -> Mapping[str, str]:
    """Contour of each EPCI, kept as text: a page parses the few it draws."""
    nom = "france/contours_epci"
    if not extraits.existe(nom):
        return {}
    return {f["properties"]["code"]: json.dumps(f["geometry"]) for f in extraits.entites(nom)}


@cache
def voisins_de(siren: str) -> tuple[str, ...]:
    nom = "france/adjacence_epci"
    return _voisinages().get(siren, ()) if extraits.existe(nom) else ()


@cache
def _voisinages() -> Mapping[str, tuple[str, ...]]:
    liens: dict[str, list[str]] = {}
    for x in extraits.lignes("france/adjacence_epci"):
        liens.setdefault(x["epci_a"], []).append(x["epci_b"])
        liens.setdefault(x["epci_b"], []).append(x["epci_a"])
    return {siren: tuple(autres) for siren, autres in liens.items()}


def en_millions(f: Fourchette | None) -> list[str]:
    """Low, central, high, written; three empty texts when not estimated."""
    return ["", "", ""] if f is None else [_millions(x) for x in f.valeurs]
