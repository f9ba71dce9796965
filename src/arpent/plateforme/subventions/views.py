"""The realisation page, and the acts of award that it offers to those who run the grant files.

Drawn at a GET they are drafts, kept nowhere; issued by a POST they are kept for good.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.contrats.exigences import ContratRefuse
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.actions import servir, telecharger
from arpent.plateforme.documents.donnees_attribution import GENRES_EMIS
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.documents.rendu.pdf import RenduImpossible
from arpent.plateforme.plans.models import Fiche

from .actes import FICHIERS, FORMATS, GENRES, acte_doc, archive, charte_du, rendre, word_du
from .attribution import Octroi, contrat_en_vigueur, lire_cadre, lire_octrois
from .completions import Completions, completions_de
from .dossiers.chaine import chaine_de
from .emissions import Emission, a_verifier, actes_emis, blancs_des_actes, emettre_actes, obstacle
from .forms import CompletionForm, EmissionForm
from .lecture import realisation_de

ATTRIBUER = "attribution.preparer"


@page_demarche("realisation.voir")
def realisation(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    contexte: dict[str, Any] = {"demarche": demarche, "r": realisation_de(demarche, date.today())}
    contexte |= {"chaine": None, "refus_chaine": "", "octrois": []}
    if contexte["r"].en_vigueur:
        try:
            contrat = contrat_en_vigueur(demarche)
            octrois = lire_octrois(contrat, date.today())
        except ContratRefuse as refus:
            contexte["refus_chaine"] = str(refus)
        else:
            contexte["chaine"] = chaine_de(demarche, contrat, octrois, request.user)
            if peut_sur(request.user, ATTRIBUER, demarche):
                contexte |= _attribution(demarche, octrois)
    return render(request, "subventions/realisation.html", contexte)


def _attribution(demarche: Demarche, octrois: list[Octroi]) -> dict[str, Any]:
    """What the list of the acts shows. One query, whatever the number of projects."""
    genres = [
        (code, nom, pluriel, [f"{code}.{f}" for f in FORMATS]) for code, (_, nom, pluriel) in GENRES.items()
    ]
    return {"octrois": octrois, "genres": genres, "emis": _emis(demarche, octrois)}


def _emis(demarche: Demarche, octrois: list[Octroi]) -> list[dict[str, Any]]:
    """The issued acts in the order of the contract, with the aid of today where it is another. One query.

    A project that left the contract keeps its acts: they come last.
    """
    par_fiche = actes_emis(demarche)
    lignes = {o.fiche.pk: o.ligne for o in octrois if o.fiche is not None}
    ordre = [*lignes, *(pk for pk in par_fiche if pk not in lignes)]
    return [
        {"acte": a, "ligne": lignes.get(pk), "derniere": rang == 0 or actes[rang - 1].code != a.code}
        for pk in ordre
        for actes in [par_fiche.get(pk, [])]
        for rang, a in enumerate(actes)
    ]


def _refuser(request: RequeteAgent, demarche: Demarche, refus: Exception) -> HttpResponse:
    messages.error(request, str(refus))
    return redirect(reverse("subventions:realisation", args=[demarche.slug]))


@page_demarche(ATTRIBUER)
def acte(request: RequeteAgent, demarche: Demarche, pk: int, fichier: str) -> HttpResponse:
    """One act of one project, drawn now, kept nowhere."""
    if fichier not in FICHIERS:
        raise Http404(f"Les actes d’attribution sont : {', '.join(FICHIERS)}.")
    fiche = get_object_or_404(Fiche, pk=pk, demarche=demarche)
    genre, _, format = fichier.rpartition(".")
    try:
        contrat = contrat_en_vigueur(demarche)
        octroi = next((o for o in lire_octrois(contrat, date.today()) if o.fiche == fiche), None)
        if octroi is None:
            raise ContratRefuse(
                f"Le projet {fiche.numero} n’a pas d’aide au contrat en vigueur : un avenant l’y inscrit."
            )
        cadre = lire_cadre(contrat, date.today())
        doc = acte_doc(cadre, octroi, GENRES[genre][0], date.today(), charte_du(cadre))
        contenu = rendre(doc, format, word_du(cadre, GENRES[genre][0]))
    except (ContratRefuse, RenduImpossible) as refus:
        return _refuser(request, demarche, refus)
    return telecharger(contenu, f"{genre}-{demarche.slug}-{fiche.numero}.{format}")


@page_demarche(ATTRIBUER)
def actes(request: RequeteAgent, demarche: Demarche, genre: str) -> HttpResponse:
    """The letters, the arrêtés or the conventions of the whole territory in one zip, kept nowhere."""
    if genre not in GENRES:
        raise Http404(f"Les actes d’attribution sont : {', '.join(GENRES)}.")
    try:
        contrat = contrat_en_vigueur(demarche)
        octrois = lire_octrois(contrat, date.today())
        contenu = archive(lire_cadre(contrat, date.today()), octrois, [genre], date.today())
    except (ContratRefuse, RenduImpossible) as refus:
        return _refuser(request, demarche, refus)
    return telecharger(contenu, f"{genre}-{demarche.slug}.zip")


@page_demarche(ATTRIBUER, "GET", "HEAD", "POST")
def emission(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """Which acts to issue for good: projects and kinds to tick, what each project still lacks."""
    le = date.today()
    try:
        contrat = contrat_en_vigueur(demarche)
        octrois = lire_octrois(contrat, le)
        cadre = lire_cadre(contrat, le)
        deja = actes_emis(demarche)
        projets = [
            (o, obstacle(o, cadre), a_verifier(o, cadre), deja.get(o.fiche.pk, []) if o.fiche else [])
            for o in octrois
        ]
        prets = [o.fiche.pk for o, raison, _, _ in projets if o.fiche and not raison]
        form = EmissionForm(request.POST if request.method == "POST" else None, prets=prets)
        if form.is_valid():
            return _completer(request, demarche, form.cleaned_data, octrois, le)
    except (ContratRefuse, RenduImpossible) as refus:
        return _refuser(request, demarche, refus)
    coches = set(form["projets"].value() or []) if form.is_bound else {str(pk) for pk in prets}
    lignes = [(o, r, v, d, o.fiche is not None and str(o.fiche.pk) in coches) for o, r, v, d in projets]
    contexte = {
        "demarche": demarche,
        "form": form,
        "projets": lignes,
        "prets": prets,
        "retour": reverse("subventions:realisation", args=[demarche.slug]),
    }
    return render(request, "subventions/emission.html", contexte, status=422 if form.is_bound else 200)


def _completer(
    request: RequeteAgent, demarche: Demarche, choix: dict[str, Any], octrois: Sequence[Octroi], le: date
) -> HttpResponse:
    """Issues what is chosen; first asks what its blanks must say. ContratRefuse, RenduImpossible."""
    quoi: Any = {"genres": choix["genres"], "projets": choix["projets"], "le": le}
    manquent = blancs_des_actes(demarche, **quoi)
    titres = {o.fiche.pk: f"Projet {o.ligne.numero}, {o.ligne.titre}" for o in octrois if o.fiche}
    envoye = request.POST.get("etape") == "completer"
    form = CompletionForm(
        request.POST if envoye else None, manquent=manquent, titres=titres, le=le,
        connues=completions_de(demarche, Completions()),
    )  # fmt: skip
    if not manquent or form.is_valid():
        lu = form.cleaned_data if form.is_bound else {}
        faite = emettre_actes(
            demarche, **quoi, par=request.user, completions=form.completions() if lu else None,
            blancs_permis=bool(lu.get("laisser_en_blanc")),
        )  # fmt: skip
        return _dire(request, demarche, faite)
    contexte = {
        "demarche": demarche,
        "form": form,
        "choix": choix,
        "retour": reverse("subventions:emission", args=[demarche.slug]),
    }
    return render(
        request, "subventions/emission_completer.html", contexte, status=422 if form.errors else 200
    )


def _dire(request: RequeteAgent, demarche: Demarche, faite: Emission) -> HttpResponse:
    nombre = len(faite.emis)
    if nombre:
        s = "s" if nombre > 1 else ""
        suite = "ils sont gardés tels quels, avec leur" if s else "il est gardé tel quel, avec son"
        messages.success(request, f"{nombre} acte{s} émis : {suite} empreinte.")
    for raison in faite.refus:
        messages.warning(request, raison)
    return redirect(reverse("subventions:realisation", args=[demarche.slug]) + "#actes-emis")


@page_demarche(ATTRIBUER)
def acte_emis(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    """One act as it was issued, whatever moved since."""
    emis = get_object_or_404(
        DocumentEmis, pk=pk, demarche_id=demarche.pk, objet_type="plans.fiche", genre__in=GENRES_EMIS.values()
    )
    return servir(emis)
