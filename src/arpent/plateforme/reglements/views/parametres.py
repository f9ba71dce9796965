"""The thresholds of the law: read by all, kept up by those who run the policy."""

from __future__ import annotations

from datetime import date
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from arpent.metier.reglement import MOTIFS_DEROGATION, REGIMES
from arpent.plateforme.acteurs.acces import page
from arpent.plateforme.acteurs.droits import peut
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ..edition_parametres import LigneRefusee, ajouter_ligne, corriger_ligne
from ..forms_parametres import ParametreLegalForm
from ..models import ParametreLegal
from ..parametres import DEFINITIONS, historique, parametres_affiches

HISTORIQUE = 20


@page("dispositif.voir")
def parametres_legaux(request: HttpRequest) -> HttpResponse:
    """Every threshold with its dated lines and sources, and who changed what. Two queries."""
    entrees = Entree.objects.filter(objet_type="reglements.parametrelegal").order_by("-numero")[:HISTORIQUE]
    contexte = {
        "parametres": parametres_affiches(date.today()),
        "edite": bool(peut(cast(Agent, request.user), "parametre.editer")),
        "historique": historique(entrees),
        "motifs": list(MOTIFS_DEROGATION.values()),
        "regimes": [libelle for code, libelle in REGIMES.items() if code],
    }
    return render(request, "reglements/parametres_legaux.html", contexte)


@page("parametre.editer", "GET", "HEAD", "POST")
def parametre_ajouter(request: HttpRequest, code: str) -> HttpResponse:
    """A new dated line; it wins over the shipped one on the days it covers."""
    if code not in DEFINITIONS:
        raise Http404("Ce paramètre n’existe pas.")
    return _saisir(request, ParametreLegal(code=code))


@page("parametre.editer", "GET", "HEAD", "POST")
def parametre_corriger(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a line, or end it by its last day."""
    return _saisir(request, get_object_or_404(ParametreLegal, pk=pk, code__in=DEFINITIONS))


def _saisir(request: HttpRequest, ligne: ParametreLegal) -> HttpResponse:
    definition = DEFINITIONS[ligne.code]
    donnees = request.POST if request.method == "POST" else None
    form = ParametreLegalForm(donnees, instance=ligne, definition=definition)
    if donnees is not None and form.is_valid():
        agent = cast(Agent, request.user)
        try:
            if ligne.pk is None:
                ajouter_ligne(form.ligne(), par=agent)
            else:
                corriger_ligne(form.ligne(), version_lue=form.cleaned_data["version_lue"], par=agent)
        except ConflitDeVersion as conflit:
            return page_conflit(
                request, conflit, titre="Cette ligne a changé entre-temps", retour=request.get_full_path()
            )
        except LigneRefusee as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(
                request, "La ligne est enregistrée : les calculs l’emploient aux dates qu’elle couvre."
            )
            return redirect(f"{reverse('reglements:parametres_legaux')}#{ligne.code}")
    contexte = {"form": form, "definition": definition, "ligne": ligne}
    return render(
        request, "reglements/parametre_legal.html", contexte, status=200 if donnees is None else 400
    )
