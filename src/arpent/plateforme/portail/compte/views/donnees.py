"""Personal data: the register, one's own export, the retention rules and what they would touch."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from arpent.plateforme.acteurs.acces import page, publique
from arpent.plateforme.acteurs.comptes import conservation as regles
from arpent.plateforme.acteurs.comptes.export import exporter, tables_de
from arpent.plateforme.acteurs.models import Agent, RegleConservation

from ..forms import RegleForm
from ..registre import en_csv, lignes_du_registre

GERER = "donnees_personnelles.gerer"


@publique()
def registre(request: HttpRequest) -> HttpResponse:
    """What is kept, why, how long, who reads it; readable without an account. One query."""
    lignes = lignes_du_registre(timezone.localdate())
    return render(request, "portail/compte/registre.html", {"lignes": lignes})


@publique()
def registre_csv(request: HttpRequest) -> HttpResponse:
    """The register as a table. One query."""
    reponse = HttpResponse(en_csv(timezone.localdate()), content_type="text/csv; charset=utf-8")
    reponse.headers["Content-Disposition"] = 'attachment; filename="registre-des-traitements.csv"'
    return reponse


@page("connecte")
def mes_donnees(request: HttpRequest) -> HttpResponse:
    """What the instance keeps about who asks: how many rows in each table. One query a table."""
    tables = [(t.titre, len(t.lignes)) for t in tables_de(cast(Agent, request.user))]
    return render(request, "portail/compte/mes_donnees.html", {"tables": tables})


@page("connecte")
def exporter_les_miennes(request: HttpRequest) -> HttpResponse:
    reponse = HttpResponse(exporter(cast(Agent, request.user)), content_type="application/zip")
    reponse.headers["Content-Disposition"] = 'attachment; filename="mes-donnees-arpent.zip"'
    reponse.headers["Cache-Control"] = "private, no-store"
    return reponse


@page(GERER, "GET", "HEAD", "POST")
def conservation(request: HttpRequest) -> HttpResponse:
    """The rules in force and the form that adds one. Two queries."""
    form = RegleForm(request.POST or None, initial={"depuis": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        lus = form.cleaned_data
        regles.fixer_regle(
            lus["objet"], duree_mois=lus["duree_mois"], depuis=lus["depuis"], source=lus["source"],
            par=cast(Agent, request.user),
        )  # fmt: skip
        messages.success(request, "La règle est écrite. Rien n’est effacé avant que vous ne l’appliquiez.")
        return redirect("compte:conservation")
    en_vigueur = regles.regles_en_vigueur(timezone.localdate())
    contexte = {
        "form": form,
        "lignes": [(objet, en_vigueur.get(objet.code)) for objet in regles.OBJETS],
        "anciennes": list(RegleConservation.objects.all()[:100]),
    }
    return render(request, "portail/compte/conservation.html", contexte, status=422 if form.is_bound else 200)


@page(GERER, "GET", "HEAD", "POST")
def conservation_apercu(request: HttpRequest, objet: str) -> HttpResponse:
    """What the rule would touch today; a POST does it, if the number is still the one that was shown."""
    if objet not in regles.PAR_CODE:
        raise Http404("Ces données n’existent pas.")
    le = timezone.localdate()
    if request.method == "POST":
        attendu = request.POST.get("attendu", "")
        try:
            nombre = regles.appliquer_regle(
                objet,
                attendu=int(attendu) if attendu.isdecimal() else -1,
                le=le,
                par=cast(Agent, request.user),
            )
            messages.success(request, f"La règle est appliquée : {nombre} ligne(s).")
        except regles.RegleRefusee as refus:
            messages.error(request, str(refus))
        return redirect("compte:conservation_apercu", objet)
    return render(request, "portail/compte/conservation_apercu.html", {"apercu": regles.apercu(objet, le)})
