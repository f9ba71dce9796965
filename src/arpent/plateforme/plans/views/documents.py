"""Documents of a fiche and of a plan: rendered on demand by a GET, kept only when they are issued (POST)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.actions import servir, telecharger
from arpent.plateforme.documents.gabarits_autorite import gabarit_word
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.documents.rendu.pdf import RenduImpossible
from arpent.plateforme.documents.rendu.pdf_fiche import (
    rendre_deliberation_pdf,
    rendre_fiches_pdf,
    rendre_pieces_pdf,
    rendre_rapport_pdf,
)

from ..emissions import GENRE, emettre_rapport, preparer_rapport, rapports_emis
from ..filtres import lire_filtre
from ..listes import fiches_du_plan
from ..models import Fiche
from ..pieces_attendues import pieces_doc
from ..projets_deliberation import deliberation_doc
from ..sorties import FICHES_MAX, TropDeFiches, completes, du_plan, fiches_doc
from .volets import fiche_ou_404

VOIR, INSTRUIRE = "plan.voir", "fiche.pre_instruire"
FORMATS = ("pdf", "docx")
EMIS_MONTRES = 30


def _complete(request: RequeteAgent, demarche: Demarche, numero: int) -> Fiche:
    fiche = fiche_ou_404(request, demarche, numero)
    return completes(Fiche.objects.filter(pk=fiche.pk), demarche)[0]


def _refuser(request: RequeteAgent, refus: Exception, demarche: Demarche, numero: int | None) -> HttpResponse:
    """Back to the page of the documents, with what happened and what to do."""
    messages.error(request, str(refus))
    if numero is None:
        return redirect("plans:plan_documents", demarche.slug)
    return redirect("plans:fiche_documents", demarche.slug, numero)


@page_demarche(VOIR)
def fiche_documents(request: RequeteAgent, demarche: Demarche, numero: int) -> HttpResponse:
    """What one can take away from a fiche, and what is missing in it. A fixed number of queries."""
    fiche = _complete(request, demarche, numero)
    le = date.today()
    contexte: dict[str, Any] = {
        "demarche": demarche,
        "fiche": fiche,
        "deliberation": deliberation_doc(fiche, le),
        "pieces": pieces_doc(fiche, le),
        "emis": rapports_emis(demarche, fiche)[:EMIS_MONTRES],
        "emet": bool(peut_sur(request.user, INSTRUIRE, demarche)),
    }
    contexte["manquantes"] = contexte["pieces"].nombre("manquante")
    return render(request, "plans/documents_fiche.html", contexte)


@page_demarche(VOIR)
def fiche_pdf(request: RequeteAgent, demarche: Demarche, numero: int) -> HttpResponse:
    """The fiche projet, one to three pages."""
    fiche = _complete(request, demarche, numero)
    try:
        contenu = rendre_fiches_pdf(fiches_doc(demarche, [fiche], date.today(), seule=True))
    except RenduImpossible as refus:
        return _refuser(request, refus, demarche, numero)
    return telecharger(contenu, f"fiche-{demarche.slug}-{numero}.pdf")


@page_demarche(VOIR)
def fiche_deliberation_projet(
    request: RequeteAgent, demarche: Demarche, numero: int, format: str
) -> HttpResponse:
    """The draft délibération, to be signed on paper (pdf) or reworked (docx)."""
    if format not in FORMATS:
        raise Http404("Ce document existe en PDF et en Word.")
    fiche = _complete(request, demarche, numero)
    try:
        doc = deliberation_doc(fiche, date.today())
        if format == "docx":
            contenu = gabarit_word(demarche.autorite.pk, "deliberation").rendre(doc)
        else:
            contenu = rendre_deliberation_pdf(doc)
    except RenduImpossible as refus:
        return _refuser(request, refus, demarche, numero)
    return telecharger(contenu, f"projet-deliberation-{demarche.slug}-{numero}.{format}")


@page_demarche(VOIR)
def fiche_pieces(request: RequeteAgent, demarche: Demarche, numero: int) -> HttpResponse:
    """The pieces to tick."""
    fiche = _complete(request, demarche, numero)
    try:
        contenu = rendre_pieces_pdf(pieces_doc(fiche, date.today()))
    except RenduImpossible as refus:
        return _refuser(request, refus, demarche, numero)
    return telecharger(contenu, f"pieces-{demarche.slug}-{numero}.pdf")


def _rapport_de_fiche(request: RequeteAgent, demarche: Demarche, fiche: Fiche) -> Any:
    return preparer_rapport(
        demarche,
        Fiche.objects.filter(pk=fiche.pk),
        le=date.today(),
        par=request.user.nom_complet,
        plan_entier=False,
    )


@page_demarche(VOIR)
def preinstruction_rapport(request: RequeteAgent, demarche: Demarche, numero: int) -> HttpResponse:
    """The report of one pré-instruction as of today, kept nowhere."""
    fiche = fiche_ou_404(request, demarche, numero)
    try:
        contenu = rendre_rapport_pdf(_rapport_de_fiche(request, demarche, fiche))
    except RenduImpossible as refus:
        return _refuser(request, refus, demarche, numero)
    return telecharger(contenu, f"preinstruction-{demarche.slug}-{numero}.pdf")


@page_demarche(INSTRUIRE, "POST")
def preinstruction_emettre(request: RequeteAgent, demarche: Demarche, numero: int) -> HttpResponse:
    """Issues the report of one pré-instruction: archived with its fingerprint."""
    fiche = fiche_ou_404(request, demarche, numero)
    try:
        doc = _rapport_de_fiche(request, demarche, fiche)
        emettre_rapport(doc, demarche=demarche, fiche=fiche, par=request.user)
    except RenduImpossible as refus:
        return _refuser(request, refus, demarche, numero)
    messages.success(request, "Le rapport est émis : il est gardé tel quel, avec son empreinte.")
    return redirect("plans:fiche_documents", demarche.slug, numero)


# --- the whole plan -------------------------------------------------------------------------------


def _du_plan(request: RequeteAgent, demarche: Demarche) -> Any:
    return du_plan(fiches_du_plan(demarche, request.user, lire_filtre(request.GET)))


@page_demarche(VOIR)
def plan_documents(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """What one can take away from the plan as filtered by the address."""
    nombre = _du_plan(request, demarche).count()
    contexte = {
        "demarche": demarche,
        "nombre": nombre,
        "trop": nombre > FICHES_MAX,
        "limite": FICHES_MAX,
        "filtre": lire_filtre(request.GET),
        "requete": request.GET.urlencode(),
        "emis": rapports_emis(demarche)[:EMIS_MONTRES],
        "emet": bool(peut_sur(request.user, INSTRUIRE, demarche)),
    }
    return render(request, "plans/documents_plan.html", contexte)


@page_demarche(VOIR)
def plan_fiches_pdf(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """Every fiche of the plan as filtered, in one booklet."""
    try:
        lues = completes(_du_plan(request, demarche), demarche)
        contenu = rendre_fiches_pdf(fiches_doc(demarche, lues, date.today(), seule=False))
    except (RenduImpossible, TropDeFiches) as refus:
        return _refuser(request, refus, demarche, None)
    return telecharger(contenu, f"fiches-{demarche.slug}.pdf")


def _rapport_du_plan(request: RequeteAgent, demarche: Demarche) -> Any:
    return preparer_rapport(
        demarche,
        _du_plan(request, demarche),
        le=date.today(),
        par=request.user.nom_complet,
        plan_entier=True,
    )


@page_demarche(VOIR)
def plan_rapport_pdf(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """The report of the plan as of today, kept nowhere."""
    try:
        contenu = rendre_rapport_pdf(_rapport_du_plan(request, demarche))
    except (RenduImpossible, TropDeFiches) as refus:
        return _refuser(request, refus, demarche, None)
    return telecharger(contenu, f"preinstruction-{demarche.slug}.pdf")


@page_demarche(INSTRUIRE, "POST")
def plan_rapport_emettre(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """Issues the report of the plan: archived with its fingerprint."""
    try:
        emettre_rapport(_rapport_du_plan(request, demarche), demarche=demarche, fiche=None, par=request.user)
    except (RenduImpossible, TropDeFiches) as refus:
        return _refuser(request, refus, demarche, None)
    messages.success(request, "Le rapport est émis : il est gardé tel quel, avec son empreinte.")
    return redirect("plans:plan_documents", demarche.slug)


@page_demarche(VOIR)
def document_emis(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    """One report as it left; that of a fiche one may not read does not exist."""
    document = get_object_or_404(DocumentEmis, pk=pk, demarche_id=demarche.pk, genre=GENRE)
    if document.objet_type == Fiche._meta.label_lower:
        numero = Fiche.objects.filter(pk=document.objet_id).values_list("numero", flat=True).first()
        fiche_ou_404(request, demarche, numero or 0)
    return servir(document)
