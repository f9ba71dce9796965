"""The documents of the diagnostic: produce the portrait, find the past editions again."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.actions import servir
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.observatoire.magasin import ObservatoireVide

from ..lecture import lire
from .actions import FORMATS, GENRE, EditionRefusee, produire

PAR_PAGE = 30
VOIR, REDIGER = "diagnostic.voir", "diagnostic.rediger"


@page_demarche(VOIR, "GET", "HEAD", "POST")
def documents(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """POST (diagnostic.rediger) produces the formats that are ticked."""
    avis = peut_sur(request.user, REDIGER, demarche)
    refus, voulus = "", ["pdf"]
    if request.method == "POST":
        if not avis:
            raise PermissionDenied(avis.raison)
        voulus = [f for f in request.POST.getlist("formats") if f in FORMATS]
        try:
            emis = produire(demarche, voulus, le=date.today(), par=request.user)
        except EditionRefusee as motif:
            refus = str(motif)
        else:
            s = "s" if len(emis) > 1 else ""
            messages.success(request, f"Le portrait est produit : {len(emis)} fichier{s} à télécharger.")
            return redirect("diagnostics:documents", demarche.slug)
    return render(
        request,
        "diagnostics/editions/documents.html",
        _contexte(request, demarche, bool(avis), refus, voulus),
        status=422 if refus else 200,
    )


def _contexte(
    request: RequeteAgent, demarche: Demarche, redige: bool, refus: str, voulus: list[str]
) -> dict[str, Any]:
    anciens = (
        DocumentEmis.objects.filter(demarche_id=demarche.pk, genre=GENRE).defer("donnees").order_by("-pk")
    )
    contexte: dict[str, Any] = {
        "demarche": demarche,
        "redige": redige,
        "refus": refus,
        "formats": [(code, nom, code in voulus) for code, nom in FORMATS.items()],
        "page": Paginator(anciens, PAR_PAGE).get_page(request.GET.get("page")),
        "contenu": None,
    }
    try:
        lecture = lire(demarche, date.today())
    except (ObservatoireVide, ValueError) as vide:
        return {**contexte, "motif": str(vide)}
    contenu = [
        ("Chiffres clés et carte", f"{len(lecture.perimetre.communes)} communes"),
        ("Familles d’indicateurs", f"{len(lecture.familles)}"),
        ("Indicateurs qui ont une valeur", f"{lecture.nombre_valeurs}"),
        ("Flux de revenus", "oui" if lecture.flux.total else "non disponible"),
        ("Vulnérabilité", "oui" if lecture.vulnerabilite else "aucun modèle applicable"),
        (
            "Constats (les contestés restent au tableau)",
            str(demarche.constats.exclude(accord="conteste").count()),
        ),
        ("Enjeux", str(demarche.enjeux.count())),
    ]
    return {**contexte, "contenu": contenu, "motif": ""}


@page_demarche(VOIR)
def document(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    """One file as it left; a document of another démarche does not exist here."""
    return servir(get_object_or_404(DocumentEmis, pk=pk, demarche_id=demarche.pk, genre=GENRE))
