"""One's second factor and passkeys: enrolling, recovery codes, taking away."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from arpent.plateforme.acteurs.acces import page
from arpent.plateforme.acteurs.comptes import cles as passkeys
from arpent.plateforme.acteurs.comptes import facteurs
from arpent.plateforme.acteurs.comptes.confirmation import identite_requise
from arpent.plateforme.acteurs.comptes.essais import CODE, TropDEssais, compter, reussir
from arpent.plateforme.acteurs.comptes.sessions import renouveler_session
from arpent.plateforme.acteurs.middleware import A_ENROLER
from arpent.plateforme.acteurs.models import Agent, CleAcces
from arpent.plateforme.socle.soumission import avec_effet

from ..forms import CodeForm


def _codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """The recovery codes, on this page only: nothing keeps them but their hashes."""
    return avec_effet(render(request, "portail/compte/codes_secours.html", {"codes": codes}))


@page("connecte", "GET", "HEAD", "POST")
@identite_requise("compte:code")
def code(request: HttpRequest) -> HttpResponse:
    """The state of the factor, or the secret to enrol and its first code."""
    agent = cast(Agent, request.user)
    form, statut = CodeForm(request.POST or None), 200
    form.fields["code"].help_text = "Les six chiffres affichés par l’application."
    if request.method == "POST":
        statut = 422
        if form.is_valid():
            try:
                essai = compter(request, CODE, agent.courriel)
                codes = facteurs.activer_code_temporel(agent, form.cleaned_data["code"])
                reussir(essai)
                request.session.pop(A_ENROLER, None)
                renouveler_session(request, agent)
                return _codes(request, codes)
            except facteurs.FacteurRefuse as refus:
                form.add_error("code", str(refus))
            except TropDEssais as refus:
                form.add_error(None, str(refus))
                statut = 429
    secret = facteurs.secret_en_attente(agent)
    contexte = {
        "form": form,
        "actif": facteurs.a_un_second_facteur(agent),
        "secret": secret,
        "image": facteurs.image_du_secret(agent, secret) if secret else "",
        "restants": facteurs.codes_restants(agent),
        "exige": facteurs.second_facteur_exige(agent),
    }
    return avec_effet(render(request, "portail/compte/code.html", contexte, status=statut))


@page("connecte", "POST")
@identite_requise("compte:code")
def preparer(request: HttpRequest) -> HttpResponse:
    try:
        facteurs.preparer_code_temporel(cast(Agent, request.user))
    except facteurs.FacteurRefuse as refus:
        messages.error(request, str(refus))
    return redirect("compte:code")


@page("connecte", "POST")
@identite_requise("compte:code")
def secours(request: HttpRequest) -> HttpResponse:
    agent = cast(Agent, request.user)
    if not facteurs.a_un_second_facteur(agent):
        messages.error(request, "Mettez d’abord les codes temporels en service.")
        return redirect("compte:code")
    return _codes(request, facteurs.refaire_codes_secours(agent))


@page("connecte", "POST")
@identite_requise("compte:code")
def retirer_code(request: HttpRequest) -> HttpResponse:
    agent = cast(Agent, request.user)
    if facteurs.second_facteur_exige(agent):
        messages.error(request, "Votre rôle exige un second facteur : il ne peut pas être retiré.")
        return redirect("compte:code")
    facteurs.retirer_code_temporel(agent, par=agent)
    renouveler_session(request, agent)
    messages.success(request, "Les codes temporels et les codes de secours sont retirés.")
    return redirect("compte:mon_compte")


@page("connecte", "GET", "HEAD", "POST")
@identite_requise("compte:cles")
def cles(request: HttpRequest) -> HttpResponse:
    """The passkeys of the account; a POST keeps the one that the browser has just made."""
    agent = cast(Agent, request.user)
    if request.method == "POST":
        try:
            cle = passkeys.enregistrer_cle(
                request, agent, request.POST.get("reponse", ""), request.POST.get("nom", "")
            )
        except passkeys.CleRefusee as refus:
            messages.error(request, str(refus))
        else:
            renouveler_session(request, agent)
            messages.success(request, f"La clé d’accès « {cle.nom} » est enregistrée.")
        return redirect("compte:cles")
    return render(request, "portail/compte/cles.html", {"cles": list(agent.cles_acces.all())})


@page("connecte", "POST")
@identite_requise("compte:cles")
def cle_options(request: HttpRequest) -> HttpResponse:
    try:
        return JsonResponse(passkeys.proposer_enregistrement(request, cast(Agent, request.user)))
    except passkeys.CleRefusee as refus:
        return JsonResponse({"raison": str(refus)}, status=422)


@page("connecte", "POST")
def cle_retirer(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Takes a passkey away, once who asks has proved who they are. 404 for somebody else's."""
    cle = get_object_or_404(CleAcces.objects.filter(agent=cast(Agent, request.user)), pk=pk)
    return _retirer(request, cle)


@identite_requise("compte:cles")
def _retirer(request: HttpRequest, cle: CleAcces) -> HttpResponse:
    agent = cast(Agent, request.user)
    passkeys.retirer_cle(cle, par=agent)
    renouveler_session(request, agent)
    messages.success(request, f"La clé d’accès « {cle.nom} » est retirée.")
    return redirect("compte:cles")
