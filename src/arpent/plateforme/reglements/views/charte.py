"""The charter of the authority of a dispositif: its form, and a sample contract that wears it."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.documents.actions import telecharger
from arpent.plateforme.documents.catalogue import gabarit
from arpent.plateforme.documents.chartes import (
    CharteRefusee,
    charte_de,
    charte_doc,
    polices_de,
)
from arpent.plateforme.documents.donnees import ContratDoc
from arpent.plateforme.documents.gabarits_autorite import gabarit_word
from arpent.plateforme.documents.rendu.pdf import RenduImpossible, rendre_contrat_pdf
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ..acces import page_dispositif
from ..chartes import enregistrer_charte
from ..forms_charte import CharteForm
from ..models import Dispositif

FORMATS = ("pdf", "docx")


@page_dispositif("reglement.rediger", "GET", "HEAD", "POST")
def charte(request: RequeteAgent, dispositif: Dispositif) -> HttpResponse:
    autorite = dispositif.autorite
    actuelle = charte_de(autorite.pk)
    envoye = request.method == "POST"
    form = CharteForm(
        request.POST if envoye else None,
        request.FILES if envoye else None,
        instance=actuelle,
        initial={"version_lue": actuelle.version},
    )
    polices = polices_de(actuelle)
    if not actuelle.logo:
        del form.fields["retirer_logo"]
    if not polices:
        del form.fields["retirer_polices"]
    if envoye and form.is_valid():
        lu = form.cleaned_data
        image = lu["logo_image"]
        try:
            enregistrer_charte(
                autorite, lu, version_lue=lu["version_lue"], image=image.read() if image else None,
                retirer_logo=bool(lu.get("retirer_logo")), par=request.user,
                polices=form.polices_deposees(), retirer_les_polices=bool(lu.get("retirer_polices")),
            )  # fmt: skip
        except CharteRefusee as refus:
            form.add_error("logo_image" if refus.champ == "logo" else refus.champ, str(refus))
        except ConflitDeVersion as conflit:
            retour = reverse("reglements:charte", args=[dispositif.slug])
            return page_conflit(request, conflit, titre="La charte a changé entre-temps", retour=retour)
        else:
            messages.success(request, "La charte est enregistrée : les prochains documents la porteront.")
            return redirect("reglements:charte", dispositif.slug)
    contexte = {
        "dispositif": dispositif,
        "form": form,
        "charte": charte_doc(autorite.pk, autorite.nom),
        "polices": polices.values(),
        "retour": reverse("reglements:dispositif", args=[dispositif.slug]),
    }
    return render(request, "reglements/charte.html", contexte, status=422 if form.errors else 200)


@page_dispositif("reglement.rediger")
def charte_apercu(request: RequeteAgent, dispositif: Dispositif, format: str) -> HttpResponse:
    """A made-up contract with the charter on it."""
    if format not in FORMATS:
        raise Http404("Ce format n’existe pas : pdf ou docx.")
    exemple = gabarit("contrat/v1").exemple()
    assert isinstance(exemple, ContratDoc)
    autorite = dispositif.autorite
    lue = charte_doc(autorite.pk, autorite.nom)
    parties = (replace(exemple.parties[0], nom=autorite.nom), *exemple.parties[1:])
    doc = replace(
        exemple, autorite=autorite.nom, parties=parties, charte=lue, fait_a=lue.fait_a if lue else ""
    )
    try:
        if format == "docx":
            contenu = gabarit_word(autorite.pk, "contrat").rendre(doc)
        else:
            contenu = rendre_contrat_pdf(doc)
    except RenduImpossible as refus:
        messages.error(request, str(refus))
        return redirect("reglements:charte", dispositif.slug)
    return telecharger(contenu, f"charte-exemple.{format}")
