"""The desk of the facilitator: the workshops, their déroulé, what is said in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from arpent.metier.cycles import CYCLE_ATELIER, TransitionRefusee
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ...models import Atelier
from .. import actions, codes, deroule, ecran
from ..bilan import bilan
from ..forms import AtelierForm, DerouleFormSet, etapes_du_formulaire, nettoyer
from .acces import adresse, atelier_de

LECTURE_ECRITURE = ("GET", "HEAD", "POST")
ANNONCES = {
    "ouvrir_atelier": "L’atelier est ouvert : le code fonctionne.",
    "ouvrir_vote": "Le vote est ouvert ; les constats ne sont plus reçus.",
    "reprendre_collecte": "La collecte reprend ; les points déjà placés sont gardés.",
    "clore_atelier": "L’atelier est clos ; son compte rendu est prêt.",
    "rouvrir_atelier": "L’atelier est rouvert ; le code fonctionne de nouveau.",
}


def _agent(request: HttpRequest) -> Agent:
    return cast(Agent, request.user)


@page_demarche("diagnostic.voir")
def ateliers(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """The workshops of the démarche, the latest first. Two queries."""
    tous = list(
        Atelier.objects.filter(demarche=demarche)
        .annotate(
            nombre_participants=Count("participants", distinct=True),
            nombre_contributions=Count(
                "contributions", filter=Q(contributions__ecartee=False), distinct=True
            ),
        )
        .order_by("-tenu_le", "-pk")
    )
    contexte = {
        "demarche": demarche,
        "ateliers": tous,
        "redige": bool(peut_sur(_agent(request), "diagnostic.rediger", demarche)),
    }
    return render(request, "diagnostics/ateliers/ateliers.html", contexte)


@page_demarche("diagnostic.voir")
def atelier(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    ici = atelier_de(demarche, pk)
    contexte = {
        "demarche": demarche,
        "atelier": ici,
        "code": codes.epele(ici.code),
        "etapes": deroule.lire(ici.deroule),
        "bilan": bilan(ici),
        "gestes": CYCLE_ATELIER.gestes_possibles(ici.etat),
        "redige": bool(peut_sur(_agent(request), "diagnostic.rediger", demarche)),
        "adresse": f"{request.get_host()}/a/",
    }
    return render(request, "diagnostics/ateliers/atelier.html", contexte)


@page_demarche("diagnostic.rediger", *LECTURE_ECRITURE)
def creer(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    nouveau = Atelier(demarche=demarche, tenu_le=date.today(), titre="Regards croisés sur notre territoire")
    form = AtelierForm(request.POST or None, instance=nouveau)
    if form.is_valid():
        cree = actions.creer_atelier(nouveau, form.cleaned_data["nombre_tables"], par=_agent(request))
        messages.success(request, "L’atelier est prêt. Relisez son déroulé, puis ouvrez-le le jour venu.")
        return redirect(adresse(demarche, "atelier", cree.pk))
    return _formulaire(request, demarche, form, "Préparer un atelier", adresse(demarche, "ateliers"))


@page_demarche("diagnostic.rediger", *LECTURE_ECRITURE)
def modifier(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    ici = atelier_de(demarche, pk)
    avant = {nom: getattr(ici, nom) for nom in actions.CHAMPS}
    retour = adresse(demarche, "atelier", pk)
    form = AtelierForm(request.POST or None, instance=ici)
    if form.is_valid():
        try:
            actions.modifier_atelier(
                ici,
                form.cleaned_data["nombre_tables"],
                avant=avant,
                version_lue=form.cleaned_data["version_lue"],
                par=_agent(request),
            )
        except actions.AtelierRefuse as refus:
            form.add_error(None, str(refus))
        except ConflitDeVersion as conflit:
            return page_conflit(
                request, conflit, titre="Cet atelier a changé entre-temps", retour=request.get_full_path()
            )
        else:
            messages.success(request, "L’atelier est enregistré.")
            return redirect(retour)
    return _formulaire(request, demarche, form, "Modifier l’atelier", retour)


def _formulaire(
    request: HttpRequest, demarche: Demarche, form: AtelierForm, titre: str, retour: str
) -> HttpResponse:
    contexte = {"demarche": demarche, "form": form, "titre": titre, "retour": retour}
    return render(request, "diagnostics/ateliers/formulaire.html", contexte)


@page_demarche("diagnostic.rediger", *LECTURE_ECRITURE)
def modifier_deroule(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    ici = atelier_de(demarche, pk)
    initial = [
        {"ordre": n, "genre": e.genre, "indicateur": e.indicateur, "titre": e.titre, "texte": e.texte}
        for n, e in enumerate(deroule.lire(ici.deroule), 1)
    ]
    rangs = [{"ordre": len(initial) + n} for n in range(1, 4)]
    formset = DerouleFormSet(
        request.POST or None, initial=initial, form_kwargs={"use_required_attribute": False}
    )
    for form, rang in zip(formset.extra_forms, rangs, strict=False):
        form.initial = rang
    erreur = ""
    if request.method == "POST" and formset.is_valid():
        lue = request.POST.get("version_lue", "")
        try:
            actions.enregistrer_deroule(
                ici,
                etapes_du_formulaire(formset),
                version_lue=int(lue) if lue.isdecimal() and len(lue) < 10 else 0,
                par=_agent(request),
            )
        except actions.AtelierRefuse as refus:
            erreur = str(refus)
        except ConflitDeVersion as conflit:
            return page_conflit(
                request, conflit, titre="Ce déroulé a changé entre-temps", retour=request.get_full_path()
            )
        else:
            messages.success(request, "Le déroulé est enregistré.")
            return redirect(adresse(demarche, "atelier", pk, "deroule"))
    contexte = {
        "demarche": demarche,
        "atelier": ici,
        "formset": formset,
        "erreur": erreur,
        "retour": adresse(demarche, "atelier", pk),
    }
    return render(request, "diagnostics/ateliers/deroule.html", contexte)


@page_demarche("diagnostic.rediger", "POST")
def tables(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """Reads `nom-<numéro>` for each table; an empty name gives « Table 3 » back."""
    ici = atelier_de(demarche, pk)
    noms = {
        int(cle.removeprefix("nom-")): nettoyer(str(nom))[:100]
        for cle, nom in request.POST.items()
        if cle.startswith("nom-") and cle.removeprefix("nom-").isdecimal()
    }
    change = actions.nommer_tables(ici, noms, par=_agent(request))
    messages.success(request, "Les noms sont enregistrés." if change else "Les noms étaient déjà ceux-là.")
    return redirect(adresse(demarche, "atelier", pk, "tables"))


@page_demarche("diagnostic.rediger", "POST")
def geste(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """A gesture of the cycle, from the desk or from the screen of the room (`vers=projection`)."""
    ici = atelier_de(demarche, pk)
    nom = request.POST.get("geste", "")
    chiffres = None
    if nom == "clore_atelier":
        chiffres = ecran.chiffres(demarche, [e.indicateur for e in deroule.lire(ici.deroule) if e.indicateur])
    try:
        actions.faire_avancer(ici, nom, par=_agent(request), chiffres=chiffres)
    except TransitionRefusee as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, ANNONCES[nom])
    if request.POST.get("vers") == "projection":
        salle = "?salle=sombre" if request.POST.get("salle") == "sombre" else ""
        return redirect(adresse(demarche, "atelier_projection", pk) + salle)
    return redirect(adresse(demarche, "atelier", pk))


def _ecarter(ici: Atelier, pks: list[int], par: Agent) -> str:
    nombre = actions.ecarter(ici, pks, par=par)
    return "Le constat est écarté." if nombre == 1 else f"{nombre} constats sont écartés."


def _retablir(ici: Atelier, pks: list[int], par: Agent) -> str:
    nombre = actions.retablir(ici, pks, par=par)
    return "Le constat est rétabli." if nombre == 1 else f"{nombre} constats sont rétablis."


def _fusionner(ici: Atelier, pks: list[int], par: Agent) -> str:
    gardee = actions.fusionner(ici, pks, par=par)
    return f"Les constats sont réunis sous « {gardee.texte} »."


def _verser(ici: Atelier, pks: list[int], par: Agent) -> str:
    nombre = len(actions.verser_au_tableau(ici, pks, par=par))
    if not nombre:
        return "Ces constats étaient déjà au tableau."
    return "Le constat est au tableau." if nombre == 1 else f"{nombre} constats sont au tableau."


GESTES: dict[str, Callable[[Atelier, list[int], Agent], str]] = {
    "ecarter": _ecarter,
    "retablir": _retablir,
    "fusionner": _fusionner,
    "verser": _verser,
}


@page_demarche("diagnostic.rediger", "POST")
def contributions(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """Reads the ticked `contribution` and one `geste`."""
    ici = atelier_de(demarche, pk)
    choisies = [int(x) for x in request.POST.getlist("contribution") if x.isdecimal() and len(x) < 18]
    faire: Any = GESTES.get(request.POST.get("geste", ""))
    if faire is None:
        messages.error(request, "Choisissez ce qu’il faut faire des constats cochés.")
    else:
        try:
            messages.success(request, faire(ici, choisies, _agent(request)))
        except actions.AtelierRefuse as refus:
            messages.error(request, str(refus))
    return redirect(adresse(demarche, "atelier", pk, "constats"))
