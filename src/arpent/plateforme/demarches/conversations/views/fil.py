"""The conversation about an object: a fragment of its page, and a page of its own."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from arpent.metier.cycles.appui import DEMANDER
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.acteurs.remarques import RemarqueRefusee
from arpent.plateforme.socle.champs_fichier import servir

from ...acces import page_demarche, peut_sur
from ...models import Demarche
from ...reunions.objets import genre as genre_objet
from .. import actions
from ..forms import MessageForm
from ..lecture import Sujet, lire_fils, peut_regler, public_de, trouver
from ..models import Message

ECRIRE, VOIR = "conversation.ecrire", "territoire.voir"


def _sujet(agent: Agent, demarche: Demarche, genre: str, objet: int) -> Sujet:
    """404: no such object, or not for that agent; 403 when its role never reads that kind."""
    nature = genre_objet(genre)
    if nature is None or not nature.converse:
        raise Http404("Il n’y a pas de conversation ici.")
    if not (avis := peut_sur(agent, nature.droit, demarche)):
        raise PermissionDenied(avis.raison)
    sujet = trouver(agent, demarche, genre, objet)
    if sujet is None:
        raise Http404("Cet objet n’existe pas, ou n’est pas dans votre périmètre.")
    return sujet


def _page(request: HttpRequest, sujet: Sujet, form: MessageForm | None = None) -> HttpResponse:
    """Eleven queries at most, whatever was said."""
    agent = cast(Agent, request.user)
    fils, feuille = lire_fils(sujet, agent, request.GET.get("page"))
    ecrit = bool(peut_sur(agent, ECRIRE, sujet.demarche))
    contexte: dict[str, Any] = {
        "demarche": sujet.demarche,
        "sujet": sujet,
        "fils": fils,
        "feuille": feuille,
        "ouverts": sum(f.racine.resolu_le is None for f in fils),
        "ecrit": ecrit,
        "demande_appui": sujet.genre.code != "appui" and bool(peut_sur(agent, DEMANDER, sujet.demarche)),
    }
    if ecrit:
        public = public_de(sujet, agent)
        contexte["public"] = public
        contexte["form"] = form or MessageForm(
            public=public, agent=agent, ce=sujet.genre.ce, auto_id="id_m_%s"
        )
    fragment = request.headers.get("HX-Request") == "true"
    gabarit = "conversations/_conversation.html" if fragment else "conversations/conversation.html"
    return render(request, gabarit, contexte, status=422 if form is not None else 200)


@page_demarche(VOIR, "GET", "HEAD", "POST")
def fil(request: HttpRequest, demarche: Demarche, genre: str, objet: int) -> HttpResponse:
    """What was said; a POST says something, then goes back to the page of the object."""
    agent = cast(Agent, request.user)
    sujet = _sujet(agent, demarche, genre, objet)
    if request.method != "POST":
        return _page(request, sujet)
    if not (avis := peut_sur(agent, ECRIRE, demarche)):
        raise PermissionDenied(avis.raison)
    form = MessageForm(
        request.POST, request.FILES, public=public_de(sujet, agent), agent=agent, ce=sujet.genre.ce,
        auto_id="id_m_%s",
    )  # fmt: skip
    if not form.is_valid():
        return _page(request, sujet, form)
    d = form.cleaned_data
    racine = _message(agent, sujet, d["reponse_a"]) if d["reponse_a"] else None
    try:
        actions.dire(
            sujet, d["texte"], par=agent, portee=d["portee"], reponse_a=racine, envoi=form.envoi(),
            prevenir=d["prevenir"],
        )  # fmt: skip
    except RemarqueRefusee as refus:
        form.add_error(refus.champ, str(refus))
        return _page(request, sujet, form)
    messages.success(request, "Votre réponse est envoyée." if racine else "Votre message est envoyé.")
    return redirect(sujet.url_du_fil)


def _message(agent: Agent, sujet: Sujet, pk: int) -> Message:
    """The first message of a thread about that object; 404 when the agent may not read it."""
    return get_object_or_404(
        Message.objects.visibles_par(agent),
        pk=pk,
        reponse_a=None,
        demarche=sujet.demarche,
        genre=sujet.genre.code,
        objet_id=sujet.objet_id,
    )


def _lu(agent: Agent, demarche: Demarche, pk: int) -> tuple[Message, Sujet]:
    """A message that the agent may read, and what it is about; 404 otherwise."""
    message = get_object_or_404(Message.objects.visibles_par(agent), pk=pk, demarche=demarche)
    sujet = trouver(agent, demarche, message.genre, message.objet_id)
    if sujet is None:
        raise Http404("Ce message n’existe pas, ou n’est pas pour vous.")
    return message, sujet


@page_demarche(VOIR, "POST")
def etat(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """Settles a thread or opens it again (`resolu` = 1 or 0)."""
    agent = cast(Agent, request.user)
    message, sujet = _lu(agent, demarche, pk)
    if not peut_regler(agent, message, demarche):
        raise PermissionDenied(
            "Cette discussion est réglée par qui l’a ouverte, sa structure, ou le chef de projet territorial."
        )
    resolu = request.POST.get("resolu") == "1"
    try:
        actions.regler(message, sujet, resolu=resolu, par=agent)
    except RemarqueRefusee as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, "La discussion est réglée." if resolu else "La discussion est rouverte.")
    return redirect(sujet.url_du_fil)


@page_demarche(VOIR)
def piece(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """The file of a message, for whoever reads the message."""
    message, _ = _lu(cast(Agent, request.user), demarche, pk)
    return servir(message.piece, message.piece_nom, message.piece_mime)
