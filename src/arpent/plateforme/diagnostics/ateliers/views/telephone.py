"""The phone of a participant: a code, a table, a finding, some points. No account, no name."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from arpent.plateforme.acteurs.acces import publique

from ...models import Atelier, ContributionAtelier, Participant
from .. import codes, deroule, jetons, limites, participation
from ..bilan import PLURIELS, themes
from ..forms import CodeForm, ContributionForm

Etat = Atelier.Etat
INCONNU = "Ce code n’ouvre aucun atelier. Relisez-le sur l’écran de la salle, puis tapez-le de nouveau."
TROP_DE_CODES = (
    "Trop de codes faux ont été tapés d’ici. Attendez cinq minutes, puis relisez le code à l’écran."
)
SANS_COOKIE = (
    "Votre téléphone n’a pas gardé l’entrée dans l’atelier : elle a expiré, ou les cookies sont refusés. "
    "Choisissez de nouveau votre table."
)
Vue = Callable[..., HttpResponseBase]


def _trop(request: HttpRequest, raison: str, retour: str) -> HttpResponse:
    contexte = {"raison": raison, "retour": retour}
    return render(request, "diagnostics/ateliers/trop.html", contexte, status=429)


def _inconnu(request: HttpRequest) -> HttpResponse:
    """The same answer for a code that never was, is not open yet, or is closed."""
    limites.noter_code_faux(request)
    form = CodeForm({"code": ""})
    form.errors.clear()
    form.add_error("code", INCONNU)
    return render(request, "diagnostics/ateliers/code.html", {"form": form}, status=404)


def _adresse(atelier: Atelier) -> str:
    return reverse("diagnostics:telephone", args=[atelier.code])


def _chercher(saisi: str) -> Atelier | None:
    """The workshop of that code, if it has begun. One query, found or not."""
    atelier = (
        Atelier.objects.select_related("demarche__territoire").filter(code=codes.normaliser(saisi)).first()
    )
    return None if atelier is None or atelier.etat == Etat.PREPARATION else atelier


@publique("GET", "HEAD", "POST")
def code(request: HttpRequest) -> HttpResponse:
    if limites.trop_de_codes_faux(request):
        return _trop(request, TROP_DE_CODES, reverse("diagnostics:telephone_code"))
    if request.method != "POST":
        return render(request, "diagnostics/ateliers/code.html", {"form": CodeForm()})
    atelier = _chercher(request.POST.get("code", "")[:40])
    if atelier is None or atelier.etat == Etat.CLOS:
        return _inconnu(request)
    return redirect(_adresse(atelier))


def _dans_l_atelier(*methodes: str) -> Callable[[Vue], Vue]:
    """Turns `code` into an open workshop and the participant of this phone (None when not in yet).

    A closed workshop exists only for those who took part in it. Who is in is not stopped by the wrong codes
    typed around: a whole room may share one address.
    """

    def decorate(view: Vue) -> Vue:
        @wraps(view)
        def ouverte(request: HttpRequest, code: str) -> HttpResponseBase:
            atelier = _chercher(code)
            empreinte = jetons.lire(request, atelier) if atelier else None
            participant = _participant(atelier, empreinte) if atelier and empreinte else None
            if participant is None and limites.trop_de_codes_faux(request):
                return _trop(request, TROP_DE_CODES, reverse("diagnostics:telephone_code"))
            if atelier is None or (atelier.etat == Etat.CLOS and participant is None):
                return _inconnu(request)
            return view(request, atelier, participant, empreinte)

        return publique(*methodes)(ouverte)

    return decorate


def _participant(atelier: Atelier, empreinte: str) -> Participant | None:
    participant = (
        Participant.objects.select_related("table").filter(atelier=atelier, empreinte=empreinte).first()
    )
    if participant:
        participant.atelier = atelier
    return participant


def _a_l_ecran(atelier: Atelier) -> deroule.Etape:
    etapes = deroule.lire(atelier.deroule)
    return etapes[min(atelier.etape, len(etapes) - 1)]


@_dans_l_atelier("GET", "HEAD")
def telephone(
    request: HttpRequest, atelier: Atelier, participant: Participant | None, empreinte: str | None
) -> HttpResponse:
    return _page(request, atelier, participant, empreinte, changer="table" in request.GET)


def _page(
    request: HttpRequest,
    atelier: Atelier,
    participant: Participant | None,
    empreinte: str | None,
    *,
    changer: bool = False,
    form: ContributionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of the moment: choose a table, say, vote, or thanks."""
    contexte: dict[str, Any] = {
        "atelier": atelier,
        "participant": participant,
        "ecran": _a_l_ecran(atelier),
        "marque": _marque(atelier, atelier.etat),
    }
    if participant is None or (changer and atelier.etat != Etat.CLOS):
        contexte |= {"moment": "table", "tables": list(atelier.tables.order_by("numero"))}
    elif atelier.etat == Etat.OUVERT:
        contexte |= _dire(atelier, participant, form)
    elif atelier.etat == Etat.VOTE:
        contexte |= _voter(atelier, participant)
    else:
        contexte["moment"] = "merci"
    reponse = render(request, "diagnostics/ateliers/telephone.html", contexte, status=status)
    if empreinte is None:
        jetons.poser(reponse, atelier)
    return reponse


def _dire(atelier: Atelier, participant: Participant, form: ContributionForm | None) -> dict[str, Any]:
    dites = ContributionAtelier.objects.filter(
        atelier=atelier, table_id=participant.table_id, ecartee=False
    ).order_by("-pk")[:20]
    return {
        "moment": "dire",
        "form": form or ContributionForm(indicateur=_a_l_ecran(atelier).indicateur),
        "dites": list(dites),
    }


def _voter(atelier: Atelier, participant: Participant) -> dict[str, Any]:
    """Contributions by nature with what this phone placed on each; two queries."""
    places = participation.poses(participant)
    toutes = list(ContributionAtelier.objects.filter(atelier=atelier, ecartee=False).order_by("pk"))
    reste = max(atelier.points - sum(places.values()), 0)
    return {
        "moment": "voter",
        "groupes": [
            (nature, nom, [(c, themes().get(c.theme, ""), places.get(c.pk, 0)) for c in ici])
            for nature, nom in PLURIELS.items()
            if (ici := [c for c in toutes if c.nature == nature])
        ],
        "places": sum(places.values()),
        "reste": reste,
        "jetons": [n < atelier.points - reste for n in range(atelier.points)],
    }


@_dans_l_atelier("POST")
def table(
    request: HttpRequest, atelier: Atelier, participant: Participant | None, empreinte: str | None
) -> HttpResponse:
    if empreinte is None:
        messages.error(request, SANS_COOKIE)
        return redirect(_adresse(atelier))
    numero = request.POST.get("table", "")
    choisie = (
        atelier.tables.filter(numero=int(numero)).first() if numero.isdecimal() and len(numero) < 4 else None
    )
    if choisie is None:
        messages.error(request, "Choisissez votre table dans la liste.")
        return redirect(f"{_adresse(atelier)}?table")
    return _tenter(request, atelier, lambda: participation.entrer(atelier, empreinte, choisie))


@_dans_l_atelier("POST")
def constat(
    request: HttpRequest, atelier: Atelier, participant: Participant | None, empreinte: str | None
) -> HttpResponse:
    if participant is None:
        messages.error(request, SANS_COOKIE)
        return redirect(_adresse(atelier))
    indicateur = _a_l_ecran(atelier).indicateur
    form = ContributionForm(request.POST, indicateur=indicateur)
    if atelier.etat == Etat.OUVERT and not form.is_valid():
        return _page(request, atelier, participant, empreinte, form=form, status=422)
    form.full_clean()
    saisie = form.cleaned_data
    try:
        participation.contribuer(
            participant,
            nature=saisie.get("nature", ""),
            theme=saisie.get("theme", ""),
            texte=saisie.get("texte", ""),
            indicateur=indicateur if saisie.get("a_l_ecran") else "",
        )
    except participation.TropVite as exces:
        form.add_error(None, str(exces))
        return _page(request, atelier, participant, empreinte, form=form, status=429)
    except participation.ParticipationRefusee as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, "Merci, votre constat est envoyé à la salle.")
    return redirect(_adresse(atelier))


@_dans_l_atelier("POST")
def vote(
    request: HttpRequest, atelier: Atelier, participant: Participant | None, empreinte: str | None
) -> HttpResponse:
    """Reads `contribution` and `sens` (plus or moins)."""
    if participant is None:
        messages.error(request, SANS_COOKIE)
        return redirect(_adresse(atelier))
    pk = request.POST.get("contribution", "")
    sens = request.POST.get("sens", "")
    if not (pk.isdecimal() and len(pk) < 18 and sens in {"plus", "moins"}):
        messages.error(request, "Touchez « + » ou « − » à côté d’un constat.")
        return redirect(_adresse(atelier))
    return _tenter(request, atelier, lambda: participation.voter(participant, int(pk), ajoute=sens == "plus"))


def _tenter(request: HttpRequest, atelier: Atelier, geste: Callable[[], object]) -> HttpResponse:
    try:
        geste()
    except participation.TropVite as exces:
        return _trop(request, str(exces), _adresse(atelier))
    except participation.ParticipationRefusee as refus:
        messages.error(request, str(refus))
    return redirect(_adresse(atelier))


def _marque(atelier: Atelier, lu: str) -> str:
    return hashlib.sha256(f"{atelier.etat}|{atelier.etape}|{atelier.version}|{lu}".encode()).hexdigest()[:16]


@_dans_l_atelier("GET", "HEAD")
def direct(
    request: HttpRequest, atelier: Atelier, participant: Participant | None, empreinte: str | None
) -> HttpResponse:
    """The line that tells a phone what the room looks at, and that its page is out of date. 304 if not."""
    lu = request.GET.get("lu", "")
    lu = lu if lu in Etat.values else atelier.etat
    marque = _marque(atelier, lu)
    if request.headers.get("If-None-Match", "").strip('W/"') == marque:
        reponse = HttpResponse(status=304)
    else:
        contexte = {"atelier": atelier, "ecran": _a_l_ecran(atelier), "marque": marque, "lu": lu}
        reponse = render(request, "diagnostics/ateliers/_telephone_direct.html", contexte)
    reponse.headers["ETag"] = f'"{marque}"'
    reponse.headers["Cache-Control"] = "private, no-store"
    return reponse
