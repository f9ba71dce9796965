"""The files that a person may see, every territory together."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from arpent.metier.cycles.dossier import DECIDER
from arpent.plateforme.acteurs.acces import RequeteAgent, page
from arpent.plateforme.acteurs.droits import peut

from ..droits import VOIR
from ..liste import PAR_PAGE, Filtre, choix, dossiers_lus, en_classeur, lignes, totaux_de


@page(VOIR)
def dossiers(request: RequeteAgent, classeur: bool = False) -> HttpResponse:
    """The list with its filters and sums: five queries of its own. `classeur`: in a workbook."""
    filtre = Filtre.lire(request.GET)
    lus = dossiers_lus(request.user, filtre)
    if classeur:
        return en_classeur(lus)
    totaux = totaux_de(lus)
    paginateur = Paginator(lus, PAR_PAGE)
    paginateur.count = totaux.nombre
    feuille = paginateur.get_page(request.GET.get("page"))
    contexte = {
        "filtre": filtre,
        "feuille": feuille,
        "lignes": lignes(feuille.object_list),
        "totaux": totaux,
        "requete": request.GET.urlencode(),
        "decide": bool(peut(request.user, DECIDER)),
        **choix(request.user, filtre),
    }
    return render(request, "subventions/dossiers/liste.html", contexte)
