"""The two lists: the plan of a territory, and every fiche one may read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from arpent.plateforme.acteurs.acces import page
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.recherche import plier

from ..choix_generaux import lire_choix
from ..colonnes import Colonne, colonnes_choisies, groupes_de_colonnes
from ..complements import completer, sommes_de
from ..filtres import (
    CORRECTIONS,
    DELIBERATIONS,
    ETATS,
    FINANCEURS,
    MATURITES,
    REALISATIONS,
    REFONTES,
    TRIS_GENERAUX,
    Filtre,
    lire_filtre,
)
from ..gestes_en_lot import LOT_MAX, gestes_offerts
from ..listes import (
    PageFiches,
    demarches_lisibles,
    fiches_du_plan,
    fiches_visibles,
    page_de,
    page_generale,
    totaux_de,
)
from ..reperes import Reperes, reperes
from ..tableaux import corps, pied, toutes_de_demonstration, toutes_les_sommes
from ..vues import Vue

LARGE = 11  # columns beyond which the table scrolls in its own frame


def puces(
    request: HttpRequest, filtre: Filtre, mots: Mapping[str, Mapping[str, str]]
) -> list[dict[str, str]]:
    """The active filters, each with the address of the list without it."""
    rows = []
    for puce in filtre.puces(mots):
        get = request.GET.copy()
        for nom in (puce.parametre, "page", "vue", "choisir"):
            get.pop(nom, None)
        rows.append(
            {"libelle": puce.libelle, "valeur": puce.valeur, "url": f"?{get.urlencode() or 'tout=1'}"}
        )
    return rows


def options(
    request: HttpRequest,
    filtre: Filtre,
    colonnes: Sequence[Colonne],
    mots: Mapping[str, Mapping[str, str]],
    *,
    general: bool,
) -> dict[str, Any]:
    """Choices of the filter form, written by the template without a form object."""
    return {
        "filtre": filtre,
        "puces": puces(request, filtre, mots),
        "maturites": filtre.choix("maturite", MATURITES),
        "etats": filtre.choix("etat", ETATS),
        "financeurs": filtre.choix("financeur", FINANCEURS),
        "realisations": filtre.choix("realisation", REALISATIONS),
        "deliberations": filtre.choix("deliberation", DELIBERATIONS),
        "corrections": filtre.choix("corrections", CORRECTIONS),
        "refontes": filtre.choix("refonte", REFONTES),
        "classe_tableau": "fiches large" if len(colonnes) > LARGE else "fiches",
        # Forty boxes weigh as much as the filters: they come when asked.
        "groupes_colonnes": groupes_de_colonnes(colonnes, general=general)
        if request.GET.get("choisir") == "colonnes"
        else [],
        "requete": request.GET.urlencode(),
    }


def vue_d_office(request: HttpRequest, vues: Sequence[Vue]) -> Vue | None:
    """The view to open when the list is asked without any question."""
    return None if request.GET else next((v for v in vues if v.est_d_office and v.requete), None)


def vues_du_menu(request: HttpRequest, vues: Sequence[Vue]) -> dict[str, Any]:
    """The saved views beside the filters, and the one being read."""
    lue = request.GET.get("vue", "")
    return {"vues": vues, "vue_lue": next((v for v in vues if str(v.pk) == lue), None)}


def filtres_du_plan(
    request: HttpRequest, filtre: Filtre, colonnes: Sequence[Colonne], autour: Reperes
) -> dict[str, Any]:
    """The filter form of a plan, its lists of choices being those of the démarche."""
    axes = {str(a.numero): f"{a.numero}. {a.libelle}" for a in autour.axes}
    mots = {"theme": autour.themes, "axe": axes, "enjeu": autour.enjeux, "epci": autour.epci}
    return {
        "themes": filtre.choix("theme", autour.themes),
        "axes_choix": filtre.choix("axe", axes | {"sans": "sans axe"}) if axes else [],
        "enjeux_choix": filtre.choix("enjeu", autour.enjeux | {"sans": "sans enjeu"})
        if autour.enjeux
        else [],
        "epci_choix": filtre.choix("epci", autour.epci) if len(autour.epci) > 1 else [],
        **options(request, filtre, colonnes, mots, general=False),
    }


@page_demarche("plan.voir")
def plan(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """The plan d'actions of a territory. Two queries of its own, up to four more for chosen columns."""
    agent = cast(Agent, request.user)
    filtre = lire_filtre(request.GET)
    fiches = fiches_du_plan(demarche, agent, filtre)
    autour = reperes(demarche, fiches, agent)
    if vue := vue_d_office(request, autour.vues):
        return redirect(f"{request.path}?{vue.requete}&vue={vue.pk}")
    colonnes = colonnes_choisies(filtre.colonnes, general=False)
    codes = [c.code for c in colonnes]
    nombre = autour.totaux.nombre
    numero = min(filtre.page, PageFiches([], filtre.page, nombre).num_pages)
    rows = completer(page_de(fiches, filtre.ordre(), numero), codes) if nombre else []
    sommes = toutes_les_sommes(autour.totaux, sommes_de(fiches, codes) if nombre else {})
    gestes = gestes_offerts(agent, demarche)
    contexte = {
        "demarche": demarche,
        "reperes": autour,
        "totaux": autour.totaux,
        "page": PageFiches(rows, numero, nombre),
        "colonnes": colonnes,
        "corps": corps(rows, colonnes, cases=bool(gestes), ici=request.path),
        "toutes_demo": toutes_de_demonstration(rows),
        "pied": pied(colonnes, nombre, sommes, cases=bool(gestes)),
        "gestes_en_lot": gestes,
        "lot_max": LOT_MAX,
        "url_lot": reverse("plans:lot", args=[demarche.slug]),
        "peut_importer": bool(peut_sur(agent, "plan.importer", demarche)),
        "peut_structurer": bool(peut_sur(agent, "plan.structurer", demarche)),
        "peut_creer": bool(peut_sur(agent, "fiche.rediger", demarche)),
        "url_import": reverse("echanges:importer", args=[demarche.slug]),
        "url_export": reverse("plans:plan_export", args=[demarche.slug]).removesuffix(".xlsx"),
        **filtres_du_plan(request, filtre, colonnes, autour),
        **vues_du_menu(request, autour.vues),
    }
    return render(request, "plans/plan.html", contexte)


@page("plan.voir")
def fiches(request: HttpRequest) -> HttpResponse:
    """Every fiche one may read. Four queries of its own, up to two more for chosen columns.

    Built for 100,000 rows.
    """
    filtre = lire_filtre(request.GET)
    agent = cast(Agent, request.user)
    demarches = demarches_lisibles(agent)
    autour = lire_choix(agent, demarches, filtre)
    if vue := vue_d_office(request, autour.vues):
        return redirect(f"{request.path}?{vue.requete}&vue={vue.pk}")
    page_affichee = page_generale(agent, demarches, filtre)
    colonnes = colonnes_choisies(filtre.colonnes, general=True)
    rows = completer(page_affichee.fiches, [c.code for c in colonnes])
    gestes = gestes_offerts(agent, None)
    mots = {"theme": autour.themes, "enjeu": autour.enjeux}
    contexte = {
        "page": page_affichee,
        "colonnes": colonnes,
        "triables": TRIS_GENERAUX,
        "corps": corps(rows, colonnes, cases=bool(gestes)),
        "gestes_en_lot": gestes,
        "lot_max": LOT_MAX,
        "url_lot": reverse("plans:lot_general"),
        "toutes_demo": toutes_de_demonstration(rows),
        "generale": True,
        "url_export": reverse("plans:fiches_export").removesuffix(".xlsx"),
        "themes": filtre.choix("theme", autour.themes),
        "enjeux_choix": filtre.choix("enjeu", autour.enjeux | {"sans": "sans enjeu"}),
        "enjeux_trop_nombreux": not autour.enjeux_tous,
        **options(request, filtre, colonnes, mots, general=True),
        **vues_du_menu(request, autour.vues),
    }
    return render(request, "plans/fiches.html", contexte)


@page("plan.voir")
def fiches_territoires(request: HttpRequest) -> HttpResponse:
    """The names one may filter on, fetched when the box is entered. One query."""
    noms = {d.territoire_nom for d in demarches_lisibles(cast(Agent, request.user))}
    return render(request, "plans/_territoires.html", {"territoires": sorted(noms, key=plier)})


@page("plan.voir")
def fiches_totaux(request: HttpRequest) -> HttpResponse:
    """Exact totals of what the list asks for: apart, because they read every row. Up to five queries."""
    filtre = lire_filtre(request.GET)
    agent = cast(Agent, request.user)
    visibles = fiches_visibles(agent, demarches_lisibles(agent), filtre)
    colonnes = [c for c in colonnes_choisies(filtre.colonnes, general=True) if c.totalisee]
    totaux = totaux_de(visibles)
    autres = sommes_de(visibles, [c.code for c in colonnes])
    contexte = {
        "totaux": totaux,
        "autres": [(c.libelle, autres[c.code]) for c in colonnes if c.code in autres],
        "requete": request.GET.urlencode(),
    }
    fragment = bool(getattr(request, "htmx", False))
    gabarit = "plans/_totaux.html" if fragment else "plans/fiches_totaux.html"
    return render(request, gabarit, contexte)
