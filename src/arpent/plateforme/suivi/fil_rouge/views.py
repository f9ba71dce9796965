"""The thread of a territory, of one enjeu, of one project: on a wall, on a phone, on paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.actions import telecharger
from arpent.plateforme.documents.rendu.pdf import RenduImpossible

from .document import en_pdf
from .lecture import Fil, Pelote, fil_de_l_enjeu, fil_du_projet, lire, projets_sans_enjeu, tous_les_fils

VOIR = "bilan.voir"


def _retour(request: RequeteAgent) -> bool:
    return request.GET.get("sens") == "retour"


def _page(
    request: RequeteAgent, pelote: Pelote, fils: Sequence[Fil], nom: str, *args: int, **reste: Any
) -> HttpResponse:
    retour = _retour(request)
    ici = reverse(f"suivi:{nom}", args=[pelote.demarche.slug, *args])
    pdf = reverse(f"suivi:{nom}_pdf", args=[pelote.demarche.slug, *args])
    contexte = {
        "demarche": pelote.demarche,
        "fils": [(f, f.dans_le_sens(retour)) for f in fils],
        "entiers": sum(1 for f in fils if f.entier),
        "retour": retour,
        "autre_sens": ici if retour else f"{ici}?{urlencode({'sens': 'retour'})}",
        "url_pdf": f"{pdf}?{urlencode({'sens': 'retour'})}" if retour else pdf,
        **reste,
    }
    return render(request, "suivi/fil_rouge/fil_rouge.html", contexte)


def _pdf(request: RequeteAgent, pelote: Pelote, fils: Sequence[Fil], nom: str) -> HttpResponse:
    try:
        contenu = en_pdf(pelote.demarche, fils, date.today(), retour=_retour(request))
    except RenduImpossible as refus:
        messages.error(request, str(refus))
        return redirect(reverse("suivi:fil_rouge", args=[pelote.demarche.slug]))
    return telecharger(contenu, f"fil-rouge-{pelote.demarche.slug}{nom}.pdf")


def _enjeu(demarche: Demarche, pk: int) -> tuple[Pelote, Fil]:
    pelote = lire(demarche, date.today())
    enjeu = next((e for e in pelote.enjeux if e.pk == pk), None)
    if enjeu is None:
        raise Http404("Cet enjeu n’existe pas.")
    return pelote, fil_de_l_enjeu(pelote, enjeu)


def _projet(demarche: Demarche, numero: int) -> tuple[Pelote, Fil]:
    pelote = lire(demarche, date.today())
    ligne = next((x for x in pelote.projets if x.fiche.numero == numero), None)
    if ligne is None:
        raise Http404("Ce projet n’existe pas, ou n’est pas retenu.")
    return pelote, fil_du_projet(pelote, ligne)


@page_demarche(VOIR)
def fil_rouge(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """Every enjeu. Fourteen queries beside those of every page."""
    pelote = lire(demarche, date.today())
    reste = {"sans_enjeu": projets_sans_enjeu(pelote), "orphelins": pelote.orphelins}
    return _page(request, pelote, tous_les_fils(pelote), "fil_rouge", **reste)


@page_demarche(VOIR)
def fil_rouge_pdf(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    pelote = lire(demarche, date.today())
    return _pdf(request, pelote, tous_les_fils(pelote), "")


@page_demarche(VOIR)
def enjeu(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    pelote, fil = _enjeu(demarche, pk)
    return _page(request, pelote, [fil], "fil_rouge_enjeu", pk, seul=fil)


@page_demarche(VOIR)
def enjeu_pdf(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    pelote, fil = _enjeu(demarche, pk)
    return _pdf(request, pelote, [fil], f"-enjeu-{pk}")


@page_demarche(VOIR)
def projet(request: RequeteAgent, demarche: Demarche, numero: int) -> HttpResponse:
    pelote, fil = _projet(demarche, numero)
    return _page(request, pelote, [fil], "fil_rouge_projet", numero, seul=fil)


@page_demarche(VOIR)
def projet_pdf(request: RequeteAgent, demarche: Demarche, numero: int) -> HttpResponse:
    pelote, fil = _projet(demarche, numero)
    return _pdf(request, pelote, [fil], f"-projet-{numero}")
