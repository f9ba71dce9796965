"""The calendar of a person: an address that only they know, and the page that opens or closes it."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate

from arpent.plateforme.acteurs.acces import page, publique

from .. import suites
from ..adresses import abonnement_de, absolue, adresse_agenda, adresse_arret
from ..agendas import Echeance, flux_ics
from ..models import MembreReunion, Reunion
from ..models_suites import AbonnementAgenda, ContributionSectorielle, Decision
from .acces import LIRE_ECRIRE, agent_de

PASSE = timedelta(days=365)
MAX = 500


def reunions_de(abonnement: AbonnementAgenda) -> list[Reunion]:
    """Those that they were convened to, from a year ago on. One query."""
    agent = abonnement.agent or (abonnement.personne.agent if abonnement.personne else None)
    siennes = Q(personne=abonnement.personne) if abonnement.personne else Q()
    if agent is not None:
        siennes |= Q(agent=agent) | Q(personne__agent=agent)
    convie = MembreReunion.objects.filter(siennes, retire=False, convoque_le__isnull=False)
    return list(
        Reunion.objects.filter(pk__in=convie.values("reunion_id"), jour__gte=localdate() - PASSE)
        .select_related("demarche")
        .defer("synthese", "message")
        .order_by("jour", "pk")[:MAX]
    )


def echeances_de(abonnement: AbonnementAgenda) -> list[Echeance]:
    """What they decided to do, and the contributions that their meetings wait for. Two queries."""
    agent = abonnement.agent or (abonnement.personne.agent if abonnement.personne else None)
    rows = Decision.objects.filter(responsable=abonnement.personne_id or 0)
    if agent is not None:
        rows = Decision.objects.portees_par(agent)
    jours = [
        Echeance(f"decision-{d.pk}", d.echeance, f"À faire : {d.texte[:150]}", d.objet_libelle)
        for d in rows.a_faire().filter(echeance__isnull=False).order_by("echeance", "pk")[:MAX]
        if d.echeance
    ]
    attendues = ContributionSectorielle.objects.filter(
        rendue_le__isnull=True, reunion__reponses_le__gte=localdate(), reunion__membres__agent=agent or 0
    )
    for c in attendues.select_related("reunion").distinct()[:MAX]:
        if c.reunion.reponses_le:
            jours.append(
                Echeance(f"contribution-{c.pk}", c.reunion.reponses_le, f"Contribution attendue : {c}")
            )
    return jours


@publique()
def flux(request: HttpRequest, jeton: str) -> HttpResponse:
    """The feed behind a signed address; 404 once it is revoked or forged. Four queries."""
    abonnement = abonnement_de(jeton)
    if abonnement is None:
        raise Http404("Cet agenda n’existe pas, ou son adresse a été révoquée.")
    lues = [(r, absolue(r.get_absolute_url())) for r in reunions_de(abonnement)]
    contenu = flux_ics(
        "Réunions et échéances (Arpent)", lues, echeances_de(abonnement),
        detail=f"Pour arrêter cet agenda : {absolue(adresse_arret(abonnement))}",
    )  # fmt: skip
    reponse = HttpResponse(contenu, content_type="text/calendar; charset=utf-8")
    reponse["Cache-Control"] = "private, max-age=900"
    reponse["X-Robots-Tag"] = "noindex"
    reponse["Referrer-Policy"] = "no-referrer"
    return reponse


@publique(*LIRE_ECRIRE)
def arreter(request: HttpRequest, jeton: str) -> HttpResponse:
    """Stops the feed of the address, once confirmed; 404 once it is stopped or forged. One query to read."""
    abonnement = abonnement_de(jeton)
    if abonnement is None:
        raise Http404("Cet agenda n’existe pas, ou son adresse ne répond déjà plus.")
    if request.method == "POST":
        suites.revoquer_les_agendas(AbonnementAgenda.objects.filter(pk=abonnement.pk), par=None)
    reponse = render(request, "reunions/agenda_arreter.html", {"arrete": request.method == "POST"})
    reponse["X-Robots-Tag"] = "noindex"
    reponse["Referrer-Policy"] = "same-origin"
    return reponse


@page("connecte", *LIRE_ECRIRE)
def mon_agenda(request: HttpRequest) -> HttpResponse:
    """Opening one's feed, changing its address, closing it."""
    agent = agent_de(request)
    if request.method == "POST":
        if request.POST.get("geste") == "revoquer":
            suites.revoquer_agenda(agent)
            messages.success(request, "L’adresse est révoquée : elle ne répond plus.")
        else:
            suites.ouvrir_agenda(agent)
            messages.success(request, "Votre agenda est ouvert : copiez son adresse.")
        return redirect("reunions:mon_agenda")
    abonnement = AbonnementAgenda.objects.filter(agent=agent, revoque_le__isnull=True).first()
    contexte = {
        "abonnement": abonnement,
        "url": request.build_absolute_uri(adresse_agenda(abonnement)) if abonnement else "",
    }
    return render(request, "reunions/mon_agenda.html", contexte)
