"""Pages of the deadlines: what a file declares and asks, the list of the authority, lapses in batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate

from arpent.metier.argent import ZERO
from arpent.metier.cycles import CYCLE_PROROGATION, EtatProrogation, TransitionRefusee
from arpent.metier.echeances_dossier import LIBELLES_ETAT_ECHEANCE
from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.acteurs.droits import peut
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.actions import servir, telecharger
from arpent.plateforme.documents.rendu.pdf import RenduImpossible
from arpent.plateforme.negociations.credits.registre import CreditRefuse
from arpent.plateforme.reglements.models import Dispositif
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ..dossiers.actions import DossierRefuse
from ..models import Dossier, LotCaducite
from ..versements.acces import VOIR, contexte_de, dossier_de
from ..versements.droits import peut_demander, peut_service
from ..versements.forms import GesteForm
from ..versements.lecture import PUCES_ECHEANCE
from . import actions
from .acces import DECIDER, page_caducites, page_echeances
from .actions import EcheanceRefusee
from .documents import acte_de_prorogation, emettre_caducites, projet_de_caducites
from .faits import regles_de, situation_de
from .fichiers import echeances_en_fichier
from .forms import AccorderForm, CaducitesForm, DeclarerForm, ProrogationForm, RefuserForm
from .lecture import LigneCaduque, caducs_possibles, du_dispositif, jours_de, situations

REFUS = (EcheanceRefusee, DossierRefuse, CreditRefuse, TransitionRefusee)
ECRIRE = ("GET", "HEAD", "POST")
PROCHES = 60
"""Deadlines listed on the page; the file holds them all."""


def _retour(dossier: Dossier) -> str:
    arguments = [dossier.demarche.slug, dossier.annee, dossier.numero]
    return reverse("subventions:versements", args=arguments) + "#echeances"


def _suite(request: RequeteAgent, dossier: Dossier, form: Any, **mots: Any) -> HttpResponse:
    contexte = contexte_de(request, dossier) | {"form": form, "retour": _retour(dossier)} | mots
    return render(request, "subventions/versements/suite.html", contexte, status=422 if form.errors else 200)


@page_demarche(VOIR, *ECRIRE)
def declarer(request: RequeteAgent, demarche: Demarche, annee: int, numero: int) -> HttpResponse:
    """The owner says when the works began, and when they ended."""
    dossier = dossier_de(request, demarche, annee, numero)
    if not (avis := peut_demander(request.user, dossier)):
        raise PermissionDenied(avis.raison)
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


# --- more time ------------------------------------------------------------------------------------


@page_demarche(VOIR, *ECRIRE)
def prorogation_nouvelle(request: RequeteAgent, demarche: Demarche, annee: int, numero: int) -> HttpResponse:
    dossier = dossier_de(request, demarche, annee, numero)
    if not (avis := peut_demander(request.user, dossier)):
        raise PermissionDenied(avis.raison)
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
        "accorder_prorogation", "Accorder la prorogation", "Le délai est repoussé d’autant, dans le "
        "maximum du "
        "règlement.", "La prorogation est accordée.", AccorderForm,
        lambda p, f, r: actions.accorder(p, f.decision, par=r.user, le=localdate()),
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
    avis = peut_demander(request.user, dossier) if geste == "retirer" else peut_service(
        request.user, DECIDER, dossier
    )  # fmt: skip
    if not avis:
        raise PermissionDenied(avis.raison)
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
        except REFUS as refus:
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
    """The act of an extension granted."""
    dossier = dossier_de(request, demarche, annee, numero)
    prorogation = get_object_or_404(dossier.prorogations, numero=rang, etat=EtatProrogation.ACCORDEE.value)
    prorogation.dossier = dossier
    try:
        contenu = acte_de_prorogation(prorogation, localdate())
    except RenduImpossible as refus:
        messages.error(request, str(refus))
        return redirect(_retour(dossier))
    return telecharger(contenu, f"prorogation-{dossier.reference}-{rang}.pdf")


# --- the authority --------------------------------------------------------------------------------


@page_echeances
def dispositif(request: RequeteAgent, dispositif: Dispositif, genre: str = "") -> HttpResponse:
    """The deadlines of every territory, the soonest first. Seven queries beside those of every page."""
    lues = situations(du_dispositif(dispositif), localdate())
    jours = jours_de(lues)
    if genre:
        return echeances_en_fichier(genre, dispositif, jours)
    caducs = caducs_possibles(lues)
    contexte = {
        "dispositif": dispositif,
        "regles": regles_de(dispositif),
        "jours": [
            (j, PUCES_ECHEANCE[j.echeance.etat], LIBELLES_ETAT_ECHEANCE[j.echeance.etat])
            for j in jours[:PROCHES]
        ],
        "nombre": len(jours),
        "suivis": len(lues),
        "caducs": caducs,
        "lots": list(LotCaducite.objects.filter(dispositif=dispositif).prefetch_related("lignes")[:20]),
        "peut_prononcer": bool(peut(request.user, DECIDER, autorite_id=dispositif.autorite_id)),
    }
    return render(request, "subventions/echeances/dispositif.html", contexte)


def _cle(ligne: LigneCaduque) -> str:
    return f"{ligne.dossier.pk}-{ligne.dossier.version}"


def _possibles(dispositif: Dispositif) -> dict[str, LigneCaduque]:
    lues = situations(du_dispositif(dispositif), localdate())
    return {_cle(x): x for x in caducs_possibles(lues)}


@page_caducites
def caducites(request: RequeteAgent, dispositif: Dispositif) -> HttpResponse:
    """Choose among the files that may lapse, read what each would give back, then pronounce together."""
    possibles = _possibles(dispositif)
    form = CaducitesForm(
        request.POST if request.method == "POST" else None,
        possibles={cle: x.dossier.fiche.titre for cle, x in possibles.items()},
    )
    if request.method == "POST" and form.is_valid():
        choisis = [possibles[cle].dossier for cle in form.cleaned_data["dossiers"]]
        try:
            with transaction.atomic():
                lot = actions.prononcer_caducites(
                    dispositif, choisis, form.acte_lu, par=request.user, le=localdate()
                )
                emettre_caducites(lot, par=request.user, le=localdate())
        except (*REFUS, RenduImpossible) as refus:
            form.add_error(None, str(refus))
        except ConflitDeVersion as conflit:
            return page_conflit(request, conflit, titre="Caducités", retour=request.path)
        else:
            nombre = len(choisis)
            messages.success(
                request,
                f"{nombre} aide{'s' if nombre > 1 else ''} déclarée{'s' if nombre > 1 else ''} caduque"
                f"{'s' if nombre > 1 else ''} par l’acte {lot.acte}.",
            )
            return redirect(reverse("subventions:echeances_dispositif", args=[dispositif.slug]) + "#actes")
    choisies = form.choisis if form.is_bound else {k for k, x in possibles.items() if not x.reserve}
    contexte = {
        "dispositif": dispositif,
        "form": form,
        "lignes": [(cle, x, cle in choisies) for cle, x in possibles.items()],
        "total": sum((x.a_rendre for x in possibles.values()), ZERO),
        "retour": reverse("subventions:echeances_dispositif", args=[dispositif.slug]),
    }
    return render(
        request, "subventions/echeances/caducites.html", contexte, status=422 if form.errors else 200
    )


@page_caducites
def caducites_projet(request: RequeteAgent, dispositif: Dispositif) -> HttpResponse:
    """The draft of the act on every file that may lapse: nothing is pronounced."""
    try:
        contenu = projet_de_caducites(dispositif, list(_possibles(dispositif).values()), localdate())
    except RenduImpossible as refus:
        messages.error(request, str(refus))
        return redirect("subventions:caducites", slug=dispositif.slug)
    return telecharger(contenu, f"projet-caducites-{dispositif.slug}.pdf")


@page_echeances
def caducites_acte(request: RequeteAgent, dispositif: Dispositif, pk: int) -> HttpResponse:
    """The act as it was issued, whatever moved since."""
    lot = get_object_or_404(
        LotCaducite.objects.select_related("document"), pk=pk, dispositif=dispositif, document__isnull=False
    )
    assert lot.document is not None
    return servir(lot.document)
