"""The dispositifs and their règlement, as anyone who takes part may read them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import cast

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from arpent.metier.reglement import Reglement
from arpent.plateforme.acteurs.acces import page
from arpent.plateforme.acteurs.droits import peut, peut_partout
from arpent.plateforme.acteurs.models import Agent

from .. import presentation
from ..droits import peut_publier, peut_rediger
from ..models import BrouillonReglement, Dispositif, VersionReglement
from ..parametres import lignes_du_jour, parametres_affiches


@page("dispositif.voir")
def dispositifs(request: HttpRequest) -> HttpResponse:
    """Every dispositif of the instance: a règlement is public."""
    rows = Dispositif.objects.select_related("autorite").annotate(
        nombre_themes=Count("themes", distinct=True),
        nombre_demarches=Count("processus__versions__demarches", distinct=True),
    )
    return render(request, "reglements/dispositifs.html", {"dispositifs": rows})


@page("dispositif.voir")
def dispositif(request: HttpRequest, slug: str) -> HttpResponse:
    """One dispositif: themes, funds, articles with their values, process, versions. Nine queries.

    Ten for those who write it: they also see its drafts.
    """
    objet = get_object_or_404(Dispositif.objects.select_related("autorite", "processus"), slug=slug)
    versions = list(objet.versions.order_by("-en_vigueur_le", "-numero"))
    en_vigueur = _en_vigueur(versions, date.today())
    reglement = presentation.lire_version(en_vigueur) if en_vigueur else None
    processus = objet.processus.versions.order_by("-numero").first()
    fonds = presentation.fonds_presentes(objet)
    agent = cast(Agent, request.user)
    redige = peut_rediger(agent, objet)
    en_cours = BrouillonReglement.Etat.REDACTION
    contexte = {
        "dispositif": objet,
        "peut_rediger": redige,
        "peut_publier": bool(peut_publier(agent, objet)),
        "peut_simuler": bool(peut(agent, "enveloppe.simuler", autorite_id=objet.autorite_id)),
        "peut_comparer": bool(peut_partout(agent, "scenario.lire_autorite", objet.autorite_id)),
        "brouillons": sorted(objet.brouillons.all(), key=lambda b: b.etat != en_cours) if redige else [],
        "themes": list(objet.themes.all()),
        "politiques": list(objet.politiques.all()),
        "fonds": fonds,
        "total_fonds": sum((f.fonds.montant or Decimal(0) for f in fonds), Decimal(0)),
        "versions": versions,
        "version": en_vigueur,
        "articles": presentation.articles(reglement, lignes_du_jour()) if reglement else (),
        "a_renseigner": _incompletes(reglement),
        "phases": presentation.phases(processus.definition) if processus else (),
        "processus": processus,
        "types_contrat": objet.parametres.get("types_contrat", []),
        "parametres_legaux": [p for p in parametres_affiches(date.today()) if p.actuelle],
    }
    return render(request, "reglements/dispositif.html", contexte)


def _en_vigueur(versions: list[VersionReglement], le: date) -> VersionReglement | None:
    return next((v for v in versions if v.en_vigueur_le <= le), None)


def _incompletes(reglement: Reglement | None) -> int:
    """How many rules wait for a value of the authority."""
    if reglement is None:
        return 0
    return sum(any(p.valeur is None for p in r.parametres()) for r in reglement.regles)
