"""Contributions of the services, questions of a permanence or a Rendez-vous, slots by appointment."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate

from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ...acces import peut_sur
from ...models import Demarche
from .. import actions, suites
from ..droits import peut_conduire
from ..forms_suites import (
    AttendueForm,
    ContributionForm,
    CreneauxForm,
    QuestionForm,
    RendezVousForm,
    ReponseForm,
)
from ..lecture import adresse_objet
from ..models import Reunion
from ..models_suites import QuestionReunion
from .acces import (
    CONDUIRE,
    LIRE_ECRIRE,
    VOIR,
    adresse,
    agent_de,
    cadre,
    contribution_de,
    creneau_de,
    exiger,
    exiger_conduite,
    question_de,
    reunion_de,
)

LIRE, RENDRE, DEMANDER = "contribution.lire", "contribution.rendre", "contribution.demander"


def _page_des_contributions(
    request: HttpRequest, demarche: Demarche, ici: Reunion, form: AttendueForm
) -> HttpResponse:
    lues = list(ici.contributions.all())
    contexte = cadre(request, demarche, ici, "contributions") | {
        "contributions": lues,
        "muettes": [c for c in lues if c.rendue_le is None],
        "total": ici.contributions.aggregate(total=Sum("credits_proposes"))["total"],
        "passe": ici.reponses_le is not None and ici.reponses_le < localdate(),
        "demande": bool(peut_sur(agent_de(request), DEMANDER, demarche)),
        "form": form,
    }
    return render(request, "reunions/contributions.html", contexte, status=422 if form.is_bound else 200)


@page_demarche(LIRE)
def contributions(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """What each service said, what they propose in total, who is silent."""
    return _page_des_contributions(request, demarche, reunion_de(demarche, pk), AttendueForm())


@page_demarche(DEMANDER, "POST")
def demander(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """Asks a service to speak of a theme; a form to correct comes back with the page."""
    ici = reunion_de(demarche, pk)
    form = AttendueForm(request.POST)
    if form.is_valid():
        d = form.cleaned_data
        try:
            suites.demander_contribution(ici, d["service"], d["theme"], par=agent_de(request))
        except actions.ReunionRefusee as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"{d['service']} est attendu sur « {d['theme']} ».")
            return redirect(adresse(demarche, "contributions", pk))
    return _page_des_contributions(request, demarche, ici, form)


@page_demarche(RENDRE, *LIRE_ECRIRE)
def contribution(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """A service writes its contribution, its avis and the credits that it proposes."""
    ici = contribution_de(demarche, pk)
    form = ContributionForm(request.POST or None, instance=ici)
    if form.is_valid():
        try:
            suites.rendre_contribution(
                ici, version_lue=form.cleaned_data["version_lue"], par=agent_de(request)
            )
        except actions.ReunionRefusee as refus:
            form.add_error(None, str(refus))
        except ConflitDeVersion as conflit:
            return page_conflit(
                request, conflit, titre="Cette contribution a changé entre-temps",
                retour=request.get_full_path(),
            )  # fmt: skip
        else:
            messages.success(request, f"La contribution de {ici.service} est rendue.")
            return redirect(adresse(demarche, "contributions", ici.reunion_id))
    contexte = {"demarche": demarche, "reunion": ici.reunion, "contribution": ici, "form": form}
    return render(request, "reunions/contribution.html", contexte, status=422 if form.is_bound else 200)


@page_demarche(VOIR, *LIRE_ECRIRE)
def questions(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """The list prepared and its answers. A POST adds a question, or (`relever`) what is blocked today."""
    ici = reunion_de(demarche, pk)
    neuve = QuestionReunion(reunion=ici)
    releve = "relever" in request.POST
    form = QuestionForm(
        request.POST if request.method == "POST" and not releve else None, instance=neuve,
        demarche=ici.demarche,
    )  # fmt: skip
    if request.method == "POST":
        exiger_conduite(request, ici)
        retour = redirect(adresse(demarche, "questions", pk))
        if releve:
            _relever(request, ici)
            return retour
        if form.is_valid():
            form.poser_objet(neuve)
            try:
                suites.poser_question(neuve, par=agent_de(request))
            except actions.ReunionRefusee as refus:
                form.add_error(None, str(refus))
            else:
                messages.success(request, "La question est dans la liste.")
                return retour
    lues = list(ici.questions.select_related("decision", "objet_demarche__territoire"))
    contexte = cadre(request, demarche, ici, "questions") | {
        "questions": [(q, adresse_objet(ici.demarche, q)) for q in lues],
        "ouvertes": sum(1 for q in lues if q.close_le is None),
        "form": form,
    }
    return render(request, "reunions/questions.html", contexte, status=422 if form.is_bound else 200)


def _relever(request: HttpRequest, ici: Any) -> None:
    try:
        nombre = suites.preparer_questions(ici, suites.relever_tout(ici), par=agent_de(request))
    except actions.ReunionRefusee as refus:
        messages.error(request, str(refus))
        return
    dit = f"{nombre} question{'s' if nombre > 1 else ''} de plus." if nombre else "Rien de nouveau à relever."
    messages.success(request, dit)


@page_demarche(CONDUIRE, *LIRE_ECRIRE)
def question(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """Answering a question: it is closed by its answer."""
    ici = question_de(demarche, pk)
    exiger_conduite(request, ici.reunion)
    form = ReponseForm(
        request.POST or None, initial={"reponse": ici.reponse, "decision": ici.decision_id},
        decisions=list(ici.reunion.decisions.all()),
    )  # fmt: skip
    if form.is_valid():
        d = form.cleaned_data
        try:
            suites.repondre(ici, d["reponse"], d["decision"], par=agent_de(request))
        except actions.ReunionRefusee as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "La question est close par sa réponse.")
            return redirect(adresse(demarche, "questions", ici.reunion_id))
    contexte = {"demarche": demarche, "reunion": ici.reunion, "question": ici, "form": form}
    return render(request, "reunions/question.html", contexte, status=422 if form.is_bound else 200)


@page_demarche(VOIR, *LIRE_ECRIRE)
def creneaux(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """The slots of a permanence; a POST opens some."""
    ici = reunion_de(demarche, pk)
    form = CreneauxForm(request.POST or None, initial={"debut": ici.heure, "nombre": 6, "duree_minutes": 30})
    if request.method == "POST":
        exiger_conduite(request, ici)
        if form.is_valid():
            d = form.cleaned_data
            try:
                nombre = suites.ouvrir_creneaux(
                    ici, d["debut"], d["nombre"], d["duree_minutes"], par=agent_de(request)
                )
            except actions.ReunionRefusee as refus:
                form.add_error(None, str(refus))
            else:
                messages.success(request, f"{nombre} créneaux ouverts.")
                return redirect(adresse(demarche, "creneaux", pk))
    lus = list(ici.creneaux.all())
    contexte = cadre(request, demarche, ici, "creneaux") | {
        "creneaux": lus,
        "prend": bool(peut_sur(agent_de(request), "creneau.prendre", demarche)),
        "libres": sum(1 for c in lus if c.pris_le is None),
        "referents": list(ici.membres.filter(retire=False, place__startswith="referent")),
        "form": form,
    }
    return render(request, "reunions/creneaux.html", contexte, status=422 if form.is_bound else 200)


@page_demarche("creneau.prendre", *LIRE_ECRIRE)
def creneau(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """Taking a slot; who took it, or who conducts, gives it back (`liberer`)."""
    ici, agent = creneau_de(demarche, pk), agent_de(request)
    retour = redirect(adresse(demarche, "creneaux", ici.reunion_id))
    if request.method == "POST" and "liberer" in request.POST:
        if ici.pris_par_nom != agent.nom_complet:
            exiger(peut_conduire(agent, ici.reunion))
        suites.liberer_creneau(ici, par=agent)
        messages.success(request, "Le créneau est de nouveau libre.")
        return retour
    form = RendezVousForm(request.POST or None, instance=ici, initial={"courriel": agent.courriel})
    if form.is_valid():
        valeurs = {n: form.cleaned_data[n] for n in ("pour", "sujet", "courriel")}
        try:
            suites.prendre_creneau(ici, valeurs, par=agent)
        except actions.ReunionRefusee as refus:
            messages.error(request, str(refus))
        else:
            messages.success(request, f"Vous êtes attendu à {ici.debut:%H:%M}.")
        return retour
    contexte = {"demarche": demarche, "reunion": ici.reunion, "creneau": ici, "form": form}
    return render(request, "reunions/creneau.html", contexte, status=422 if form.is_bound else 200)
