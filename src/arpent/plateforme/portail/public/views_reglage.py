"""The page by which the authority opens its site, writes its words, chooses its documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.documents.models import DocumentEmis, PublicationDocument
from arpent.plateforme.reglements.acces import page_dispositif
from arpent.plateforme.reglements.models import Dispositif
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from . import actions, lecture
from .forms import SiteForm

DROIT = "reglement.publier"


@page_dispositif(DROIT, "GET", "HEAD", "POST")
def reglage(request: RequeteAgent, dispositif: Dispositif) -> HttpResponse:
    """The site as it is, and what it shows. Seven queries."""
    actuel = actions.site_de(dispositif)
    form = SiteForm(
        request.POST if request.method == "POST" else None, instance=actuel,
        initial={"version_lue": actuel.version, "ouvert": actuel.ouvert_le is not None},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        lu = form.cleaned_data
        try:
            site = actions.regler_site(
                dispositif, lu, ouvert=lu["ouvert"], version_lue=lu["version_lue"], par=request.user
            )
        except actions.SiteRefuse as refus:
            form.add_error("editeur", str(refus))
        except ConflitDeVersion as conflit:
            retour = reverse("public:reglage", args=[dispositif.slug])
            return page_conflit(request, conflit, titre="Le site a changé entre-temps", retour=retour)
        else:
            dit = (
                "Le site est ouvert à tous." if site.ouvert_le else "Le site est fermé : personne ne le lit."
            )
            messages.success(request, dit)
            return redirect("public:reglage", dispositif.slug)
    contrats = lecture.lister(dispositif)
    contexte = {
        "dispositif": dispositif,
        "form": form,
        "ouvert": actions.site_de(dispositif).ouvert_le,
        "contrats": contrats,
        "nombre": sum(c.projets for c in contrats),
        "documents": _documents(contrats),
        "retour": reverse("reglements:dispositif", args=[dispositif.slug]),
    }
    return render(request, "portail/public/reglage.html", contexte, status=422 if form.errors else 200)


@dataclass(frozen=True, slots=True)
class Emis:
    """A document that may be published, its territory, since when it is published."""

    document: DocumentEmis
    territoire: str
    publie_le: datetime | None


def _documents(contrats: Sequence[lecture.ContratPublic]) -> list[Emis]:
    noms = {c.contrat.demarche_id: c.contrat.demarche.territoire.nom for c in contrats}
    lus = lecture.documents_publiables(list(noms))
    publies = dict(
        PublicationDocument.objects.filter(document__in=lus).values_list("document_id", "publie_le")
    )
    return [Emis(d, noms[d.demarche_id or 0], publies.get(d.pk)) for d in lus]


@page_dispositif(DROIT, "POST")
def publier(request: RequeteAgent, dispositif: Dispositif, pk: int) -> HttpResponse:
    """Publishes a document, or withdraws it (`retirer`)."""
    demarches = [c.demarche_id for c in lecture.contrats_de(dispositif)]
    document = get_object_or_404(lecture.documents_publiables(demarches), pk=pk)
    if request.POST.get("retirer"):
        actions.retirer_document(document, par=request.user)
        messages.success(request, f"« {document.titre} » n’est plus sur le site.")
    else:
        actions.publier_document(document, par=request.user)
        messages.success(request, f"« {document.titre} » est publié.")
    return redirect(f"{reverse('public:reglage', args=[dispositif.slug])}#documents")
