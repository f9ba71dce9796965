"""Pages of the consolidated contract: at a date, between two dates or acts, in PDF."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from arpent.metier.avenants import comparer
from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.actions import telecharger
from arpent.plateforme.documents.rendu.pdf import RenduImpossible
from arpent.plateforme.documents.rendu.pdf_avenant import rendre_consolide_pdf

from .acces import PREPARER, VOIR, contrat_ou_404
from .documents import consolide_doc, nom_d_acte
from .lecture import AvenantRefuse, actes_en_vigueur, base_de
from .reperes import Lecture, RepereInconnu, lire_repere


def _lire(demarche: Demarche) -> Lecture:
    contrat = contrat_ou_404(demarche)
    try:
        return Lecture(contrat, base_de(contrat), tuple(actes_en_vigueur(contrat)))
    except AvenantRefuse as refus:
        raise Http404(str(refus)) from None


def _jour(brut: str) -> tuple[date, str]:
    """The day asked for (today when none is, or when it cannot be read), and what was wrong."""
    if not brut:
        return date.today(), ""
    try:
        return date.fromisoformat(brut), ""
    except ValueError:
        return date.today(), f"« {brut[:20]} » n’est pas une date : voici le contrat aujourd’hui."


@page_demarche(VOIR)
def consolide(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """The contract on a day: each line with the act that brought it, what changed it."""
    lecture = _lire(demarche)
    le, erreur = _jour(request.GET.get("le", ""))
    lu = lecture.au(le)
    doc = consolide_doc(lecture.contrat, lu, au=le, etabli_le=date.today())
    contexte: dict[str, Any] = {
        "demarche": demarche,
        "contrat": lecture.contrat,
        "doc": doc,
        "etat": lu.etat,
        "le": le,
        "erreur": erreur,
        "refus": lu.refus,
        "modifies": sum(bool(x.changements) for x in doc.lignes),
        "entres": sum(x.origine != "Contrat signé" for x in doc.lignes),
        "peut_preparer": bool(peut_sur(request.user, PREPARER, demarche)),
    }
    return render(request, "contrats/avenants/consolide.html", contexte)


@page_demarche(VOIR)
def consolide_pdf(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """The same, to print or to send."""
    lecture = _lire(demarche)
    le, _ = _jour(request.GET.get("le", ""))
    try:
        doc = consolide_doc(lecture.contrat, lecture.au(le), au=le, etabli_le=date.today())
        contenu = rendre_consolide_pdf(doc)
    except RenduImpossible as refus:
        messages.error(request, str(refus))
        page = reverse("contrats:consolide", args=[demarche.slug])
        return redirect(f"{page}?le={le:%Y-%m-%d}")
    return telecharger(contenu, f"contrat-consolide-{demarche.slug}-{le:%Y-%m-%d}.pdf")


@page_demarche(VOIR)
def comparaison(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """Two dates or two acts side by side: in, out, changed, totals. A fixed number of queries."""
    lecture = _lire(demarche)
    demandes = (request.GET.get("a") or "base", request.GET.get("b") or date.today().isoformat())
    erreur = ""
    try:
        avant, apres = (lire_repere(lecture, x) for x in demandes)
    except RepereInconnu as refus:
        erreur = str(refus)
        demandes = ("base", date.today().isoformat())
        avant, apres = (lire_repere(lecture, x) for x in demandes)
    contexte = {
        "demarche": demarche,
        "contrat": lecture.contrat,
        "vu": comparer(avant.etat, apres.etat),
        "avant": avant,
        "apres": apres,
        "a": demandes[0],
        "b": demandes[1],
        "erreur": erreur,
        "reperes": [("base", "Contrat signé"), *((a.code, nom_d_acte(a.code)) for a in lecture.actes)],
    }
    return render(request, "contrats/avenants/comparaison.html", contexte, status=422 if erreur else 200)
