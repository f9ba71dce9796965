"""Where the money of the territory comes from, what it becomes, and the parameters of the estimate."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from arpent.metier.flux_revenus import PARAMETRES, Parametre
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.observatoire.magasin import ObservatoireVide
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ..fichiers import fichier_de_figure
from ..models import ParametreFlux
from . import actions
from .figures import NOMS_COURTS, en_millions
from .forms import ParametreForm
from .page import analyser, figures_de, lignes_de_parametres, part, phrase_evasion


@page_demarche("diagnostic.voir")
def flux(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    contexte: dict[str, Any] = {
        "demarche": demarche,
        "titre": f"{demarche.territoire.nom} : les flux de revenus attendent leurs données",
        "redige": bool(peut_sur(cast(Agent, request.user), "diagnostic.rediger", demarche)),
    }
    try:
        analyse = analyser(demarche, date.today())
    except (ObservatoireVide, ValueError) as vide:
        contexte["motif"] = str(vide)
        return render(request, "diagnostics/flux/flux.html", contexte)
    lu = analyse.lieu.flux
    contexte |= {
        "analyse": analyse,
        "titre": analyse.titre,
        "flux": lu,
        "bases": [(b, *en_millions(b.montant)) for b in lu.bases],
        "total": en_millions(lu.total) if lu.total else None,
        "termes": [
            (b.libelle, t, NOMS_COURTS[t.code], *en_millions(t.montant)) for b in lu.bases for t in b.termes
        ],
        "figures": figures_de(analyse),
        "evasion": phrase_evasion(analyse.lieu),
        "part_sortants": part(analyse.lieu.part_des_sortants),
        "echelles": [
            (e, en_millions(e.lieu.flux.total)[1] if e.lieu else "", part(e.lieu.part_des_sortants))
            if e.lieu
            else (e, "", "non disponible")
            for e in analyse.echelles
        ],
        "parametres": lignes_de_parametres(analyse.parametres),
    }
    return render(request, "diagnostics/flux/flux.html", contexte)


@page_demarche("diagnostic.voir")
def flux_figure(request: HttpRequest, demarche: Demarche, nom: str, genre: str) -> HttpResponse:
    """One chart as a file: its table (CSV), its drawing (SVG) or its image (PNG)."""
    try:
        figure = figures_de(analyser(demarche, date.today())).get(nom)
    except (ObservatoireVide, ValueError) as vide:
        raise Http404(str(vide)) from vide
    source = f"Source : estimation Arpent d’après l’Insee. {demarche.territoire.nom}."
    return fichier_de_figure(figure, genre, f"{demarche.slug}-flux-{nom}", source)


def _parametre(code: str) -> Parametre:
    defaut = next((p for p in PARAMETRES if p.code == code and p.modifiable), None)
    if defaut is None:
        raise Http404("Ce paramètre n’existe pas.")
    return defaut


def _retour(demarche: Demarche) -> str:
    return f"{reverse('diagnostics:flux', args=[demarche.slug])}#parametres"


def _en_base(demarche: Demarche, defaut: Parametre) -> ParametreFlux:
    """The changed value, or a new one that starts from the default."""
    connu = ParametreFlux.objects.filter(demarche=demarche, code=defaut.code).first()
    return connu or ParametreFlux(
        demarche=demarche,
        code=defaut.code,
        valeur=defaut.valeur,  # type: ignore[misc]
        bas=defaut.bas,
        haut=defaut.haut,
    )


@page_demarche("diagnostic.rediger", "GET", "HEAD", "POST")
def flux_parametre(request: HttpRequest, demarche: Demarche, code: str) -> HttpResponse:
    defaut = _parametre(code)
    parametre = _en_base(demarche, defaut)
    avant = actions.valeurs(parametre)
    form = ParametreForm(request.POST or None, instance=parametre, parametre=defaut)
    if form.is_valid():
        try:
            actions.changer(
                parametre,
                avant=avant,
                version_lue=form.cleaned_data["version_lue"],
                par=cast(Agent, request.user),
            )
        except ConflitDeVersion as conflit:
            return page_conflit(
                request, conflit, titre="Ce paramètre a changé entre-temps", retour=request.get_full_path()
            )
        messages.success(request, "Le paramètre est enregistré : les flux de revenus sont recalculés.")
        return redirect(_retour(demarche))
    contexte = {
        "demarche": demarche,
        "form": form,
        "defaut": defaut,
        "parametre": parametre if parametre.pk else None,
        "retour": _retour(demarche),
    }
    return render(request, "diagnostics/flux/parametre.html", contexte)


@page_demarche("diagnostic.rediger", "POST")
def flux_parametre_defaut(request: HttpRequest, demarche: Demarche, code: str) -> HttpResponse:
    defaut = _parametre(code)
    parametre = _en_base(demarche, defaut)
    if parametre.pk is None:
        messages.info(request, "Ce paramètre a déjà sa valeur par défaut.")
        return redirect(_retour(demarche))
    lue = request.POST.get("version_lue", "")
    try:
        actions.retablir(
            parametre,
            defaut,
            version_lue=int(lue[:9]) if lue.isdecimal() else 0,
            par=cast(Agent, request.user),
        )
    except ConflitDeVersion as conflit:
        retour = reverse("diagnostics:flux_parametre", args=[demarche.slug, code])
        return page_conflit(request, conflit, titre="Ce paramètre a changé entre-temps", retour=retour)
    messages.success(request, "Le paramètre a repris sa valeur par défaut ; le journal garde l’ancienne.")
    return redirect(_retour(demarche))
