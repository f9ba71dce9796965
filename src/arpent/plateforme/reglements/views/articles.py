"""The articles and the rules of a draft: written, moved, taken away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from arpent.metier.reglement import GENRES, Regle

from .. import contenu as gestes
from .. import presentation
from ..acces import page_brouillon
from ..catalogue import chercher, genre_de
from ..controles import controler
from ..droits import est_modifiable
from ..forms import ArticleForm, GesteForm
from ..models import BrouillonReglement
from ..parametres import lignes_du_jour
from ..saisies import RegleForm
from ..vocabulaires import Vocabulaires
from .brouillons import adresse, enregistrer

PAS = {"monter": -1, "descendre": 1}


def _article_ou_404(brouillon: BrouillonReglement, rang: int) -> dict[str, Any]:
    try:
        return gestes.article(brouillon.contenu, rang - 1)
    except IndexError:
        raise Http404("Cet article n’existe pas ou a été retiré.") from None


def _adresse_article(brouillon: BrouillonReglement, rang: int, ancre: str = "") -> str:
    url = reverse("reglements:article", args=[brouillon.dispositif.slug, brouillon.pk, rang])
    return f"{url}#{ancre}" if ancre else url


@page_brouillon("reglement.rediger", "GET", "HEAD", "POST")
def article_nouveau(request: HttpRequest, brouillon: BrouillonReglement) -> HttpResponse:
    """An article at the end; then its page, where rules are added."""
    donnees = request.POST if request.method == "POST" else None
    initial = {"version_lue": brouillon.version, "numero": gestes.numero_suivant(brouillon.contenu)}
    form = ArticleForm(donnees, initial=initial)
    if donnees is not None and form.is_valid():
        d = form.cleaned_data
        contenu = gestes.ecrire_article(brouillon.contenu, None, d["numero"], d["titre"], d["prose"])
        vers = _adresse_article(brouillon, len(contenu["articles"]))
        if reponse := enregistrer(request, brouillon, contenu, form, vers=vers):
            return reponse
    contexte = {
        "brouillon": brouillon,
        "dispositif": brouillon.dispositif,
        "form": form,
        "retour": adresse(brouillon),
    }
    return render(
        request, "reglements/article_nouveau.html", contexte, status=200 if donnees is None else 400
    )


@page_brouillon("reglement.rediger", "GET", "HEAD", "POST")
def article(request: HttpRequest, brouillon: BrouillonReglement, rang: int) -> HttpResponse:
    """One article: its text to rewrite, its rules in sentences."""
    brut = _article_ou_404(brouillon, rang)
    donnees = request.POST if request.method == "POST" else None
    initial = {"version_lue": brouillon.version} | {c: brut.get(c) for c in ("numero", "titre", "prose")}
    form = ArticleForm(donnees, initial=initial)
    if donnees is not None and form.is_valid():
        d = form.cleaned_data
        contenu = gestes.ecrire_article(brouillon.contenu, rang - 1, d["numero"], d["titre"], d["prose"])
        vers = _adresse_article(brouillon, rang)
        if reponse := enregistrer(request, brouillon, contenu, form, vers=vers):
            return reponse
    controle = controler(brouillon.contenu, brouillon.demonstration)
    ecrits = presentation.articles_ecrits(
        brouillon.contenu, controle, brouillon.demonstration, lignes_du_jour()
    )
    contexte = {
        "brouillon": brouillon,
        "dispositif": brouillon.dispositif,
        "rang": rang,
        "article": ecrits[rang - 1],
        "form": form,
        "modifiable": est_modifiable(brouillon),
        "retour": adresse(brouillon, f"article-{rang}"),
    }
    return render(request, "reglements/article.html", contexte, status=200 if donnees is None else 400)


@page_brouillon("reglement.rediger", "POST")
def article_geste(request: HttpRequest, brouillon: BrouillonReglement, rang: int) -> HttpResponse:
    """Up, down, away. What is taken away comes back from the history."""
    brut = _article_ou_404(brouillon, rang)
    form = GesteForm(request.POST)
    geste = form.cleaned_data["geste"] if form.is_valid() else ""
    if geste == "supprimer":
        voulu = gestes.retirer_article(brouillon.contenu, rang - 1)
        messages.info(
            request, f"L’article {brut.get('numero', '')} est retiré. L’historique permet de le remettre."
        )
        vers = adresse(brouillon)
    elif geste in PAS:
        voulu = gestes.deplacer_article(brouillon.contenu, rang - 1, PAS[geste])
        arrivee = min(max(rang + PAS[geste], 1), len(voulu["articles"]))
        vers = adresse(brouillon, f"article-{arrivee}")
    else:
        raise Http404("Ce geste n’existe pas.")
    return _faire(request, brouillon, voulu, form, vers)


def _faire(
    request: HttpRequest, brouillon: BrouillonReglement, voulu: dict[str, Any], form: GesteForm, vers: str
) -> HttpResponse:
    """Saves a gesture that has no form of its own to show again."""
    reponse = enregistrer(request, brouillon, voulu, form, vers=vers)
    if reponse is None:
        messages.error(request, " ".join(map(str, form.non_field_errors())))
    return reponse or redirect(vers)


def _regle_ou_404(brouillon: BrouillonReglement, rang: int, regle: int) -> dict[str, Any]:
    try:
        return gestes.regle(brouillon.contenu, rang - 1, regle - 1)
    except IndexError:
        raise Http404("Cette règle n’existe pas ou a été retirée.") from None


@page_brouillon("reglement.rediger", "GET", "HEAD", "POST")
def regle_nouvelle(request: HttpRequest, brouillon: BrouillonReglement, rang: int) -> HttpResponse:
    """The catalogue of kinds, then the form of the kind chosen."""
    brut = _article_ou_404(brouillon, rang)
    genre = request.GET.get("genre", "")
    if genre in GENRES:
        return _saisir_regle(request, brouillon, rang, None, GENRES[genre], {"genre": genre})
    recherche = request.GET.get("q", "")[:80]
    contexte = {
        "brouillon": brouillon,
        "dispositif": brouillon.dispositif,
        "rang": rang,
        "article": brut,
        "q": recherche,
        "familles": chercher(recherche),
        "retour": _adresse_article(brouillon, rang),
    }
    return render(
        request, "reglements/regle_choisir.html", contexte, status=200 if request.method != "POST" else 400
    )


@page_brouillon("reglement.rediger", "GET", "HEAD", "POST")
def regle(request: HttpRequest, brouillon: BrouillonReglement, rang: int, rang_regle: int) -> HttpResponse:
    """The form of a rule that is there."""
    brute = _regle_ou_404(brouillon, rang, rang_regle)
    classe = GENRES.get(str(brute.get("genre")))
    if classe is None:
        messages.error(
            request, "Le genre de cette règle n’existe pas : retirez-la et choisissez-en un autre."
        )
        return redirect(_adresse_article(brouillon, rang))
    return _saisir_regle(request, brouillon, rang, rang_regle, classe, brute)


def _saisir_regle(
    request: HttpRequest,
    brouillon: BrouillonReglement,
    rang: int,
    regle: int | None,
    classe: type[Regle],
    brute: dict[str, Any],
) -> HttpResponse:
    donnees = request.POST if request.method == "POST" else None
    mots = Vocabulaires(brouillon.dispositif, brouillon.contenu)
    form = RegleForm(donnees, classe=classe, brute=brute, mots=mots, version=brouillon.version)
    valide = form.is_valid()
    malgre = donnees is not None and "_malgre" in donnees and form.est_lisible
    if donnees is not None and not form.est_a_revoir and (valide or malgre):
        saisie = form.brute()
        if regle is None:
            saisie = gestes.avec_code_libre(brouillon.contenu, saisie)
        libelles = {**mots.libelles, **mots.libelles_de(saisie)}
        voulu = gestes.ecrire_regle(
            {**brouillon.contenu, "libelles": libelles},
            rang - 1,
            None if regle is None else regle - 1,
            saisie,
        )
        vers = _adresse_article(brouillon, rang, f"regle-{regle}" if regle else "regles")
        if reponse := enregistrer(request, brouillon, voulu, form, vers=vers):
            return reponse
    a_revoir = form.est_a_revoir
    contexte = {
        "brouillon": brouillon,
        "dispositif": brouillon.dispositif,
        "rang": rang,
        "article": _article_ou_404(brouillon, rang),
        "genre": genre_de(classe),
        "regle": regle,
        "form": form,
        "mots": mots.codes_par_champ(),
        "phrase": form.phrase(brouillon.demonstration, lignes_du_jour()),
        "retour": _adresse_article(brouillon, rang),
    }
    statut = 200 if donnees is None or a_revoir else 400
    return render(request, "reglements/regle.html", contexte, status=statut)


@page_brouillon("reglement.rediger", "POST")
def regle_geste(
    request: HttpRequest, brouillon: BrouillonReglement, rang: int, rang_regle: int
) -> HttpResponse:
    """Up, down, away, inside its article."""
    _regle_ou_404(brouillon, rang, rang_regle)
    form = GesteForm(request.POST)
    geste = form.cleaned_data["geste"] if form.is_valid() else ""
    if geste == "supprimer":
        voulu = gestes.retirer_regle(brouillon.contenu, rang - 1, rang_regle - 1)
        messages.info(request, "La règle est retirée. L’historique permet de la remettre.")
    elif geste in PAS:
        voulu = gestes.deplacer_regle(brouillon.contenu, rang - 1, rang_regle - 1, PAS[geste])
    else:
        raise Http404("Ce geste n’existe pas.")
    return _faire(request, brouillon, voulu, form, _adresse_article(brouillon, rang, "regles"))
