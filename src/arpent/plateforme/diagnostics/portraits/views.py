"""The portrait: every indicator by family, beside the places it is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.observatoire.magasin import ObservatoireVide
from arpent.plateforme.observatoire.portrait import LignePortrait
from arpent.plateforme.socle.graphiques.base import Figure

from .. import figures, phrases
from ..lecture import Lecture, lire


@dataclass(frozen=True, slots=True)
class LignePage:
    """One indicator, written for the reader."""

    libelle: str
    valeur: str
    absente: bool
    evolution: str
    departement: str
    france: str
    rang: str
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class FamillePage:
    code: str
    libelle: str
    resume: str
    lignes: tuple[LignePage, ...]


def _ligne(x: LignePortrait) -> LignePage:
    quoi = x.indicateur
    return LignePage(
        libelle=quoi.libelle,
        valeur=phrases.ecrire(x.valeur.valeur, quoi),
        absente=x.valeur.valeur is None,
        evolution=x.valeur.evolution_libelle,
        departement="" if x.departement is None else phrases.ecrire(x.departement, quoi),
        france="" if x.france is None else phrases.ecrire(x.france, quoi),
        rang=f"{x.rang.rang}{'er' if x.rang.rang == 1 else 'e'} sur {x.rang.sur}" if x.rang else "",
        note=x.valeur.note,
        source=f"{quoi.source}, {x.valeur.millesime}",
    )


def familles_presentees(lecture: Lecture) -> list[FamillePage]:
    return [
        FamillePage(f.code, f.libelle, phrases.resume_famille(f.lignes), tuple(_ligne(x) for x in f.lignes))
        for f in lecture.familles
    ]


@page_demarche("diagnostic.voir")
def portrait(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    contexte: dict[str, Any] = {
        "demarche": demarche,
        "deplie": "tout" in request.GET,
        "lecture": None,
        "titre": f"{demarche.territoire.nom} : le portrait attend ses données",
    }
    try:
        lecture = lire(demarche, date.today())
    except (ObservatoireVide, ValueError) as vide:
        contexte["motif"] = str(vide)
    else:
        dessins: list[Figure | None] = [figures.population(lecture), figures.ages(lecture)]
        contexte |= {
            "lecture": lecture,
            "titre": phrases.titre(lecture),
            "familles": familles_presentees(lecture),
            "figures": [f for f in dessins if f is not None],
        }
    return render(request, "diagnostics/portraits/portrait.html", contexte)
