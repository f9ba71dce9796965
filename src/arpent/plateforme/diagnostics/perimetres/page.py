"""What the pages of a perimeter show, written for the reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from arpent.metier.flux_revenus import paragraphe
from arpent.plateforme.territoires.perimetres import EpciLu

from .. import figures, phrases
from ..flux.figures import en_millions
from ..lecture import Lecture, nom_du_departement
from ..portraits.presentation import familles_presentees
from .brouillon import Brouillon

DEPLIES = 3
"""Up to that many départements, all their lists are unfolded."""


@dataclass(frozen=True, slots=True)
class Case:
    """An EPCI of the list. `dans`: who holds it at the date or later, in words."""

    siren: str
    nom: str
    communes: int
    population: int | None
    coche: bool
    dans: str


def cases(brouillon: Brouillon) -> list[tuple[str, list[Case], bool]]:
    """The EPCI by département, those of the authority's area first; unfolded when few or chosen."""
    coches = {e.siren for e in brouillon.choisis}
    tenus: dict[str, list[str]] = {}
    for p in sorted(brouillon.ailleurs, key=lambda p: p.debut):
        quand = f" à partir du {p.debut:%d/%m/%Y}" if p.debut > brouillon.le else ""
        tenus.setdefault(p.siren, []).append(f"dans « {p.territoire} »{quand}")
    groupes: dict[str, list[Case]] = {}
    for e in brouillon.candidats:
        groupes.setdefault(e.departement, []).append(
            _case(e, e.siren in coches, ", ".join(tenus.get(e.siren, [])))
        )
    ressort = brouillon.ressort.departements
    return [
        (nom_du_departement(d), groupes[d], len(groupes) <= DEPLIES or any(c.coche for c in groupes[d]))
        for d in sorted(groupes, key=lambda d: (d not in ressort, d))
    ]


def _case(e: EpciLu, coche: bool, dans: str) -> Case:
    return Case(e.siren, e.nom, len(e.communes), e.population, coche, dans)


def presenter(lecture: Lecture) -> dict[str, Any]:
    """Key figures, the four bases, the class and the families, for `perimetres/_lecture.html`."""
    flux, vulnerabilite = lecture.flux, lecture.vulnerabilite
    return {
        "lecture": lecture,
        "constat": phrases.titre(lecture),
        "chiffres": phrases.chiffres(lecture),
        "flux_texte": paragraphe(flux, lecture.nom),
        "flux_figure": figures.parts_du_flux(flux),
        "bases": [(b, *en_millions(b.montant)) for b in flux.bases],
        "total": en_millions(flux.total),
        "classe": vulnerabilite.composee.classe if vulnerabilite else None,
        "vulnerabilite": vulnerabilite,
        "familles": familles_presentees(lecture, ()),
    }
