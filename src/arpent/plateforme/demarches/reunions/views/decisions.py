"""A decision: its page, its follow-up; and those about one object, wherever it is shown."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate

from arpent.metier.cycles.cycle import TransitionRefusee
from arpent.metier.cycles.decision import CYCLE_DECISION
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ...models import Demarche
from .. import actions, objets, seance
from ..droits import peut_conduire, peut_suivre
from ..forms_suites import DecisionForm
from ..lecture import adresse_objet, decisions_sur
from ..models_suites import Decision
from .acces import CONDUIRE, LIRE_ECRIRE, VOIR, adresse, agent_de, decision_de, exiger, exiger_conduite


@page_demarche(VOIR, *LIRE_ECRIRE)
def decision(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """The decision with its history; a POST with `geste` follows it up."""
    ici, agent = decision_de(demarche, pk), agent_de(request)
    if request.method == "POST":
        exiger(peut_suivre(agent, ici))
        try:
            seance.suivre_decision(
                ici, request.POST.get("geste", ""), motif=request.POST.get("motif", ""), le=localdate(),
                par=agent,
            )  # fmt: skip
        except (TransitionRefusee, actions.ReunionRefusee) as refus:
            messages.error(request, str(refus))
        else:
            messages.success(request, "L’état de la décision est enregistré.")
        return redirect(adresse(demarche, "decision", pk))
    suit = bool(peut_suivre(agent, ici))
    contexte = {
        "demarche": demarche,
        "decision": ici,
        "reunion": ici.reunion,
        "url_objet": adresse_objet(ici.reunion.demarche, ici),
        "genre_objet": objets.libelle_genre(ici.objet_genre),
        "gestes": CYCLE_DECISION.gestes_possibles(ici.etat) if suit else (),
        "modifie": ici.reunion.est_en_seance and bool(peut_conduire(agent, ici.reunion)),
        "retard": ici.est_en_retard(localdate()),
        "histoire": Entree.objects.filter(objet_type=ici._meta.label_lower, objet_id=str(ici.pk)).order_by(
            "numero"
        ),
    }
    return render(request, "reunions/decision.html", contexte)


@page_demarche(CONDUIRE, *LIRE_ECRIRE)
def modifier(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """Changing a decision while the minutes are not submitted."""
    ici = decision_de(demarche, pk)
    exiger_conduite(request, ici.reunion)
    avant = {n: getattr(ici, n) for n in seance.CHAMPS_DECISION}
    membres = list(ici.reunion.membres.filter(retire=False).select_related("organisation"))
    form = DecisionForm(
        request.POST or None, instance=ici, demarche=ici.objet_demarche or ici.reunion.demarche,
        membres=membres,
        points=list(ici.reunion.points.all()),
    )  # fmt: skip
    if form.is_valid():
        form.poser(ici)
        try:
            seance.modifier_decision(
                ici, avant=avant, version_lue=form.cleaned_data["version_lue"], par=agent_de(request)
            )
        except actions.ReunionRefusee as refus:
            form.add_error(None, str(refus))
        except ConflitDeVersion as conflit:
            return page_conflit(
                request, conflit, titre="Cette décision a changé entre-temps", retour=request.get_full_path()
            )
        else:
            messages.success(request, "La décision est enregistrée.")
            return redirect(adresse(demarche, "decision", pk))
    contexte = {"demarche": demarche, "reunion": ici.reunion, "decision": ici, "form": form}
    return render(request, "reunions/decision_modifier.html", contexte, status=422 if form.is_bound else 200)


@page_demarche(VOIR)
def sur_un_objet(request: HttpRequest, demarche: Demarche, genre: str, objet: int) -> HttpResponse:
    """The decisions about one object of the démarche: a page, or a fragment for htmx. One query."""
    lues = list(decisions_sur(genre, objet).de(demarche)[:50])
    contexte = {
        "demarche": demarche,
        "decisions": lues,
        "aujourdhui": localdate(),
        "url_objet": objets.adresse(demarche, genre, objet),
        "libelle": lues[0].objet_libelle if lues else "",
    }
    fragment = request.headers.get("HX-Request") == "true"
    gabarit = "reunions/_decisions_objet.html" if fragment else "reunions/decisions_objet.html"
    return render(request, gabarit, contexte)


@page_demarche(VOIR)
def a_faire(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """The decisions of the démarche still to do, the most pressing first: a page, or a fragment."""
    lues = (
        Decision.objects.filter(Q(reunion__demarche=demarche) | Q(objet_demarche=demarche))
        .a_faire()
        .select_related("reunion__demarche")
        .order_by(F("echeance").asc(nulls_last=True), "pk")
    )
    fragment = request.headers.get("HX-Request") == "true"
    contexte = {
        "demarche": demarche,
        "decisions": list(lues[: 5 if fragment else 200]),
        "aujourdhui": localdate(),
    }
    gabarit = "reunions/_decisions_objet.html" if fragment else "reunions/a_faire.html"
    return render(request, gabarit, contexte)
