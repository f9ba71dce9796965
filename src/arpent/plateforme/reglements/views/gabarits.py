"""The Word templates of an authority: what serves, what is on trial, what may be downloaded."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.documents.actions import telecharger
from arpent.plateforme.documents.catalogue import gabarit as gabarit_livre
from arpent.plateforme.documents.gabarits_autorite import champs_disponibles, lire, rendre_exemple
from arpent.plateforme.documents.gabarits_word.exigences import Exigences, exigences
from arpent.plateforme.documents.gabarits_word.paquet import TAILLE_MAX, GabaritRefuse
from arpent.plateforme.documents.models import GabaritAutorite
from arpent.plateforme.documents.rendu.pdf import RenduImpossible

from ..acces import page_dispositif
from ..forms_gabarits import GabaritForm, RetourLivreForm
from ..gabarits import GabaritDepasse, deposer, mettre_en_service, revenir_au_livre
from ..models import Dispositif

DROIT = "reglement.rediger"


def _exigences(nom: str) -> Exigences:
    attendu = exigences().get(nom)
    if attendu is None:
        raise Http404(f"Les documents Word sont : {', '.join(sorted(exigences()))}.")
    return attendu


def _deposes(dispositif: Dispositif) -> list[GabaritAutorite]:
    return list(GabaritAutorite.objects.filter(autorite_id=dispositif.autorite_id))


@page_dispositif(DROIT)
def gabarits(request: RequeteAgent, dispositif: Dispositif) -> HttpResponse:
    """Every Word document and the template that serves. One query for all."""
    deposes = _deposes(dispositif)
    lignes: list[dict[str, Any]] = [
        {
            "attendu": attendu,
            "en_service": next((g for g in deposes if g.nom == nom and g.est_en_service), None),
            "a_l_essai": _a_l_essai([g for g in deposes if g.nom == nom]),
        }
        for nom, attendu in exigences().items()
    ]
    lignes.sort(key=lambda x: (x["attendu"].au_nom_de, x["attendu"].titre))
    contexte = {
        "dispositif": dispositif,
        "lignes": lignes,
        "remplaces": sum(x["en_service"] is not None for x in lignes),
        "retour": reverse("reglements:dispositif", args=[dispositif.slug]),
    }
    return render(request, "reglements/gabarits.html", contexte)


def _a_l_essai(deposes: list[GabaritAutorite]) -> GabaritAutorite | None:
    """The last deposit, while nothing was decided of it."""
    return deposes[0] if deposes and deposes[0].est_a_l_essai else None


@page_dispositif(DROIT, "GET", "HEAD", "POST")
def gabarit(request: RequeteAgent, dispositif: Dispositif, nom: str) -> HttpResponse:
    """One document: deposit a template (POST), which is put on trial."""
    _exigences(nom)
    envoye = request.method == "POST"
    form = GabaritForm(request.POST if envoye else None, request.FILES if envoye else None)
    if envoye and form.is_valid():
        fichier = form.cleaned_data["fichier"]
        try:
            # One byte more than what is allowed: the check says that it is too much.
            depose = deposer(
                dispositif.autorite, nom, fichier.read(TAILLE_MAX + 1), fichier.name, par=request.user
            )
        except GabaritRefuse as refus:
            form.add_error("fichier", str(refus))
        else:
            messages.success(
                request,
                f"Le gabarit n° {depose.numero} est vérifié : lisez l’exemple, puis mettez-le en service.",
            )
            return redirect("reglements:gabarit", dispositif.slug, nom)
    return _page(request, dispositif, nom, form=form, status=422 if form.errors else 200)


def _page(
    request: RequeteAgent,
    dispositif: Dispositif,
    nom: str,
    *,
    form: GabaritForm | None = None,
    retour_livre: RetourLivreForm | None = None,
    status: int,
) -> HttpResponse:
    deposes = [g for g in _deposes(dispositif) if g.nom == nom]
    en_service = next((g for g in deposes if g.est_en_service), None)
    contexte: dict[str, Any] = {
        "dispositif": dispositif,
        "attendu": _exigences(nom),
        "deposes": deposes,
        "en_service": en_service,
        "a_l_essai": _a_l_essai(deposes),
        "form": form or GabaritForm(),
        "retour_livre": retour_livre
        or (RetourLivreForm(initial={"numero": en_service.numero}) if en_service else None),
        "champs": champs_disponibles(nom),
        "retour": reverse("reglements:gabarits", args=[dispositif.slug]),
    }
    return render(request, "reglements/gabarit.html", contexte, status=status)


@page_dispositif(DROIT, "POST")
def gabarit_servir(request: RequeteAgent, dispositif: Dispositif, nom: str) -> HttpResponse:
    """Puts the template on trial in service; 409 when another one took its place."""
    attendu = _exigences(nom)
    numero = request.POST.get("numero", "")
    try:
        if not numero.isdecimal() or len(numero) > 6:
            raise GabaritRefuse("Ce gabarit n’existe pas : relisez la page.")
        choisi = mettre_en_service(dispositif.autorite, nom, int(numero), par=request.user)
    except (GabaritRefuse, RenduImpossible) as refus:
        messages.error(request, str(refus))
        return _page(request, dispositif, nom, status=409 if isinstance(refus, GabaritDepasse) else 422)
    messages.success(
        request,
        f"{attendu.titre} : le gabarit n° {choisi.numero} est en service, dès le prochain document Word.",
    )
    return redirect("reglements:gabarit", dispositif.slug, nom)


@page_dispositif(DROIT, "POST")
def gabarit_revenir(request: RequeteAgent, dispositif: Dispositif, nom: str) -> HttpResponse:
    """The shipped template serves again, for a reason; 409 when the one seen is no longer in service."""
    attendu = _exigences(nom)
    form = RetourLivreForm(request.POST)
    if not form.is_valid():
        return _page(request, dispositif, nom, retour_livre=form, status=422)
    lu = form.cleaned_data
    try:
        revenir_au_livre(dispositif.autorite, nom, lu["motif"], numero=lu["numero"], par=request.user)
    except GabaritDepasse as refus:
        messages.error(request, str(refus))
        return _page(request, dispositif, nom, retour_livre=form, status=409)
    messages.success(request, f"{attendu.titre} : le gabarit livré sert à nouveau.")
    return redirect("reglements:gabarit", dispositif.slug, nom)


@page_dispositif(DROIT)
def gabarit_fichier(
    request: RequeteAgent, dispositif: Dispositif, nom: str, quel: str, quoi: str
) -> HttpResponse:
    """A template (`quoi` « gabarit ») or its sample (« exemple »): shipped (« livre ») or deposited."""
    attendu = _exigences(nom)
    if quoi not in {"gabarit", "exemple"}:
        raise Http404("Se téléchargent le gabarit et son exemple.")
    try:
        contenu = None if quel == "livre" else lire(_depose(dispositif, nom, quel))
        if quoi == "exemple":
            autorite = dispositif.autorite
            fichier = rendre_exemple(nom, contenu, autorite.pk, autorite.nom)
        else:
            livre = gabarit_livre(attendu.code).docx
            assert livre is not None
            fichier = contenu or livre.read_bytes()
    except RenduImpossible as refus:
        messages.error(request, str(refus))
        return redirect("reglements:gabarit", dispositif.slug, nom)
    return telecharger(fichier, f"{nom}-{quel}-{quoi}.docx")


def _depose(dispositif: Dispositif, nom: str, quel: str) -> GabaritAutorite:
    if quel.isdecimal() and len(quel) <= 6:
        for g in _deposes(dispositif):
            if g.nom == nom and g.numero == int(quel):
                return g
    raise Http404("Ce gabarit n’a pas été déposé.")
