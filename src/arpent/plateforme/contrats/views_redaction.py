"""Pages of the drafting: the articles beside the model, one article with what is said of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from arpent.metier.cycles.contrat import EtatContrat
from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.champs_fichier import servir
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from . import redaction as actions
from .assemblage import Assemblage, assembler, trouver_contrat
from .exigences import ContratRefuse
from .forms_redaction import AjoutForm, ArticleForm, RemarqueForm
from .lecture_redaction import (
    ECARTS,
    ArticleLu,
    champs_montres,
    fils_de,
    lire_articles,
    remarques_lues,
)
from .models import ArticleRedige, Contrat, RemarqueArticle

VOIR, REDIGER, COMMENTER = "contrat.voir", "contrat.rediger", "contrat.commenter"


def _assemblage(demarche: Demarche) -> Assemblage:
    if trouver_contrat(demarche) is None:
        raise Http404("Le contrat de ce territoire n’est pas encore préparé.")
    return assembler(demarche, date.today())


def _adresse(demarche: Demarche, code: str = "", ancre: str = "") -> str:
    if code:
        return reverse("contrats:article", args=[demarche.slug, code]) + ancre
    return reverse("contrats:redaction", args=[demarche.slug])


def _ouvert(request: RequeteAgent, contrat: Contrat, demarche: Demarche) -> bool:
    return contrat.etat == EtatContrat.REDACTION and bool(peut_sur(request.user, REDIGER, demarche))


@page_demarche(VOIR)
def redaction(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    assemblage = _assemblage(demarche)
    contrat = assemblage.matiere.contrat
    articles = lire_articles(assemblage, remarques_lues(contrat, request.user))
    contexte = {
        "demarche": demarche,
        "contrat": contrat,
        "articles": articles,
        "gardes": sum(a.clause.gardee for a in articles),
        "ecarts": sum(a.clause.origine in ECARTS for a in articles),
        "ouvertes": sum(a.ouvertes for a in articles),
        "champs": champs_montres(assemblage),
        "redige": _ouvert(request, contrat, demarche),
    }
    return render(request, "contrats/redaction.html", contexte)


def _article(demarche: Demarche, code: str, request: RequeteAgent) -> tuple[Assemblage, ArticleLu]:
    assemblage = _assemblage(demarche)
    lus = lire_articles(assemblage, remarques_lues(assemblage.matiere.contrat, request.user))
    trouve = next((a for a in lus if a.clause.code == code), None)
    if trouve is None:
        raise Http404("Cet article n’existe pas dans le contrat.")
    return assemblage, trouve


def _redige(contrat: Contrat, code: str) -> ArticleRedige:
    stocke = ArticleRedige.objects.filter(contrat=contrat, code=code).first()
    return stocke or ArticleRedige(contrat=contrat, code=code, version=0)


def _form(
    request: RequeteAgent, assemblage: Assemblage, lu: ArticleLu, redige: ArticleRedige
) -> ArticleForm | AjoutForm:
    donnees = request.POST if request.method == "POST" else None
    modele = lu.clause.modele
    if modele is not None:
        return ArticleForm(donnees, instance=redige, article=modele, clause=lu.clause)
    return AjoutForm(donnees, instance=redige, suivis=_suivis(assemblage, lu.clause.code))


def _suivis(assemblage: Assemblage, sauf: str = "") -> list[tuple[str, str]]:
    return [(c.code, c.titre) for c in assemblage.clauses if c.code != sauf]


def _page(
    request: RequeteAgent,
    demarche: Demarche,
    assemblage: Assemblage,
    lu: ArticleLu,
    *,
    form: ArticleForm | AjoutForm | None = None,
    remarque_form: RemarqueForm | None = None,
) -> HttpResponse:
    contrat = assemblage.matiere.contrat
    redige = _redige(contrat, lu.clause.code)
    ouvert = _ouvert(request, contrat, demarche)
    remarques = remarques_lues(contrat, request.user)
    contexte: dict[str, Any] = {
        "demarche": demarche,
        "contrat": contrat,
        "article": lu,
        "redige": redige,
        "ouvert": ouvert,
        "form": form or (_form_vierge(assemblage, lu, redige) if ouvert and not lu.verrouille else None),
        "champs": champs_montres(assemblage),
        "fils": fils_de(lu, remarques),
        "commente": bool(peut_sur(request.user, COMMENTER, demarche)),
        "redacteur": bool(peut_sur(request.user, REDIGER, demarche)),
        "remarque_form": remarque_form
        or RemarqueForm(lecteurs=actions.lecteurs_de(contrat), auto_id="id_r_%s"),
        "retour": _adresse(demarche),
    }
    faute = (form is not None and form.errors) or (remarque_form is not None and remarque_form.errors)
    return render(request, "contrats/article.html", contexte, status=422 if faute else 200)


def _form_vierge(assemblage: Assemblage, lu: ArticleLu, redige: ArticleRedige) -> ArticleForm | AjoutForm:
    modele = lu.clause.modele
    initial = {"version_lue": redige.version}
    if modele is not None:
        return ArticleForm(instance=redige, article=modele, clause=lu.clause, initial=initial)
    return AjoutForm(instance=redige, suivis=_suivis(assemblage, lu.clause.code), initial=initial)


@page_demarche(VOIR)
def article(request: RequeteAgent, demarche: Demarche, code: str) -> HttpResponse:
    assemblage, lu = _article(demarche, code, request)
    return _page(request, demarche, assemblage, lu)


@page_demarche(REDIGER, "POST")
def article_rediger(request: RequeteAgent, demarche: Demarche, code: str) -> HttpResponse:
    assemblage, lu = _article(demarche, code, request)
    contrat = assemblage.matiere.contrat
    form = _form(request, assemblage, lu, _redige(contrat, code))
    if form.is_valid():
        valeurs = form.cleaned_data
        try:
            actions.enregistrer_article(
                contrat, code, valeurs, version_lue=valeurs["version_lue"], par=request.user
            )
        except ConflitDeVersion as conflit:
            return page_conflit(
                request, conflit, titre="L’article a changé entre-temps", retour=_adresse(demarche, code)
            )
        except actions.ArticleRefuse as refus:
            form.add_error(refus.champ if refus.champ in form.fields else None, str(refus))
        except ContratRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"« {lu.clause.titre} » : enregistré.")
            return redirect(_adresse(demarche, code))
    return _page(request, demarche, assemblage, lu, form=form)


@page_demarche(REDIGER, "GET", "HEAD", "POST")
def article_ajouter(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    assemblage = _assemblage(demarche)
    contrat = assemblage.matiere.contrat
    donnees = request.POST if request.method == "POST" else None
    form = AjoutForm(
        donnees, instance=ArticleRedige(contrat=contrat, code="", version=0), suivis=_suivis(assemblage),
        initial={"version_lue": 0},
    )  # fmt: skip
    if donnees is not None and form.is_valid():
        try:
            redige = actions.ajouter_article(contrat, form.cleaned_data, par=request.user)
        except actions.ArticleRefuse as refus:
            form.add_error(refus.champ if refus.champ in form.fields else None, str(refus))
        except ContratRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"« {redige.titre} » : ajouté.")
            return redirect(_adresse(demarche))
    contexte = {
        "demarche": demarche,
        "form": form,
        "retour": _adresse(demarche),
        "champs": champs_montres(assemblage),
    }
    statut = 422 if form.errors else 200
    return render(request, "contrats/article_ajout.html", contexte, status=statut)


@page_demarche(REDIGER, "POST")
def article_supprimer(request: RequeteAgent, demarche: Demarche, code: str) -> HttpResponse:
    assemblage, lu = _article(demarche, code, request)
    lue = request.POST.get("version_lue", "")
    try:
        actions.supprimer_article(
            assemblage.matiere.contrat, code, version_lue=int(lue) if lue.isdecimal() else 0, par=request.user
        )
    except ConflitDeVersion as conflit:
        return page_conflit(
            request, conflit, titre="L’article a changé entre-temps", retour=_adresse(demarche, code)
        )
    except ContratRefuse as refus:
        messages.error(request, str(refus))
    else:
        fait = "supprimé" if lu.clause.modele is None else "la rédaction du modèle est reprise"
        messages.success(request, f"« {lu.clause.titre} » : {fait}.")
    return redirect(_adresse(demarche))


# --- remarks --------------------------------------------------------------------------------------


def _remarque(request: RequeteAgent, demarche: Demarche, pk: int) -> RemarqueArticle:
    """A thread that the agent may read; elsewhere it does not exist."""
    lisibles = RemarqueArticle.objects.visibles_par(request.user).select_related("contrat__demarche")
    return get_object_or_404(lisibles, pk=pk, contrat__demarche=demarche)


@page_demarche(COMMENTER, "POST")
def remarque_ecrire(request: RequeteAgent, demarche: Demarche, code: str) -> HttpResponse:
    assemblage, lu = _article(demarche, code, request)
    contrat = assemblage.matiere.contrat
    form = RemarqueForm(request.POST, request.FILES, lecteurs=actions.lecteurs_de(contrat), auto_id="id_r_%s")
    if form.is_valid():
        valeurs = form.cleaned_data
        racine = _remarque(request, demarche, valeurs["reponse_a"]) if valeurs["reponse_a"] else None
        try:
            actions.remarquer(
                contrat, code, valeurs["texte"], par=request.user, portee=valeurs["portee"],
                proposition=valeurs["proposition"], reponse_a=racine, envoi=form.envoi(),
                prevenir=valeurs["prevenir"],
            )  # fmt: skip
        except actions.ArticleRefuse as refus:
            form.add_error(refus.champ, str(refus))
        else:
            messages.success(request, "Votre remarque est écrite.")
            return redirect(_adresse(demarche, code, "#remarques"))
    return _page(request, demarche, assemblage, lu, remarque_form=form)


def _geste(
    request: RequeteAgent,
    demarche: Demarche,
    remarque: RemarqueArticle,
    faire: Callable[[], object],
    fait: str,
) -> HttpResponse:
    retour = _adresse(demarche, remarque.article, "#remarques")
    try:
        faire()
    except ConflitDeVersion as conflit:
        return page_conflit(request, conflit, titre="L’article a changé entre-temps", retour=retour)
    except ContratRefuse as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, fait)
    return redirect(retour)


@page_demarche(COMMENTER, "POST")
def remarque_etat(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    """Settles or opens again (`resolu` = 1 or 0): its author, and who drafts the contract."""
    remarque, resolu = _remarque(request, demarche, pk), request.POST.get("resolu") == "1"
    avis = peut_sur(request.user, REDIGER, demarche)
    if not avis and remarque.auteur_id != request.user.pk:
        raise PermissionDenied(avis.raison)
    return _geste(
        request, demarche, remarque,
        lambda: actions.regler_remarque(remarque, resolu=resolu, par=request.user),
        "La remarque est réglée." if resolu else "La remarque est rouverte.",
    )  # fmt: skip


@page_demarche(VOIR)
def remarque_piece(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    """The file of a remark, for whoever reads the remark."""
    remarque = _remarque(request, demarche, pk)
    return servir(remarque.piece, remarque.piece_nom, remarque.piece_mime)


@page_demarche(REDIGER, "POST")
def remarque_reprendre(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    """The wording that a remark proposes becomes that of the article."""
    remarque, lue = _remarque(request, demarche, pk), request.POST.get("version_lue", "")
    return _geste(
        request, demarche, remarque,
        lambda: actions.reprendre_proposition(
            remarque, version_lue=int(lue) if lue.isdecimal() else 0, par=request.user
        ),
        "La rédaction proposée est reprise dans l’article.",
    )  # fmt: skip
