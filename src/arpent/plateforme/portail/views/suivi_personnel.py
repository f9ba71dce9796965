"""My days to come, what changed since my last visit, who is silent."""

from __future__ import annotations

from datetime import date
from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from arpent.plateforme.acteurs.acces import page, publique
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions.adresses import abonnement_de, jeton_de
from arpent.plateforme.demarches.reunions.agendas import Echeance as JourAgenda
from arpent.plateforme.demarches.reunions.agendas import flux_ics
from arpent.plateforme.demarches.reunions.models_suites import AbonnementAgenda

from ..suivi_personnel.changements import changements, visite_precedente
from ..suivi_personnel.echeances import HORIZONS, echeances
from ..suivi_personnel.silencieux import DROIT, SEUILS, filtrer, relancer_le, silencieux

PAR_PAGE, EN_BREF = 50, 6
FLUX_JOURS = 365
"""How far the feed looks."""
ICS = "text/calendar; charset=utf-8"


def _demarches(agent: Agent) -> list[Demarche]:
    return list(Demarche.objects.visibles_par(agent).avec_contexte())


def _adresse_du_flux(request: HttpRequest, agent: Agent) -> str:
    """Where one's calendar software reads these days; empty until the calendar is opened. One query."""
    ouvert = AbonnementAgenda.objects.filter(agent=agent, revoque_le__isnull=True).first()
    if ouvert is None:
        return ""
    return request.build_absolute_uri(reverse("portail:echeances_ics", args=[jeton_de(ouvert)]))


def _choisi(texte: str | None, choix: tuple[int, ...], defaut: int) -> int:
    return int(texte) if texte and texte.isdecimal() and int(texte) in choix else defaut


@page("connecte")
def mes_echeances(request: HttpRequest) -> HttpResponse:
    """What is late, then the days of the horizon chosen. Ten queries."""
    agent, le = cast(Agent, request.user), date.today()
    horizon = _choisi(request.GET.get("jours"), HORIZONS, 30)
    demarches = _demarches(agent)
    territoire = request.GET.get("territoire", "")
    gardees = [d for d in demarches if not territoire or d.slug == territoire]
    toutes = echeances(agent, gardees, le, jours=horizon, retards=True)
    if request.headers.get("HX-Request"):
        prochaines = [e for e in toutes if not e.retard(le)][:EN_BREF]
        comptes = {"retards": len(toutes) - sum(not e.retard(le) for e in toutes), "horizon": horizon}
        return render(request, "portail/_echeances.html", {"echeances": prochaines} | comptes)
    feuille = Paginator(toutes, PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "feuille": feuille,
        "lignes": [(e, e.retard(le)) for e in feuille],
        "retards": sum(e.retard(le) for e in toutes),
        "horizons": [(jours, jours == horizon) for jours in HORIZONS],
        "horizon": horizon,
        "flux": _adresse_du_flux(request, agent),
        "territoires": [(d.slug, d.territoire.nom, d.slug == territoire) for d in demarches],
    }
    return render(request, "portail/echeances.html", contexte)


@publique()
def echeances_ics(request: HttpRequest, jeton: str) -> HttpResponse:
    """My days as a feed: the signed address of the calendar of meetings; 404 once it is revoked or forged."""
    abonnement = abonnement_de(jeton)
    if abonnement is None or abonnement.agent is None:
        raise Http404("Cet agenda n’existe pas, ou son adresse a été révoquée.")
    agent, le = abonnement.agent, date.today()
    jours = [
        JourAgenda(
            f"echeance-{e.jour.isoformat()}-{n}", e.jour, f"{e.genre} : {e.libelle}"[:180], e.territoire
        )
        for n, e in enumerate(echeances(agent, _demarches(agent), le, jours=FLUX_JOURS, retards=True))
        if e.genre != "Réunion"
    ]
    reponse = HttpResponse(flux_ics("Mes échéances (Arpent)", [], jours), content_type=ICS)
    reponse["Cache-Control"] = "private, max-age=900"
    reponse["X-Robots-Tag"] = "noindex"
    reponse["Referrer-Policy"] = "no-referrer"
    return reponse


@page("connecte")
def depuis_ma_visite(request: HttpRequest) -> HttpResponse:
    """What others did since the login before this one, object by object. Nine queries."""
    agent = cast(Agent, request.user)
    lus = changements(agent, _demarches(agent), visite_precedente(agent))
    if request.headers.get("HX-Request"):
        bref = {"lus": lus, "lignes": lus.lignes[:EN_BREF]}
        return render(request, "portail/_changements.html", bref)
    feuille = Paginator(lus.lignes, PAR_PAGE).get_page(request.GET.get("page"))
    return render(request, "portail/changements.html", {"lus": lus, "feuille": feuille})


@page(DROIT, "GET", "HEAD", "POST")
def a_relancer(request: HttpRequest) -> HttpResponse:
    """The bodies awaited and silent, with a reminder in one click. Thirteen queries."""
    agent, maintenant = cast(Agent, request.user), timezone.now()
    demande = request.POST if request.method == "POST" else request.GET
    jours = _choisi(demande.get("jours"), SEUILS, SEUILS[0])
    q = demande.get("q", "").strip()[:100]
    lignes = filtrer(silencieux(agent, _demarches(agent), maintenant), maintenant, jours=jours, q=q)
    if request.method == "POST":
        voulues = set(request.POST.getlist("structure"))
        faites = sum(relancer_le(s, par=agent, le=date.today()) for s in lignes if s.cle in voulues)
        if not voulues:
            messages.error(request, "Cochez au moins une structure à relancer.")
        elif faites:
            s = "s" if faites > 1 else ""
            messages.success(
                request, f"{faites} personne{s} relancée{s} : dans l’application et par courriel."
            )
        else:
            messages.info(request, "Personne n’a été relancé : déjà fait aujourd’hui, ou aucun compte.")
        return redirect(f"{reverse('portail:a_relancer')}?{urlencode({'jours': str(jours), 'q': q})}")
    feuille = Paginator(lignes, PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "feuille": feuille,
        "lignes": [(s, s.jours(maintenant)) for s in feuille],
        "seuils": [(n, n == jours) for n in SEUILS],
        "jours": jours,
        "q": q,
    }
    return render(request, "portail/a_relancer.html", contexte)
