"""Preparing a Rendez-vous de Territoire: its content, its questions, one button, the packs already made."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from arpent.metier.cycles.reunion import CONDUIRE
from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions import suites
from arpent.plateforme.demarches.reunions.actions import ReunionRefusee, demarches_de
from arpent.plateforme.demarches.reunions.genres import RENDEZ_VOUS
from arpent.plateforme.demarches.reunions.models import Reunion
from arpent.plateforme.documents.actions import servir, telecharger
from arpent.plateforme.documents.rendu import vue_rendez_vous as constats
from arpent.plateforme.plans.models import ETATS_ENGAGES, Fiche

from ..models import DossierRendezVous
from . import actions
from .acces import dossier_ou_404, question_ou_404, rendez_vous_ou_404
from .droits import demarches_a_avenant
from .forms import QuestionForm
from .lecture import rendez_vous_doc
from .production import DossierRefuse, en_zip, generer, nom_du_fichier
from .questions import du_dossier, questions_de

VOIR = "bilan.voir"
DERNIERS = 20
FORMATS = (("pptx", "Diapositives"), ("pdf", "Livret"), ("xlsx", "Tableau"), ("zip", "Les trois (zip)"))


def adresse(demarche: Demarche, pk: int, ancre: str = "") -> str:
    return reverse("suivi:rendez_vous", args=[demarche.slug, pk]) + (f"#{ancre}" if ancre else "")


@page_demarche(VOIR)
def liste(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """The Rendez-vous of the territory, the next first. Three queries."""
    request.place = "bilan"  # type: ignore[attr-defined]
    lues = (
        Reunion.objects.de(demarche)
        .filter(genre__startswith=RENDEZ_VOUS)
        .defer("synthese", "message")
        .prefetch_related("dossiers_rendez_vous")
        .order_by("-jour", "-pk")
    )[:DERNIERS]
    contexte = {
        "demarche": demarche,
        "reunions": [(r, list(r.dossiers_rendez_vous.all())) for r in lues],
        "conduit": bool(peut_sur(request.user, CONDUIRE, demarche)),
    }
    return render(request, "suivi/rendez_vous/liste.html", contexte)


def _formulaire(reunion: Reunion, donnees: object = None) -> QuestionForm:
    """Two queries: the territories and their projects."""
    demarches = demarches_de(reunion)
    projets = (
        Fiche.objects.filter(demarche__in=demarches, etat__in=ETATS_ENGAGES)
        .comptees()
        .order_by("demarche", "numero")
        .only("numero", "titre", "demarche_id")
    )
    return QuestionForm(donnees, projets=projets, demarches=demarches)


@page_demarche(CONDUIRE)
def preparer(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    """What will be told, the questions, the packs. About fifty queries, whatever the number of projects."""
    reunion = rendez_vous_ou_404(request, demarche, pk)
    return _page(request, demarche, reunion, _formulaire(reunion))


def _page(request: RequeteAgent, demarche: Demarche, reunion: Reunion, form: QuestionForm) -> HttpResponse:
    request.place = "bilan"  # type: ignore[attr-defined]
    doc = rendez_vous_doc(reunion, date.today())
    lues = questions_de(reunion)
    gardees = du_dossier(lues)
    ouvrables = demarches_a_avenant(request.user, reunion, {x.demarche for x in gardees})
    contexte = {
        "demarche": demarche,
        "reunion": reunion,
        "doc": doc,
        "constats": [
            constats.constat_decide(doc),
            constats.constat_reste(doc),
            constats.constat_enveloppes(doc),
            constats.constat_retards(doc),
            constats.constat_decisions(doc),
        ],
        "questions": [(x, x.demarche.pk in ouvrables) for x in gardees],
        "formats": FORMATS,
        "retirees": [x for x in lues if x.retiree],
        "titre_questions": constats.constat_questions(doc),
        "en_seance": reunion.est_en_seance,
        "dossiers": list(
            DossierRendezVous.objects.filter(reunion=reunion)
            .select_related("diapositives", "livret", "tableau")
            .defer("diapositives__donnees", "livret__donnees", "tableau__donnees")[:DERNIERS]
        ),
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "suivi/rendez_vous/preparer.html", contexte, status=status)


@page_demarche(CONDUIRE, "POST")
def relever(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    """Adds what the follow-up and the plan find to settle."""
    reunion = rendez_vous_ou_404(request, demarche, pk)
    try:
        nombre = actions.relever(reunion, par=request.user)
    except ReunionRefusee as refus:
        messages.error(request, str(refus))
    else:
        s = "s" if nombre > 1 else ""
        messages.success(
            request, f"{nombre} question{s} de plus." if nombre else "Rien de nouveau à relever."
        )
    return redirect(adresse(demarche, pk, "questions"))


@page_demarche(CONDUIRE, "POST")
def poser(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    """A question of one's own; a form to correct comes back with the page."""
    reunion = rendez_vous_ou_404(request, demarche, pk)
    form = _formulaire(reunion, request.POST)
    if form.is_valid():
        try:
            suites.poser_question(form.question(reunion), par=request.user)
        except ReunionRefusee as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "La question est dans le dossier.")
            return redirect(adresse(demarche, pk, "questions"))
    return _page(request, demarche, reunion, form)


@page_demarche(CONDUIRE, "POST")
def deplacer(request: RequeteAgent, demarche: Demarche, pk: int, question_id: int) -> HttpResponse:
    """`geste`: monter, descendre, retirer, remettre."""
    reunion = rendez_vous_ou_404(request, demarche, pk)
    ici = question_ou_404(reunion, question_id)
    try:
        actions.deplacer(ici, request.POST.get("geste", ""), par=request.user)
    except ReunionRefusee as refus:
        messages.error(request, str(refus))
    return redirect(adresse(demarche, pk, "questions"))


@page_demarche(CONDUIRE, "POST")
def produire(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    """Makes the three files now: a few seconds."""
    reunion = rendez_vous_ou_404(request, demarche, pk)
    try:
        generer(reunion, le=date.today(), par=request.user)
    except DossierRefuse as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, "Le dossier est prêt : diapositives, livret et tableau.")
    return redirect(adresse(demarche, pk, "dossiers"))


@page_demarche(CONDUIRE)
def fichier(request: RequeteAgent, demarche: Demarche, pk: int, edition: int, format: str) -> HttpResponse:
    """One file of a pack as it was made, or the three (zip)."""
    reunion = rendez_vous_ou_404(request, demarche, pk)
    ici = dossier_ou_404(reunion, edition)
    emis = {"pptx": ici.diapositives, "pdf": ici.livret, "xlsx": ici.tableau}
    if format in emis:
        return servir(emis[format])
    if format != "zip":
        raise Http404("Ce fichier n’est pas dans le dossier.")
    contenus = {}
    for extension, document in emis.items():
        try:
            with document.fichier.open("rb") as flux:
                contenus[nom_du_fichier(reunion, extension)] = flux.read()
        except FileNotFoundError as erreur:
            raise Http404(
                "Un fichier de ce dossier n’est plus dans le dépôt : générez-le de nouveau."
            ) from erreur
    return telecharger(en_zip(contenus), nom_du_fichier(reunion, "zip"))
