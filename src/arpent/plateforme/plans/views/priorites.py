"""The three orders of the projects side by side, and one of them being written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from arpent.metier.classements import deplacer, ex_aequo
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ..actions import ActionRefusee
from ..forms.bases import JOURS
from ..models import Classement, Fiche
from ..priorites import (
    CHAMPS,
    RANG_MAX,
    Ordre,
    classement_de,
    classer,
    ecartements,
    fiches_a_classer,
    peut_classer,
    rangs,
    tensions,
)
from .fiche import exiger

N = Classement.Niveau
TITRES = {N.MAITRE_OUVRAGE: "Maître d’ouvrage", N.TERRITOIRE: "Territoire", N.AUTORITE: "Autorité"}


@dataclass(frozen=True, slots=True)
class Ligne:
    """One fiche: its three ranks, whether it is tied, and whether the order being written may move it."""

    fiche: Fiche
    rang: int | None
    ex_aequo: bool
    ouverte: bool


@dataclass(frozen=True, slots=True)
class Demande:
    """Which order is looked at or written: a level and, for the owners, one of them."""

    niveau: str
    organisation_id: int | None


def _demande(parametres: QueryDict, agent: Agent, demarche: Demarche, fiches: Sequence[Fiche]) -> Demande:
    """The order asked for; by default the one the person may write."""
    niveau, mo = parametres.get("niveau", ""), parametres.get("mo", "")
    if niveau not in CHAMPS:
        possibles = (N.AUTORITE, N.TERRITOIRE)
        niveau = next((n for n in possibles if peut_classer(agent, demarche, n)), "")
        if not niveau:
            siennes = [
                f for f in fiches if peut_classer(agent, demarche, N.MAITRE_OUVRAGE, f.maitre_ouvrage_id)
            ]
            niveau = N.MAITRE_OUVRAGE if siennes else N.TERRITOIRE
    if niveau != N.MAITRE_OUVRAGE:
        return Demande(str(niveau), None)
    proprietaires = list(dict.fromkeys(f.maitre_ouvrage_id for f in fiches))
    if mo.isascii() and mo.isdigit() and int(mo) in proprietaires:
        return Demande(str(niveau), int(mo))
    siens = [pk for pk in proprietaires if peut_classer(agent, demarche, niveau, pk)]
    return Demande(str(niveau), next(iter(siens or proprietaires), None))


def _du_niveau(fiches: Sequence[Fiche], demande: Demande) -> list[Fiche]:
    """The fiches that the order ranks, in its order."""
    concernees = [
        f
        for f in fiches
        if demande.niveau != N.MAITRE_OUVRAGE or f.maitre_ouvrage_id == demande.organisation_id
    ]
    champ = CHAMPS[N(demande.niveau)]
    return sorted(concernees, key=lambda f: (getattr(f, champ) is None, getattr(f, champ) or 0, f.numero))


def _entier(brut: str) -> int | None:
    """A rank as typed; None when the field is empty. ValueError otherwise."""
    brut = brut.strip()
    if not brut:
        return None
    if not (brut.isascii() and brut.isdigit() and len(brut) < 5):
        raise ValueError
    return int(brut)


def _lire(post: QueryDict, fiches: Sequence[Fiche]) -> Ordre:
    """Raises ActionRefusee on a rank that is not one, naming the fiche."""
    voulus: dict[int, int | None] = {}
    lus: dict[int, int | None] = {}
    for fiche in fiches:
        cle = f"rang-{fiche.numero}"
        if cle not in post:
            continue
        try:
            voulus[fiche.numero] = _entier(post.get(cle, ""))
            lus[fiche.numero] = _entier(post.get(f"lu-{fiche.numero}", ""))
        except ValueError:
            raise ActionRefusee(
                f"Fiche {fiche} : « {post.get(cle, '')[:20]} » n’est pas un rang. Tapez un nombre "
                f"de 1 à {RANG_MAX}, ou laissez vide."
            ) from None
    for sens, pas in (("monter", -1), ("descendre", 1)):
        if (numero := post.get(sens, "")).isdigit() and int(numero) in voulus:
            voulus = deplacer(voulus, int(numero), pas)
    return Ordre(
        rangs=voulus,
        lus=lus,
        methode=post.get("methode", "")[:5_000],
        arrete_par=post.get("arrete_par", "")[:200],
        arrete_le=_jour(post.get("arrete_le", "")),
    )


def _jour(brut: str) -> date | None:
    if not brut.strip():
        return None
    for forme in JOURS:
        try:
            return datetime.strptime(brut.strip(), forme).date()
        except ValueError:
            continue
    raise ActionRefusee("La date de l’arrêté n’est pas lisible : écrivez-la comme 31/12/2026.")


def _page(
    request: HttpRequest,
    demarche: Demarche,
    fiches: Sequence[Fiche],
    demande: Demande,
    erreur: str = "",
    status: int = 200,
) -> HttpResponse:
    agent = cast(Agent, request.user)
    classement = classement_de(demarche, demande.niveau, demande.organisation_id)
    avis = peut_classer(agent, demarche, demande.niveau, demande.organisation_id)
    lignes_du_niveau = _du_niveau(fiches, demande)
    egaux = ex_aequo(rangs(lignes_du_niveau, demande.niveau))
    champ = CHAMPS[N(demande.niveau)]
    lignes = [Ligne(f, getattr(f, champ), getattr(f, champ) in egaux, bool(avis)) for f in lignes_du_niveau]
    proprietaires = {f.maitre_ouvrage_id: f.maitre_ouvrage.nom for f in fiches}
    contexte = {
        "demarche": demarche,
        "lignes": lignes,
        "total": len(fiches),
        "classes": sum(x.rang is not None for x in lignes),
        "niveau": demande.niveau,
        "niveau_titre": TITRES[N(demande.niveau)],
        "niveaux": [(str(n), titre, n == demande.niveau) for n, titre in TITRES.items()],
        "organisation_id": demande.organisation_id,
        "proprietaires": sorted(proprietaires.items(), key=lambda p: p[1]),
        "classement": classement,
        "peut": avis,
        "ecartements": ecartements(fiches),
        "tensions": tensions(fiches),
        "erreur": erreur,
        "rang_max": RANG_MAX,
    }
    return render(request, "plans/priorites.html", contexte, status=status)


@page_demarche("plan.voir", "GET", "HEAD", "POST")
def priorites(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """Reads (GET) or saves (POST) one order. Two queries of its own to read."""
    agent = cast(Agent, request.user)
    fiches = fiches_a_classer(demarche, agent)
    demande = _demande(request.POST if request.method == "POST" else request.GET, agent, demarche, fiches)
    if request.method != "POST":
        return _page(request, demarche, fiches, demande)
    exiger(peut_classer(agent, demarche, demande.niveau, demande.organisation_id))
    retour = f"{reverse('plans:priorites', args=[demarche.slug])}?niveau={demande.niveau}"
    if demande.organisation_id:
        retour += f"&mo={demande.organisation_id}"
    version = request.POST.get("version_lue", "")
    try:
        classer(
            demarche,
            demande.niveau,
            _lire(request.POST, _du_niveau(fiches, demande)),
            par=agent,
            version_lue=int(version) if version.isdigit() else -1,
            organisation_id=demande.organisation_id,
        )
    except ConflitDeVersion as conflit:
        return page_conflit(request, conflit, titre="L’ordre a changé entre-temps", retour=retour)
    except ActionRefusee as refus:
        return _page(request, demarche, fiches, demande, str(refus), 400)
    messages.success(request, "L’ordre est enregistré.")
    return redirect(retour)
