"""The requests in one's perimeter; the territory one asks help for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from arpent.metier.cycles.appui import ATTENDUES, CYCLE_APPUI, DEMANDER, EN_COURS, REPONDRE
from arpent.plateforme.acteurs.acces import page
from arpent.plateforme.acteurs.droits import peut
from arpent.plateforme.acteurs.models import Agent, DemandeAppui, GenreAppui, StructureAppui

from ...acces import peut_sur
from ...models import Demarche
from ..droits import ORGANISER

PAR_PAGE = 25
A_TRAITER = "a_traiter"


@dataclass(frozen=True, slots=True)
class Choix:
    """One line of a filter."""

    valeur: str
    libelle: str
    choisi: bool


def choix(paires: list[tuple[str, str]], choisi: str) -> list[Choix]:
    return [Choix(code, mot, code == choisi) for code, mot in paires]


@page("connecte")
def liste(request: HttpRequest) -> HttpResponse:
    """The most pressing first; filters in the address. Seven queries of its own at most."""
    agent, le = cast(Agent, request.user), timezone.localdate()
    repond = bool(peut(agent, REPONDRE))
    visibles = DemandeAppui.objects.visibles_par(agent)
    q = request.GET
    texte, genre, etat = q.get("q", "").strip()[:100], q.get("genre", ""), q.get("etat", "")
    structure, qui = q.get("structure", ""), q.get("qui", "")
    rows = visibles
    if texte:
        rows = rows.filter(
            Q(question__icontains=texte) | Q(organisation__nom__icontains=texte)
            | Q(objet_libelle__icontains=texte)
        )  # fmt: skip
    if genre in GenreAppui.values:
        rows = rows.filter(genre=genre)
    if etat == "retard":
        rows = rows.en_retard(le)
    elif etat == A_TRAITER:
        rows = rows.en_cours()
    elif etat in dict(CYCLE_APPUI.choix()):
        rows = rows.filter(etat=etat)
    if structure.isdecimal() and len(structure) < 10:
        rows = rows.filter(structure=int(structure))
    if qui == "moi":
        rows = rows.filter(prise_par=agent)
    structures = StructureAppui.objects.filter(demandes__in=visibles.order_by().values("pk")).distinct()
    feuille = Paginator(
        rows.select_related("organisation", "territoire", "structure", "prise_par").order_by(
            F("close_le").asc(nulls_first=True), F("echeance_le").asc(nulls_last=True), "-pk"
        ),
        PAR_PAGE,
    ).get_page(q.get("page"))
    slugs = dict(
        Demarche.objects.filter(pk__in={d.demarche_id for d in feuille.object_list if d.demarche_id})
        .order_by()
        .values_list("pk", "slug")
    )
    etats = [(A_TRAITER, "à traiter"), ("retard", "en retard"), *CYCLE_APPUI.choix()]
    contexte = {
        "feuille": feuille,
        "lignes": [(d, slugs.get(d.demarche_id or 0, ""), d.est_en_retard(le)) for d in feuille.object_list],
        "a_traiter": visibles.filter(etat__in=ATTENDUES if repond else EN_COURS).count(),
        "retards": visibles.en_retard(le).count(),
        "repond": repond,
        "demande": bool(peut(agent, DEMANDER)),
        "organise": bool(peut(agent, ORGANISER)),
        "q": texte,
        "genres": choix([(c, str(m)) for c, m in GenreAppui.choices], genre),
        "etats": choix([(c, str(m)) for c, m in etats], etat),
        "structures": choix([(str(s.pk), s.nom) for s in structures.order_by("nom", "pk")], structure),
        "quis": choix([("moi", "suivies par moi")], qui) if repond else [],
        "filtre": bool(texte or genre or etat or structure or qui),
    }
    return render(request, "appui/liste.html", contexte)


@page(DEMANDER)
def choisir(request: HttpRequest) -> HttpResponse:
    """The territory one asks for; straight to the form when there is only one."""
    agent = cast(Agent, request.user)
    demarches = [
        d for d in Demarche.objects.visibles_par(agent).avec_contexte() if peut_sur(agent, DEMANDER, d)
    ]
    if len(demarches) == 1:
        question = f"?{urlencode({'genre': g})}" if (g := request.GET.get("genre", "")) else ""
        return redirect(reverse("appui:demander", args=[demarches[0].slug]) + question)
    return render(request, "appui/choisir.html", {"demarches": demarches})
