"""The common course of a page made of one form of the directory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from arpent.plateforme.acteurs.absences import ActionRefusee
from arpent.plateforme.acteurs.droits import Avis
from arpent.plateforme.acteurs.habilitations import HabilitationRefusee
from arpent.plateforme.socle.templatetags.composants import ariane
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from .recherche import Introuvable


def exiger(avis: Avis) -> None:
    """403 with its reason unless granted."""
    if not avis:
        raise PermissionDenied(avis.raison)


Miettes = Sequence[str]


@dataclass(frozen=True, slots=True)
class PageGens:
    """What the form is for, where it goes back; `miettes`: label, url, label, url…"""

    titre: str
    envoyer: str
    retour: str
    miettes: Miettes = ()
    intro: str = ""
    genre: str = "principal"

    def afficher(self, request: HttpRequest, form: forms.BaseForm, status: int = 200) -> HttpResponse:
        contexte = {"page": self, "form": form, "ariane_html": ariane(*self.miettes, self.titre)}
        return render(request, "portail/gens/formulaire.html", contexte, status=status)

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
            except (ActionRefusee, HabilitationRefusee, Introuvable) as refus:
                form.add_error(None, str(refus))
            else:
                messages.success(request, fait)
                return redirect(self.retour)
        return self.afficher(request, form, 400)


def donnees_de(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None
