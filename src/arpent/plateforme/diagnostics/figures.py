"""The charts that tell the territory as a whole; each title states what the chart shows."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from arpent.metier.argent import formater_nombre, formater_taux
from arpent.metier.flux_revenus import Flux
from arpent.plateforme.observatoire.portrait import NATURES_NON_COMPARABLES, LignePortrait
from arpent.plateforme.observatoire.valeurs_epci import ValeursEpci, valeurs_epci
from arpent.plateforme.socle.graphiques.barres import (
    Barre,
    Empilement,
    barres_empilees,
    barres_horizontales,
)
from arpent.plateforme.socle.graphiques.base import Figure, Nombre
from arpent.plateforme.socle.graphiques.positions import Position, positions
from arpent.plateforme.socle.graphiques.pyramide import Tranche, pyramide

from . import phrases
from .lecture import Lecture, nom_du_departement, noms_des_epci

ANNEES = (2012, 2015, 2021, 2023)
"""Census vintages known for every commune of the extracts. They are not evenly spaced: bars, not a line."""
AGES = (
    ("part_moins_15", "moins de 15 ans"),
    ("part_15_24", "15-24 ans"),
    ("part_25_54", "25-54 ans"),
    ("", "55-64 ans"),
    ("part_65_plus", "65 ans et plus"),
)


def population(lecture: Lecture) -> Figure | None:
    """Population of the perimeter at four censuses; None when a commune lacks one of them."""
    table = lecture.magasin.communes
    rangs = table.rangs_de(lecture.perimetre.communes)
    totaux = [float(np.sum(table.extrait(f"population_{annee}", rangs))) for annee in ANNEES]
    if any(np.isnan(t) for t in totaux):
        return None
    ecart = round(totaux[-1] - totaux[0])
    sens = "de plus" if ecart > 0 else "de moins"
    titre = f"{formater_nombre(abs(ecart))} habitants {sens} entre {ANNEES[0]} et {ANNEES[-1]}"
    barres = [Barre(str(annee), t, annee == ANNEES[-1]) for annee, t in zip(ANNEES, totaux, strict=True)]
    return barres_horizontales(titre, barres, libelle_valeur="Habitants", libelle_nom="Année")


def ages(lecture: Lecture) -> Figure | None:
    """Shares of five ages here, in the département and in France; None when one is missing."""
    sources = {code: lecture.ligne(code) for code, _ in AGES if code}
    if any(ligne is None for ligne in sources.values()):
        return None
    connues = {code: ligne for code, ligne in sources.items() if ligne is not None}
    barres = [
        _empilement(lecture.nom, {c: x.valeur.valeur for c, x in connues.items()}),
        _empilement(nom_du_departement(lecture.departement), {c: x.departement for c, x in connues.items()}),
        _empilement("France", {c: x.france for c, x in connues.items()}),
    ]
    presentes = [b for b in barres if b is not None]
    if not presentes or presentes[0].libelle != lecture.nom:
        return None
    titre = _titre_ages(connues["part_65_plus"])
    return barres_empilees(titre, [nom for _, nom in AGES], presentes, ecrire=_points, en_parts=True)


def _empilement(nom: str, parts: dict[str, float | None]) -> Empilement | None:
    """The missing age is what remains of 100 %."""
    if any(v is None for v in parts.values()):
        return None
    connues = {c: v for c, v in parts.items() if v is not None}
    reste = max(100.0 - sum(connues.values()), 0.0)
    return Empilement(nom, tuple(round(connues[c] if c else reste, 1) for c, _ in AGES))


def _titre_ages(aines: LignePortrait) -> str:
    part = formater_nombre(round(aines.valeur.valeur or 0))
    if aines.france is None:
        return f"{part}\u00a0% des habitants ont 65 ans et plus"
    compare = "plus qu’en" if (aines.valeur.valeur or 0) > aines.france else "moins qu’en"
    return (
        f"{part}\u00a0% des habitants ont 65 ans et plus, {compare} France "
        f"({formater_nombre(round(aines.france))}\u00a0%)"
    )


def _points(x: Nombre) -> str:
    return f"{formater_nombre(round(float(x)))}\u00a0%"


TRANCHES = (
    ("0014", "0-14 ans"),
    ("1529", "15-29 ans"),
    ("3044", "30-44 ans"),
    ("4559", "45-59 ans"),
    ("6074", "60-74 ans"),
    ("7589", "75-89 ans"),
    ("90P", "90 ans et plus"),
)
"""Ages of the official census tables (P22_H0014, P22_F0014…)."""
_HOMMES = re.compile(r"^rp:P(\d{2})_H0014$")


def pyramide_des_ages(lecture: Lecture) -> Figure | None:
    """By sex and age, from the official census file; None when it is not loaded or not whole here."""
    table = lecture.magasin.communes
    millesimes = sorted(trouve[1] for nom in table.colonnes if (trouve := _HOMMES.match(nom)))
    if not millesimes:
        return None
    aa, rangs = millesimes[-1], table.rangs_de(lecture.perimetre.communes)
    tranches = []
    for code, libelle in TRANCHES:
        cotes = [float(np.sum(table.extrait(f"rp:P{aa}_{sexe}{code}", rangs))) for sexe in "HF"]
        if any(np.isnan(c) for c in cotes):
            return None
        tranches.append(Tranche(libelle, round(cotes[0]), round(cotes[1])))
    total = sum(float(t.gauche) + float(t.droite) for t in tranches) or 1.0
    aines = sum(float(t.gauche) + float(t.droite) for t in tranches[-3:])
    part = formater_nombre(round(aines / total * 100))
    return pyramide(f"{part}\u00a0% des habitants ont 60 ans et plus (20{aa})", tranches)


SECTEURS = (
    ("emploi_agriculture", "agriculture"),
    ("emploi_industrie", "industrie"),
    ("emploi_construction", "construction"),
    ("emploi_services", "commerce, services"),
    ("emploi_public", "administration, santé"),
)


def activite(lecture: Lecture) -> Figure | None:
    """Jobs by sector: the territory (or each of its EPCI: shares are not averaged), département, France."""
    connues = {code: x for code, _ in SECTEURS if (x := lecture.ligne(code))}
    if len(connues) < len(SECTEURS):
        return None
    ou = valeurs_epci(lecture.magasin)
    seul = {c: x.valeur.valeur for c, x in connues.items()}
    if all(v is not None for v in seul.values()):
        barres = [_secteurs(lecture.nom, seul)]
    else:
        noms = noms_des_epci()
        barres = [
            _secteurs(noms.get(s, s), {c: ou.valeur(s, x.indicateur) for c, x in connues.items()})
            for s in lecture.perimetre.epci
        ]
    ici = [b for b in barres if b is not None]
    if not ici:
        return None
    comparees = (
        _secteurs(nom_du_departement(lecture.departement), {c: x.departement for c, x in connues.items()}),
        _secteurs("France", {c: x.france for c, x in connues.items()}),
    )
    return barres_empilees(
        _titre_activite(ici[0], connues),
        [nom for _, nom in SECTEURS],
        [*ici, *(b for b in comparees if b is not None)],
        ecrire=_points,
        en_parts=True,
        libelle_nom="Lieu",
    )


def _secteurs(nom: str, parts: Mapping[str, float | None]) -> Empilement | None:
    valeurs = [parts[code] for code, _ in SECTEURS]
    connues = tuple(round(v, 1) for v in valeurs if v is not None)
    return Empilement(nom, connues) if len(connues) == len(SECTEURS) else None


def _titre_activite(ici: Empilement, connues: Mapping[str, LignePortrait]) -> str:
    """The sector that stands farthest above its share in France."""
    ecarts = [
        (float(v) - (connues[code].france or float(v)), rang)
        for rang, (v, (code, _)) in enumerate(zip(ici.valeurs, SECTEURS, strict=True))
    ]
    ecart, rang = max(ecarts)
    part, nom = _points(ici.valeurs[rang]), SECTEURS[rang][1]
    france = connues[SECTEURS[rang][0]].france
    if ecart < 1 or france is None:
        return "L’emploi se répartit entre les secteurs à peu près comme en France"
    return f"{nom.capitalize()} : {part} des emplois à {ici.libelle}, {_points(france)} en France"


SINGULARITES = 8
PAR_FAMILLE = 2
"""What sets the territory apart is not told by one family alone."""
SINGULIERS = frozenset({
    "part_65_plus", "indice_vieillissement", "personnes_seules", "familles_monoparentales", "part_cadres",
    "part_ouvriers", "part_agriculteurs", "part_retraites", "sans_bac", "diplomes_superieur", "taux_chomage",
    "taux_emploi", "concentration_emploi", "non_salaries", "emploi_presentiel", "emploi_agriculture",
    "emploi_industrie", "emploi_public", "niveau_vie_median", "taux_pauvrete", "residences_secondaires",
    "logements_vacants", "proprietaires", "densite", "migration_jeunes", "medecins", "solde_migratoire",
})  # fmt: skip
"""Traits that everyone understands: a territory is not told by its rarest statistic."""


def singularites(lecture: Lecture) -> Figure | None:
    """The indicators where the territory stands farthest from the other EPCI, and its place among them."""
    ou = valeurs_epci(lecture.magasin)
    ecarts: list[tuple[float, LignePortrait]] = []
    for famille in lecture.familles:
        siens = [
            (e, x)
            for x in famille.lignes
            if x.indicateur.code in SINGULIERS and (e := _ecart_type(ou, x)) is not None
        ]
        ecarts += sorted(siens, key=lambda e: -e[0])[:PAR_FAMILLE]
    choisies = [x for _, x in sorted(ecarts, key=lambda e: -e[0])[:SINGULARITES]]
    lignes = [p for x in choisies if (p := position(lecture, x)) is not None]
    if not lignes:
        return None
    return en_positions(titre_de_place(lignes[0]), lignes, lecture)


def titre_de_place(x: Position) -> str:
    part = min(round(abs(x.place - 0.5) * 100 + 50), 99)
    sens = "plus haut" if x.place >= 0.5 else "plus bas"
    return f"{x.libelle} : {sens} que dans {part}\u00a0% des intercommunalités"


def position(lecture: Lecture, x: LignePortrait) -> Position | None:
    """The place of a value among the EPCI that have one; None when there is nothing to compare."""
    if x.valeur.valeur is None or x.indicateur.nature in NATURES_NON_COMPARABLES:
        return None
    lues = valeurs_epci(lecture.magasin).colonne(x.indicateur)
    lues = lues[~np.isnan(lues)]
    if lues.size < PAIRS_MINIMUM:
        return None
    places = [_place(v, lues) for v in (x.departement, x.jumeaux)]
    ici = _place(x.valeur.valeur, lues)
    ecrite = phrases.ecrire(x.valeur.valeur, x.indicateur)
    return Position(x.indicateur.libelle, ecrite, ici or 0.0, tuple(places))


PAIRS_MINIMUM = 10
"""Under this number of EPCI with a value, a place among them says nothing."""


def en_positions(titre: str, lignes: list[Position], lecture: Lecture) -> Figure:
    return positions(
        titre,
        lignes,
        ici=lecture.nom,
        reperes=[nom_du_departement(lecture.departement), "Médiane des jumeaux"],
        pairs="intercommunalités",
    )


def _place(valeur: float | None, lues: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float | None:
    """Share of the values below, ties counted by half."""
    if valeur is None:
        return None
    return float(((lues < valeur).sum() + 0.5 * (lues == valeur).sum()) / lues.size)


def _ecart_type(ou: ValeursEpci, x: LignePortrait) -> float | None:
    if x.valeur.valeur is None or x.valeur.partiel or x.indicateur.nature in NATURES_NON_COMPARABLES:
        return None
    lues = ou.colonne(x.indicateur)
    lues = lues[~np.isnan(lues)]
    if lues.size < PAIRS_MINIMUM or lues.std() == 0:
        return None
    return abs(float((x.valeur.valeur - lues.mean()) / lues.std()))


def parts_du_flux(flux: Flux) -> Figure | None:
    """Share of each base in the income captured, beside the national share."""
    connues = [b for b in flux.bases if b.part is not None]
    if not connues:
        return None
    premiere = max(connues, key=lambda b: b.part or 0)
    titre = f"La {premiere.libelle.lower()} apporte {formater_taux(premiere.part, 0)} des revenus captés"
    barres = [Barre(b.libelle, b.part or 0, b is premiere, b.part_nationale) for b in connues]
    return barres_horizontales(
        titre,
        barres,
        ecrire=_taux,
        libelle_valeur="Part ici",
        libelle_repere="Part nationale",
        libelle_nom="Base",
    )


def _taux(x: Nombre) -> str:
    return _points(float(x) * 100)
