"""The page that a link opens, on a phone, without an account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from arpent.metier.questionnaire import Reponse
from arpent.plateforme.acteurs.acces import publique
from arpent.plateforme.diagnostics.ateliers import limites
from arpent.plateforme.socle.soumission import avec_effet

from ..models import InvitationQuestionnaire, ReponseQuestionnaire
from . import jetons
from .forms import PageForm
from .lecture import questionnaire_de
from .participation import IlManque, ParticipationRefusee, TropVite, envoyer, garder

_PAGE = "suivi/questionnaires/repondre.html"
_MOT = "suivi/questionnaires/ferme.html"
SANS_LIEN = (
    "Ce lien n’ouvre aucun questionnaire. Il a été révoqué, ou recopié en partie : rouvrez le courriel reçu, "
    "ou demandez un nouveau lien à qui vous l’a envoyé."
)
TROP = "Trop de liens faux ont été ouverts d’ici. Attendez cinq minutes, puis rouvrez le lien reçu."


def _ferme(request: HttpRequest, titre: str, raison: str, status: int) -> HttpResponse:
    reponse = render(request, _MOT, {"titre": titre, "raison": raison}, status=status)
    return _discrete(reponse)


def _discrete(reponse: HttpResponse) -> HttpResponse:
    """The link is in the address: it is neither kept by a cache nor told to another site."""
    reponse["Cache-Control"] = "private, no-store"
    reponse["Referrer-Policy"] = "same-origin"
    return reponse


def _numero(request: HttpRequest, pages: int) -> int:
    lu = request.GET.get("page", "")
    return min(max(int(lu), 1), pages) if lu.isascii() and lu.isdecimal() and len(lu) < 4 else 0


@publique("GET", "HEAD", "POST")
def repondre(request: HttpRequest, jeton: str) -> HttpResponse:
    if limites.trop_de_codes_faux(request):
        return _ferme(request, "Un instant", TROP, 429)
    invitation = jetons.lire(jeton)
    if invitation is None:
        limites.noter_code_faux(request)
        return _ferme(request, "Ce lien ne s’ouvre pas", SANS_LIEN, 404)
    campagne = invitation.campagne
    if not campagne.est_ouverte(date.today()):
        fin = campagne.close_le or campagne.cloture_le
        raison = f"Le questionnaire « {campagne.titre} » est clos depuis le {fin:%d/%m/%Y}."
        return _ferme(request, "Ce questionnaire est clos", raison, 410)
    reponse = ReponseQuestionnaire.objects.filter(invitation=invitation).first()
    if request.method == "POST":
        return _recevoir(request, jeton, invitation, reponse)
    return _montrer(request, invitation, reponse)


def _recevoir(
    request: HttpRequest,
    jeton: str,
    invitation: InvitationQuestionnaire,
    reponse: ReponseQuestionnaire | None,
) -> HttpResponse:
    """Keeps the page, then goes where the button says. What is right is kept even beside an error."""
    posees, ici, le = questionnaire_de(invitation.campagne), request.path, date.today()
    numero = _numero(request, len(posees.etapes)) or 1
    deja: Mapping[str, Reponse] = reponse.reponses if reponse else {}
    form = PageForm(request.POST, etape=posees.etapes[numero - 1], reponses=deja)
    juste = form.is_valid()
    try:
        gardee = garder(invitation, form.bonnes, le=le)
        if not juste:
            return avec_effet(_montrer(request, invitation, gardee, form, numero, 422))
        geste = request.POST.get("geste", "suivante")
        if geste == "precedente":
            return redirect(f"{ici}?page={max(numero - 1, 1)}")
        if geste == "suivante" and numero < len(posees.etapes):
            return redirect(f"{ici}?page={numero + 1}")
        envoyer(invitation, le=le)
    except IlManque as manque:
        autre = PageForm(etape=posees.etapes[manque.page - 1], reponses=gardee.reponses)
        return avec_effet(_montrer(request, invitation, gardee, autre, manque.page, 422, alerte=str(manque)))
    except TropVite as refus:
        return _ferme(request, "Un instant", str(refus), 429)
    except ParticipationRefusee as refus:
        return _ferme(request, "Ce questionnaire est clos", str(refus), 410)
    return redirect(reverse("suivi:repondre", args=[jeton]))


def _montrer(
    request: HttpRequest,
    invitation: InvitationQuestionnaire,
    reponse: ReponseQuestionnaire | None,
    form: PageForm | None = None,
    numero: int = 0,
    status: int = 200,
    alerte: str = "",
) -> HttpResponse:
    """Page 0: the welcome, or the thanks once the answers are sent."""
    campagne = invitation.campagne
    posees = questionnaire_de(campagne)
    numero = numero or _numero(request, len(posees.etapes))
    deja: Mapping[str, Reponse] = reponse.reponses if reponse else {}
    if numero and form is None:
        form = PageForm(etape=posees.etapes[numero - 1], reponses=deja)
    contexte = {
        "campagne": campagne,
        "organisation": invitation.organisation,
        "autorite": campagne.demarche.autorite.nom,
        "posees": posees,
        "numero": numero,
        "pages": len(posees.etapes),
        "etape": posees.etapes[numero - 1] if numero else None,
        "form": form,
        "commencee": bool(deja),
        "envoyee": reponse is not None and reponse.terminee_le is not None,
        "repondues": sum(1 for q in posees.questions if deja.get(q.code)),
        "alerte": alerte,
    }
    return _discrete(render(request, _PAGE, contexte, status=status))
