"""One step of a running démarche, its calendar, the version it follows; launching a new one."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from arpent.metier.processus import Definition, lire_definition
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.socle.templatetags.formats import date_fr

from .. import actions
from ..acces import page_demarche, peut_sur
from ..forms import ChangerVersionForm, EtapeForm, LancerForm, ReplanifierForm, RetenirForm
from ..models import Demarche, Etape, Processus, VersionProcessus
from . import presentation
from .acces import page_processus
from .lancement import LancementRefuse, lancer, territoires_a_lancer
from .previsions import previsions
from .redaction import en_vigueur
from .versions import changer_version, preparer


def _etape_ou_404(demarche: Demarche, code: str) -> tuple[Etape, list[Etape]]:
    etapes = list(demarche.etapes.all())
    etape = next((e for e in etapes if e.code == code), None)
    if etape is None:
        raise Http404("Cette étape n’existe pas dans cette démarche.")
    return etape, etapes


def adresse(demarche: Demarche, etape: Etape) -> str:
    return reverse("demarches:etape", args=[demarche.slug, etape.code])


@page_demarche("territoire.voir")
def etape(request: HttpRequest, demarche: Demarche, code: str) -> HttpResponse:
    """A step: its dates, what it asks and whether it is met. Five queries, and those of its facts."""
    trouvee, etapes = _etape_ou_404(demarche, code)
    return render(request, "demarches/etape.html", _contexte(request, demarche, trouvee, etapes))


def _contexte(
    request: HttpRequest, demarche: Demarche, etape: Etape, etapes: list[Etape], **formulaires: Any
) -> dict[str, Any]:
    agent = cast(Agent, request.user)
    conduit = bool(peut_sur(agent, "demarche.conduire", demarche))
    retient = conduit or bool(peut_sur(agent, "plan.structurer", demarche))
    verdicts = actions.verdicts_de(demarche, etape, etapes)
    faite_le = etape.faite_le or _jour(request.GET.get("faite_le", "")) or date.today()
    contexte: dict[str, Any] = {
        "demarche": demarche,
        "etape": etape,
        "verdicts": verdicts,
        "manques": [v for v in verdicts if v.remplie is False],
        "inconnues": [v for v in verdicts if v.remplie is None],
        "today": date.today(),
        "terme": previsions(demarche, etapes, date.today()).get(etape.pk),
        "reunir": bool(
            etape.reunion and not etape.faite_le and peut_sur(agent, "reunion.conduire", demarche)
        ),
        "form": None,
        "form_date": None,
        "form_retenir": None,
    }
    if conduit:
        contexte["form"] = EtapeForm(etapes=etapes, initial={"etape": etape.pk, "faite_le": faite_le})
        contexte["form_date"] = ReplanifierForm(initial={"prevue_le": etape.prevue_le})
    if retient and etape.facultative and etape.faite_le is None:
        dit = {True: "oui", False: "non", None: None}[etape.retenue]
        contexte["form_retenir"] = RetenirForm(initial={"retenue": dit})
    return contexte | formulaires


def _jour(texte: str) -> date | None:
    try:
        return date.fromisoformat(texte)
    except ValueError:
        return None


@page_demarche("demarche.conduire", "POST")
def replanifier(request: HttpRequest, demarche: Demarche, code: str) -> HttpResponse:
    """Another date, with its reason."""
    trouvee, etapes = _etape_ou_404(demarche, code)
    form = ReplanifierForm(request.POST)
    if not form.is_valid():
        contexte = _contexte(request, demarche, trouvee, etapes, form_date=form)
        return render(request, "demarches/etape.html", contexte, status=422)
    d = form.cleaned_data
    nombre = actions.replanifier(
        trouvee, d["prevue_le"], d["motif"], par=cast(Agent, request.user), suivre=d["suivre"]
    )
    suite = f" {nombre - 1} étape{'s' if nombre > 2 else ''} décalée{'s' if nombre > 2 else ''} avec elle."
    messages.success(
        request,
        f"« {trouvee.libelle} » est prévue pour le {date_fr(d['prevue_le'])}.{suite if nombre > 1 else ''}",
    )
    return redirect(adresse(demarche, trouvee))


@page_demarche("plan.structurer", "POST")
def retenir(request: HttpRequest, demarche: Demarche, code: str) -> HttpResponse:
    """The territory takes the optional step, or does without."""
    trouvee, etapes = _etape_ou_404(demarche, code)
    form = RetenirForm(request.POST)
    if not trouvee.facultative or trouvee.faite_le is not None:
        messages.error(request, "Cette étape n’est pas à choisir : elle est faite, ou s’impose à tous.")
        return redirect(adresse(demarche, trouvee))
    if not form.is_valid():
        contexte = _contexte(request, demarche, trouvee, etapes, form_retenir=form)
        return render(request, "demarches/etape.html", contexte, status=422)
    oui = form.cleaned_data["retenue"] == "oui"
    actions.retenir_etape(trouvee, oui, par=cast(Agent, request.user))
    fait = "retient" if oui else "se passe de"
    messages.success(request, f"C’est noté : le territoire {fait} « {trouvee.libelle} ».")
    return redirect(adresse(demarche, trouvee))


@page_demarche("demarche.conduire", "GET", "HEAD", "POST")
def changer(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """The version the démarche follows, and what moving it to the last one would add and take away."""
    suivie = demarche.version_processus
    derniere = en_vigueur(demarche.processus)
    assert derniere is not None  # the one it follows, at least
    donnees = request.POST if request.method == "POST" else None
    form = ChangerVersionForm(donnees, initial={"version_visee": derniere.numero})
    if donnees is not None and form.is_valid():
        if form.cleaned_data["version_visee"] != derniere.numero:
            form.add_error(None, "Une autre version a été publiée entre-temps : relisez ce qui changerait.")
        elif derniere.pk == suivie.pk:
            form.add_error(None, "La démarche suit déjà la dernière version.")
        else:
            return _changer(request, demarche, derniere, form.cleaned_data["motif"])
    contexte = {
        "demarche": demarche,
        "suivie": suivie,
        "derniere": derniere,
        "passage": preparer(demarche, derniere, date.today()) if derniere.pk != suivie.pk else None,
        "form": form,
    }
    return render(request, "demarches/changer_version.html", contexte, status=422 if form.is_bound else 200)


def _changer(request: HttpRequest, demarche: Demarche, version: VersionProcessus, motif: str) -> HttpResponse:
    passage = changer_version(demarche, version, par=cast(Agent, request.user), motif=motif, le=date.today())
    messages.success(
        request,
        f"La démarche suit la version {version.numero} : {len(passage.ajoutees)} étape(s) ajoutée(s), "
        f"{len(passage.retirees)} retirée(s), rien de ce qui était fait n’est perdu.",
    )
    return redirect(f"{demarche.get_absolute_url()}#etapes")


@page_processus("demarche.conduire", "GET", "HEAD", "POST")
def lancement(request: HttpRequest, processus: Processus) -> HttpResponse:
    """A territory, a generation, a day, the optional steps: its calendar, then the démarche opens."""
    version = en_vigueur(processus)
    if version is None:
        raise Http404("Ce processus n’a pas encore de version.")
    definition = lire_definition(version.definition)
    today = date.today()
    donnees = (
        request.POST if request.method == "POST" else request.GET if "ouverte_le" in request.GET else None
    )
    territoire = request.GET.get("territoire", "")
    initial = {"ouverte_le": today, "territoire": territoire, "generation": _generation(processus, today)}
    form = LancerForm(
        donnees, etapes=definition.etapes, territoires=territoires_a_lancer(processus), initial=initial
    )
    valide = donnees is not None and form.is_valid()
    if request.method == "POST" and valide and "apercu" not in request.POST:
        d = form.cleaned_data
        try:
            demarche = lancer(
                d["territoire"], processus, generation=d["generation"], ouverte_le=d["ouverte_le"],
                par=cast(Agent, request.user), retenues=d.get("retenues", []),
            )  # fmt: skip
        except LancementRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(
                request, f"La démarche {demarche.generation} est lancée. Son calendrier est prêt."
            )
            return redirect(demarche)
    contexte = {
        "processus": processus,
        "version": version,
        "form": form,
        **_apercu(definition, form, today, valide),
    }
    refuse = request.method == "POST" and bool(form.errors)
    return render(request, "demarches/lancer.html", contexte, status=422 if refuse else 200)


def _apercu(definition: Definition, form: LancerForm, today: date, valide: bool) -> dict[str, Any]:
    """The calendar of the démarche as it would open: what was typed, else today with every step."""
    d = form.cleaned_data if valide else {}
    ecartees = (
        {e.code for e in definition.etapes if e.facultative} - set(d.get("retenues", [])) if valide else set()
    )
    ouverte_le = d.get("ouverte_le") or today
    prevues = presentation.calendrier(definition, ouverte_le, ecartees)
    utiles = presentation.jusqu_a_la_signature(prevues)
    titre = f"Ouverte le {date_fr(ouverte_le)}, la démarche mène à la signature"
    if utiles and utiles[-1].fin:
        titre += f" vers le {date_fr(utiles[-1].fin)}"
    return {"figure": presentation.figure_calendrier(titre, utiles), "prevues": prevues}


def _generation(processus: Processus, today: date) -> str:
    """The years a contract opened now would cover, from the duration its dispositif gives it."""
    duree = getattr(getattr(processus, "dispositif", None), "duree_annees", 3)
    return f"{today.year + 1}-{today.year + duree}"
