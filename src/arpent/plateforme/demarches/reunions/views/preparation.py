"""A meeting: its page, preparing it, changing it, the gestures of its life."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate

from arpent.metier.cycles.cycle import TransitionRefusee
from arpent.metier.cycles.reunion import CYCLE_REUNION, VALIDER
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.documents.rendu.pdf import RenduImpossible
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ...models import Demarche, Etape
from .. import actions, gestes
from ..droits import peut_dans, peut_valider
from ..forms import ReunionForm, SeanceForm, initiales
from ..genres import Genre, genres_de
from ..lecture import membres_de, points_de, presences
from ..models import Reunion
from .acces import CONDUIRE, LIRE_ECRIRE, VOIR, adresse, agent_de, cadre, exiger, exiger_conduite, reunion_de

ANNONCES = {
    "convoquer_reunion": "Les convocations sont parties.",
    "tenir_reunion": "La réunion s’est tenue. Complétez les présences, les notes et les décisions.",
    "rediger_compte_rendu": "Le compte rendu est soumis à la présidence de la réunion.",
    "reprendre_compte_rendu": "Le compte rendu peut de nouveau être modifié.",
    "valider_compte_rendu": "Le compte rendu est validé : il ne change plus.",
    "envoyer_compte_rendu": "Le compte rendu est envoyé aux personnes conviées.",
    "reporter_reunion": "La réunion est reportée. Choisissez sa nouvelle date, puis convoquez-la.",
    "annuler_reunion": "La réunion est annulée.",
}
A_PART = frozenset({"reporter_reunion", "annuler_reunion", "valider_compte_rendu"})
"""Gestures that have a form of their own: a reason, or a box to tick."""


@page_demarche(VOIR)
def reunion(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """The meeting at a glance, and what may be done now. About twelve queries of its own."""
    ici = reunion_de(demarche, pk)
    agent = agent_de(request)
    membres = membres_de(ici)
    possibles = {t.geste: t for t in CYCLE_REUNION.gestes_possibles(ici.etat)}
    contexte = cadre(request, demarche, ici, "reunion")
    conduit = contexte["conduit"]
    contexte |= {
        "autres": actions.demarches_de(ici)[1:],
        "membres": membres,
        "presences": presences(membres),
        "points": points_de(ici),
        "decisions": list(ici.decisions.all()),
        "pieces": list(ici.pieces.filter(retiree_le=None)),
        "emises": gestes.documents_de(ici, gestes.CONVOCATION) if conduit else [],
        "gestes": [
            t
            for g, t in possibles.items()
            if conduit and g not in A_PART and not (g == "tenir_reunion" and ici.jour > localdate())
        ],
        "a_venir": ici.etat == "convoquee" and ici.jour > localdate(),
        "reporte": possibles.get("reporter_reunion") if conduit else None,
        "annule": possibles.get("annuler_reunion") if conduit else None,
        "valide": "valider_compte_rendu" in possibles and bool(peut_valider(agent, ici)),
        "manques": gestes.manques_pour_convoquer(ici) if ici.est_modifiable and conduit else [],
        "sans_courriel": [m for m in membres if not m.courriel],
    }
    return render(request, "reunions/reunion.html", contexte)


def _autres_possibles(agent: Agent, demarche: Demarche) -> list[Demarche]:
    """The other démarches of the same processus that this person conducts. One query."""
    rows = Demarche.objects.visibles_par(agent).avec_contexte().exclude(pk=demarche.pk)
    memes = rows.filter(version_processus__processus=demarche.processus).order_by("territoire__nom", "pk")
    return [d for d in memes if peut_sur(agent, CONDUIRE, d)]


def _genre_de_l_etape(etape: Etape | None, genres: Mapping[str, Genre]) -> Genre | None:
    """The kind of meeting that the processus names for that step: « copil » is the first of the copil_…"""
    if etape is None or not etape.reunion:
        return None
    return next((g for code, g in genres.items() if code.startswith(etape.reunion)), None)


@page_demarche(CONDUIRE, *LIRE_ECRIRE)
def creer(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """`?genre=` chooses the kind beforehand, `?etape=` the step that it is held for."""
    agent = agent_de(request)
    genres = genres_de(demarche)
    etapes = list(demarche.etapes.all())
    etape = next((e for e in etapes if str(e.pk) == request.GET.get("etape")), None)
    voulu = genres.get(request.GET.get("genre", "")) or _genre_de_l_etape(etape, genres)
    depart = initiales(demarche, voulu, localdate()) | {"etape": etape}
    nouvelle = Reunion(demarche=demarche)
    form = ReunionForm(
        request.POST or None, instance=nouvelle, initial=depart, genres=list(genres.values()), etapes=etapes,
        autres=_autres_possibles(agent, demarche),
    )  # fmt: skip
    if form.is_valid():
        genre = genres[form.cleaned_data["genre"]]
        nouvelle.titre = nouvelle.titre or f"{genre.libelle}, {demarche.territoire.nom}"[:200]
        autres = list(form.cleaned_data.get("autres") or ())
        actions.preparer(nouvelle, genre, autres, par=agent)
        messages.success(request, "La réunion est prête. Vérifiez qui est convié et l’ordre du jour.")
        return redirect(adresse(demarche, "participants", nouvelle.pk))
    contexte = {"demarche": demarche, "form": form, "titre": "Préparer une réunion", "genre": voulu}
    return render(request, "reunions/formulaire.html", contexte, status=422 if form.is_bound else 200)


@page_demarche(CONDUIRE, *LIRE_ECRIRE)
def modifier(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """Everything while nobody holds a notice; afterwards only when and where, with a reason."""
    ici = reunion_de(demarche, pk)
    exiger_conduite(request, ici)
    if not ici.est_modifiable:
        return _changer_seance(request, demarche, ici)
    agent, avant = agent_de(request), actions.valeurs(ici)
    form = ReunionForm(
        request.POST or None, instance=ici, initial={"autres": [d.pk for d in ici.autres.all()]},
        etapes=list(ici.demarche.etapes.all()), autres=_autres_possibles(agent, ici.demarche),
    )  # fmt: skip
    if form.is_valid():
        ici.titre = ici.titre or avant["titre"]
        try:
            actions.modifier(
                ici, form.cleaned_data.get("autres") or (), avant=avant,
                version_lue=form.cleaned_data["version_lue"], par=agent,
            )  # fmt: skip
        except actions.ReunionRefusee as refus:
            form.add_error(None, str(refus))
        except ConflitDeVersion as conflit:
            return _conflit(request, conflit)
        else:
            messages.success(request, "La réunion est enregistrée.")
            return redirect(adresse(demarche, "reunion", pk))
    contexte = {"demarche": demarche, "reunion": ici, "form": form, "titre": "Modifier la réunion"}
    return render(request, "reunions/formulaire.html", contexte, status=422 if form.is_bound else 200)


def _conflit(request: HttpRequest, conflit: ConflitDeVersion) -> HttpResponse:
    return page_conflit(
        request, conflit, titre="Cette réunion a changé entre-temps", retour=request.get_full_path()
    )


def _changer_seance(request: HttpRequest, demarche: Demarche, ici: Reunion) -> HttpResponse:
    form = SeanceForm(request.POST or None, instance=ici)
    if form.is_valid():
        nouveau: dict[str, Any] = {n: form.cleaned_data[n] for n in gestes.CHAMPS_SEANCE}
        try:
            gestes.changer_seance(
                ici, nouveau, motif=form.cleaned_data["motif"], le=localdate(),
                version_lue=form.cleaned_data["version_lue"], par=agent_de(request),
            )  # fmt: skip
        except (actions.ReunionRefusee, RenduImpossible) as refus:
            form.add_error(None, str(refus))
        except ConflitDeVersion as conflit:
            return _conflit(request, conflit)
        else:
            messages.success(request, "La séance est changée ; un nouvel avis est parti.")
            return redirect(adresse(demarche, "reunion", ici.pk))
    contexte = {"demarche": demarche, "reunion": ici, "form": form, "titre": "Changer la séance"}
    return render(request, "reunions/changer.html", contexte, status=422 if form.is_bound else 200)


@page_demarche(VOIR, "POST")
def geste(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """A gesture of the cycle: `geste`, with `motif` or `avec_etape`, if nobody made one since `etat_lu`."""
    ici, agent, nom = reunion_de(demarche, pk), agent_de(request), request.POST.get("geste", "")
    droit = next((t.droit for t in CYCLE_REUNION.transitions if t.geste == nom), CONDUIRE)
    exiger(peut_valider(agent, ici) if droit == VALIDER else peut_dans(agent, droit, ici))
    retour = adresse(demarche, "compte_rendu" if "compte_rendu" in nom else "reunion", pk)
    if request.POST.get("etat_lu", ici.etat) != ici.etat:
        messages.error(
            request,
            f"Cette réunion est entre-temps « {ici.get_etat_display()} » : rien n’a été changé. "
            "Vérifiez, puis recommencez si besoin.",
        )
        return redirect(retour)
    try:
        _faire(ici, nom, request, agent)
    except (TransitionRefusee, actions.ReunionRefusee, RenduImpossible) as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, ANNONCES[nom])
    return redirect(retour)


def _faire(ici: Reunion, nom: str, request: HttpRequest, agent: Agent) -> None:
    le, motif = localdate(), request.POST.get("motif", "")
    match nom:
        case "convoquer_reunion":
            gestes.convoquer(ici, le=le, par=agent)
        case "reporter_reunion" | "annuler_reunion":
            gestes.renoncer(ici, nom, motif=motif, le=le, par=agent)
        case "tenir_reunion":
            gestes.tenir(ici, par=agent)
        case "rediger_compte_rendu" | "reprendre_compte_rendu":
            gestes.rediger(ici, nom, par=agent)
        case "valider_compte_rendu":
            gestes.valider(ici, avec_etape=bool(request.POST.get("avec_etape")), le=le, par=agent)
        case "envoyer_compte_rendu":
            gestes.envoyer(ici, par=agent)
        case _:
            raise actions.ReunionRefusee("Choisissez ce qu’il faut faire de la réunion.")
