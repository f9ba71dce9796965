"""Pages of the reserve: the requests of a territory, one request and its gestures, the whole of the fund."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from arpent.metier.cycles.cycle import TransitionRefusee
from arpent.metier.cycles.fiche import EtatFiche
from arpent.metier.cycles.reserve import CYCLE_RESERVE, DECIDER, DEMANDER, OUVERTES
from arpent.metier.repartition.reserve import Reserve
from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.acteurs.droits import peut
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.models import ETATS_ENGAGES, Fiche, FicheQuerySet
from arpent.plateforme.reglements.models import Dispositif
from arpent.plateforme.socle.numeros import identifiant
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ..credits.registre import CreditRefuse
from ..models import DemandeReserve
from . import actions, decisions
from .acces import demande_de, page_liberation, page_reserve
from .actions import CriteresManquants, ReserveRefusee
from .droits import LIRE_TOUT, VOIR, peut_geste, peut_modifier, porteurs_de
from .fichiers import demandes_en_fichier
from .fonds import fonds_de, reserve_de, solde_de
from .forms import DemandeForm, EtatForm, LiberationForm
from .gestes import GESTES, gestes_de, transition_de
from .lecture import PUCES_ETAT, criteres_de, en_ordre, lignes, parts_de_la_jauge, totaux

REFUS = (ReserveRefusee, CreditRefuse, TransitionRefusee)


def _contexte(request: RequeteAgent, demarche: Demarche) -> dict[str, Any]:
    """The reserve belongs to the place of the contract."""
    request.place = "contrat"  # type: ignore[attr-defined]
    return {"demarche": demarche, "dispositif": demarche.processus.dispositif}


def _liste(form: EtatForm, demandes: list[DemandeReserve]) -> dict[str, Any]:
    demande, tenu = totaux(demandes)
    requete = f"?etat={form.voulu}" if form.voulu else ""
    return {
        "form": form, "lignes": lignes(demandes), "total_demande": demande, "total_accorde": tenu,
        "requete": requete,
    }  # fmt: skip


@page_demarche(VOIR)
def reserve(request: RequeteAgent, demarche: Demarche, genre: str = "") -> HttpResponse:
    """The requests of a territory, in order of date. Five queries beside those of every page."""
    form = EtatForm(request.GET or None, avec_brouillons=True)
    siennes = DemandeReserve.objects.visibles_par(request.user).filter(demarche=demarche)
    demandes = list(en_ordre(siennes, form.voulu))
    if genre:
        titre = f"Demandes de réserve, {demarche.territoire.nom}"
        return demandes_en_fichier(genre, titre, f"reserve-{demarche.slug}", demandes)
    contexte = _contexte(request, demarche)
    decrite = reserve_de(contexte["dispositif"])
    fonds = fonds_de(contexte["dispositif"], decrite)
    contexte |= _liste(form, demandes) | {
        "reserve": decrite,
        "fonds": fonds,
        "solde": solde_de(fonds),
        "peut_demander": decrite is not None and bool(peut_sur(request.user, DEMANDER, demarche)),
    }
    return render(request, "negociations/reserve/territoire.html", contexte)


# --- preparing a request --------------------------------------------------------------------------


def _fiches_possibles(request: RequeteAgent, demarche: Demarche) -> FicheQuerySet:
    """Proposed, out of the contract, without an open request, of an owner this agent acts for."""
    porteurs = porteurs_de(request.user, demarche)
    hors = [EtatFiche.BROUILLON.value, EtatFiche.CONTRACTUALISEE.value]
    fiches = Fiche.objects.filter(demarche=demarche).comptees().exclude(etat__in=hors)
    fiches = fiches.exclude(etat__in=ETATS_ENGAGES, aide_accordee__gt=0)
    fiches = fiches.exclude(demandes_reserve__etat__in=OUVERTES)
    if porteurs is not None:
        fiches = fiches.filter(maitre_ouvrage__in=porteurs)
    return fiches.select_related("maitre_ouvrage").order_by("numero")


def _reserve_exigee(demarche: Demarche) -> Reserve:
    decrite = reserve_de(demarche.processus.dispositif)
    if decrite is None:
        raise Http404("Ce dispositif n’a pas de fonds de réserve.")
    return decrite


@page_demarche(DEMANDER, "GET", "HEAD", "POST")
def nouvelle(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """Choose a fiche, then ask: the form is prefilled from it."""
    decrite = _reserve_exigee(demarche)
    possibles = _fiches_possibles(request, demarche)
    envoi = request.POST if request.method == "POST" else request.GET
    numero = identifiant(envoi.get("fiche", ""))
    fiche = possibles.filter(numero=numero).first() if numero is not None else None
    if fiche is None:
        if envoi.get("fiche"):
            messages.error(request, "Ce projet ne peut pas faire l’objet d’une demande : choisissez-en un.")
        contexte = _contexte(request, demarche) | {"fiches": list(possibles)}
        return render(request, "negociations/reserve/choisir.html", contexte)
    form = DemandeForm(
        request.POST if request.method == "POST" else None,
        reserve=decrite, initial={"montant": fiche.aide_demandee or None},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                demande = actions.ouvrir_demande(
                    fiche, form.cleaned_data["montant"], form.justifications, par=request.user
                )
                if form.depose:
                    demande = actions.deposer(demande, par=request.user)
        except REFUS as refus:
            _montrer(form, refus)
        else:
            return _fait(request, demande, form)
    return _page_du_formulaire(request, demarche, fiche, form)


def _montrer(form: DemandeForm, refus: Exception) -> None:
    """Each missing answer beside its field; what is not a field, at the top."""
    form.add_error(None, str(refus))
    if isinstance(refus, CriteresManquants):
        for code in refus.codes:
            if form.nom(code) in form.fields:
                form.add_error(form.nom(code), "Ce critère arrête le dépôt.")


def _fait(request: RequeteAgent, demande: DemandeReserve, form: DemandeForm) -> HttpResponse:
    dit = "La demande est déposée." if form.depose else "Le brouillon est enregistré."
    messages.success(request, dit)
    return redirect(demande.get_absolute_url())


def _page_du_formulaire(
    request: RequeteAgent,
    demarche: Demarche,
    fiche: Fiche,
    form: DemandeForm,
    demande: DemandeReserve | None = None,
) -> HttpResponse:
    contexte = _contexte(request, demarche) | {"fiche": fiche, "form": form, "demande": demande}
    refuse = form.is_bound and bool(form.errors)
    return render(request, "negociations/reserve/formulaire.html", contexte, status=422 if refuse else 200)


@page_demarche(DEMANDER, "GET", "HEAD", "POST")
def modifier(request: RequeteAgent, demarche: Demarche, numero: int) -> HttpResponse:
    demande = demande_de(request.user, demarche, numero)
    if not (avis := peut_modifier(request.user, demande)):
        raise PermissionDenied(avis.raison)
    decrite = _reserve_exigee(demarche)
    if request.method != "POST":
        form = DemandeForm(reserve=decrite, initial=DemandeForm.initiales(demande))
        return _page_du_formulaire(request, demarche, demande.fiche, form, demande)
    form = DemandeForm(request.POST, reserve=decrite)
    if form.is_valid():
        lu = form.cleaned_data
        try:
            with transaction.atomic():
                changee = actions.modifier_demande(
                    demande, lu["montant"], form.justifications, version_lue=lu["version_lue"] or 0,
                    par=request.user,
                )  # fmt: skip
                if form.depose:
                    changee = actions.deposer(changee, par=request.user)
        except REFUS as refus:
            _montrer(form, refus)
        except ConflitDeVersion as conflit:
            retour = reverse("negociations:reserve_modifier", args=[demarche.slug, numero])
            return page_conflit(request, conflit, titre="Demande de réserve", retour=retour)
        else:
            return _fait(request, changee, form)
    return _page_du_formulaire(request, demarche, demande.fiche, form, demande)


# --- one request ----------------------------------------------------------------------------------


@page_demarche(VOIR)
def demande(request: RequeteAgent, demarche: Demarche, numero: int) -> HttpResponse:
    """The request, its criteria one by one, what was decided, what one may do."""
    lue = demande_de(request.user, demarche, numero)
    decrite = reserve_de(demarche.processus.dispositif)
    contexte = _contexte(request, demarche) | {
        "demande": lue,
        "puce": PUCES_ETAT[CYCLE_RESERVE.etats(lue.etat)],  # type: ignore[index]
        "criteres": criteres_de(lue, decrite),
        "gestes": gestes_de(request.user, lue),
        "peut_modifier": bool(peut_modifier(request.user, lue)),
        "lit_tout": bool(peut_sur(request.user, LIRE_TOUT, demarche)),
    }
    return render(request, "negociations/reserve/demande.html", contexte)


@page_demarche(VOIR, "GET", "HEAD", "POST")
def geste(request: RequeteAgent, demarche: Demarche, numero: int, geste: str) -> HttpResponse:
    """One gesture on one request: its form, then the request again; a refusal keeps what was typed."""
    lue = demande_de(request.user, demarche, numero)
    voulu = GESTES.get(geste)
    if voulu is None:
        raise Http404("Ce geste n’existe pas.")
    retour = lue.get_absolute_url()
    if not (avis := peut_geste(request.user, lue, transition_de(voulu))):
        if request.method == "POST":
            raise PermissionDenied(avis.raison)
        messages.error(request, avis.raison)
        return redirect(retour)
    try:
        CYCLE_RESERVE.franchir(voulu.cycle, lue.etat)
    except TransitionRefusee as refus:
        messages.error(request, str(refus))
        return redirect(retour)
    form = voulu.form(request.POST if request.method == "POST" else None, demande=lue)
    if request.method == "POST" and form.is_valid():
        lue.version = form.cleaned_data["version_lue"]
        try:
            voulu.agir(lue, form.cleaned_data, request.user)
        except REFUS as refus:
            form.add_error(None, str(refus))
        except ConflitDeVersion as conflit:
            return page_conflit(request, conflit, titre=voulu.libelle, retour=retour)
        else:
            messages.success(request, voulu.fait)
            return redirect(retour)
    decrite = reserve_de(demarche.processus.dispositif)
    contexte = _contexte(request, demarche) | {
        "demande": lue, "geste": voulu, "form": form, "retour": retour,
        "criteres": criteres_de(lue, decrite) if voulu.code in {"deposer", "instruire", "accorder"} else [],
        "solde": solde_de(fonds_de(demarche.processus.dispositif, decrite)),
        "a_rendre": decisions.a_rendre(lue) if voulu.code == "rendre" else None,
    }  # fmt: skip
    return render(request, "negociations/reserve/geste.html", contexte, status=422 if form.errors else 200)


# --- the authority --------------------------------------------------------------------------------


@page_reserve
def dispositif(request: RequeteAgent, dispositif: Dispositif, genre: str = "") -> HttpResponse:
    """The balance and the requests of all territories, in order of date. Three queries beside the page's."""
    form = EtatForm(request.GET or None, avec_brouillons=False)
    toutes = DemandeReserve.objects.du_dispositif(dispositif).filter(deposee_le__isnull=False)
    demandes = list(en_ordre(toutes, form.voulu))
    if genre:
        return demandes_en_fichier(
            genre, f"Réserve, {dispositif.nom}", f"reserve-{dispositif.slug}", demandes
        )
    decrite = reserve_de(dispositif)
    fonds = fonds_de(dispositif, decrite)
    solde = solde_de(fonds)
    contexte = _liste(form, demandes) | {
        "dispositif": dispositif, "reserve": decrite, "fonds": fonds, "solde": solde,
        "parts": parts_de_la_jauge(solde) if solde else [],
        "peut_liberer": bool(solde and solde.reste > 0)
        and bool(peut(request.user, DECIDER, autorite_id=dispositif.autorite_id)),
    }  # fmt: skip
    return render(request, "negociations/reserve/dispositif.html", contexte)


@page_liberation
def liberer(request: RequeteAgent, dispositif: Dispositif) -> HttpResponse:
    """End of the generation: what is left leaves the reserve."""
    retour = reverse("negociations:reserve_dispositif", args=[dispositif.slug])
    form = LiberationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        lu = form.cleaned_data
        try:
            decisions.liberer_reserve(dispositif, lu["motif"], lu["acte"], lu["acte_le"], par=request.user)
        except REFUS as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "La réserve est libérée.")
            return redirect(retour)
    solde = solde_de(fonds_de(dispositif, reserve_de(dispositif)))
    contexte = {"dispositif": dispositif, "form": form, "solde": solde, "retour": retour}
    return render(request, "negociations/reserve/liberer.html", contexte, status=422 if form.errors else 200)
