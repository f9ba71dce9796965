"""The papers of a meeting: letters, calendar event, attendance sheet, pack, minutes; and its printed code."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import localdate

from arpent.plateforme.acteurs.acces import page
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.documents.actions import servir, telecharger
from arpent.plateforme.documents.gabarits_autorite import gabarit_word
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.documents.rendu.pdf import RenduImpossible
from arpent.plateforme.documents.rendu.pdf_reunion import (
    rendre_compte_rendu_pdf,
    rendre_convocation_reunion_pdf,
    rendre_feuille_presence_pdf,
)

from ...models import Demarche
from ..adresses import absolue, reunion_du_jeton
from ..agendas import avis_ics, courriel_de
from ..droits import peut_conduire, peut_valider
from ..gestes import COMPTE_RENDU, CONVOCATION
from ..lecture import membres_de, points_de
from ..models import Reunion
from ..objets import adresse as adresse_objet
from ..papiers import compte_rendu_doc, convocation_docs, dossier_zip, feuille_doc, lettres_zip
from .acces import CONDUIRE, VOIR, adresse, agent_de, exiger_conduite, reunion_de


def _signataire(reunion: Reunion) -> str:
    return reunion.cree_par_nom if reunion.cree_par_nom != "Arpent" else ""


def _servir(
    request: HttpRequest, demarche: Demarche, ici: Reunion, nom: str, faire: Callable[[], bytes]
) -> HttpResponse:
    """The document, or back to the meeting with what prevented it."""
    try:
        contenu = faire()
    except RenduImpossible as refus:
        messages.error(request, str(refus))
        return redirect(adresse(demarche, "reunion", ici.pk))
    base, _, format = nom.rpartition(".")
    return telecharger(contenu, f"{base}-{demarche.slug}-{ici.pk}.{format}")


def _convocation(ici: Reunion) -> bytes:
    commune, _ = convocation_docs(ici, membres_de(ici), localdate(), _signataire(ici))
    return rendre_convocation_reunion_pdf(commune)


@page_demarche(VOIR)
def convocation(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """The common letter, as it stands today (what left is among the issued documents)."""
    ici = reunion_de(demarche, pk)
    return _servir(request, demarche, ici, "convocation.pdf", lambda: _convocation(ici))


@page_demarche(CONDUIRE)
def lettres(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """One letter a member, in an archive. About a tenth of a second each."""
    ici = reunion_de(demarche, pk)
    exiger_conduite(request, ici)
    faire = lambda: lettres_zip(ici, localdate(), _signataire(ici))  # noqa: E731
    return _servir(request, demarche, ici, "convocations.zip", faire)


@page_demarche(CONDUIRE)
def feuille(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """The attendance sheet to print."""
    ici = reunion_de(demarche, pk)
    exiger_conduite(request, ici)
    faire = lambda: rendre_feuille_presence_pdf(feuille_doc(ici, localdate()))  # noqa: E731
    return _servir(request, demarche, ici, "feuille-de-presence.pdf", faire)


@page_demarche(VOIR)
def dossier(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """The pack: notice, files in the order of the agenda, summary with the objects to read online."""
    ici = reunion_de(demarche, pk)
    liens = [
        (p.objet_libelle, absolue(url))
        for p in points_de(ici)
        if (url := adresse_objet(ici.demarche, p.objet_genre, p.objet_id))
    ]
    faire = lambda: dossier_zip(ici, _convocation(ici), liens)  # noqa: E731
    return _servir(request, demarche, ici, "dossier.zip", faire)


@page_demarche(VOIR)
def evenement(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """The calendar event, for whoever wants it in their own calendar."""
    ici = reunion_de(demarche, pk)
    contenu = avis_ics(
        ici, None, organisateur=courriel_de(settings.DEFAULT_FROM_EMAIL), url=absolue(ici.get_absolute_url())
    )
    reponse = HttpResponse(contenu, content_type="text/calendar; charset=utf-8")
    reponse["Content-Disposition"] = f'attachment; filename="reunion-{ici.pk}.ics"'
    return reponse


@page_demarche(VOIR)
def minutes(request: HttpRequest, demarche: Demarche, pk: int, format: str) -> HttpResponse:
    """The draft of the minutes (PDF or Word), for those who write or validate it."""
    ici = reunion_de(demarche, pk)
    agent = agent_de(request)
    if not (peut_conduire(agent, ici) or peut_valider(agent, ici)):
        messages.error(request, "Le projet de compte rendu se lit ici une fois validé par la présidence.")
        return redirect(adresse(demarche, "compte_rendu", pk))
    if format not in {"pdf", "docx"}:
        raise Http404("Le compte rendu existe en PDF et en Word.")

    def faire() -> bytes:
        doc = compte_rendu_doc(ici, localdate())
        if format == "pdf":
            return rendre_compte_rendu_pdf(doc)
        return gabarit_word(ici.demarche.autorite.pk, "compte_rendu").rendre(doc)

    return _servir(request, demarche, ici, f"compte-rendu.{format}", faire)


@page_demarche(VOIR)
def emis(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """A document as it was issued: a notice, the validated minutes."""
    ids = Reunion.objects.de(demarche).order_by().values_list("pk", flat=True)
    document = get_object_or_404(
        DocumentEmis, pk=pk, objet_type=Reunion._meta.label_lower, genre__in=(COMPTE_RENDU, CONVOCATION)
    )
    if not document.objet_id.isdecimal() or int(document.objet_id) not in set(ids):
        raise Http404("Ce document n’existe pas ou n’est pas dans votre périmètre.")
    return servir(document)


@page("connecte")
def emargement(request: HttpRequest, jeton: str) -> HttpResponse:
    """What the code of the attendance sheet opens: the page of the presence, for whoever may note it."""
    pk = reunion_du_jeton(jeton)
    visibles = Reunion.objects.visibles_par(agent_de(request)).select_related("demarche")
    ici = visibles.filter(pk=pk or 0).first()
    if ici is None:
        raise Http404("Ce code n’ouvre aucune réunion de votre périmètre.")
    return redirect(adresse(ici.demarche, "seance", ici.pk, "presences"))
