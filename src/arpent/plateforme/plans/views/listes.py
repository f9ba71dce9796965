"""The two lists: the plan of a territory, and every fiche one may read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from arpent.plateforme.acteurs.acces import page
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.rendu.xlsx import rendre_tableau_xlsx

from ..filtres import ETATS, FINANCEURS, MATURITES, TRIS_GENERAUX, Filtre, lire_filtre
from ..listes import (
    LigneListe,
    PageFiches,
    Totaux,
    demarches_lisibles,
    fiches_du_plan,
    fiches_visibles,
    page_de,
    page_generale,
    reperes,
    totaux_de,
)
from ..tableaux import (
    COLONNES,
    Colonne,
    colonnes_choisies,
    corps,
    lignes_export,
    pied,
    pour_export,
    toutes_de_demonstration,
)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXPORT_MAX = 20_000


def _options(filtre: Filtre, colonnes: Sequence[Colonne], *, general: bool) -> dict[str, Any]:
    """Choices of the filter form, written by the template without a form object."""
    choisies = {c.code for c in colonnes}
    return {
        "maturites": filtre.choix("maturite", MATURITES),
        "etats": filtre.choix("etat", ETATS),
        "financeurs": filtre.choix("financeur", FINANCEURS),
        "offertes": [
            (c.code, c.libelle, c.code in choisies)
            for c in COLONNES
            if c.facultative and (general or c.code != "territoire")
        ],
    }


@page_demarche("plan.voir")
def plan(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """The plan d'actions of a territory. Two queries of its own."""
    agent = cast(Agent, request.user)
    filtre = lire_filtre(request.GET)
    fiches = fiches_du_plan(demarche, agent, filtre)
    autour = reperes(demarche, fiches)
    colonnes = colonnes_choisies(filtre.colonnes, general=False)
    nombre = autour.totaux.nombre
    page_affichee = PageFiches([], filtre.page, nombre)
    numero = min(filtre.page, page_affichee.num_pages)
    rows = page_de(fiches, filtre.ordre(), numero) if nombre else []
    axes = {str(a.numero): f"{a.numero}. {a.libelle}" for a in autour.axes}
    contexte = {
        "demarche": demarche,
        "filtre": filtre,
        "reperes": autour,
        "totaux": autour.totaux,
        "page": PageFiches(rows, numero, nombre),
        "colonnes": colonnes,
        "corps": corps(rows, colonnes),
        "toutes_demo": toutes_de_demonstration(rows),
        "pied": pied(colonnes, autour.totaux),
        "themes": filtre.choix("theme", autour.themes),
        "axes_choix": filtre.choix("axe", axes | {"sans": "sans axe"}) if axes else [],
        "peut_importer": bool(peut_sur(agent, "plan.importer", demarche)),
        "peut_structurer": bool(peut_sur(agent, "plan.structurer", demarche)),
        "peut_creer": bool(peut_sur(agent, "fiche.rediger", demarche)),
        "url_import": reverse("echanges:importer", args=[demarche.slug]),
        "requete": request.GET.urlencode(),
        **_options(filtre, colonnes, general=False),
    }
    return render(request, "plans/plan.html", contexte)


def _classeur(
    titre: str,
    fiches: Sequence[LigneListe],
    colonnes: Sequence[Colonne],
    totaux: Totaux,
    agent: Agent,
    mentions: list[str],
) -> HttpResponse:
    contenu = rendre_tableau_xlsx(
        titre,
        pour_export(colonnes),
        lignes_export(fiches, colonnes),
        {"cout": totaux.cout, "acquis": totaux.acquis, "aide": totaux.aide},
        mentions,
        etabli_le=date.today(),
        auteur=agent.nom_complet,
    )
    response = HttpResponse(contenu, content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="fiches-{date.today():%Y-%m-%d}.xlsx"'
    return response


def _mentions(filtre: Filtre, fiches: Sequence[LigneListe]) -> list[str]:
    mentions = ["Liste filtrée : elle ne contient pas toutes les fiches."] if filtre.est_actif else []
    if any(f.demonstration for f in fiches):
        mentions.append("Certaines fiches contiennent des valeurs de démonstration.")
    return mentions


@page_demarche("plan.voir")
def plan_export(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """The list as shown (filters, sort, columns), every page, as a workbook."""
    agent = cast(Agent, request.user)
    filtre = lire_filtre(request.GET)
    fiches = fiches_du_plan(demarche, agent, filtre)
    rows = page_de(fiches, filtre.ordre(), 1, EXPORT_MAX)
    colonnes = colonnes_choisies(filtre.colonnes, general=False)
    titre = f"Plan d’actions – {demarche.territoire.nom}"
    return _classeur(titre, rows, colonnes, totaux_de(fiches), agent, _mentions(filtre, rows))


@page("plan.voir")
def fiches(request: HttpRequest) -> HttpResponse:
    """Every fiche one may read. Three queries of its own; built for 100,000 rows."""
    filtre = lire_filtre(request.GET)
    agent = cast(Agent, request.user)
    demarches = demarches_lisibles(agent)
    page_affichee = page_generale(agent, demarches, filtre)
    colonnes = colonnes_choisies(filtre.colonnes, general=True)
    contexte = {
        "filtre": filtre,
        "page": page_affichee,
        "colonnes": colonnes,
        "triables": TRIS_GENERAUX,
        "corps": corps(page_affichee.fiches, colonnes),
        "toutes_demo": toutes_de_demonstration(page_affichee.fiches),
        "territoires": sorted({d.territoire_nom for d in demarches})[:60],
        "requete": request.GET.urlencode(),
        **_options(filtre, colonnes, general=True),
    }
    return render(request, "plans/fiches.html", contexte)


@page("plan.voir")
def fiches_totaux(request: HttpRequest) -> HttpResponse:
    """Exact totals of what the list asks for: apart, because they read every row."""
    filtre = lire_filtre(request.GET)
    agent = cast(Agent, request.user)
    totaux = totaux_de(fiches_visibles(agent, demarches_lisibles(agent), filtre))
    fragment = bool(getattr(request, "htmx", False))
    gabarit = "plans/_totaux.html" if fragment else "plans/fiches_totaux.html"
    return render(request, gabarit, {"totaux": totaux, "requete": request.GET.urlencode()})


@page("plan.voir")
def fiches_export(request: HttpRequest) -> HttpResponse:
    """The general list as a workbook, up to EXPORT_MAX rows (said in the workbook beyond)."""
    filtre = lire_filtre(request.GET)
    agent = cast(Agent, request.user)
    visibles = fiches_visibles(agent, demarches_lisibles(agent), filtre)
    rows = page_de(visibles, filtre.ordre(TRIS_GENERAUX, "-pk"), 1, EXPORT_MAX)
    totaux = totaux_de(visibles)
    mentions = _mentions(filtre, rows)
    if totaux.nombre > EXPORT_MAX:
        mentions.append("Liste limitée aux 20 000 premières fiches ; les totaux portent sur toutes.")
    colonnes = colonnes_choisies(filtre.colonnes, general=True)
    return _classeur("Fiches projets", rows, colonnes, totaux, agent, mentions)
