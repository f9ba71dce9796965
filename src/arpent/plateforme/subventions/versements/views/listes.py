"""The payments of a file, and the requests of all the files that one sees."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from arpent.plateforme.acteurs.acces import RequeteAgent, page
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.negociations.credits.fichiers import fichier

from ...dossiers.droits import VOIR
from ..acces import contexte_de, dossier_de
from ..lecture import PUCES, page_des_versements
from ..liste import COLONNES, Filtre, etats, filtrees, lignes, territoires, totaux

PAR_PAGE = 50


@page_demarche(VOIR)
def versements(request: RequeteAgent, demarche: Demarche, annee: int, numero: int) -> HttpResponse:
    """Everything about the payments of a file. Twelve queries beside those of every page."""
    dossier = dossier_de(request, demarche, annee, numero)
    contexte = contexte_de(request, dossier) | page_des_versements(request.user, dossier, localdate())
    return render(request, "subventions/versements/dossier.html", contexte)


@page(VOIR)
def liste(request: RequeteAgent, genre: str = "") -> HttpResponse:
    """The requests that this person sees, what waits first. Four queries beside those of every page."""
    filtre = Filtre.lire(request.GET)
    demandes = filtrees(request.user, filtre)
    if genre:
        return fichier(genre, "Demandes de versement", "versements", COLONNES, lignes(demandes))
    feuille = Paginator(demandes, PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "filtre": filtre, "etats": etats(filtre), "territoires": territoires(request.user, filtre),
        "feuille": feuille, "lignes": [(d, PUCES[d.etat]) for d in feuille],
        "nombre": feuille.paginator.count, "totaux": totaux(demandes), "requete": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "subventions/versements/liste.html", contexte)
