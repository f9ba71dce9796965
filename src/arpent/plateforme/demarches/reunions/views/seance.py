"""The meeting under way: presence, notes of each point, decisions; and its minutes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.socle.soumission import avec_effet
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ...models import Demarche
from .. import actions, gestes, seance
from ..droits import peut_valider
from ..forms import MembreForm
from ..forms_suites import DecisionForm
from ..lecture import adresse_objet, membres_de, points_de, presences
from ..models import MembreReunion, Reunion
from ..models_suites import Decision
from .acces import (
    CONDUIRE,
    VOIR,
    adresse,
    agent_de,
    cadre,
    exiger_conduite,
    point_de,
    reunion_de,
)


def _version(request: HttpRequest) -> int:
    lue = request.POST.get("version_lue", "")
    return int(lue) if lue.isdecimal() and len(lue) < 10 else 0


def _contexte(
    request: HttpRequest, demarche: Demarche, ici: Reunion, form: DecisionForm | None = None
) -> dict[str, Any]:
    membres, lus = list(ici.membres.filter(retire=False).select_related("organisation")), points_de(ici)
    neuf = Decision(reunion=ici)
    form = form or DecisionForm(instance=neuf, demarche=ici.demarche, membres=membres, points=lus)
    form.fields.pop("version_lue", None)
    return cadre(request, demarche, ici, "seance") | {
        "membres": membres,
        "presences": presences(membres),
        "choix_presence": MembreReunion.Presence.choices,
        "points": [(p, adresse_objet(ici.demarche, p)) for p in lus],
        "decisions": list(ici.decisions.all()),
        "form": form,
        "form_membre": MembreForm(),
    }


@page_demarche(CONDUIRE)
def page(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """Presence, notes and decisions on one page. About twelve queries, whatever their number."""
    ici = reunion_de(demarche, pk)
    exiger_conduite(request, ici)
    return render(request, "reunions/seance.html", _contexte(request, demarche, ici))


@page_demarche(CONDUIRE, "POST")
def presence(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """Reads `presence-<membre>` and `par-<membre>` for each member sent."""
    ici = reunion_de(demarche, pk)
    exiger_conduite(request, ici)
    lues = {
        int(cle.removeprefix("presence-")): (
            str(valeur), request.POST.get(f"par-{cle.removeprefix('presence-')}", "")
        )
        for cle, valeur in request.POST.items()
        if cle.startswith("presence-") and cle.removeprefix("presence-").isdecimal() and len(cle) < 27
    }  # fmt: skip
    try:
        nombre = seance.noter_presences(ici, lues, par=agent_de(request))
    except actions.ReunionRefusee as refus:
        messages.error(request, str(refus))
    else:
        dit = "Les présences sont enregistrées." if nombre else "Les présences étaient déjà celles-là."
        messages.success(request, dit)
    return redirect(adresse(demarche, "seance", pk, "presences"))


@page_demarche(CONDUIRE, "POST")
def notes(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """The notes of a point; htmx sends them as they are typed and is answered by one line."""
    point = point_de(demarche, pk)
    exiger_conduite(request, point.reunion)
    direct = request.headers.get("HX-Request") == "true"
    try:
        seance.ecrire_notes(
            point, request.POST.get("notes", ""), version_lue=_version(request), par=agent_de(request)
        )
    except actions.ReunionRefusee as refus:
        if direct:
            return render(request, "reunions/_notes_etat.html", {"point": point, "refus": str(refus)})
        messages.error(request, str(refus))
    except ConflitDeVersion as conflit:
        if direct:
            refus_direct = "Quelqu’un a écrit ici entre-temps : rechargez la page pour voir ses notes."
            return render(request, "reunions/_notes_etat.html", {"point": point, "refus": refus_direct})
        return page_conflit(
            request, conflit, titre="Ces notes ont changé entre-temps",
            retour=adresse(demarche, "seance", point.reunion_id, f"point-{point.pk}"),
        )  # fmt: skip
    else:
        if direct:
            ecrit = {"point": point, "heure": timezone.now()}
            return avec_effet(render(request, "reunions/_notes_etat.html", ecrit))
        messages.success(request, "Les notes sont enregistrées.")
    return redirect(adresse(demarche, "seance", point.reunion_id, f"point-{point.pk}"))


@page_demarche(CONDUIRE, "POST")
def synthese(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """The summary that opens the minutes."""
    ici = reunion_de(demarche, pk)
    exiger_conduite(request, ici)
    texte = request.POST.get("synthese", "").strip()[: seance.NOTES_MAX]
    try:
        seance.ecrire_synthese(ici, texte, version_lue=_version(request), par=agent_de(request))
    except actions.ReunionRefusee as refus:
        messages.error(request, str(refus))
    except ConflitDeVersion as conflit:
        return page_conflit(
            request, conflit, titre="Cette synthèse a changé entre-temps",
            retour=adresse(demarche, "compte_rendu", pk),
        )  # fmt: skip
    else:
        messages.success(request, "La synthèse est enregistrée.")
    return redirect(adresse(demarche, "compte_rendu", pk))


@page_demarche(CONDUIRE, "POST")
def decider(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """A new decision; a form to correct comes back with the page."""
    ici = reunion_de(demarche, pk)
    exiger_conduite(request, ici)
    membres = list(ici.membres.filter(retire=False).select_related("organisation"))
    decision = Decision(reunion=ici)
    form = DecisionForm(
        request.POST, instance=decision, demarche=ici.demarche, membres=membres, points=list(ici.points.all())
    )
    del form.fields["version_lue"]
    if form.is_valid():
        form.poser(decision)
        try:
            seance.decider(decision, par=agent_de(request))
        except actions.ReunionRefusee as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"La décision {decision.numero} est enregistrée.")
            return redirect(adresse(demarche, "seance", pk, "decisions"))
    contexte = _contexte(request, demarche, reunion_de(demarche, pk), form)
    return render(request, "reunions/seance.html", contexte, status=422)


@page_demarche(VOIR)
def compte_rendu(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """The minutes: the draft for those who conduct or validate, the validated ones for all."""
    ici = reunion_de(demarche, pk)
    agent = agent_de(request)
    contexte = cadre(request, demarche, ici, "compte_rendu")
    valideur = ici.etat == "redigee" and bool(peut_valider(agent, ici))
    lit = contexte["conduit"] or ici.est_validee or valideur
    membres = membres_de(ici)
    contexte |= {
        "lit": lit,
        "valide": valideur,
        "membres": membres,
        "presences": presences(membres),
        "points": points_de(ici) if lit else [],
        "decisions": list(ici.decisions.all()) if lit else [],
        "questions": list(ici.questions.all()) if lit else [],
        "emis": gestes.documents_de(ici, gestes.COMPTE_RENDU) if ici.est_validee else [],
        "etape_a_faire": ici.etape is not None and ici.etape.faite_le is None,
    }
    return render(request, "reunions/compte_rendu.html", contexte)
