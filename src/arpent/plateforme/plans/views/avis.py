"""Avis of services, from a fiche."""

from __future__ import annotations

import re
from datetime import date
from typing import cast

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from arpent.plateforme.acteurs.models import Agent, Habilitation
from arpent.plateforme.acteurs.roles import ROLES
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche

from ..avis import demander_avis, rendre_avis
from ..droits import peut_rendre_avis
from ..forms.actes import DemanderAvisForm, RendreAvisForm
from ..models import AvisService, Fiche
from .fiche import exiger
from .formulaires import PageFormulaire
from .volets import fiche_ou_404


def _qui_rend(demarche: Demarche, fiche: Fiche) -> QuerySet[Agent]:
    """Agents of the authority (and its partners) who may give an avis there, on that theme. No query."""
    roles = [code for code, role in ROLES.items() if "avis.rendre" in role.droits]
    habilitations = Habilitation.objects.en_cours(date.today()).filter(
        role__in=roles, autorite_id=demarche.autorite.pk
    )
    if fiche.theme is not None:
        code = re.escape(fiche.theme.code)
        habilitations = habilitations.filter(Q(themes="") | Q(themes__regex=rf"(^|,){code}(,|$)"))
    return Agent.objects.filter(pk__in=habilitations.values("agent")).order_by("nom", "prenom")


@page_demarche("avis.demander", "GET", "HEAD", "POST")
def avis_demander(request: HttpRequest, demarche: Demarche, numero: int) -> HttpResponse:
    """Asks a service for its avis."""
    fiche = fiche_ou_404(request, demarche, numero)
    donnees = request.POST if request.method == "POST" else None
    form = DemanderAvisForm(donnees, agents=_qui_rend(demarche, fiche))
    formulaire = PageFormulaire(
        demarche=demarche,
        fiche=fiche,
        titre="Demander un avis",
        envoyer="Envoyer la demande d’avis",
        retour=f"{fiche.get_absolute_url()}#avis",
        intro="La personne désignée est prévenue ; sinon, tout agent du service peut répondre.",
    )

    def agir() -> AvisService:
        d = form.cleaned_data
        return demander_avis(
            fiche,
            service=d["service"],
            question=d["question"],
            echeance_le=d["echeance_le"],
            confidentiel=d["confidentiel"],
            agent=d["agent"],
            par=cast(Agent, request.user),
        )

    return formulaire.traiter(request, form, agir, "La demande d’avis est envoyée.")


@page_demarche("avis.rendre", "GET", "HEAD", "POST")
def avis_rendre(request: HttpRequest, demarche: Demarche, numero: int, pk: int) -> HttpResponse:
    """Answers a question asked. What one may not read does not exist."""
    agent = cast(Agent, request.user)
    fiche = fiche_ou_404(request, demarche, numero)
    demande = AvisService.objects.visibles_par(agent).filter(pk=pk, fiche=fiche).first()
    if demande is None:
        raise Http404("Cet avis n’existe pas, ou n’est pas dans votre périmètre.")
    demande.fiche = fiche
    exiger(peut_rendre_avis(agent, demande))
    donnees = request.POST if request.method == "POST" else None
    form = RendreAvisForm(donnees, initial={"version_lue": demande.version})
    formulaire = PageFormulaire(
        demarche=demarche,
        fiche=fiche,
        titre=f"Avis de {demande.service}",
        envoyer="Rendre l’avis",
        retour=f"{fiche.get_absolute_url()}#avis",
        intro=f"{demande.demande_par_nom}, pour le {demande.echeance_le:%d/%m/%Y} : « {demande.question} »",
    )

    def agir() -> AvisService:
        d = form.cleaned_data
        return rendre_avis(
            demande, sens=d["sens"], motifs=d["motifs"], version_lue=d["version_lue"], par=agent
        )

    return formulaire.traiter(request, form, agir, "Votre avis est rendu.")


@page_demarche("plan.voir")
def avis_liste(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """Avis asked on the fiches of a territory, the overdue ones first. One query of its own."""
    agent, aujourd_hui = cast(Agent, request.user), date.today()
    lisibles = Fiche.objects.visibles_par(agent).filter(demarche=demarche)
    tous = list(
        AvisService.objects.visibles_par(agent)
        .filter(fiche__in=lisibles.values("pk"))
        .select_related("fiche")
        .order_by("echeance_le", "pk")
    )
    attendus = [a for a in tous if a.rendu_le is None]
    contexte = {
        "demarche": demarche,
        "attendus": [(a, a.echeance_le < aujourd_hui, a.agent_id == agent.pk) for a in attendus],
        "rendus": [a for a in tous if a.rendu_le is not None],
        "en_retard": sum(a.echeance_le < aujourd_hui for a in attendus),
    }
    return render(request, "plans/avis_liste.html", contexte)
