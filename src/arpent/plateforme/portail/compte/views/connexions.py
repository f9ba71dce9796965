"""The second step of a login, and the login by passkey."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from arpent.plateforme.acteurs.acces import publique
from arpent.plateforme.acteurs.comptes import cles
from arpent.plateforme.acteurs.comptes.essais import CODE, LIEN, TropDEssais, compter, reussir
from arpent.plateforme.acteurs.comptes.facteurs import FacteurRefuse, verifier_second_facteur
from arpent.plateforme.socle.soumission import avec_effet

from ..entree import entrer, ouvrir, second_pas
from ..forms import CodeForm


@publique("GET", "HEAD", "POST")
@never_cache
def code_connexion(request: HttpRequest) -> HttpResponse:
    """The code after the password; without a password proved five minutes ago, back to the login page."""
    pas = second_pas(request)
    if pas is None:
        return redirect("portail:connexion")
    form, statut = CodeForm(request.POST or None), 200
    if request.method == "POST":
        statut = 422
        if form.is_valid():
            try:
                essai = compter(request, CODE, pas.agent.courriel)
                if facteur := verifier_second_facteur(pas.agent, form.cleaned_data["code"]):
                    reussir(essai)
                    return ouvrir(request, pas.agent, moyen=f"{pas.moyen} et {facteur}", suite=pas.suite)
                form.add_error("code", "Ce code n’est pas le bon, ou a déjà servi. Attendez le suivant.")
            except FacteurRefuse as refus:
                form.add_error("code", str(refus))
            except TropDEssais as refus:
                form.add_error(None, str(refus))
                statut = 429
    return avec_effet(render(request, "portail/compte/code_connexion.html", {"form": form}, status=statut))


@publique("POST")
def cle_connexion_options(request: HttpRequest) -> HttpResponse:
    return JsonResponse(cles.proposer_connexion(request))


@publique("POST")
def cle_connexion(request: HttpRequest) -> HttpResponse:
    """Logs in with a passkey: two factors at once. The tries count for the address only."""
    try:
        essai = compter(request, LIEN)
        agent = cles.reconnaitre(request, request.POST.get("reponse", ""))
    except (cles.CleRefusee, TropDEssais) as refus:
        messages.error(request, str(refus))
        return redirect("portail:connexion")
    reussir(essai)
    suite = request.POST.get("next", "/")
    return entrer(request, agent, moyen="clé d’accès", suite=suite, complet=True)
