"""The common course of a page made of one form about a fiche."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ..actions import ActionRefusee
from ..models import Fiche


@dataclass(frozen=True, slots=True)
class Groupe:
    """Fields under one heading."""

    titre: str
    champs: list[forms.BoundField]


def groupes(form: forms.BaseForm, plan: Sequence[tuple[str, Sequence[str]]] = ()) -> list[Groupe]:
    if not plan:
        return [Groupe("", form.visible_fields())]
    return [Groupe(titre, [form[nom] for nom in noms]) for titre, noms in plan]


@dataclass(frozen=True, slots=True)
class PageFormulaire:
    """A page with one form: what it is for, where it goes back."""

    demarche: Demarche
    titre: str
    envoyer: str
    retour: str
    fiche: Fiche | None = None
    intro: str = ""
    plan: Sequence[tuple[str, Sequence[str]]] = ()
    genre: str = "principal"
    extra: dict[str, Any] | None = None

    def afficher(self, request: HttpRequest, form: forms.BaseForm, status: int = 200) -> HttpResponse:
        contexte = {"page": self, "demarche": self.demarche, "fiche": self.fiche, "form": form}
        contexte |= {"groupes": groupes(form, self.plan)} | (self.extra or {})
        return render(request, "plans/formulaire.html", contexte, status=status)

    def traiter(
        self, request: HttpRequest, form: forms.BaseForm, agir: Callable[[], object], fait: str
    ) -> HttpResponse:
        """Shows the form (GET), or checks it and acts: 302, 400 with what to correct, 409 when stale."""
        if request.method != "POST":
            return self.afficher(request, form)
        if form.is_valid():
            try:
                agir()
            except ConflitDeVersion as conflit:
                return page_conflit(request, conflit, titre="Cela a changé entre-temps", retour=request.path)
            except ActionRefusee as refus:
                form.add_error(None, str(refus))
            else:
                messages.success(request, fait)
                return redirect(self.retour)
        return self.afficher(request, form, 400)
