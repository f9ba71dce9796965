"""The workbook of the maquette that comes back: what changes, line by line, then a scenario of one's side."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.negociations.actions import ArbitrageRefuse
from arpent.plateforme.negociations.scenarios.acces import PREPARER

from ..etats import ImportRefuse
from ..forms import FichierForm
from ..lecture import FichierIllisible, ouvrir
from ..maquette.apercu import Apercu, apercu_de, creer_le_scenario, desceller, revoir, sceller
from ..maquette.lecture import lire_maquette

LIGNES_MONTREES = 200
REJETS_MONTRES = 100


class MaquetteForm(FichierForm):
    """The workbook to send."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["fichier"]
        champ.label = "Maquette modifiée"
        champ.help_text = "Le classeur téléchargé d’Arpent (.xlsx ou .ods), de 20 Mo au plus."
        champ.widget.attrs["accept"] = ".xlsx,.ods"


class NomForm(forms.Form):
    """The name of the scenario, beside what was shown."""

    nom = forms.CharField(label="Nom du scénario", max_length=120)
    contenu = forms.CharField(widget=forms.HiddenInput, strip=False)


def _lire(demarche: Demarche, fichier: UploadedFile[Any], request: RequeteAgent) -> Apercu:
    """Opens the file in a child process. FichierIllisible."""
    with tempfile.NamedTemporaryFile(prefix="arpent-maquette-") as copie:
        for bloc in fichier.chunks():
            copie.write(bloc)
        copie.flush()
        lu = lire_maquette(ouvrir(Path(copie.name), fichier.name or "").retour, demarche.slug)
    return apercu_de(demarche, lu, request.user)


@page_demarche(PREPARER, "GET", "HEAD", "POST")
def importer(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """The file to send; then what it changes. Nothing is kept before the confirmation."""
    tailles = [f.size or 0 for _, fichiers in request.FILES.lists() for f in fichiers]
    if any(taille > settings.ARPENT_TAILLE_MAX_FICHIER for taille in tailles):
        return render(request, "413.html", status=413)
    envoye = request.method == "POST"
    form = MaquetteForm(request.POST, request.FILES) if envoye else MaquetteForm()
    if envoye and form.is_valid():
        fichier = form.cleaned_data["fichier"]
        try:
            apercu = _lire(demarche, fichier, request)
        except FichierIllisible as refus:
            form.add_error("fichier", str(refus))
        else:
            nom = Path(fichier.name or "").name[:100]
            initial = {
                "nom": f"Retour de {nom}",
                "contenu": sceller(apercu, demarche, request.user, nom),
            }
            return _montrer(request, demarche, apercu, NomForm(initial=initial))
    contexte = {"demarche": demarche, "form": form}
    return render(request, "echanges/maquette_importer.html", contexte, status=400 if envoye else 200)


def _montrer(
    request: RequeteAgent, demarche: Demarche, apercu: Apercu, form: NomForm, status: int = 200
) -> HttpResponse:
    contexte = {
        "demarche": demarche,
        "apercu": apercu,
        "montrees": apercu.changees[:LIGNES_MONTREES],
        "rejets": apercu.rejets[:REJETS_MONTRES],
        "lignes_rejetees": len({r.ligne for r in apercu.rejets}),
        "bougees": sum(c.bougee for c in apercu.changees),
        "form": form,
    }
    return render(request, "echanges/maquette_retour.html", contexte, status=status)


@page_demarche(PREPARER, "POST")
def confirmer(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """Makes the scenario that was shown, then compares it with where it comes from."""
    form = NomForm(request.POST)
    try:
        contenu = desceller(request.POST.get("contenu", ""), demarche, request.user)
        apercu = revoir(demarche, contenu, request.user)
    except (ImportRefuse, FichierIllisible) as refus:
        messages.error(request, str(refus))
        return redirect("echanges:maquette_importer", slug=demarche.slug)
    if not form.is_valid():
        return _montrer(request, demarche, apercu, form, status=422)
    try:
        cree = creer_le_scenario(demarche, apercu, form.cleaned_data["nom"], contenu["nom"], par=request.user)
    except ArbitrageRefuse as refus:
        form.add_error("nom", str(refus))
        return _montrer(request, demarche, apercu, form, status=422)
    messages.success(request, f"Le scénario « {cree.nom} » est créé. Il n’est visible que de votre côté.")
    avant = "courant" if apercu.source.est_courant else str(apercu.source.pk)
    comparaison = reverse("negociations:scenario_comparer", args=[demarche.slug])
    return redirect(f"{comparaison}?avant={avant}&apres={cree.pk}")
