"""Pages of the credits: the table by fund and year, the entry of a vote."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate

from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.acteurs.droits import peut
from arpent.plateforme.negociations.acces import page_du_dispositif
from arpent.plateforme.reglements.models import Dispositif, Fonds
from arpent.plateforme.socle.numeros import identifiant
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ..echeances.acces import LIRE_TOUT, RAISON
from ..models import VoteCredits
from .actions import VoteRefuse, saisir_vote
from .dessins import figure_des_annees
from .fichiers import tableau_en_fichier
from .forms import VoteForm
from .lecture import SANS_FONDS, lire_tableau

GERER = "credits.gerer"
page_apcp = page_du_dispositif(LIRE_TOUT, RAISON)
page_vote = page_du_dispositif(
    GERER, "Saisir les crédits votés revient à l’autorité qui les vote.", "GET", "HEAD", "POST"
)


@page_apcp
def apcp(request: RequeteAgent, dispositif: Dispositif, genre: str = "") -> HttpResponse:
    """Voted, committed, paid, expected. Sixteen queries beside those of every page."""
    tableau = lire_tableau(dispositif, localdate())
    if genre:
        return tableau_en_fichier(genre, dispositif, tableau)
    demo = VoteCredits.objects.filter(fonds__dispositif=dispositif, demonstration=True).exists()
    contexte = {
        "dispositif": dispositif,
        "tableau": tableau,
        "figure": figure_des_annees(tableau),
        "demonstration": demo,
        "sans_fonds": SANS_FONDS,
        "peut_saisir": bool(peut(request.user, GERER, autorite_id=dispositif.autorite_id)),
    }
    return render(request, "subventions/apcp/dispositif.html", contexte)


@page_vote
def voter(request: RequeteAgent, dispositif: Dispositif, code: str) -> HttpResponse:
    """The AP and CP voted for one fund, exercise by exercise; a refusal keeps what was typed."""
    fonds = get_object_or_404(Fonds, dispositif=dispositif, code=code)
    votes = list(VoteCredits.objects.filter(fonds=fonds).order_by("annee"))
    voulue = identifiant(request.GET.get("annee", ""))
    choisi = next((v for v in votes if v.annee == voulue), None)
    form = VoteForm(request.POST if request.method == "POST" else None, vote=choisi)
    retour = reverse("subventions:apcp", args=[dispositif.slug])
    if request.method == "POST" and form.is_valid():
        lu = form.cleaned_data
        try:
            saisir_vote(
                fonds, lu["annee"], ap=lu["ap"], cp=lu["cp"], acte=lu["acte"], acte_le=lu["acte_le"],
                version_lue=lu["version_lue"] or 0, par=request.user,
            )  # fmt: skip
        except VoteRefuse as refus:
            form.add_error(None, str(refus))
        except ConflitDeVersion as conflit:
            adresse = f"{request.path}?annee={lu['annee']}"
            return page_conflit(request, conflit, titre="Crédits votés", retour=adresse)
        else:
            messages.success(request, f"Les crédits votés de {lu['annee']} sont saisis.")
            return redirect(retour)
    contexte = {
        "dispositif": dispositif, "fonds": fonds, "votes": votes, "form": form, "retour": retour,
        "choisi": choisi,
    }  # fmt: skip
    return render(request, "subventions/apcp/vote.html", contexte, status=422 if form.errors else 200)
