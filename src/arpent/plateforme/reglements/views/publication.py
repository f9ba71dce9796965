"""The publication of a draft: what changes, what forbids it, the act; once done, nothing moves."""

from __future__ import annotations

from datetime import date
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ..acces import page_brouillon
from ..actions import ActionRefusee, obstacles, publier
from ..controles import controler
from ..differences import comparer_textes
from ..droits import est_modifiable
from ..forms import PublierForm
from ..models import BrouillonReglement
from ..parametres import lignes_du_jour
from .brouillons import adresse


@page_brouillon("reglement.publier", "GET", "HEAD", "POST")
def brouillon_publier(request: HttpRequest, brouillon: BrouillonReglement) -> HttpResponse:
    """Shows what the publication changes, asks once for the act, publishes."""
    dispositif = brouillon.dispositif
    precedente = dispositif.versions.order_by("-en_vigueur_le", "-numero").first()
    controle = controler(brouillon.contenu, brouillon.demonstration)
    pas_avant = precedente.en_vigueur_le if precedente else None
    donnees = request.POST if request.method == "POST" else None
    initial = {
        "version_lue": brouillon.version,
        "assemblee": f"assemblée du {dispositif.autorite.nom}"[:100],
        "en_vigueur_le": max(date.today(), pas_avant or date.min),
    }
    form = PublierForm(donnees, initial=initial, pas_avant=pas_avant)
    if donnees is not None and form.is_valid():
        try:
            version = publier(
                brouillon,
                acte=form.acte(),
                en_vigueur_le=form.cleaned_data["en_vigueur_le"],
                par=cast(Agent, request.user),
                version_lue=form.cleaned_data["version_lue"],
            )
        except ConflitDeVersion as conflit:
            return page_conflit(
                request, conflit, titre="Le brouillon a changé entre-temps", retour=request.get_full_path()
            )
        except ActionRefusee as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"La version {version.numero} est publiée. Elle ne changera plus.")
            if version.en_vigueur_le < date.today():
                messages.warning(
                    request,
                    "Elle s’applique depuis une date passée : relisez les pré-instructions faites depuis "
                    "lors. Celles qui sont figées ne changent pas.",
                )
            return redirect("reglements:version", dispositif.slug, version.numero)
    contexte = {
        "brouillon": brouillon,
        "dispositif": dispositif,
        "precedente": precedente,
        "controle": controle,
        "obstacles": obstacles(controle),
        "modifiable": est_modifiable(brouillon),
        "differences": comparer_textes(
            precedente.contenu if precedente else {},
            brouillon.contenu,
            lignes_du_jour(),
            demonstration=(bool(precedente and precedente.demonstration), brouillon.demonstration),
        ),
        "form": form,
        "retour": adresse(brouillon),
    }
    return render(
        request, "reglements/brouillon_publier.html", contexte, status=200 if donnees is None else 400
    )
