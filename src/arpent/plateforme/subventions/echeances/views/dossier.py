"""What the owner declares of the works, and more time: asked, granted, refused, its act."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate

from arpent.metier.cycles import CYCLE_PROROGATION, EtatProrogation, TransitionRefusee
from arpent.metier.cycles.versement import DEMANDER
from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.actions import servir, telecharger
from arpent.plateforme.documents.rendu.pdf import RenduImpossible
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ...dossiers.acces import exiger
from ...dossiers.droits import VOIR
from ...models import Dossier
from ...versements.acces import contexte_de, dossier_de
from ...versements.droits import peut_demander, peut_sur_dossier
from ...versements.forms import GesteForm
from .. import actions
from ..acces import DECIDER
from ..documents import accorder_et_emettre, acte_de_prorogation
from ..faits import situation_de
from ..forms import AccorderForm, DeclarerForm, ProrogationForm, RefuserForm
from .commun import REFUS

ECRIRE = ("GET", "HEAD", "POST")


def _retour(dossier: Dossier) -> str:
    arguments = [dossier.demarche.slug, dossier.annee, dossier.numero]
    return reverse("subventions:versements", args=arguments) + "#echeances"


def _suite(request: RequeteAgent, dossier: Dossier, form: Any, **mots: Any) -> HttpResponse:
    contexte = contexte_de(request, dossier) | {"form": form, "retour": _retour(dossier)} | mots
    return render(request, "subventions/versements/suite.html", contexte, status=422 if form.errors else 200)


@page_demarche(DEMANDER, *ECRIRE)
def declarer(request: RequeteAgent, demarche: Demarche, annee: int, numero: int) -> HttpResponse:
    """The owner says when the works began, and when they ended."""
    dossier = dossier_de(request, demarche, annee, numero)
    exiger(peut_demander(request.user, dossier))
    form = DeclarerForm(request.POST if request.method == "POST" else None, objet=dossier)
    if request.method == "POST" and form.is_valid():
        lu = form.cleaned_data
        dossier.version = lu["version_lue"]
        try:
            actions.declarer(
                dossier, debut_le=lu["debut_le"], acheve_le=lu["acheve_le"], par=request.user, le=localdate()
            )
        except REFUS as refus:
            form.add_error(None, str(refus))
        except ConflitDeVersion as conflit:
            return page_conflit(request, conflit, titre="Avancement", retour=request.path)
        else:
            messages.success(request, "L’avancement est déclaré.")
            return redirect(_retour(dossier))
    return _suite(
        request, dossier, form, titre="Déclarer l’avancement des travaux", bouton="Déclarer",
        phrase="Le délai d’achèvement part du commencement que vous déclarez.",
    )  # fmt: skip


@page_demarche(DEMANDER, *ECRIRE)
def prorogation_nouvelle(request: RequeteAgent, demarche: Demarche, annee: int, numero: int) -> HttpResponse:
    dossier = dossier_de(request, demarche, annee, numero)
    exiger(peut_demander(request.user, dossier))
    form = ProrogationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        lu = form.cleaned_data
        try:
            actions.demander_prorogation(
                dossier, lu["genre"], lu["mois"], lu["motif"], par=request.user, le=localdate()
            )
        except REFUS as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "La prorogation est demandée.")
            return redirect(_retour(dossier))
    return _suite(
        request, dossier, form, titre="Demander une prorogation", bouton="Demander la prorogation",
        phrase="L’autorité décide, par un acte. Le délai ne change pas d’ici là.",
        situation=situation_de(dossier, localdate()),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _GesteProrogation:
    cycle: str
    titre: str
    phrase: str
    fait: str
    form: type[Any] | None
    agir: Callable[[Any, Any, RequeteAgent], object]


_GESTES: dict[str, _GesteProrogation] = {
    "accorder": _GesteProrogation(
        "accorder_prorogation", "Accorder la prorogation",
        "Le délai est repoussé d’autant, dans le maximum du règlement.", "La prorogation est accordée.",
        AccorderForm,
        lambda p, f, r: accorder_et_emettre(p, f.decision, par=r.user, le=localdate()),
    ),
    "refuser": _GesteProrogation(
        "refuser_prorogation", "Refuser la prorogation", "Le bénéficiaire lira le motif.",
        "La prorogation est refusée.", RefuserForm,
        lambda p, f, r: actions.refuser(p, f.cleaned_data["motif"], par=r.user, le=localdate()),
    ),
    "retirer": _GesteProrogation(
        "retirer_prorogation", "Retirer la demande", "Le délai reste ce qu’il est.",
        "La demande est retirée.", None, lambda p, _, r: actions.retirer(p, par=r.user),
    ),
}  # fmt: skip


@page_demarche(VOIR, *ECRIRE)
def prorogation_geste(
    request: RequeteAgent, demarche: Demarche, annee: int, numero: int, rang: int, geste: str
) -> HttpResponse:
    """Grant, refuse or withdraw an extension; a refusal keeps what was typed."""
    dossier = dossier_de(request, demarche, annee, numero)
    prorogation = get_object_or_404(dossier.prorogations, numero=rang)
    prorogation.dossier = dossier
    voulu = _GESTES.get(geste)
    if voulu is None:
        raise Http404("Ce geste n’existe pas.")
    exiger(peut_sur_dossier(request.user, DEMANDER if geste == "retirer" else DECIDER, dossier))
    try:
        CYCLE_PROROGATION.franchir(voulu.cycle, prorogation.etat)
    except TransitionRefusee as refus:
        messages.error(request, str(refus))
        return redirect(_retour(dossier))
    classe = voulu.form or GesteForm
    form = classe(request.POST if request.method == "POST" else None, objet=prorogation)
    if request.method == "POST" and form.is_valid():
        prorogation.version = form.cleaned_data["version_lue"]
        try:
            voulu.agir(prorogation, form, request)
        except (*REFUS, RenduImpossible) as refus:
            form.add_error(None, str(refus))
        except ConflitDeVersion as conflit:
            return page_conflit(request, conflit, titre=voulu.titre, retour=_retour(dossier))
        else:
            messages.success(request, voulu.fait)
            return redirect(_retour(dossier))
    return _suite(
        request, dossier, form, titre=voulu.titre, bouton=voulu.titre, phrase=voulu.phrase,
        prorogation=prorogation, situation=situation_de(dossier, localdate()),
    )  # fmt: skip


@page_demarche(VOIR)
def prorogation_acte(
    request: RequeteAgent, demarche: Demarche, annee: int, numero: int, rang: int
) -> HttpResponse:
    """The act of an extension granted, as it was issued; made again for one granted without issuing it."""
    dossier = dossier_de(request, demarche, annee, numero)
    accordees = dossier.prorogations.filter(etat=EtatProrogation.ACCORDEE.value).select_related("document")
    prorogation = get_object_or_404(accordees, numero=rang)
    if prorogation.document is not None:
        return servir(prorogation.document)
    prorogation.dossier = dossier
    try:
        contenu = acte_de_prorogation(prorogation, localdate())
    except RenduImpossible as refus:
        messages.error(request, str(refus))
        return redirect(_retour(dossier))
    return telecharger(contenu, f"prorogation-{dossier.reference}-{rang}.pdf")
