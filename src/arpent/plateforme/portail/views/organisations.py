"""The bodies of the perimeter: list, file, add, correct, who is named to write, validate, sign."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from arpent.plateforme.acteurs.absences import ActionRefusee
from arpent.plateforme.acteurs.acces import page
from arpent.plateforme.acteurs.annuaire import ajouter_organisation, modifier_organisation
from arpent.plateforme.acteurs.designations import cesser, designer, peut_designer
from arpent.plateforme.acteurs.droits import peut
from arpent.plateforme.acteurs.models import Agent, Designation, Habilitation, Mandat, Organisation
from arpent.plateforme.demarches.perimetre import (
    organisations_de_territoires,
    organisations_visibles,
    territoires_visibles,
)
from arpent.plateforme.plans.models import Fiche

from ..gens.forms import DesignerForm, OrganisationForm
from ..gens.formulaire import PageGens, donnees_de, exiger

PAR_PAGE = 50
GERER = "annuaire.gerer"


def _une(agent: Agent, pk: int) -> Organisation:
    visibles = organisations_visibles(agent).select_related("commune", "groupement", "partenaire_de")
    trouvee = visibles.filter(pk=pk).first()
    if trouvee is None:
        raise Http404("Cette structure n’existe pas, ou n’est pas dans votre périmètre.")
    return trouvee


def _filtrees(request: HttpRequest, agent: Agent) -> tuple[QuerySet[Organisation], dict[str, str]]:
    dit = {
        nom: request.GET.get(nom, "").replace("\0", "").strip()[:100] for nom in ("q", "nature", "territoire")
    }
    rows = organisations_visibles(agent)
    if dit["q"]:
        rows = rows.filter(Q(nom__icontains=dit["q"]) | Q(siren=dit["q"].replace(" ", "")))
    if dit["nature"] == "partenaire":
        rows = rows.filter(partenaire_de__isnull=False)
    elif dit["nature"]:
        rows = rows.filter(nature=dit["nature"])
    if dit["territoire"]:
        voulus = territoires_visibles(agent).filter(slug=dit["territoire"])
        rows = rows.filter(organisations_de_territoires(voulus))
    return rows, dit


@page("annuaire.voir")
def organisations(request: HttpRequest) -> HttpResponse:
    """The bodies of the perimeter, fifty a page, with their mandates and accounts. Eight queries."""
    agent, le = cast(Agent, request.user), date.today()
    rows, dit = _filtrees(request, agent)
    feuille = Paginator(rows.order_by("nom", "pk"), PAR_PAGE).get_page(request.GET.get("page"))
    cles = [o.pk for o in feuille]
    mandats = _par_organisation(Mandat.objects.en_cours(le).filter(organisation__in=cles))
    comptes = _par_organisation(Habilitation.objects.en_cours(le).filter(organisation__in=cles))
    contexte = {
        "feuille": feuille,
        "lignes": [(o, mandats.get(o.pk, 0), comptes.get(o.pk, 0)) for o in feuille],
        "dit": dit,
        "natures": [("partenaire", "structure partenaire"), *Organisation.Nature.choices],
        "territoires": list(territoires_visibles(agent).values_list("slug", "nom")),
        "gere": bool(peut(agent, GERER)),
        "importe": bool(peut(agent, "election.importer")),
        "habilite": bool(peut(agent, "habilitation.gerer")),
    }
    return render(request, "portail/gens/organisations.html", contexte)


def _par_organisation(rows: QuerySet[Any]) -> dict[int, int]:
    return dict(rows.order_by().values_list("organisation").annotate(Count("pk")))


@page("annuaire.voir")
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """A body: mandates of today and before, accounts, who is named, its projects. Eight queries."""
    agent, le = cast(Agent, request.user), date.today()
    objet = _une(agent, pk)
    mandats = list(
        objet.mandats.select_related("personne", "canton").order_by("fin", "fonction", "-debut", "pk")
    )
    comptes = list(
        objet.habilitations.en_cours(le)
        .select_related("agent", "territoire", "autorite")
        .order_by("role", "pk")
    )
    designe = peut_designer(agent, objet)
    contexte = {
        "objet": objet,
        "en_cours": [m for m in mandats if m.debut <= le and (m.fin is None or m.fin >= le)],
        "passes": [m for m in mandats if m.fin is not None and m.fin < le],
        "a_venir": [m for m in mandats if m.debut > le],
        "comptes": comptes,
        "designations": list(objet.designations.en_cours(le).select_related("agent")),
        "projets": Fiche.objects.visibles_par(agent).filter(maitre_ouvrage=objet).count(),
        "gere": bool(peut(agent, GERER)),
        "designe": bool(designe),
        "form": _designer_form(objet, None) if designe else None,
    }
    return render(request, "portail/gens/organisation.html", contexte)


def _designer_form(objet: Organisation, donnees: Any) -> DesignerForm:
    tenues = Habilitation.objects.en_cours(date.today()).filter(organisation=objet).order_by()
    return DesignerForm(donnees, agents=Agent.objects.filter(pk__in=tenues.values("agent"), is_active=True))


@page("annuaire.voir", "POST")
def designation_ajouter(request: HttpRequest, pk: int) -> HttpResponse:
    """Names somebody for the body."""
    agent = cast(Agent, request.user)
    objet = _une(agent, pk)
    exiger(peut_designer(agent, objet))
    form = _designer_form(objet, request.POST)
    if form.is_valid():
        try:
            designer(objet, form.cleaned_data["agent"], form.cleaned_data["fonction"], par=agent)
        except ActionRefusee as refus:
            messages.error(request, str(refus))
        else:
            messages.success(request, "La désignation est notée.")
    else:
        messages.error(request, "Choisissez une personne de la liste et ce pour quoi elle est désignée.")
    return redirect(f"{reverse('portail:organisation', args=[pk])}#designations")


@page("annuaire.voir", "POST")
def designation_cesser(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody is no longer named from today."""
    agent = cast(Agent, request.user)
    visibles = organisations_visibles(agent).order_by().values("pk")
    objet = get_object_or_404(
        Designation.objects.select_related("organisation"), pk=pk, organisation__in=visibles
    )
    exiger(peut_designer(agent, objet.organisation))
    try:
        cesser(objet, le=date.today(), par=agent)
    except ActionRefusee as refus:
        messages.info(request, str(refus))
    else:
        messages.success(request, "La désignation est terminée.")
    return redirect(f"{reverse('portail:organisation', args=[objet.organisation_id])}#designations")


@page(GERER, "GET", "HEAD", "POST")
def organisation_nouvelle(request: HttpRequest) -> HttpResponse:
    agent = cast(Agent, request.user)
    form = OrganisationForm(donnees_de(request), agent=agent, initial={"version_lue": 1})
    liste = reverse("portail:organisations")
    feuille = PageGens(
        "Ajouter une structure", "Ajouter la structure", liste, ("Annuaire", liste),
        "Les communes, intercommunalités et syndicats du périmètre y sont déjà, d’après BANATIC.",
    )  # fmt: skip
    return feuille.traiter(
        request, form, lambda: ajouter_organisation(par=agent, **_dans_le_perimetre(agent, form)),
        "La structure est ajoutée à l’annuaire.",
    )  # fmt: skip


def _dans_le_perimetre(agent: Agent, form: OrganisationForm) -> dict[str, Any]:
    """A body nobody would see again is refused: it is a partner of an authority, unless one sees all."""
    champs = form.champs()
    if champs["partenaire_de"] is None:
        autorites = list(form.fields["partenaire_de"].queryset[:2])  # type: ignore[attr-defined]
        if len(autorites) > 1:
            raise ActionRefusee("Dites de quelle autorité cette structure est partenaire.")
        champs["partenaire_de"] = autorites[0] if autorites else None
    return champs


@page(GERER, "GET", "HEAD", "POST")
def organisation_modifier(request: HttpRequest, pk: int) -> HttpResponse:
    agent = cast(Agent, request.user)
    objet = _une(agent, pk)
    form = OrganisationForm(donnees_de(request), instance=objet, agent=agent)
    retour = reverse("portail:organisation", args=[pk])
    feuille = PageGens(
        f"Modifier {objet.nom}", "Enregistrer", retour,
        ("Annuaire", reverse("portail:organisations"), objet.nom, retour),
    )  # fmt: skip

    def agir() -> Organisation:
        lue = form.cleaned_data["version_lue"]
        return modifier_organisation(objet, version_lue=lue, par=agent, **form.champs())

    return feuille.traiter(request, form, agir, "La structure est enregistrée.")
