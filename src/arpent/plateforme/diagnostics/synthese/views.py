"""The diagnostic in one page: key figures, where the money comes from, what is at stake."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from arpent.metier.flux_revenus import paragraphe
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.observatoire.magasin import ObservatoireVide

from .. import phrases
from ..lecture import lire
from ..models import ConstatTerritorial
from ..portraits.dessins import dessiner

DESSINS = ("population", "ages", "singularites", "revenus")
PHRASES_DE_FLUX = 2
PLURIELS = {
    ConstatTerritorial.Nature.FORCE: "forces",
    ConstatTerritorial.Nature.FAIBLESSE: "faiblesses",
    ConstatTerritorial.Nature.OPPORTUNITE: "opportunités",
    ConstatTerritorial.Nature.MENACE: "menaces",
}


@page_demarche("diagnostic.voir")
def diagnostic(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    natures = Counter(demarche.constats.order_by().values_list("nature", flat=True))
    contexte: dict[str, Any] = {
        "demarche": demarche,
        "enjeux": list(demarche.enjeux.all()),
        "afom": [(nom, natures[code]) for code, nom in PLURIELS.items()],
        "lecture": None,
        "suite": "",
        "motif": "",
        "titre": f"{demarche.territoire.nom} : le diagnostic attend ses données",
    }
    try:
        lecture = lire(demarche, date.today())
    except (ObservatoireVide, ValueError) as vide:
        contexte["motif"] = str(vide)
    else:
        dessins = [dessiner(lecture, nom) for nom in DESSINS]
        contexte |= {
            "lecture": lecture,
            "titre": phrases.titre(lecture),
            "chiffres": phrases.chiffres(lecture),
            "dessins": [d for d in dessins if d is not None],
            "flux_texte": phrases.premieres(paragraphe(lecture.flux, lecture.nom), PHRASES_DE_FLUX),
            "vulnerabilite": lecture.vulnerabilite,
        }
    return render(request, "diagnostics/diagnostic.html", contexte)
