"""People and their mandates: nothing is deleted, a mandate ends with its date and its reason."""

from __future__ import annotations

from datetime import date
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from arpent.plateforme.acteurs.acces import page
from arpent.plateforme.acteurs.annuaire import (
    ajouter_personne,
    modifier_mandat,
    modifier_personne,
    ouvrir_mandat,
)
from arpent.plateforme.acteurs.droits import peut
from arpent.plateforme.acteurs.mandats import acces_du_mandat, clore_avec_ses_acces
from arpent.plateforme.acteurs.models import Absence, Agent, Mandat, Personne
from arpent.plateforme.demarches.perimetre import mandats_visibles, organisations_visibles, personnes_visibles

from ..gens.forms import CloreForm, MandatForm, MandatModifierForm, NouvellePersonneForm, PersonneForm
from ..gens.formulaire import PageGens, donnees_de
from ..gens.recherche import habilitations_visibles
from .organisations import GERER


def _une(agent: Agent, pk: int) -> Personne:
    trouvee = personnes_visibles(agent).select_related("agent").filter(pk=pk).first()
    if trouvee is None:
        raise Http404("Cette personne n’existe pas, ou n’est pas dans votre périmètre.")
    return trouvee


def _mandat(agent: Agent, pk: int) -> Mandat:
    rows = mandats_visibles(agent).select_related("personne", "organisation", "canton")
    trouve = rows.filter(pk=pk).first()
    if trouve is None:
        raise Http404("Ce mandat n’existe pas, ou n’est pas dans votre périmètre.")
    return trouve


def _miettes(personne: Personne) -> tuple[str, ...]:
    liste = reverse("portail:organisations")
    return ("Annuaire", liste, personne.nom_complet, reverse("portail:personne", args=[personne.pk]))


@page("annuaire.voir")
def personne(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody: contact, mandates of today and before in the perimeter, account, absence. Seven queries."""
    agent, le = cast(Agent, request.user), date.today()
    objet = _une(agent, pk)
    mandats = list(
        mandats_visibles(agent)
        .filter(personne=objet)
        .select_related("organisation", "canton")
        .order_by("fin", "-debut", "pk")
    )
    compte = objet.agent
    contexte = {
        "objet": objet,
        "en_cours": [m for m in mandats if m.fin is None or m.fin >= le],
        "passes": [m for m in mandats if m.fin is not None and m.fin < le],
        "habilitations": list(
            habilitations_visibles(agent)
            .filter(agent=compte)
            .en_cours(le)  # type: ignore[attr-defined]
            .select_related("organisation", "territoire")
        )
        if compte
        else [],
        "absence": Absence.objects.filter(agent=compte).en_cours(le).select_related("suppleant").first()
        if compte
        else None,
        "gere": bool(peut(agent, GERER)),
        "inviter": f"{reverse('compte:invitation_nouvelle')}?personne={objet.pk}"
        if compte is None and peut(agent, "compte.inviter")
        else "",
    }
    return render(request, "portail/gens/personne.html", contexte)


@page(GERER, "GET", "HEAD", "POST")
def personne_nouvelle(request: HttpRequest) -> HttpResponse:
    """Somebody enters the directory with a mandate or a function."""
    agent = cast(Agent, request.user)
    cle = request.GET.get("structure", "")
    depart = (
        organisations_visibles(agent).filter(pk=int(cle)).first()
        if cle.isdecimal() and len(cle) < 10
        else None
    )
    initial = {"structure": (depart.siren or depart.nom) if depart else "", "debut": date.today()}
    form = NouvellePersonneForm(donnees_de(request), agent=agent, initial=initial)
    liste = reverse("portail:organisation", args=[depart.pk]) if depart else reverse("portail:organisations")
    feuille = PageGens(
        "Ajouter une personne", "Ajouter à l’annuaire", liste, ("Annuaire", reverse("portail:organisations")),
        "Elle n’a pas besoin de compte : l’annuaire sert d’abord à savoir qui fait quoi.",
    )  # fmt: skip

    def agir() -> Personne:
        return ajouter_personne(par=agent, mandat=form.champs(), **form.identite())

    return feuille.traiter(request, form, agir, "La personne est dans l’annuaire.")


@page(GERER, "GET", "HEAD", "POST")
def personne_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    agent = cast(Agent, request.user)
    objet = _une(agent, pk)
    form = PersonneForm(donnees_de(request), instance=objet, agent=agent)
    feuille = PageGens(
        f"Modifier {objet.nom_complet}",
        "Enregistrer",
        reverse("portail:personne", args=[pk]),
        _miettes(objet),
    )

    def agir() -> Personne:
        lue = form.cleaned_data["version_lue"]
        return modifier_personne(objet, version_lue=lue, par=agent, **form.champs())

    return feuille.traiter(request, form, agir, "La personne est enregistrée.")


@page(GERER, "GET", "HEAD", "POST")
def mandat_nouveau(request: HttpRequest, pk: int) -> HttpResponse:
    agent = cast(Agent, request.user)
    objet = _une(agent, pk)
    form = MandatForm(donnees_de(request), agent=agent, initial={"debut": date.today()})
    feuille = PageGens(
        "Ajouter un mandat ou une fonction",
        "Ajouter",
        reverse("portail:personne", args=[pk]),
        _miettes(objet),
    )
    return feuille.traiter(
        request, form, lambda: ouvrir_mandat(objet, par=agent, **form.champs()), "Le mandat est ajouté."
    )


@page(GERER, "GET", "HEAD", "POST")
def mandat_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrects what was written; a mandate that ends is closed, not corrected."""
    agent = cast(Agent, request.user)
    objet = _mandat(agent, pk)
    initial = {
        "structure": objet.organisation.siren or objet.organisation.nom, "fonction": objet.fonction,
        "intitule": objet.intitule, "canton": objet.canton.nom if objet.canton else "",
        "themes": objet.themes.split(","), "debut": objet.debut, "version_lue": objet.version,
    }  # fmt: skip
    form = MandatModifierForm(donnees_de(request), agent=agent, initial=initial)
    feuille = PageGens(
        "Corriger un mandat", "Enregistrer", reverse("portail:personne", args=[objet.personne_id]),
        _miettes(objet.personne), "Pour une fin de mandat, servez-vous plutôt de « Clore ».",
    )  # fmt: skip

    def agir() -> Mandat:
        lue = form.cleaned_data["version_lue"]
        return modifier_mandat(objet, version_lue=lue, par=agent, **form.champs())

    return feuille.traiter(request, form, agir, "Le mandat est corrigé.")


def _acces_dits(mandat: Mandat) -> str:
    acces = acces_du_mandat(mandat)
    if not acces:
        return "Aucun accès n’en dépend."
    noms = ", ".join(f"{h.get_role_display()} ({h.territoire or h.organisation})" for h in acces)
    return f"Se ferme avec lui, le même jour : {noms}."


@page(GERER, "GET", "HEAD", "POST")
def mandat_clore(request: HttpRequest, pk: int) -> HttpResponse:
    agent = cast(Agent, request.user)
    objet = _mandat(agent, pk)
    form = CloreForm(donnees_de(request), initial={"fin": date.today()})
    feuille = PageGens(
        "Clore un mandat", "Clore le mandat", reverse("portail:personne", args=[objet.personne_id]),
        _miettes(objet.personne),
        f"{objet.personne.nom_complet}, {objet.titre}, {objet.organisation.nom}. Le mandat reste dans "
        f"l’historique. {_acces_dits(objet)}",
        "danger",
    )  # fmt: skip
    return feuille.traiter(
        request,
        form,
        lambda: clore_avec_ses_acces(objet, par=agent, **form.cleaned_data),
        "Le mandat est clos.",
    )
