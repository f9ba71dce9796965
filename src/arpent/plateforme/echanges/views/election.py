"""Election day: send the list, look at one screen, apply, see what was done."""

from __future__ import annotations

import re
import tempfile
from datetime import date
from pathlib import Path
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from arpent.plateforme.acteurs.acces import page
from arpent.plateforme.acteurs.models import Agent, Organisation, Personne
from arpent.plateforme.acteurs.roles import ROLES
from arpent.plateforme.demarches.perimetre import autorites_de, organisations_visibles
from arpent.plateforme.territoires.models import Canton

from ..election import actions
from ..election.rapport import modele, rapport
from ..etats import ImportRefuse
from ..lecture import FichierIllisible
from ..models import ImportElus

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DROIT = "election.importer"
MONTRES = 200


class ElectionForm(forms.Form):
    fichier = forms.FileField(
        label="Liste des élus",
        help_text="Un fichier .csv du Répertoire national des élus, ou le modèle de cette page (.xlsx, .ods, "
        ".csv), de 20 Mo au plus.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods,.csv"}),
        error_messages={
            "required": "Choisissez le fichier à lire.",
            "empty": "Le fichier est vide : vérifiez que vous envoyez le bon fichier.",
        },
    )
    autorite = forms.ModelChoiceField(
        label="Autorité", queryset=Organisation.objects.none(), empty_label=None,
        help_text="Celle des conseillers départementaux ou régionaux de la liste.",
    )  # fmt: skip
    le = forms.DateField(
        label="Premier jour des nouveaux mandats",
        help_text="Les mandats qui s’arrêtent finissent la veille, leurs accès aussi.",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    complete = forms.BooleanField(
        label="La liste est complète pour les assemblées qu’elle cite", required=False, initial=True,
        help_text="Décochez pour quelques arrivées : seuls les maires et présidents remplacés partiront.",
    )  # fmt: skip

    def __init__(self, *args: Any, agent: Agent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        autorites = autorites_de(agent)
        self.fields["autorite"].queryset = autorites  # type: ignore[attr-defined]
        self.fields["autorite"].initial = autorites.first()


def _un(request: HttpRequest, pk: int) -> ImportElus:
    agent = cast(Agent, request.user)
    cles = autorites_de(agent).order_by().values("pk")
    trouve = ImportElus.objects.filter(pk=pk, autorite__in=cles).select_related("autorite").first()
    if trouve is None:
        raise Http404("Cette liste n’existe pas, ou n’est pas dans votre périmètre.")
    return trouve


@page(DROIT, "GET", "HEAD", "POST")
def election(request: HttpRequest) -> HttpResponse:
    """The file to send, and the lists read or applied lately. Three queries of its own."""
    agent = cast(Agent, request.user)
    tailles = [f.size or 0 for _, fichiers in request.FILES.lists() for f in fichiers]
    if any(taille > settings.ARPENT_TAILLE_MAX_FICHIER for taille in tailles):
        return render(request, "413.html", status=413)
    envoye = request.method == "POST"
    initial = {"le": date.today()}
    form = ElectionForm(
        request.POST if envoye else None, request.FILES if envoye else None, agent=agent, initial=initial
    )
    if envoye and form.is_valid():
        d = form.cleaned_data
        try:
            lecture = _recevoir(d, agent)
        except FichierIllisible as refus:
            form.add_error("fichier", str(refus))
        else:
            return redirect("echanges:election_apercu", lecture.pk)
    cles = autorites_de(agent).order_by().values("pk")
    listes = ImportElus.objects.filter(autorite__in=cles).exclude(etat=ImportElus.Etat.ABANDONNE)
    contexte = {"form": form, "listes": listes.defer("lignes", "rapport")[:10]}
    return render(request, "echanges/election.html", contexte, status=400 if envoye else 200)


def _recevoir(d: dict[str, Any], agent: Agent) -> ImportElus:
    fichier = d["fichier"]
    with tempfile.NamedTemporaryFile(prefix="arpent-elus-") as copie:
        for bloc in fichier.chunks():
            copie.write(bloc)
        copie.flush()
        return actions.recevoir(
            Path(copie.name), fichier.name or "", autorite=d["autorite"], le=d["le"],
            complete=d["complete"], par=agent,
        )  # fmt: skip


@page(DROIT)
def modele_xlsx(request: HttpRequest) -> HttpResponse:
    """A workbook to fill in, with a commune and a canton of the perimeter. Two queries."""
    commune = organisations_visibles(cast(Agent, request.user)).filter(nature="commune").first()
    canton = Canton.objects.filter(communes=commune.commune_id).first() if commune else None
    contenu = modele(commune.nom if commune else "", canton.nom if canton else "", date.today())
    return _classeur(contenu, "liste-d-elus.xlsx")


def _classeur(contenu: bytes, nom: str) -> HttpResponse:
    response = HttpResponse(contenu, content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{nom}"'
    return response


def _a_habiliter(lignes: list[dict[str, Any]]) -> list[tuple[dict[str, Any], str, str, str]]:
    """Those who come and have an account: line, account, role (code, name). One query."""
    voulues = {x["personne"]: x for x in lignes if x["sort"] == "arrive" and x["note"] == "compte existant"}
    gens = Personne.objects.filter(pk__in=voulues, agent__is_active=True).select_related("agent")
    return [
        (x, p.agent.courriel, x["role"], ROLES[x["role"]].libelle)
        for p in gens[:MONTRES]
        if (x := voulues[p.pk])["role"] and p.agent is not None
    ]


@page(DROIT)
def apercu(request: HttpRequest, pk: int) -> HttpResponse:
    """What the list would change, on one screen; or what it changed. Ten queries, seven a departure."""
    lecture = _un(request, pk)
    if lecture.etat == ImportElus.Etat.APPLIQUE:
        lignes = lecture.rapport.get("lignes", [])
        contexte = {
            "lecture": lecture,
            "partis": [x for x in lignes if x["sort"] == "part"][:MONTRES],
            "a_inviter": [
                (x, x["role"], ROLES[x["role"]].libelle)
                for x in lignes
                if x["sort"] == "arrive" and x.get("role") and x["note"] == "à inviter"
            ][:MONTRES],
            "a_habiliter": _a_habiliter(lignes),
            "a_voir": [x for x in lignes if x["sort"] in {"à vérifier", "non reconnue"}][:MONTRES],
        }
        return render(request, "echanges/election_resultat.html", contexte)
    if lecture.etat == ImportElus.Etat.ABANDONNE:
        raise Http404("Cette liste a été abandonnée.")
    vu = actions.apercevoir(lecture, cast(Agent, request.user))
    contexte = {
        "lecture": lecture,
        "vu": vu,
        "partent": vu.departs[:MONTRES],
        "venues": vu.venues[:MONTRES],
        "doutes": [(d, vu.reconnues.par_numero[d.elu.numero]) for d in vu.comparaison.doutes][:MONTRES],
        "inconnues": vu.reconnues.non_reconnues[:MONTRES],
        "restent": len(vu.comparaison.restent),
        "a_verifier": len(vu.comparaison.doutes) + len(vu.reconnues.non_reconnues),
        "charges": sum(len(d.charges) for d in vu.departs),
        "montres": MONTRES,
    }
    return render(request, "echanges/election_apercu.html", contexte)


def _memes(request: HttpRequest) -> dict[int, int]:
    """Which namesake each arrival is, as chosen on the preview: number of the seat → person."""
    choisis = {}
    for nom in request.POST:
        trouve = re.fullmatch(r"meme_([0-9]{1,9}) ([0-9]{1,15})", f"{nom} {request.POST.get(nom)}")
        if trouve:
            choisis[int(trouve[1])] = int(trouve[2])
    return choisis


@page(DROIT, "POST")
def appliquer(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything at once, if the directory is still what the preview showed."""
    lecture, agent = _un(request, pk), cast(Agent, request.user)
    memes = _memes(request)
    try:
        empreinte = request.POST.get("empreinte", "") or "absente"
        actions.appliquer(lecture, par=agent, vu_par=agent, empreinte=empreinte, memes=memes)
    except ImportRefuse as refus:
        messages.error(request, str(refus))
    else:
        messages.success(
            request, "La liste est appliquée : l’annuaire est à jour, rien n’est resté orphelin."
        )
    return redirect("echanges:election_apercu", pk)


@page(DROIT, "POST")
def abandonner(request: HttpRequest, pk: int) -> HttpResponse:
    """Forgets the list: nothing was changed by it."""
    try:
        actions.abandonner(_un(request, pk))
    except ImportRefuse as refus:
        messages.info(request, str(refus))
    else:
        messages.success(request, "La liste est abandonnée : rien n’a été changé.")
    return redirect("echanges:election")


@page(DROIT)
def rapport_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    """Row by row, what was done."""
    lecture = _un(request, pk)
    if lecture.etat != ImportElus.Etat.APPLIQUE:
        raise Http404("Cette liste n’est pas appliquée : il n’y a pas encore de rapport.")
    contenu = rapport(f"Élection du {lecture.le:%d/%m/%Y}", lecture.rapport["lignes"], lecture.le)
    return _classeur(contenu, f"election-{lecture.le:%Y-%m-%d}.xlsx")
