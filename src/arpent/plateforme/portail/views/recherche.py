"""Search by name: territories and communes here; projects are searched on their own page."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from arpent.plateforme.acteurs.acces import page
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.territoires.models import Appartenance
from arpent.plateforme.territoires.perimetres import appartenances_en_cours

RESULTATS = 20


def normaliser(texte: str) -> str:
    """Without case, accents nor ligatures; hyphens and apostrophes count as spaces."""
    plat = unicodedata.normalize("NFKD", texte.lower().replace("œ", "oe").replace("æ", "ae"))
    sans = "".join(" " if c in "-’'" else c for c in plat if not unicodedata.combining(c))
    return " ".join(sans.split())


@page("connecte")
def recherche(request: HttpRequest) -> HttpResponse:
    """Territories whose name, owner or one commune matches. Six queries."""
    agent = cast(Agent, request.user)
    q = request.GET.get("q", "").replace("\0", "").strip()[:100]
    mots = normaliser(q)
    territoires: list[Demarche] = []
    communes: list[tuple[str, Demarche]] = []
    if mots:
        demarches = list(Demarche.objects.visibles_par(agent).avec_contexte())
        territoires = [
            d for d in demarches if mots in normaliser(f"{d.territoire.nom} {d.territoire.porteur}")
        ][:RESULTATS]
        communes = _communes(mots, demarches)
    contexte = {"q": q, "territoires": territoires, "communes": communes}
    return render(request, "portail/recherche.html", contexte)


def _communes(mots: str, demarches: list[Demarche]) -> list[tuple[str, Demarche]]:
    """(commune, its démarche) for the communes that match. One query."""
    par_territoire = {d.territoire_id: d for d in demarches}
    lignes = (
        Appartenance.objects.filter(
            appartenances_en_cours(date.today()),
            groupement__compositions__territoire__in=list(par_territoire),
        )
        .order_by("commune__nom")
        .values_list("commune__nom", "groupement__compositions__territoire_id")
    )
    trouvees = [
        (nom, par_territoire[t]) for nom, t in lignes if t in par_territoire and mots in normaliser(nom)
    ]
    return trouvees[:RESULTATS]
