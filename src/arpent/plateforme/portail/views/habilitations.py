"""What each may do: list, give, extend, close. And one's own absences."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from arpent.plateforme.acteurs.absences import ActionRefusee, declarer, terminer
from arpent.plateforme.acteurs.acces import page
from arpent.plateforme.acteurs.attributions import GERER, peut_attribuer
from arpent.plateforme.acteurs.habilitations import HabilitationRefusee, clore, donner, prolonger
from arpent.plateforme.acteurs.models import Absence, Agent, Habilitation
from arpent.plateforme.acteurs.roles import ROLES
from arpent.plateforme.demarches.perimetre import territoires_visibles

from ..gens.forms import AbsenceForm, CloreForm, DonnerForm, ProlongerForm
from ..gens.formulaire import PageGens, donnees_de
from ..gens.recherche import habilitations_visibles

PAR_PAGE = 50
ETATS = (("en_cours", "en cours"), ("bientot", "se terminent dans le mois"), ("terminees", "terminées"))


def _territoires(agent: Agent) -> frozenset[int]:
    """One query."""
    return frozenset(territoires_visibles(agent).values_list("pk", flat=True))


@page(GERER)
def habilitations(request: HttpRequest) -> HttpResponse:
    """Roles held in the perimeter, fifty a page. Six queries."""
    agent, le = cast(Agent, request.user), date.today()
    dit = {nom: request.GET.get(nom, "").replace("\0", "").strip()[:100] for nom in ("q", "role", "etat")}
    rows: Any = habilitations_visibles(agent)
    if dit["etat"] == "terminees":
        rows = rows.filter(fin__lt=le)
    elif dit["etat"] == "bientot":
        rows = rows.filter(fin__gte=le, fin__lte=le + timedelta(days=31))
    else:
        rows = rows.filter(Q(fin__isnull=True) | Q(fin__gte=le))
    if dit["role"]:
        rows = rows.filter(role=dit["role"])
    if dit["q"]:
        q = dit["q"]
        rows = rows.filter(
            Q(agent__nom__icontains=q) | Q(agent__prenom__icontains=q) | Q(agent__courriel__icontains=q)
        )
    rows = rows.select_related("agent", "organisation", "autorite", "territoire", "donnee_par")
    feuille = Paginator(rows.order_by("agent__nom", "agent__prenom", "pk"), PAR_PAGE).get_page(
        request.GET.get("page")
    )
    contexte = {
        "feuille": feuille, "dit": dit, "etats": ETATS, "aujourdhui": le,
        "roles": [(r.code, r.libelle) for r in ROLES.values()],
    }  # fmt: skip
    return render(request, "portail/gens/habilitations.html", contexte)


@page(GERER, "GET", "HEAD", "POST")
def habilitation_donner(request: HttpRequest) -> HttpResponse:
    agent = cast(Agent, request.user)
    initial = {"compte": request.GET.get("compte", "")[:254], "role": request.GET.get("role", "")[:30]}
    form = DonnerForm(donnees_de(request), agent=agent, initial=initial)
    liste = reverse("portail:habilitations")
    feuille = PageGens(
        "Donner un rôle", "Donner ce rôle", liste, ("Habilitations", liste),
        "Un rôle, sur un périmètre, pour un temps. La personne est prévenue ; le journal le garde.",
    )  # fmt: skip

    def agir() -> Habilitation:
        d = form.cleaned_data
        return donner(
            d["compte"], d["role"], autorite=d["autorite"], territoire=d["territoire"],
            organisation=d["structure"], themes=d["themes"], debut=d["debut"], fin=d["fin"],
            motif=d["motif"], par=agent, territoires=_territoires(agent),
        )  # fmt: skip

    return feuille.traiter(request, form, agir, "Le rôle est donné.")


@page(GERER, "GET", "HEAD", "POST")
def habilitation(request: HttpRequest, pk: int) -> HttpResponse:
    """One habilitation: its end, its themes; or its close. Seven queries."""
    agent = cast(Agent, request.user)
    objet = (
        habilitations_visibles(agent)
        .select_related("agent", "organisation", "autorite", "territoire", "donnee_par")
        .filter(pk=pk)
        .first()
    )
    if objet is None:
        raise Http404("Cette habilitation n’existe pas, ou n’est pas dans votre périmètre.")
    territoires = _territoires(agent)
    ferme = "clore" in request.POST
    suite = ProlongerForm(
        request.POST if "prolonger" in request.POST else None, agent=agent,
        initial={"fin": objet.fin, "themes": sorted(objet.codes_themes)},
    )  # fmt: skip
    fin = CloreForm(request.POST if ferme else None, initial={"fin": date.today()}, auto_id="id_clore_%s")
    form: Any = fin if ferme else suite
    voulu = ferme or "prolonger" in request.POST
    if request.method == "POST" and voulu and form.is_valid():
        d = form.cleaned_data
        try:
            if ferme:
                clore(objet, le=d["fin"], motif=d["motif"], par=agent, territoires=territoires)
            else:
                prolonger(objet, fin=d["fin"], themes=d["themes"], par=agent, territoires=territoires)
        except HabilitationRefusee as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "L’accès est clos." if ferme else "L’accès est mis à jour.")
            return redirect("portail:habilitations")
    permis = peut_attribuer(
        agent, objet.role, autorite_id=objet.autorite_id, territoire_id=objet.territoire_id,
        territoires=territoires,
    )  # fmt: skip
    contexte = {
        "objet": objet, "suite": suite, "clore": fin, "form": form, "permis": permis,
        "terminee": objet.fin is not None and objet.fin < date.today(),
    }  # fmt: skip
    status = 400 if request.method == "POST" else 200
    return render(request, "portail/gens/habilitation.html", contexte, status=status)


@page("connecte", "GET", "HEAD", "POST")
def absences(request: HttpRequest) -> HttpResponse:
    """One's absences, and the people one stands in for. Five queries."""
    agent, le = cast(Agent, request.user), date.today()
    form = AbsenceForm(donnees_de(request), agent=agent, initial={"debut": le})
    if request.method == "POST" and form.is_valid():
        try:
            declarer(agent, par=agent, **form.cleaned_data)
        except ActionRefusee as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "Votre absence est notée, la personne qui vous remplace est prévenue.")
            return redirect("portail:absences")
    tous = Absence.objects.filter(Q(agent=agent) | Q(suppleant=agent), fin__gte=le)
    lues = list(tous.select_related("agent", "suppleant").order_by("debut", "pk")[:50])
    contexte = {
        "form": form,
        "miennes": [a for a in lues if a.agent_id == agent.pk],
        "remplacees": [a for a in lues if a.suppleant_id == agent.pk],
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "portail/gens/absences.html", contexte, status=status)


@page("connecte", "POST")
def absence_terminer(request: HttpRequest, pk: int) -> HttpResponse:
    """Back today."""
    agent = cast(Agent, request.user)
    try:
        terminer(get_object_or_404(Absence, pk=pk, agent=agent), par=agent)
    except ActionRefusee as refus:
        messages.info(request, str(refus))
    else:
        messages.success(request, "Vous êtes de retour : plus personne n’agit à votre place.")
    return redirect("portail:absences")
