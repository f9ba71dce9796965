"""Where the money of the territory comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from arpent.metier.flux_revenus import Fourchette, paragraphe
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.observatoire.magasin import ObservatoireVide

from .. import figures, phrases
from ..lecture import lire


@dataclass(frozen=True, slots=True)
class BasePage:
    """One base of captured income, in millions; `bas` empty: not estimated."""

    libelle: str
    bas: str
    central: str
    haut: str
    part: Decimal | None
    par_habitant: Decimal | None


def _base(libelle: str, montant: Fourchette | None, part: Decimal | None, tete: Decimal | None) -> BasePage:
    bornes = [phrases.millions(x) for x in montant.valeurs] if montant else ["", "", ""]
    return BasePage(libelle, bornes[0], bornes[1], bornes[2], part, tete)


@page_demarche("diagnostic.voir")
def flux(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    contexte: dict[str, Any] = {
        "demarche": demarche,
        "lecture": None,
        "titre": f"{demarche.territoire.nom} : les flux de revenus attendent leurs données",
    }
    try:
        lecture = lire(demarche, date.today())
    except (ObservatoireVide, ValueError) as vide:
        contexte["motif"] = str(vide)
    else:
        flux_lu = lecture.flux
        contexte |= {
            "lecture": lecture,
            "titre": "D’où vient l’argent : les flux de revenus",
            "flux": flux_lu,
            "bases": [_base(b.libelle, b.montant, b.part, b.par_habitant) for b in flux_lu.bases],
            "total": _base("Total", flux_lu.total, None, flux_lu.par_habitant),
            "flux_texte": paragraphe(flux_lu, lecture.nom),
            "flux_figure": figures.parts_du_flux(flux_lu),
        }
    return render(request, "diagnostics/flux/flux.html", contexte)
