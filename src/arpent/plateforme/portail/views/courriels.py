"""The queue of mails and their texts, for the administrator of the instance."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from arpent.plateforme.acteurs.acces import page
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.notifications import courriels as envoi
from arpent.plateforme.notifications.models import Courriel, ModeleCourriel
from arpent.plateforme.notifications.textes import TEXTES, remplir
from arpent.plateforme.portail.courrier.modeles import ecrire_modele, revenir_au_texte_livre
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ..forms_nouvelles import ModeleCourrielForm

ADMIN = "instance.administrer"
PAR_PAGE = 50
SECRET = "(Ce courriel porte un lien personnel : seul son destinataire le lit.)"
GENRES = {
    Courriel.Etat.EN_FILE: "info",
    Courriel.Etat.EN_COURS: "info",
    Courriel.Etat.ENVOYE: "ok",
    Courriel.Etat.ECHEC: "alerte",
    Courriel.Etat.ABANDONNE: "neutre",
}


@page(ADMIN)
def file(request: HttpRequest) -> HttpResponse:
    """The mails, the latest first, by state. Five queries."""
    etat = request.GET.get("etat", "")
    q = request.GET.get("q", "").strip()[:100]
    lignes = Courriel.objects.defer("texte")
    comptes = dict(Courriel.objects.order_by().values_list("etat").annotate(nombre=Count("pk")))
    if etat in Courriel.Etat.values:
        lignes = lignes.filter(etat=etat)
    if q:
        lignes = lignes.filter(destinataire__icontains=q)
    feuille = Paginator(lignes, PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "feuille": feuille,
        "lignes": [(c, GENRES[Courriel.Etat(c.etat)]) for c in feuille],
        "etats": [
            (code, libelle, comptes.get(code, 0), code == etat) for code, libelle in Courriel.Etat.choices
        ],
        "q": q,
        "serveur": settings.EMAIL_HOST,
        "dossier": settings.EMAIL_FILE_PATH,
    }
    return render(request, "portail/courriels.html", contexte)


@page(ADMIN)
def courriel(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail as it leaves. Three queries."""
    lu = get_object_or_404(Courriel, pk=pk)
    if lu.secret:
        lu.texte = envoi.EFFACE if lu.etat == Courriel.Etat.ENVOYE else SECRET
    contexte = {"courriel": lu, "genre": GENRES[Courriel.Etat(lu.etat)], "corps": envoi.message(lu).body}
    return render(request, "portail/courriel.html", contexte | {"pieces": [p.nom for p in lu.pieces.all()]})


def _geste(request: HttpRequest, pk: int, agir: Callable[[Courriel], Courriel], dit: str) -> HttpResponse:
    lu = get_object_or_404(Courriel, pk=pk)
    try:
        agir(lu)
    except ValueError as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, dit)
    return redirect("portail:courriel", pk=pk)


@page(ADMIN, "POST")
def relancer(request: HttpRequest, pk: int) -> HttpResponse:
    """Tries again at the next round."""
    return _geste(request, pk, envoi.relancer_envoi, "Le courriel partira dans la minute.")


@page(ADMIN, "POST")
def abandonner(request: HttpRequest, pk: int) -> HttpResponse:
    """Keeps it from leaving."""
    return _geste(request, pk, envoi.abandonner, "Le courriel ne partira pas.")


@page(ADMIN)
def modeles(request: HttpRequest) -> HttpResponse:
    """The texts of the mails: shipped, or the authority's. Two queries."""
    ecrits = {m.code: m for m in ModeleCourriel.objects.all()}
    lignes = [(texte, ecrits.get(texte.code)) for texte in TEXTES.values()]
    return render(request, "portail/modeles_courriel.html", {"lignes": lignes})


@page(ADMIN, "GET", "HEAD", "POST")
def modele(request: HttpRequest, code: str) -> HttpResponse:
    """Writes the text of a mail, or goes back to the shipped one; shows what it gives."""
    if code not in TEXTES:
        raise Http404("Ce courriel n’existe pas.")
    livre, agent = TEXTES[code], cast(Agent, request.user)
    ecrit = ModeleCourriel.objects.filter(code=code).first()
    if "revenir" in request.POST:
        revenir_au_texte_livre(code, par=agent)
        messages.success(request, "Le texte livré est de retour.")
        return redirect("portail:modele_courriel", code=code)
    instance = ecrit or ModeleCourriel(code=code, sujet=livre.sujet, corps=livre.corps)
    form = ModeleCourrielForm(request.POST or None, instance=instance, code=code)
    if request.method == "POST" and form.is_valid():
        lus = form.cleaned_data
        try:
            ecrire_modele(
                code, sujet=lus["sujet"], corps=lus["corps"], version_lue=lus["version_lue"], par=agent
            )
        except ConflitDeVersion as conflit:
            retour = reverse("portail:modele_courriel", args=[code])
            return page_conflit(request, conflit, titre=f"Courriel : {livre.libelle}", retour=retour)
        messages.success(request, "Le texte est enregistré : les prochains courriels l’emploient.")
        return redirect("portail:modele_courriel", code=code)
    apercu = ecrit or livre
    contexte = {
        "form": form,
        "livre": livre,
        "ecrit": ecrit,
        "sujet": remplir(apercu.sujet, livre.exemple),
        "corps": remplir(apercu.corps, livre.exemple),
    }
    return render(request, "portail/modele_courriel.html", contexte)
