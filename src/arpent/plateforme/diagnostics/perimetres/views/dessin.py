"""Drawing a territoire de projet: a plain address, recomputed at each change, saved as a dated version."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from arpent.plateforme.acteurs.acces import page
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.observatoire.magasin import ObservatoireVide
from arpent.plateforme.territoires.actions import PerimetreChange, PerimetreRefuse, numero_courant
from arpent.plateforme.territoires.controles import enumerer
from arpent.plateforme.territoires.perimetres import perimetre

from .. import actions
from ..brouillon import Brouillon, lire, lire_brouillon
from ..contours import geojson
from ..forms import VersionForm
from ..page import cases, presenter
from ..ressort import conduit, politiques_de, ressort_de

DUREE_CARTE_S = 3600


@page("diagnostic.voir")
def brouillon(request: HttpRequest) -> HttpResponse:
    """The list and the map, the checks, the figures. GET only reads."""
    agent = cast(Agent, request.user)
    lu = lire_brouillon(agent, request.GET)
    contexte: dict[str, Any] = {
        "brouillon": lu,
        "groupes": cases(lu),
        "territoires": lu.ressort.territoires.values(),
        "conduit": conduit(agent, lu.ressort.processus),
        "motif": "",
        "lecture": None,
    }
    if lu.choisis:
        try:
            contexte |= presenter(lire(lu))
        except (ObservatoireVide, ValueError) as vide:
            contexte["motif"] = str(vide)
    return render(request, "diagnostics/perimetres/brouillon.html", contexte)


@page("diagnostic.voir")
def contours(request: HttpRequest) -> HttpResponse:
    """The EPCI of the area of a policy, as GeoJSON."""
    politiques = politiques_de(cast(Agent, request.user))
    slug = request.GET.get("politique", "")
    processus = next((p for p in politiques if p.slug == slug or not slug), None)
    if processus is None:
        raise Http404("Cette politique n’existe pas ou n’est pas dans votre périmètre.")
    reponse = JsonResponse(geojson(ressort_de(processus), date.today()))
    reponse.headers["Cache-Control"] = f"private, max-age={DUREE_CARTE_S}"
    return reponse


@page("demarche.conduire", "GET", "HEAD", "POST")
def enregistrer(request: HttpRequest) -> HttpResponse:
    """The perimeter as a dated version; the date typed is the one it is checked at."""
    agent = cast(Agent, request.user)
    donnees = request.POST if request.method == "POST" else request.GET
    lu = _a_la_date_saisie(agent, donnees)
    if not conduit(agent, lu.ressort.processus):
        raise PermissionDenied("Enregistrer un périmètre revient au chef de projet de l’autorité.")
    form = VersionForm(
        request.POST or None,
        nouveau=lu.territoire is None,
        depart=_departs(lu),
        initial={
            "debut": lu.le if "le" in donnees else None,
            "generation": lu.ressort.generation,
            "version_lue": numero_courant(lu.territoire) if lu.territoire else 0,
        },
    )
    if form.is_valid():
        try:
            demarche = actions.enregistrer(lu, form.cleaned_data, par=agent)
        except PerimetreRefuse as refus:
            form.add_error(None, str(refus))
        except PerimetreChange as change:
            return _conflit(request, lu, change)
        else:
            messages.success(request, f"Le périmètre de « {demarche.territoire.nom} » est enregistré.")
            return redirect("diagnostics:perimetre_versions", demarche.slug)
    contexte = {"brouillon": lu, "form": form}
    return render(request, "diagnostics/perimetres/enregistrer.html", contexte)


def _a_la_date_saisie(agent: Agent, donnees: QueryDict) -> Brouillon:
    """Read at `debut` when it is a date, so that the checks say what will be true that day."""
    try:
        le = date.fromisoformat(donnees.get("debut", ""))
    except ValueError:
        le = None
    return lire_brouillon(agent, donnees, le=le)


def _departs(lu: Brouillon) -> str:
    noms = {e.siren: e.nom for e in lu.choisis}
    dites = [f"{noms[p.siren]} quitte « {p.territoire} »" for p in lu.a_transferer]
    if not dites:
        return ""
    return (
        f"{enumerer(dites, 20)} à la date ci-dessus. La composition d’avant reste lisible ; "
        "un territoire qui perd toutes ses intercommunalités n’a plus de périmètre."
    )


def _conflit(request: HttpRequest, lu: Brouillon, change: PerimetreChange) -> HttpResponse:
    """409, the saved composition beside the one that was about to be saved."""
    territoire = change.territoire
    derniere = territoire.versions_perimetre.order_by("-numero").first()
    jour = max(lu.le, derniere.debut) if derniere else lu.le
    enregistres = set(perimetre(territoire, jour).epci)
    noms = {e.siren: e.nom for e in lu.candidats}
    proposes = {e.siren for e in lu.choisis}
    lignes = sorted((noms.get(s, s), s in enregistres, s in proposes) for s in enregistres | proposes)
    contexte = {
        "territoire": territoire,
        "derniere": derniere,
        "lignes": lignes,
        "retour": f"{reverse('diagnostics:perimetre_brouillon')}?{lu.requete}",
    }
    return render(request, "diagnostics/perimetres/conflit.html", contexte, status=409)
