"""The AFOM board of a territory, and each finding with its evidence and its discussion."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions.lecture import decisions_par_objet
from arpent.plateforme.observatoire.magasin import ObservatoireVide
from arpent.plateforme.socle.graphiques.base import Figure
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from .. import phrases
from ..lecture import lire
from ..models import ConstatTerritorial, Echange, Preuve
from . import actions, debat, tableau
from .forms import AccordForm, ConstatForm, FiltreForm, MessageForm, PreuveForm
from .histoire import histoire
from .pages import confirmation, formulaire, retour_au_tableau


@page_demarche("diagnostic.voir")
def constats(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """The board and the enjeux; no figure is computed here."""
    filtre = FiltreForm(request.GET)
    choix = filtre.cleaned_data if filtre.is_valid() else {}
    tous = list(tableau.constats_de(demarche))
    montres = tableau.filtrer(tous, **choix)
    par_theme = request.GET.get("vue") == "theme"
    decisions = decisions_par_objet(demarche, "enjeu")
    contexte = {
        "demarche": demarche,
        "redige": _redige(request, demarche),
        "groupes": tableau.par_theme(montres) if par_theme else tableau.par_nature(montres),
        "par_theme": par_theme,
        "filtre": filtre,
        "filtres": any(choix.values()),
        "nombre_constats": len(tous),
        "nombre_montres": len(montres),
        "accords": Counter(c.accord for c in tous),
        "marques": tableau.MARQUES,
        "sans_enjeu": [c for c in tous if not c.enjeux.all()],
        "enjeux": [(e, decisions.get(e.pk)) for e in demarche.enjeux.prefetch_related("constats", "axes")],
        "aujourdhui": localdate(),
        "requete": request.GET.urlencode(),
    }
    return render(request, "diagnostics/constats/constats.html", contexte)


@page_demarche("diagnostic.voir")
def constats_csv(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """The board as shown, for a spreadsheet."""
    filtre = FiltreForm(request.GET)
    choix = filtre.cleaned_data if filtre.is_valid() else {}
    lignes = tableau.lignes_csv(tableau.filtrer(tableau.constats_de(demarche), **choix))
    figure = Figure("", "", "", tableau.ENTETES, tuple(lignes))
    reponse = HttpResponse("\ufeff" + figure.csv(), content_type="text/csv; charset=utf-8")
    reponse["Content-Disposition"] = f'attachment; filename="constats-{demarche.slug}.csv"'
    return reponse


@page_demarche("diagnostic.voir")
def constat(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """One finding: what shows it, what is said of it, its history."""
    return _montrer(request, demarche, pk, MessageForm())


@page_demarche("diagnostic.debattre", "POST")
def constat_debattre(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """A message on a finding; refused, it comes back with what was typed."""
    lu = get_object_or_404(demarche.constats.select_related("demarche"), pk=pk)
    form = MessageForm(request.POST)
    if form.is_valid():
        try:
            debat.dire(lu, form.cleaned_data["texte"], par=cast(Agent, request.user))
        except debat.TropDeMessages as trop:
            form.add_error("texte", str(trop))
        else:
            messages.success(request, "Votre message est ajouté à la discussion.")
            return redirect(_page(demarche, lu, "discussion"))
    return _montrer(request, demarche, pk, form)


def _montrer(request: HttpRequest, demarche: Demarche, pk: int, form: MessageForm) -> HttpResponse:
    lu = get_object_or_404(tableau.constats_de(demarche).select_related("demarche"), pk=pk)
    contexte = {
        "demarche": demarche,
        "constat": lu,
        "form": form,
        "redige": _redige(request, demarche),
        "debat": bool(peut_sur(cast(Agent, request.user), "diagnostic.debattre", demarche)),
        "preuves": list(lu.preuves.all()),
        "echanges": list(lu.echanges.filter(masque=False)),
        "enjeux": list(lu.enjeux.all()),
        "historique": histoire(lu),
        "aujourd_hui": _aujourd_hui(lu, demarche),
    }
    return render(request, "diagnostics/constats/constat.html", contexte)


def _aujourd_hui(lu: ConstatTerritorial, demarche: Demarche) -> str:
    """What the cited indicator says today, when it differs from what was frozen; "" otherwise."""
    if not lu.indicateur or not lu.valeur_citee:
        return ""
    valeur, millesime = _lire_indicateur(lu.indicateur, demarche)
    return f"{valeur}, {millesime}" if valeur and valeur != lu.valeur_citee else ""


@page_demarche("diagnostic.rediger", "GET", "HEAD", "POST")
def constat_preuve(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    lu = get_object_or_404(demarche.constats.select_related("demarche"), pk=pk)
    preuve = Preuve(constat=lu, ajoutee_par=str(request.user)[:200])
    form = PreuveForm(request.POST or None, instance=preuve)
    if form.is_valid():
        if preuve.indicateur:
            valeur, millesime = _lire_indicateur(preuve.indicateur, demarche)
            preuve.valeur_citee, preuve.millesime_cite = valeur[:120], millesime[:60]
        debat.ajouter_preuve(preuve, par=cast(Agent, request.user))
        messages.success(request, "La preuve est ajoutée.")
        return redirect(_page(demarche, lu, "preuves"))
    contexte = {
        "demarche": demarche,
        "form": form,
        "titre": "Ajouter une preuve",
        "retour": _page(demarche, lu, "preuves"),
    }
    return render(request, "diagnostics/constats/formulaire.html", contexte)


@page_demarche("diagnostic.rediger", "POST")
def preuve_retirer(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    preuve = get_object_or_404(Preuve.objects.select_related("constat"), pk=pk, constat__demarche=demarche)
    lu = preuve.constat
    debat.retirer_preuve(preuve, par=cast(Agent, request.user))
    messages.success(request, "La preuve est retirée ; le journal la garde.")
    return redirect(_page(demarche, lu, "preuves"))


@page_demarche("diagnostic.rediger", "POST")
def message_masquer(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    echange = get_object_or_404(Echange.objects.select_related("constat"), pk=pk, constat__demarche=demarche)
    debat.masquer(echange, par=cast(Agent, request.user))
    messages.success(request, "Le message n’est plus affiché ; le journal le garde.")
    return redirect(_page(demarche, echange.constat, "discussion"))


@page_demarche("diagnostic.rediger", "GET", "HEAD", "POST")
def constat_accord(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    lu = get_object_or_404(demarche.constats.select_related("demarche"), pk=pk)
    form = AccordForm(request.POST or None, instance=lu)
    if form.is_valid():
        donnees = form.cleaned_data
        frais = get_object_or_404(demarche.constats.select_related("demarche"), pk=pk)
        try:
            debat.accorder(
                frais,
                donnees["accord"],
                donnees["motif_accord"],
                version_lue=donnees["version_lue"],
                par=cast(Agent, request.user),
            )
        except ConflitDeVersion as conflit:
            return page_conflit(
                request, conflit, titre="Ce constat a changé entre-temps", retour=request.get_full_path()
            )
        messages.success(request, "L’accord du territoire est enregistré.")
        return redirect(_page(demarche, lu, "accord"))
    contexte = {
        "demarche": demarche,
        "form": form,
        "titre": "Le territoire partage-t-il ce constat ?",
        "retour": _page(demarche, lu, "accord"),
    }
    return render(request, "diagnostics/constats/formulaire.html", contexte)


def _page(demarche: Demarche, lu: ConstatTerritorial, ancre: str) -> str:
    return f"{reverse('diagnostics:constat', args=[demarche.slug, lu.pk])}#{ancre}"


def _redige(request: HttpRequest, demarche: Demarche) -> bool:
    return bool(peut_sur(cast(Agent, request.user), "diagnostic.rediger", demarche))


def _lire_indicateur(code: str, demarche: Demarche) -> tuple[str, str]:
    """What an indicator says today and its vintage; empty texts when it says nothing."""
    try:
        ligne = lire(demarche, date.today()).ligne(code)
    except (ObservatoireVide, ValueError):
        return "", ""
    if ligne is None:
        return "", ""
    return phrases.citation(ligne.valeur, ligne.indicateur, ligne.france)[:120], ligne.valeur.millesime[:60]


def _figer(constat: ConstatTerritorial, demarche: Demarche) -> None:
    """Keeps the value and the vintage of the indicator as they are read today."""
    constat.valeur_citee = constat.millesime_cite = ""
    if constat.indicateur:
        constat.valeur_citee, constat.millesime_cite = _lire_indicateur(constat.indicateur, demarche)


@page_demarche("diagnostic.rediger", "GET", "HEAD", "POST")
def constat_creer(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    nature = request.GET.get("nature", "")
    connue = nature if nature in ConstatTerritorial.Nature.values else ConstatTerritorial.Nature.FORCE
    constat = ConstatTerritorial(demarche=demarche, nature=connue)
    form = ConstatForm(request.POST or None, instance=constat)
    if form.is_valid():
        _figer(constat, demarche)
        actions.ajouter_constat(constat, par=cast(Agent, request.user))
        messages.success(request, "Le constat est ajouté au tableau.")
        return redirect(retour_au_tableau(demarche, "afom"))
    return formulaire(request, demarche, form, "Ajouter un constat", "afom")


@page_demarche("diagnostic.rediger", "GET", "HEAD", "POST")
def constat_modifier(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    constat = get_object_or_404(demarche.constats.select_related("demarche"), pk=pk)
    avant = {nom: getattr(constat, nom) for nom in actions.CHAMPS_CONSTAT}
    form = ConstatForm(request.POST or None, instance=constat)
    if form.is_valid():
        if constat.indicateur != avant["indicateur"] or form.cleaned_data.get("actualiser"):
            _figer(constat, demarche)
        try:
            actions.modifier_constat(
                constat,
                avant=avant,
                version_lue=form.cleaned_data["version_lue"],
                par=cast(Agent, request.user),
            )
        except ConflitDeVersion as conflit:
            return page_conflit(
                request, conflit, titre="Ce constat a changé entre-temps", retour=request.get_full_path()
            )
        messages.success(request, "Le constat est enregistré.")
        return redirect(retour_au_tableau(demarche, "afom"))
    return formulaire(request, demarche, form, "Modifier un constat", "afom")


@page_demarche("diagnostic.rediger", "GET", "HEAD", "POST")
def constat_supprimer(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    constat = get_object_or_404(demarche.constats.select_related("demarche"), pk=pk)
    if request.method == "POST":
        actions.supprimer_constat(constat, par=cast(Agent, request.user))
        messages.success(request, "Le constat est supprimé ; le journal en garde le texte.")
        return redirect(retour_au_tableau(demarche, "afom"))
    return confirmation(request, demarche, constat, list(constat.enjeux.all()), "afom")
