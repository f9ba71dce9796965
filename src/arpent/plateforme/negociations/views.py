"""Pages of the negotiation. Reading never opens a maquette; the first amount typed does."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from arpent.metier.argent import formater_euros
from arpent.metier.cycles.cycle import TransitionRefusee
from arpent.metier.cycles.scenario import CYCLE_SCENARIO, DE_LA_MAQUETTE, EtatScenario
from arpent.metier.repartition import RepartitionImpossible
from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from . import actions, enveloppes
from .actions import ArbitrageRefuse
from .droits import ARBITRER, VOIR
from .forms import DonneeForm
from .tours.forms import EnvoiForm


@page_demarche(VOIR, "POST")
def geste(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """Offer, accept, set aside, resume: the right is that of the gesture in the cycle."""
    nom = request.POST.get("geste", "")
    voulu = next((t for t in CYCLE_SCENARIO.transitions if t.geste == nom), None)
    if voulu is None:
        raise Http404("Ce geste n’existe pas.")
    if not (avis := peut_sur(request.user, voulu.droit, demarche)):
        raise PermissionDenied(avis.raison)
    scenario = actions.scenario_courant(demarche, request.user)
    envoi = EnvoiForm(request.POST)
    if not envoi.is_valid():
        messages.error(request, "L’offre n’est pas partie : écrivez la date de réponse comme 31/01/2027.")
        return redirect("negociations:maquette", slug=demarche.slug)
    try:
        scenario = actions.changer_etat(scenario, nom, par=request.user, **envoi.cleaned_data)
    except (ArbitrageRefuse, TransitionRefusee) as refus:
        messages.error(request, str(refus))
    else:
        messages.success(
            request, f"La maquette est maintenant : {DE_LA_MAQUETTE[EtatScenario(scenario.etat)]}."
        )
    return redirect("negociations:maquette", slug=demarche.slug)


# --- envelope -------------------------------------------------------------------------------------


def _formulaires(explications: list[enveloppes.Explication]) -> list[tuple[enveloppes.Critere, DonneeForm]]:
    """One small form per criterion that is typed in, filled with the territory's value."""
    a_saisir = {
        ligne.critere.code: ligne
        for explication in explications
        for ligne in explication.lignes
        if ligne.critere.origine == enveloppes.SAISIE
    }
    return [
        (
            ligne.critere,
            DonneeForm(
                auto_id=f"{code}-%s",
                initial={
                    "critere": code,
                    "version_lue": ligne.valeur.version,
                    "valeur": ligne.valeur.valeur,
                    "source": ligne.valeur.source,
                },
            ),
        )
        for code, ligne in a_saisir.items()
    ]


def _page_enveloppe(
    request: RequeteAgent, demarche: Demarche, invalide: DonneeForm | None = None, status: int = 200
) -> HttpResponse:
    dispositif = demarche.processus.dispositif
    parts = enveloppes.parts_de(demarche)
    impossible = ""
    explications: list[enveloppes.Explication] = []
    try:
        explications = enveloppes.expliquer(demarche, dispositif)
    except RepartitionImpossible as erreur:
        impossible = str(erreur)
    formulaires = _formulaires(explications) if peut_sur(request.user, ARBITRER, demarche) else []
    if invalide is not None:
        recu = invalide.data.get("critere")
        formulaires = [(c, invalide if c.code == recu else f) for c, f in formulaires]
    montant = enveloppes.montant_des(parts)
    return render(
        request,
        "negociations/enveloppe.html",
        {
            "demarche": demarche,
            "dispositif": dispositif,
            "enveloppe": montant,
            "enveloppe_ecrite": formater_euros(montant),
            "explications": explications,
            "impossible": impossible,
            "formulaires": formulaires,
            "nomme_les_autres": bool(peut_sur(request.user, ARBITRER, demarche)),
        },
        status=status,
    )


@page_demarche(VOIR)
def enveloppe(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    return _page_enveloppe(request, demarche)


@page_demarche(ARBITRER, "POST")
def donnee(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """The value of one criterion for this territory; every envelope of the dispositif is shared again."""
    form = DonneeForm(request.POST, auto_id=f"{request.POST.get('critere', '')[:40]}-%s")
    if not form.is_valid():
        return _page_enveloppe(request, demarche, form, status=422)
    lu = form.cleaned_data
    retour = reverse("negociations:enveloppe", args=[demarche.slug])
    try:
        actions.saisir_donnee(
            demarche.territoire,
            demarche.processus.dispositif,
            lu["critere"],
            lu["valeur"],
            lu["source"],
            version_lue=lu["version_lue"],
            par=request.user,
        )
    except ConflitDeVersion as conflit:
        return page_conflit(request, conflit, titre="Valeur de répartition", retour=retour)
    except (ArbitrageRefuse, RepartitionImpossible) as refus:
        form.add_error(None, str(refus))
        return _page_enveloppe(request, demarche, form, status=422)
    messages.success(request, "La valeur est enregistrée et les enveloppes sont recalculées.")
    return redirect(retour)
