"""Invitations: the list, a new one, send again, cancel; the page of the link."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from arpent.plateforme.acteurs.acces import page, publique
from arpent.plateforme.acteurs.comptes import invitations as actions
from arpent.plateforme.acteurs.comptes.droits import (
    invitations_visibles,
    organisations_du_territoire,
    peut_gerer,
    roles_proposables,
)
from arpent.plateforme.acteurs.comptes.essais import LIEN, TropDEssais, compter, reussir
from arpent.plateforme.acteurs.comptes.sessions import renouveler_session
from arpent.plateforme.acteurs.models import Agent, Invitation, Organisation
from arpent.plateforme.acteurs.roles import ROLES, Portee
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.reglements.models import Theme
from arpent.plateforme.socle.soumission import avec_effet
from arpent.plateforme.territoires.models import Territoire

from ...connexion import trop_d_essais
from ..entree import ouvrir
from ..forms import InvitationForm, NouveauMotDePasseForm, PerimetreForm
from ..pour_personne import connue

INVITER = "compte.inviter"
PAR_PAGE = 50
SANS = "par_cle"
"""Sent by who prefers a passkey to a password."""


def territoires_de(agent: Agent) -> frozenset[int]:
    """Numbers of the territories of the démarches the agent sees. One query."""
    return frozenset(Demarche.objects.visibles_par(agent).order_by().values_list("territoire", flat=True))


def _visibles(agent: Agent, territoires: frozenset[int]) -> QuerySet[Invitation]:
    invitations = Invitation.objects.filter(invitations_visibles(agent, territoires))
    return invitations.select_related("organisation", "autorite", "territoire")


@page(INVITER)
def liste(request: HttpRequest) -> HttpResponse:
    """Those one has sent, and those of one's perimeter, the last first. Four queries."""
    agent = cast(Agent, request.user)
    territoires = territoires_de(agent)
    feuille = Paginator(_visibles(agent, territoires), PAR_PAGE).get_page(request.GET.get("page"))
    maintenant = timezone.now()
    lignes = [
        {
            "invitation": i,
            "ou": i.territoire or i.autorite or i.organisation,
            "en_attente": i.etat == Invitation.Etat.ENVOYEE,
            "ouverte": i.est_ouverte(maintenant),
            "gere": i.etat == Invitation.Etat.ENVOYEE and bool(peut_gerer(agent, i, territoires)),
        }
        for i in feuille
    ]
    return render(request, "portail/compte/invitations.html", {"feuille": feuille, "lignes": lignes})


def _choisi(agent: Agent, territoires: frozenset[int], lus: QueryDict) -> PerimetreForm:
    roles = [(code, ROLES[code].libelle) for code in roles_proposables(agent)]
    permis = Territoire.objects.filter(pk__in=territoires)
    return PerimetreForm(roles, permis, lus if "role" in lus else None, initial=lus.dict())


def _formulaire(
    agent: Agent, role: str, territoire: Territoire | None, initial: dict[str, Any], donnees: QueryDict | None
) -> InvitationForm:
    organisations, autorites = Organisation.objects.none(), Organisation.objects.none()
    themes: list[tuple[str, str]] = []
    if territoire is not None:
        dedans = organisations_du_territoire(territoire.pk, timezone.localdate())
        siennes = {
            h.organisation_id or 0
            for h in agent.habilitations_en_cours
            if h.definition.portee is Portee.ORGANISATION
        }
        partout = any(h.definition.portee is not Portee.ORGANISATION for h in agent.habilitations_en_cours)
        organisations = Organisation.objects.filter(dedans)
        if not partout:
            organisations = organisations.filter(pk__in=siennes)
        codes = Theme.objects.filter(
            dispositif__processus__versions__demarches__territoire=territoire
        ).order_by("ordre", "code")
        themes = list(dict(codes.values_list("code", "libelle")).items())
    if ROLES[role].portee is Portee.AUTORITE:
        ids = Demarche.objects.visibles_par(agent).order_by().values("version_processus__processus__autorite")
        autorites = Organisation.objects.filter(pk__in=ids)
    return InvitationForm(role, organisations, autorites, themes, donnees, initial=initial)


@page(INVITER, "GET", "HEAD", "POST")
def nouvelle(request: HttpRequest) -> HttpResponse:
    """Role and territory first, in the address (or `personne`, of the directory); then the person."""
    agent = cast(Agent, request.user)
    territoires = territoires_de(agent)
    choix = _choisi(agent, territoires, request.GET)
    if not choix.is_bound or not choix.is_valid():
        statut = 422 if request.method == "POST" or choix.is_bound else 200
        return render(request, "portail/compte/invitation_perimetre.html", {"form": choix}, status=statut)
    role, territoire = choix.cleaned_data["role"], choix.cleaned_data["territoire"]
    qui = connue(agent, request.GET.get("personne", ""), role, territoires)
    territoire = territoire or qui.territoire
    if territoire is None and ROLES[role].portee in {Portee.TERRITOIRE, Portee.ORGANISATION}:
        choix.add_error("territoire", "Ce rôle s’exerce sur un territoire : choisissez-le.")
        return render(request, "portail/compte/invitation_perimetre.html", {"form": choix}, status=422)
    recu = request.POST if request.method == "POST" else None
    form = _formulaire(agent, role, territoire, qui.initial, recu)
    if request.method == "POST" and form.is_valid():
        lus = form.cleaned_data
        offre = actions.Offre(
            courriel=lus["courriel"], nom=lus["nom"], prenom=lus["prenom"], fonction=lus["fonction"],
            role=role, debut=lus["debut"], fin=lus["fin"], organisation=lus["organisation"],
            territoire=territoire, autorite=lus["autorite"], themes=tuple(lus.get("themes") or ()),
            personne=qui.personne,
        )  # fmt: skip
        try:
            invitation = actions.inviter(offre, par=agent, territoires=territoires, adresse=_adresse(request))
        except actions.InvitationRefusee as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"L’invitation est envoyée à {invitation.courriel}.")
            return redirect("compte:invitations")
    contexte = {
        "form": form, "role": ROLES[role], "territoire": territoire, "qui": qui,
        "pour_structure": territoire is not None and ROLES[role].portee is not Portee.AUTORITE,
        "pour_autorite": ROLES[role].portee is Portee.AUTORITE,
    }  # fmt: skip
    statut = 422 if request.method == "POST" else 200
    return render(request, "portail/compte/invitation_nouvelle.html", contexte, status=statut)


def _adresse(request: HttpRequest) -> actions.Adresse:
    return lambda jeton: request.build_absolute_uri(reverse("compte:accepter", args=[jeton]))


def _la_mienne(request: HttpRequest, pk: int) -> tuple[Agent, frozenset[int], Invitation]:
    agent = cast(Agent, request.user)
    territoires = territoires_de(agent)
    invitation = _visibles(agent, territoires).filter(pk=pk).first()
    if invitation is None:
        raise Http404("Cette invitation n’existe pas ou n’est pas dans votre périmètre.")
    if not (avis := peut_gerer(agent, invitation, territoires)):
        raise PermissionDenied(avis.raison)
    return agent, territoires, invitation


@page(INVITER, "POST")
def renvoyer(request: HttpRequest, pk: int) -> HttpResponse:
    agent, territoires, invitation = _la_mienne(request, pk)
    try:
        actions.renvoyer_invitation(invitation, par=agent, territoires=territoires, adresse=_adresse(request))
        messages.success(
            request, f"Un nouveau lien est parti à {invitation.courriel} ; l’ancien ne sert plus."
        )
    except actions.InvitationRefusee as refus:
        messages.error(request, str(refus))
    return redirect("compte:invitations")


@page(INVITER, "POST")
def annuler(request: HttpRequest, pk: int) -> HttpResponse:
    agent, territoires, invitation = _la_mienne(request, pk)
    try:
        actions.annuler_invitation(invitation, par=agent, territoires=territoires)
        messages.success(request, f"L’invitation de {invitation.courriel} est annulée.")
    except actions.InvitationRefusee as refus:
        messages.error(request, str(refus))
    return redirect("compte:invitations")


@publique("GET", "HEAD", "POST")
@never_cache
@sensitive_post_parameters("nouveau", "encore")
def accepter(request: HttpRequest, jeton: str) -> HttpResponse:
    """The page of the link: a password for a new account, or one more habilitation for an open one."""
    try:
        essai = compter(request, LIEN) if request.method == "POST" else None
        invitation = actions.lire_jeton(jeton)
    except TropDEssais as refus:
        return trop_d_essais(request, refus)
    except actions.InvitationRefusee as refus:
        perimee = {"raison": str(refus)}
        return avec_effet(render(request, "portail/compte/invitation_perimee.html", perimee, status=410))
    agent = request.user if isinstance(request.user, Agent) else None
    titulaire = actions.compte_existant(invitation)
    nouveau = Agent(courriel=invitation.courriel, nom=invitation.nom, prenom=invitation.prenom)
    form = NouveauMotDePasseForm(nouveau, request.POST if essai and titulaire is None else None)
    raison = ""
    if essai is not None:
        reussir(essai)
        if titulaire is not None or SANS in request.POST or form.is_valid():
            try:
                return _accepter(request, jeton, agent, form, nouveau=titulaire is None)
            except actions.InvitationRefusee as refus:
                raison = str(refus)
            except ValidationError as refus:
                form.add_error("nouveau", refus)
    contexte: dict[str, Any] = {
        "invitation": invitation, "form": form, "raison": raison, "titulaire": titulaire is not None,
        "est_moi": titulaire is not None and agent is not None and titulaire.pk == agent.pk,
        "autre": agent is not None and (titulaire is None or titulaire.pk != agent.pk),
        "ou": invitation.territoire or invitation.autorite, "chemin": request.path,
    }  # fmt: skip
    statut = 422 if request.method == "POST" else 200
    return avec_effet(render(request, "portail/compte/invitation.html", contexte, status=statut))


def _accepter(
    request: HttpRequest, jeton: str, agent: Agent | None, form: NouveauMotDePasseForm, *, nouveau: bool
) -> HttpResponse:
    if not nouveau:
        accepte = actions.accepter_invitation(jeton, agent=agent)
        renouveler_session(request, accepte)
        messages.success(request, "Votre nouvelle habilitation est en place.")
        return redirect("compte:mon_compte")
    par_cle = SANS in request.POST
    mot_de_passe = None if par_cle else form.cleaned_data["nouveau"]
    accepte = actions.accepter_invitation(jeton, agent=agent, mot_de_passe=mot_de_passe)
    messages.success(request, f"Bienvenue, {accepte.nom_complet}. Votre compte est ouvert.")
    suite = reverse("compte:cles") if par_cle else "/"
    return ouvrir(request, accepte, moyen="invitation", suite=suite)
