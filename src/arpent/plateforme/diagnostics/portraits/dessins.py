"""The charts of the portrait by name: what the page shows is what the download gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from arpent.plateforme.observatoire.portrait import Famille, LignePortrait
from arpent.plateforme.observatoire.valeurs_epci import valeurs_epci
from arpent.plateforme.socle.graphiques.barres import Barre, barres_horizontales
from arpent.plateforme.socle.graphiques.base import Figure, Nombre
from arpent.plateforme.socle.graphiques.cartes import choroplethe
from arpent.plateforme.socle.graphiques.lignes import Serie, lignes
from arpent.plateforme.socle.graphiques.suites import Suite, suites

from .. import figures, phrases
from ..lecture import (
    Lecture,
    epci_du_departement,
    nom_de_la_region,
    nom_du_departement,
    noms_des_epci,
)
from . import carte
from .series import Point, serie

RECENSEMENT = "Insee, recensement de la population"
EMPLOIS = "Insee, recensement de la population (emplois au lieu de travail)"
POINTS_POUR_UNE_COURBE = 4
"""From that many vintages on, a line is clearer than a small multiple."""


@dataclass(frozen=True, slots=True)
class Dessin:
    """A chart, the name of its downloads and its source."""

    nom: str
    figure: Figure
    source: str


Dessinateur = Callable[[Lecture], Figure | None]
ENSEMBLE: dict[str, tuple[Dessinateur, str]] = {
    "population": (figures.population, RECENSEMENT),
    "ages": (figures.ages, RECENSEMENT),
    "pyramide": (figures.pyramide_des_ages, RECENSEMENT),
    "activite": (figures.activite, EMPLOIS),
    "singularites": (figures.singularites, "Insee et autres producteurs, calcul Arpent"),
    "revenus": (lambda lecture: figures.parts_du_flux(lecture.flux), "Estimation Arpent, flux de revenus"),
}
"""The charts of the territory as a whole."""


def dessiner(lecture: Lecture, nom: str) -> Dessin | None:
    """The chart of that name on this territory; None when it has no data or does not exist."""
    if nom in ENSEMBLE:
        dessinateur, source = ENSEMBLE[nom]
        return _dessin(nom, dessinateur(lecture), source)
    genre, _, objet = nom.partition("-")
    if genre in DE_FAMILLE:
        famille = next((f for f in lecture.familles if f.code == objet), None)
        return _dessin(nom, DE_FAMILLE[genre](lecture, famille), sources(famille.lignes)) if famille else None
    ligne = lecture.ligne(objet) if genre in D_INDICATEUR else None
    return _dessin(nom, D_INDICATEUR[genre](lecture, ligne), source_de(ligne)) if ligne else None


def dessins_d_indicateur(lecture: Lecture, ligne: LignePortrait, ici: carte.Fond) -> dict[str, Dessin | None]:
    """Every chart of one indicator, on a ground already read. No query."""
    code, source = ligne.indicateur.code, source_de(ligne)
    dessins = {
        genre: _dessin(f"{genre}-{code}", trace(lecture, ligne), source)
        for genre, trace in D_INDICATEUR.items()
        if genre != "carte"
    }
    return dessins | {"carte": _dessin(f"carte-{code}", carte_de(lecture, ligne, ici), source)}


def _dessin(nom: str, figure: Figure | None, source: str) -> Dessin | None:
    return Dessin(nom, figure, source) if figure else None


def source_de(ligne: LignePortrait) -> str:
    return f"{ligne.indicateur.source}, {ligne.valeur.millesime}"


def sources(lues: tuple[LignePortrait, ...]) -> str:
    """The producers of a family, each once."""
    return " ; ".join(dict.fromkeys(x.indicateur.source for x in lues if x.valeur.valeur is not None))


def positions_de_famille(lecture: Lecture, famille: Famille) -> Figure | None:
    """Where the territory stands, for each indicator of the family that compares."""
    places = [p for x in famille.lignes if (p := figures.position(lecture, x)) is not None]
    if len(places) < 2:
        return None
    premiere = max(places, key=lambda p: abs(p.place - 0.5))
    return figures.en_positions(figures.titre_de_place(premiere), places, lecture)


def evolutions_de_famille(lecture: Lecture, famille: Famille) -> Figure | None:
    """Small multiples of what is known at two dates at least."""
    trouvees = [_suite(x, points) for x in famille.lignes if (points := points_de(lecture, x))]
    if len(trouvees) < 2:
        return None
    hausses = sum(float(s.points[-1][2]) > float(s.points[0][2]) for s in trouvees)
    baisses = sum(float(s.points[-1][2]) < float(s.points[0][2]) for s in trouvees)
    titre = f"{famille.libelle} : {hausses} en hausse, {baisses} en baisse"
    return suites(titre, trouvees)


def points_de(lecture: Lecture, x: LignePortrait) -> tuple[Point, ...]:
    return serie(lecture.magasin, lecture.perimetre.communes, lecture.perimetre.epci, x)


def _ecrire(x: LignePortrait) -> Callable[[Nombre], str]:
    return lambda valeur: phrases.ecrire(float(valeur), x.indicateur)


def _suite(x: LignePortrait, points: tuple[Point, ...]) -> Suite:
    return Suite(
        x.indicateur.libelle,
        tuple((p.date, p.quand, p.valeur) for p in points),
        _ecrire(x),
        x.valeur.evolution_libelle,
    )


def serie_de(lecture: Lecture, x: LignePortrait) -> Figure | None:
    """The indicator over time: a line when there are years enough, else the two dates it is known at."""
    points = points_de(lecture, x)
    if not points:
        return None
    debut, fin = points[0], points[-1]
    ecrire = _ecrire(x)
    titre = f"{ecrire(debut.valeur)} en {debut.date}, {ecrire(fin.valeur)} en {fin.date}"
    reguliers = {b.quand - a.quand for a, b in pairwise(points)}
    if len(points) < POINTS_POUR_UNE_COURBE or len(reguliers) > 1:
        return suites(titre, [_suite(x, points)])
    courbe = Serie(x.indicateur.libelle, tuple(p.valeur for p in points))
    return lignes(titre, [p.date for p in points], [courbe], ecrire=ecrire, depuis_zero=False)


def comparaison(lecture: Lecture, x: LignePortrait) -> Figure | None:
    """The territory beside its twins, its département, its region and France."""
    quoi, noms, ou = x.indicateur, noms_des_epci(), valeurs_epci(lecture.magasin)
    ici = [(lecture.nom, x.valeur.valeur)]
    if x.valeur.valeur is None:
        ici = [(noms.get(s, s), ou.valeur(s, quoi)) for s in lecture.perimetre.epci]
    autres = [
        ("Médiane des jumeaux" if not lecture.choisis else "Médiane des territoires choisis", x.jumeaux),
        (nom_du_departement(lecture.departement), x.departement),
        (nom_de_la_region(lecture.departement), x.region),
        ("France", x.france),
    ]
    barres = [Barre(nom, v, True) for nom, v in ici if v is not None]
    reperes = [Barre(nom, v, False) for nom, v in autres if v is not None]
    if not barres or not reperes:
        return None
    titre = phrases.constat(x) if x.valeur.valeur is not None else f"{quoi.libelle} : chaque intercommunalité"
    return barres_horizontales(
        titre, [*barres, *reperes], ecrire=_ecrire(x), libelle_valeur=quoi.libelle, libelle_nom="Lieu"
    )


def rangs(lecture: Lecture, x: LignePortrait) -> Figure | None:
    """Every EPCI of the département from the highest to the lowest; those of the territory stand out."""
    quoi, noms, ou = x.indicateur, noms_des_epci(), valeurs_epci(lecture.magasin)
    sirens = dict.fromkeys([*epci_du_departement(lecture.departement), *lecture.perimetre.epci])
    connues = [(v, s) for s in sirens if (v := ou.valeur(s, quoi)) is not None]
    if len(connues) < 2:
        return None
    connues.sort(reverse=True)
    ou_dit = nom_du_departement(lecture.departement)
    titre = f"{len(connues)} intercommunalités de {ou_dit}, de la valeur la plus haute à la plus basse"
    if x.rang:
        titre = f"{lecture.nom} : {phrases.rang(x.rang)} dans le département ({ou_dit})"
    barres = [Barre(noms.get(s, s), v, s in lecture.perimetre.epci) for v, s in connues]
    return barres_horizontales(
        titre, barres, ecrire=_ecrire(x), libelle_valeur=quoi.libelle, libelle_nom="Intercommunalité"
    )


def carte_de(lecture: Lecture, x: LignePortrait, ici: carte.Fond | None = None) -> Figure | None:
    """By commune with the neighbours; by EPCI when the communes have no value. Two queries without `ici`."""
    quoi, communes = x.indicateur, lecture.perimetre.communes
    lieux = carte.lieux_des_communes(lecture.magasin, quoi, communes, ici or carte.fond(communes))
    if lieux:
        return choroplethe(
            f"{quoi.libelle}, commune par commune",
            lieux,
            ecrire=_ecrire(x),
            libelle_valeur=quoi.libelle,
            contours=[carte.bord([lieu.geometrie for lieu in lieux if not lieu.voisin])],
            voisins_teintes=True,
        )
    lieux = carte.lieux_des_epci(lecture, quoi)
    if not any(lieu.valeur is not None for lieu in lieux):
        return None
    return choroplethe(
        f"{quoi.libelle}, intercommunalité par intercommunalité",
        lieux,
        ecrire=_ecrire(x),
        libelle_valeur=quoi.libelle,
        libelle_nom="Intercommunalité",
    )


DE_FAMILLE = {"famille": positions_de_famille, "evolutions": evolutions_de_famille}
D_INDICATEUR: dict[str, Callable[[Lecture, LignePortrait], Figure | None]] = {
    "serie": serie_de,
    "comparaison": comparaison,
    "rangs": rangs,
    "carte": carte_de,
}
