"""The pages that anybody reads. They answer the same to everybody, and caches may keep them five minutes."""

from __future__ import annotations

import json
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from arpent.metier.argent import ZERO
from arpent.plateforme.acteurs.acces import publique
from arpent.plateforme.contrats.terme import terme_de
from arpent.plateforme.documents.actions import servir
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.plans.vue_carte import point_de
from arpent.plateforme.reglements.models import SitePublic

from . import lecture
from .acces import contrat_ouvert, gardable, page_du_site

PAR_PAGE = 50


@publique()
def sites(request: HttpRequest) -> HttpResponse:
    """The open sites of the instance. One query."""
    ouverts = SitePublic.objects.ouverts().select_related("dispositif__autorite").order_by("dispositif__nom")
    return gardable(render(request, "portail/public/sites.html", {"sites": ouverts}))


@page_du_site
def site(request: HttpRequest, site: SitePublic) -> HttpResponse:
    """The contracts of a dispositif, their sums, the map. Three queries."""
    contrats = lecture.lister(site.dispositif)
    contexte = {
        "site": site,
        "dispositif": site.dispositif,
        "vu": "contrats",
        "contrats": contrats,
        "nombre": sum(c.projets for c in contrats),
        "aides": sum((c.aides for c in contrats), ZERO),
        "couts": sum((c.couts for c in contrats), ZERO),
    }
    return render(request, "portail/public/site.html", contexte)


def _filtrer(fiches: QuerySet[Fiche], request: HttpRequest) -> tuple[QuerySet[Fiche], dict[str, str]]:
    """By words of the title, the owner or the commune, by theme. Values that mean nothing are left out."""
    q = request.GET.get("q", "").strip()[:100]
    theme = request.GET.get("theme", "")[:40]
    for mot in q.split()[:8]:
        fiches = fiches.filter(
            Q(titre__icontains=mot) | Q(maitre_ouvrage__nom__icontains=mot) | Q(commune__nom__icontains=mot)
        )
    if theme:
        fiches = fiches.filter(theme__code=theme)
    return fiches, {"q": q, "theme": theme}


@page_du_site
def projets(request: HttpRequest, site: SitePublic) -> HttpResponse:
    """Every project of the dispositif, 50 a page, with filters in the address. Seven queries."""
    contrats = list(lecture.contrats_de(site.dispositif))
    fiches, filtre = _filtrer(lecture.fiches_de(contrats), request)
    feuille = Paginator(fiches.order_by("-aide_accordee", "pk"), PAR_PAGE).get_page(request.GET.get("page"))
    ordre = [f.pk for f in feuille.object_list]
    lus = {p.fiche.pk: p for p in lecture.projets_de(Fiche.objects.filter(pk__in=ordre))}
    contexte = {
        "site": site,
        "dispositif": site.dispositif,
        "vu": "projets",
        "feuille": feuille,
        "projets": [lus[pk] for pk in ordre],
        "filtre": filtre,
        "themes": site.dispositif.themes.all(),
    }
    return render(request, "portail/public/projets.html", contexte)


@page_du_site
def contrat(request: HttpRequest, site: SitePublic, territoire: str) -> HttpResponse:
    """One contract: its state, its timeline, its projects, its documents. Nine queries."""
    objet = contrat_ouvert(site, territoire)
    projets = lecture.projets_de(lecture.fiches_de([objet]).order_by("theme__ordre", "numero"))
    par_theme: dict[str, list[lecture.Projet]] = {}
    for p in projets:
        par_theme.setdefault(p.fiche.theme.libelle if p.fiche.theme else "Sans thème", []).append(p)
    contexte = {
        "site": site,
        "dispositif": site.dispositif,
        "contrat": objet,
        "themes": [(nom, liste, sum((p.aide for p in liste), ZERO)) for nom, liste in par_theme.items()],
        "nombre": len(projets),
        "aides": sum((p.aide for p in projets), ZERO),
        "couts": sum((p.fiche.cout_ht for p in projets), ZERO),
        "attribue": sum((p.attribue for p in projets), ZERO),
        "verse": sum((p.verse for p in projets), ZERO),
        "frise": lecture.frise_du_contrat(objet, terme_de(objet)),
        "documents": lecture.documents_publies(objet.demarche_id),
        "demonstration": any(p.fiche.demonstration for p in projets),
    }
    return render(request, "portail/public/contrat.html", contexte)


@page_du_site
def projet(request: HttpRequest, site: SitePublic, territoire: str, numero: int) -> HttpResponse:
    """One project: what, where, who, how much, what happened. Five queries."""
    objet = contrat_ouvert(site, territoire)
    lus = lecture.projets_de(lecture.fiches_de([objet]).filter(numero=numero))
    if not lus:
        raise Http404("Ce projet n’est pas inscrit à ce contrat.")
    contexte = {
        "site": site,
        "dispositif": site.dispositif,
        "contrat": objet,
        "projet": lus[0],
        "frise": lecture.frise_du_projet(lus[0], objet),
    }
    return render(request, "portail/public/projet.html", contexte)


@page_du_site
def document(request: HttpRequest, site: SitePublic, territoire: str, pk: int) -> HttpResponse:
    """A published document, as an attachment. Three queries."""
    objet = contrat_ouvert(site, territoire)
    return servir(get_object_or_404(lecture.documents_publies(objet.demarche_id), pk=pk))


@page_du_site
def points(request: HttpRequest, site: SitePublic) -> HttpResponse:
    """The projects on a map (GeoJSON), small: coordinates to ten metres, short keys. Six queries at most."""
    contrats = list(lecture.contrats_de(site.dispositif))
    projets = lecture.projets_de(lecture.fiches_de(contrats).order_by("pk"), pour_la_carte=True)
    slug, features = site.dispositif.slug, []
    adresses = {
        c.demarche_id: reverse("public:projet", args=[slug, c.demarche.slug, 0]).removesuffix("0/")
        for c in contrats
    }
    for p in projets:
        if (point := point_de(p.fiche)) is None:
            continue
        f = p.fiche
        adresse = f"{adresses[f.demarche_id]}{f.numero}/"
        proprietes = {"n": f.titre, "d": f"{f.maitre_ouvrage.nom}, {p.libelle.lower()}", "u": adresse,
                      "a": int(p.aide), "e": p.etat.value}  # fmt: skip
        coordonnees = [round(float(x), 4) for x in (point.longitude, point.latitude)]
        features.append(
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": coordonnees},
                "properties": proprietes,
            }
        )
    return _geojson(features)


@page_du_site
def contours(request: HttpRequest, site: SitePublic) -> HttpResponse:
    """The communes under a contract, the ground of the map (GeoJSON). Three queries."""
    lus = lecture.contours_de(site.dispositif)
    return _geojson([{"type": "Feature", "geometry": g, "properties": {"n": nom}} for nom, g in lus])


def _geojson(features: list[dict[str, Any]]) -> HttpResponse:
    corps = json.dumps(
        {"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":")
    )
    return HttpResponse(corps, content_type="application/geo+json; charset=utf-8")
