"""The drafts of a règlement: opened, read with their checks, their head, their history, taken up or left."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from .. import presentation
from ..acces import page_brouillon, page_dispositif
from ..actions import ActionRefusee, annuler, changer_etat, enregistrer_contenu, historique, ouvrir_brouillon
from ..contenu import ordonner, vierge
from ..controles import controler
from ..droits import est_modifiable, peut_publier
from ..exemples import exemples
from ..fichiers import ecrire_fichier
from ..forms import GesteForm, OuvrirForm, TeteForm
from ..gestes import gestes_racontes
from ..models import BrouillonReglement, Dispositif, VersionReglement
from ..parametres import lignes_du_jour
from ..vocabulaires import Vocabulaires


@page_dispositif("reglement.rediger", "GET", "HEAD", "POST")
def brouillon_ouvrir(request: HttpRequest, dispositif: Dispositif) -> HttpResponse:
    """A new draft, from a version, an example, a file or nothing."""
    versions = list(dispositif.versions.order_by("-en_vigueur_le", "-numero"))
    donnees = request.POST if request.method == "POST" else None
    fichiers = request.FILES if donnees is not None else None
    form = OuvrirForm(donnees, fichiers, versions=versions, exemples=exemples())
    if donnees is not None and form.is_valid():
        try:
            brouillon = _ouvrir(form, dispositif, versions, cast(Agent, request.user))
        except ActionRefusee as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(
                request, "Le brouillon est ouvert. Rien n’est publié tant que vous ne le décidez pas."
            )
            return redirect(adresse(brouillon))
    contexte = {"dispositif": dispositif, "form": form, "retour": dispositif.get_absolute_url()}
    return render(
        request, "reglements/brouillon_ouvrir.html", contexte, status=200 if donnees is None else 400
    )


def _ouvrir(
    form: OuvrirForm, dispositif: Dispositif, versions: list[VersionReglement], agent: Agent
) -> BrouillonReglement:
    d = form.cleaned_data
    depuis = (
        next((v for v in versions if v.numero == d["version"]), None) if d["origine"] == "version" else None
    )
    exemple = (
        next((e for e in exemples() if e.nom == d["exemple"]), None) if d["origine"] == "exemple" else None
    )
    demonstration = False
    if depuis is not None:
        contenu, origine, demonstration = depuis.contenu, str(depuis), depuis.demonstration
    elif exemple is not None:
        contenu, origine = exemple.contenu(), exemple.titre
    elif form.lu is not None:
        contenu, origine = form.lu.contenu, d["fichier"].name[:200]
    else:
        contenu, origine = _page_blanche(dispositif), "page blanche"
    intitule = d["intitule"] or str(contenu.get("intitule") or dispositif.nom)
    return ouvrir_brouillon(
        dispositif,
        intitule[:200],
        contenu,
        par=agent,
        depuis=depuis,
        demonstration=demonstration,
        origine=origine,
    )


def _page_blanche(dispositif: Dispositif) -> dict[str, Any]:
    financeur = "region" if dispositif.autorite.nature == "region" else "departement"
    libelles = {t.code: t.libelle for t in dispositif.themes.all()}
    return vierge(dispositif.slug, dispositif.nom, financeur, date.today().isoformat(), libelles)


def adresse(brouillon: BrouillonReglement, ancre: str = "") -> str:
    url = reverse("reglements:brouillon", args=[brouillon.dispositif.slug, brouillon.pk])
    return f"{url}#{ancre}" if ancre else url


@page_brouillon("reglement.rediger")
def brouillon(request: HttpRequest, brouillon: BrouillonReglement) -> HttpResponse:
    """The draft as it stands: its articles in sentences, and what the checks say."""
    controle = controler(brouillon.contenu, brouillon.demonstration)
    contexte = {
        "dispositif": brouillon.dispositif,
        "brouillon": brouillon,
        "controle": controle,
        "articles": presentation.articles_ecrits(
            brouillon.contenu, controle, brouillon.demonstration, lignes_du_jour()
        ),
        "modifiable": est_modifiable(brouillon),
        "peut_publier": peut_publier(cast(Agent, request.user), brouillon.dispositif),
    }
    return render(request, "reglements/brouillon.html", contexte)


@page_brouillon("reglement.rediger", "GET", "HEAD", "POST")
def brouillon_tete(request: HttpRequest, brouillon: BrouillonReglement) -> HttpResponse:
    """Title, funder, names of the codes, demonstration values."""
    mots = Vocabulaires(brouillon.dispositif, brouillon.contenu)
    donnees = request.POST if request.method == "POST" else None
    initial = {
        "version_lue": brouillon.version,
        "intitule": brouillon.intitule,
        "financeur": brouillon.contenu.get("financeur"),
        "libelles": "\n".join(f"{code} : {libelle}" for code, libelle in mots.libelles.items()),
        "demonstration": brouillon.demonstration,
    }
    form = TeteForm(donnees, initial=initial)
    if donnees is not None and form.is_valid():
        d = form.cleaned_data
        contenu = {**brouillon.contenu, "financeur": d["financeur"], "libelles": d["libelles"]}
        reponse = enregistrer(
            request, brouillon, contenu, form, intitule=d["intitule"], demonstration=d["demonstration"]
        )
        if reponse is not None:
            return reponse
    contexte = {
        "brouillon": brouillon,
        "dispositif": brouillon.dispositif,
        "form": form,
        "retour": adresse(brouillon),
    }
    return render(request, "reglements/brouillon_tete.html", contexte, status=200 if donnees is None else 400)


def enregistrer(
    request: HttpRequest,
    brouillon: BrouillonReglement,
    contenu: dict[str, Any],
    form: Any,
    *,
    vers: str = "",
    **en_plus: Any,
) -> HttpResponse | None:
    """Saves and answers: a redirect, or the conflict. None when the form says why it was refused."""
    try:
        enregistrer_contenu(
            brouillon,
            contenu,
            par=cast(Agent, request.user),
            version_lue=form.cleaned_data["version_lue"],
            **en_plus,
        )
    except ConflitDeVersion as conflit:
        return page_conflit(
            request, conflit, titre="Le brouillon a changé entre-temps", retour=request.get_full_path()
        )
    except ActionRefusee as refus:
        form.add_error(None, str(refus))
        return None
    messages.success(request, "C’est enregistré dans le brouillon.")
    return redirect(vers or adresse(brouillon))


@page_brouillon("reglement.rediger")
def brouillon_historique(request: HttpRequest, brouillon: BrouillonReglement) -> HttpResponse:
    """Who changed which article, before and after; each gesture can be undone. One query of its own."""
    contexte = {
        "brouillon": brouillon,
        "dispositif": brouillon.dispositif,
        "gestes": gestes_racontes(brouillon, historique(brouillon), lignes_du_jour()),
        "modifiable": est_modifiable(brouillon),
    }
    return render(request, "reglements/brouillon_historique.html", contexte)


@page_brouillon("reglement.rediger", "POST")
def brouillon_annuler(request: HttpRequest, brouillon: BrouillonReglement, numero: int) -> HttpResponse:
    """Puts back the articles as they were before one gesture of the history."""
    trouvee = get_object_or_404(
        Entree, numero=numero, objet_type=BrouillonReglement._meta.label_lower, objet_id=str(brouillon.pk)
    )
    form = GesteForm(request.POST)
    retour = reverse("reglements:brouillon_historique", args=[brouillon.dispositif.slug, brouillon.pk])
    if not form.is_valid():
        return HttpResponse("Le formulaire est incomplet.", status=400)
    try:
        annuler(
            brouillon, trouvee, par=cast(Agent, request.user), version_lue=form.cleaned_data["version_lue"]
        )
    except ConflitDeVersion as conflit:
        return page_conflit(request, conflit, titre="Le brouillon a changé entre-temps", retour=retour)
    except ActionRefusee as refus:
        messages.error(request, str(refus))
        return redirect(retour)
    messages.success(request, "Le geste est annulé : l’article est remis comme il était.")
    return redirect(adresse(brouillon))


@page_brouillon("reglement.rediger", "POST")
def brouillon_geste(request: HttpRequest, brouillon: BrouillonReglement) -> HttpResponse:
    """Leaves the draft, or takes it up again."""
    form = GesteForm(request.POST)
    etats = {
        "abandonner": BrouillonReglement.Etat.ABANDONNE,
        "reprendre": BrouillonReglement.Etat.REDACTION,
    }
    if not form.is_valid() or form.cleaned_data["geste"] not in etats:
        raise Http404("Ce geste n’existe pas.")
    try:
        changer_etat(
            brouillon,
            etats[form.cleaned_data["geste"]],
            par=cast(Agent, request.user),
            version_lue=form.cleaned_data["version_lue"],
        )
    except ConflitDeVersion as conflit:
        return page_conflit(
            request, conflit, titre="Le brouillon a changé entre-temps", retour=adresse(brouillon)
        )
    except ActionRefusee as refus:
        messages.error(request, str(refus))
    return redirect(adresse(brouillon))


@page_brouillon("reglement.rediger")
def brouillon_export(request: HttpRequest, brouillon: BrouillonReglement) -> HttpResponse:
    """The draft as a file, valid or not."""
    return en_yaml(f"{brouillon.dispositif.slug}-brouillon-{brouillon.pk}", brouillon.contenu)


def en_yaml(nom: str, contenu: dict[str, Any]) -> HttpResponse:
    response = HttpResponse(ecrire_fichier(ordonner(contenu)), content_type="application/yaml; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{nom}.yaml"'
    return response
