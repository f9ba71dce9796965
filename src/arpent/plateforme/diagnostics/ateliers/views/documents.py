"""The minutes: a page to print, a text to paste, a table to open in a spreadsheet."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche

from .. import compte_rendu
from .acces import adresse, atelier_de


@page_demarche("diagnostic.voir")
def page(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    ici = atelier_de(demarche, pk)
    contexte = {
        "demarche": demarche,
        "atelier": ici,
        "doc": compte_rendu.assembler(ici),
        "sans_nom": compte_rendu.SANS_NOM,
        "retour": adresse(demarche, "atelier", pk),
    }
    return render(request, "diagnostics/ateliers/compte_rendu.html", contexte)


@page_demarche("diagnostic.voir")
def en_texte(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """The text frozen when the workshop closed; before, a draft."""
    ici = atelier_de(demarche, pk)
    texte = ici.compte_rendu or compte_rendu.texte(compte_rendu.assembler(ici))
    return _fichier(texte, "text/plain; charset=utf-8", f"compte-rendu-{demarche.slug}-{ici.tenu_le}.txt")


@page_demarche("diagnostic.voir")
def en_tableau(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    ici = atelier_de(demarche, pk)
    texte = "\ufeff" + compte_rendu.en_csv(compte_rendu.assembler(ici))
    return _fichier(texte, "text/csv; charset=utf-8", f"constats-{demarche.slug}-{ici.tenu_le}.csv")


def _fichier(contenu: str, genre: str, nom: str) -> HttpResponse:
    return HttpResponse(
        contenu.encode(),
        content_type=genre,
        headers={
            "Content-Disposition": f'attachment; filename="{nom}"',
            "Cache-Control": "private, no-store",
        },
    )
