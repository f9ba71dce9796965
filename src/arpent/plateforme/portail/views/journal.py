"""The journal: who did what, when, before and after; and the proof that it is whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from arpent.plateforme.acteurs.acces import page
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.perimetre import entrees_visibles
from arpent.plateforme.journal.actions import verifier
from arpent.plateforme.journal.models import Entree

from ..gestes import GESTES, ecrire_valeur, libelle_champ, libelle_geste

PAR_PAGE = 50
LONGUEUR = 160


class FiltreForm(forms.Form):
    """Filters of the journal, all optional, kept in the URL."""

    par = forms.CharField(label="Personne", required=False, max_length=100)
    geste = forms.ChoiceField(label="Geste", required=False)
    depuis = forms.DateField(
        label="Depuis le", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    jusqu_a = forms.DateField(
        label="Jusqu’au", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        gestes = sorted(GESTES.items(), key=lambda g: g[1])
        self.fields["geste"].choices = [("", "Tous"), *gestes]  # type: ignore[attr-defined]

    def appliquer(self, entrees: QuerySet[Entree]) -> QuerySet[Entree]:
        """The entries that answer the valid filters; a wrong one filters nothing and is said."""
        if not self.is_valid():
            return entrees
        lus = self.cleaned_data
        if lus["par"]:
            entrees = entrees.filter(par_nom__icontains=lus["par"])  # type: ignore[misc]
        if lus["geste"]:
            entrees = entrees.filter(geste=lus["geste"])
        if lus["depuis"]:
            entrees = entrees.filter(le__gte=_minuit(lus["depuis"]))
        if lus["jusqu_a"]:
            entrees = entrees.filter(le__lt=_minuit(lus["jusqu_a"] + timedelta(days=1)))
        return entrees


def _minuit(jour: date) -> datetime:
    return timezone.make_aware(datetime.combine(jour, time.min))


@dataclass(frozen=True, slots=True)
class Changement:
    champ: str
    avant: str
    apres: str
    est_creation: bool


@dataclass(frozen=True, slots=True)
class LigneJournal:
    entree: Entree
    geste: str
    changements: tuple[Changement, ...]


def presenter(entree: Entree) -> LigneJournal:
    noms = dict.fromkeys([*entree.avant, *entree.apres])
    return LigneJournal(entree, libelle_geste(entree.geste), tuple(_changement(entree, nom) for nom in noms))


def _changement(entree: Entree, nom: str) -> Changement:
    def ecrire(valeurs: dict[str, Any]) -> str:
        texte = ecrire_valeur(entree.objet_type, nom, valeurs.get(nom))
        return texte if len(texte) <= LONGUEUR else f"{texte[: LONGUEUR - 1]}…"

    return Changement(
        libelle_champ(entree.objet_type, nom),
        ecrire(entree.avant),
        ecrire(entree.apres),
        est_creation=nom not in entree.avant,
    )


def _page(request: HttpRequest, entrees: QuerySet[Entree], contexte: dict[str, Any]) -> HttpResponse:
    form = FiltreForm(request.GET or None)
    filtrees = form.appliquer(entrees) if form.is_bound else entrees
    feuille = Paginator(filtrees, PAR_PAGE).get_page(request.GET.get("page"))
    contexte |= {"form": form, "feuille": feuille, "lignes": [presenter(e) for e in feuille]}
    return render(request, "portail/journal.html", contexte)


@page_demarche("journal.voir")
def journal(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """The journal of one démarche. Eight queries."""
    entrees = Entree.objects.filter(demarche_id=demarche.pk)
    return _page(request, entrees, {"demarche": demarche})


@page("journal.voir")
def journal_general(request: HttpRequest) -> HttpResponse:
    """The journal of the whole perimeter. Six queries."""
    return _page(request, entrees_visibles(cast(Agent, request.user)), {"demarche": None})


@page("journal.voir")
def journal_verifier(request: HttpRequest) -> HttpResponse:
    """Reads the whole chain and says whether it holds. Writes nothing."""
    return render(request, "portail/journal_verifier.html", {"verification": verifier()})
