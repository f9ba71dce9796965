"""The deadlines of every territory, and the lapses pronounced together."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate

from arpent.metier.argent import ZERO
from arpent.metier.echeances_dossier import LIBELLES_ETAT_ECHEANCE
from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.acteurs.droits import peut
from arpent.plateforme.documents.actions import servir, telecharger
from arpent.plateforme.documents.rendu.pdf import RenduImpossible
from arpent.plateforme.reglements.models import Dispositif
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ...models import LotCaducite
from ...versements.lecture import PUCES_ECHEANCE
from .. import actions
from ..acces import DECIDER, page_caducites, page_echeances
from ..documents import emettre_caducites, projet_de_caducites
from ..faits import regles_de
from ..fichiers import echeances_en_fichier
from ..forms import CaducitesForm
from ..lecture import LigneCaduque, caducs_possibles, du_dispositif, jours_de, situations
from .commun import REFUS

PROCHES = 60
"""Deadlines listed on the page; the file holds them all."""


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
