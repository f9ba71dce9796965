"""Délibérations of the owners: the due list of a territory, and the act of one fiche."""

from __future__ import annotations

from datetime import date
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from arpent.metier.deliberation import LIBELLES_ACTE, EtatActe
from arpent.plateforme.acteurs.acces import page
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.envois import Envoi

from ..assemblees import nom_assemblee
from ..deliberations import (
    CHAMPS_ACTE,
    Attendue,
    attendues,
    enregistrer_deliberation,
    geste_bloque,
    pieces_de_l_acte,
    relancer,
    remarques_sur,
)
from ..droits import peut_deliberer
from ..filtres import Filtre
from ..forms.actes import DeliberationForm, RelanceForm
from ..listes import demarches_lisibles, fiches_du_plan
from ..models import Deliberation, Fiche
from ..page_actes import GENRES_ACTE
from ..suivi_actes import ETATS_ACTE, lire_question, page_actes
from .fiche import exiger
from .formulaires import PageFormulaire
from .volets import fiche_ou_404

FILTRES = {
    "a_prendre": "À prendre",
    "a_reprendre": "À reprendre",
    "adoptee": LIBELLES_ACTE[EtatActe.ADOPTEE],
    "transmise": LIBELLES_ACTE[EtatActe.TRANSMISE],
    "executoire": LIBELLES_ACTE[EtatActe.EXECUTOIRE],
}


def _retenue(ligne: Attendue, etat: str, mo: str) -> bool:
    if mo and str(ligne.fiche.maitre_ouvrage_id) != mo:
        return False
    if etat == "a_reprendre":
        return ligne.a_reprendre
    return not etat or ligne.etat.value == etat


def _lignes(request: HttpRequest, demarche: Demarche) -> list[Attendue]:
    agent = cast(Agent, request.user)
    return attendues(fiches_du_plan(demarche, agent, Filtre()), date.today())


def _page(
    request: HttpRequest, demarche: Demarche, form: RelanceForm | None = None, status: int = 200
) -> HttpResponse:
    agent, aujourd_hui = cast(Agent, request.user), date.today()
    toutes = _lignes(request, demarche)
    etat = request.GET.get("etat", "")
    mo = request.GET.get("mo", "")
    etat = etat if etat in FILTRES else ""
    lignes = [x for x in toutes if _retenue(x, etat, mo)]
    porteurs = {x.fiche.maitre_ouvrage_id: x.fiche.maitre_ouvrage.nom for x in toutes}
    relance = bool(
        peut_sur(agent, "fiche.pre_instruire", demarche) or peut_sur(agent, "fiche.prioriser", demarche)
    )
    a_prendre = [x for x in toutes if x.etat is EtatActe.A_PRENDRE]
    contexte = {
        "demarche": demarche,
        "lignes": [(x, GENRES_ACTE[x.etat], LIBELLES_ACTE[x.etat], x.en_retard(aujourd_hui)) for x in lignes],
        "total": len(toutes),
        "a_prendre": len(a_prendre),
        "en_retard": sum(x.en_retard(aujourd_hui) for x in toutes),
        "filtres": [(code, mot, code == etat) for code, mot in FILTRES.items()],
        "porteurs": [(str(pk), nom, str(pk) == mo) for pk, nom in porteurs.items()],
        "filtre_actif": bool(etat or mo),
        "bloque": geste_bloque(demarche),
        "relance_form": form
        or (
            RelanceForm(numeros=[]) if relance and any(x.etat is EtatActe.A_PRENDRE for x in lignes) else None
        ),
    }
    return render(request, "plans/deliberations.html", contexte, status=status)


@page_demarche("plan.voir")
def deliberations(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """Every fiche with the state of its délibération. Three queries of its own, whatever their number."""
    return _page(request, demarche)


@page("plan.voir")
def deliberations_toutes(request: HttpRequest) -> HttpResponse:
    """What the assemblies have to adopt over every territory one may read. Seven queries of its own."""
    agent, le, question = cast(Agent, request.user), date.today(), lire_question(request.GET)
    demarches = demarches_lisibles(agent)
    lue = page_actes(agent, demarches, question, le)
    contexte = {
        "page": lue,
        "question": question,
        "lignes": [(x, GENRES_ACTE[x.etat], LIBELLES_ACTE[x.etat], x.en_retard(le)) for x in lue.lignes],
        "etats": [(code, mot, code == question.etat) for code, mot in ETATS_ACTE.items()],
    }
    return render(request, "plans/deliberations_toutes.html", contexte)


@page_demarche("plan.voir", "POST")
def relance(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """Asks the owners of the ticked fiches for their délibération."""
    agent = cast(Agent, request.user)
    if not peut_sur(agent, "fiche.prioriser", demarche):
        exiger(peut_sur(agent, "fiche.pre_instruire", demarche))
    a_prendre = {x.fiche.numero: x.fiche for x in _lignes(request, demarche) if x.etat is EtatActe.A_PRENDRE}
    form = RelanceForm(request.POST, numeros=list(a_prendre))
    if not form.is_valid():
        return _page(request, demarche, form, 400)
    choisies = [a_prendre[n] for n in form.cleaned_data["fiche"]]
    faites = relancer(choisies, attendue_le=form.cleaned_data["attendue_le"], par=agent)
    s = "s" if faites > 1 else ""
    messages.success(request, f"{faites} délibération{s} demandée{s} : les maîtres d’ouvrage sont prévenus.")
    return redirect("plans:deliberations", demarche.slug)


def _form(request: HttpRequest, fiche: Fiche, acte: Deliberation | None) -> DeliberationForm:
    donnees = request.POST if request.method == "POST" else None
    if acte is None:
        acte = Deliberation(fiche=fiche, assemblee=nom_assemblee(fiche.maitre_ouvrage))
    return DeliberationForm(donnees, request.FILES or None, instance=acte)


def _enregistrer(
    request: HttpRequest, demarche: Demarche, fiche: Fiche, acte: Deliberation | None
) -> HttpResponse:
    agent = cast(Agent, request.user)
    exiger(peut_deliberer(agent, fiche))
    # The form writes on its instance: the checks shown are those of what is stored.
    remarques = remarques_sur(acte, fiche, date.today()) if acte and request.method == "GET" else ()
    form = _form(request, fiche, acte)
    page = PageFormulaire(
        demarche=demarche,
        fiche=fiche,
        titre="La délibération du maître d’ouvrage"
        if acte is None
        else f"Délibération {acte.numero}".strip(),
        envoyer="Enregistrer la délibération",
        retour=f"{fiche.get_absolute_url()}#actes",
        intro="Notez d’abord ce que vous savez ; le reste (transmission, publication) se complète ensuite.",
        plan=DeliberationForm.GROUPES,
        extra={"remarques": remarques, "pieces_acte": pieces_de_l_acte(acte) if acte else []},
    )

    def agir() -> None:
        envoye = form.cleaned_data["signe"]
        relu = None if acte is None else Deliberation.objects.get(pk=acte.pk)
        enregistre = enregistrer_deliberation(
            fiche,
            {nom: form.cleaned_data[nom] for nom in CHAMPS_ACTE},
            par=agent,
            le=date.today(),
            deliberation=relu,
            version_lue=form.cleaned_data["version_lue"],
            signe=Envoi(envoye.name, envoye.read()) if envoye else None,
        )
        for remarque in remarques_sur(enregistre, fiche, date.today()):
            messages.warning(request, f"À vérifier : {remarque.texte}")

    return page.traiter(request, form, agir, "La délibération est enregistrée.")


@page_demarche("deliberation.noter", "GET", "HEAD", "POST")
def deliberation_creer(request: HttpRequest, demarche: Demarche, numero: int) -> HttpResponse:
    """The act of the owner's assembly on this fiche; without a date of meeting, it is only due."""
    return _enregistrer(request, demarche, fiche_ou_404(request, demarche, numero), None)


@page_demarche("deliberation.noter", "GET", "HEAD", "POST")
def deliberation_modifier(request: HttpRequest, demarche: Demarche, numero: int, pk: int) -> HttpResponse:
    """Completes or corrects an act; a stale save answers 409."""
    fiche = fiche_ou_404(request, demarche, numero)
    return _enregistrer(request, demarche, fiche, get_object_or_404(Deliberation, pk=pk, fiche=fiche))
