"""Writing a fiche: one form, kept while one types, checked, saved; a stale save is settled field by field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.soumission import avec_effet
from arpent.plateforme.socle.versions import ConflitDeVersion

from ..actions import ActionRefusee, enregistrer_fiche
from ..brouillons import autres_presents, garder_saisie, oublier_saisie, saisie_de
from ..champs import modele_de
from ..droits import est_de_son_theme, peut_proposer_pour, peut_rediger
from ..filtres import lire_filtre
from ..forms import Saisie
from ..forms.comparaison import CHOIX, choisir, choix_faits, comparer, donnees_de
from ..forms.saisie import donnees_utiles, en_querydict
from ..lecture_fiche import champs_modifies_depuis
from ..models import Fiche, SaisieEnCours
from ..page_actes import corrections_parmi, ouvertes_par_champ
from .fiche import exiger
from .volets import fiche_ou_404

REPRENDRE = "reprendre"


@dataclass(frozen=True, slots=True)
class Adresses:
    """Where the form of a fiche, new or not, sends what it sends."""

    formulaire: str
    saisie: str
    abandon: str
    apercu: str
    retour: str


def _adresses(fiche: Fiche) -> Adresses:
    slug = fiche.demarche.slug
    if fiche.pk is None:
        noms = ("fiche_creer", "fiche_creer_saisie", "fiche_creer_abandon", "apercu_nouvelle")
        return Adresses(
            *(reverse(f"plans:{nom}", args=[slug]) for nom in noms), reverse("plans:plan", args=[slug])
        )
    noms = ("fiche_modifier", "fiche_saisie", "fiche_abandon", "preinstruction_apercu", "fiche")
    return Adresses(*(reverse(f"plans:{nom}", args=[slug, fiche.numero]) for nom in noms))


def _nouvelle(request: HttpRequest, demarche: Demarche) -> Fiche:
    """A new fiche in memory, for a body one writes for."""
    ids = peut_proposer_pour(cast(Agent, request.user), demarche)
    if ids is not None and not ids:
        raise PermissionDenied("Votre compte n’est rattaché à aucun maître d’ouvrage de ce territoire.")
    fiche = Fiche(demarche=demarche)
    demande = lire_filtre(request.GET)  # what the page that led here already knows
    fiche.realisation = demande.realisation or fiche.realisation
    if demande.enjeu.isdecimal():
        fiche.enjeu = demarche.enjeux.filter(pk=int(demande.enjeu)).first()
    if ids is not None and len(ids) == 1:
        fiche.maitre_ouvrage_id = next(iter(ids))
    return fiche


def _existante(request: HttpRequest, demarche: Demarche, numero: int) -> Fiche:
    fiche = fiche_ou_404(request, demarche, numero)
    exiger(peut_rediger(cast(Agent, request.user), fiche))
    return fiche


def _enregistree(fiche: Fiche) -> Fiche | None:
    return None if fiche.pk is None else fiche


def _montrer(
    request: HttpRequest, saisie: Saisie, *, status: int = 200, laissee: SaisieEnCours | None = None
) -> HttpResponse:
    """The form. `laissee`: what the agent left unsaved last time, to take back or give up."""
    agent, fiche = cast(Agent, request.user), saisie.fiche
    resume = saisie.resume()
    remarques = list(fiche.commentaires.order_by("pk")) if fiche.pk else []
    contexte = {
        "demarche": fiche.demarche,
        "fiche": fiche,
        "remarques": [(nom, n) for nom, n in ouvertes_par_champ(remarques, agent).items() if nom],
        "nouvelle": fiche.pk is None,
        "saisie": saisie,
        "form": saisie.form,
        "rangs": saisie.rangs,
        "groupes": saisie.groupes(resume.manques),
        "resume": resume,
        "adresses": _adresses(fiche),
        "laissee": laissee,
        "presents": autres_presents(fiche, agent),
        "ouverte_le": timezone.now().isoformat(),
        "cadre": saisie.modele.cadre,
        "corrections": [c for c in corrections_parmi(remarques) if c.ouverte],
    }
    return render(request, "plans/fiche_form.html", contexte, status=status)


def _saisir(request: HttpRequest, fiche: Fiche) -> HttpResponse:
    """Shows, checks or saves the form of a fiche, new or not."""
    agent, modele = cast(Agent, request.user), modele_de(fiche.demarche)
    if request.method != "POST":
        laissee = saisie_de(agent, fiche.demarche, _enregistree(fiche))
        if laissee is None or not laissee.donnees:
            return _montrer(request, Saisie(fiche, agent, None, modele))
        if REPRENDRE in request.GET:
            return _montrer(request, Saisie(fiche, agent, en_querydict(laissee.donnees), modele))
        return _montrer(request, Saisie(fiche, agent, None, modele), laissee=laissee)
    donnees: QueryDict = request.POST
    if any(cle.startswith(CHOIX) for cle in donnees):
        donnees = _trancher(donnees, fiche, agent)
    saisie = Saisie(fiche, agent, donnees, modele)
    if saisie.is_valid() and not (avis := est_de_son_theme(agent, saisie.form.instance)):
        saisie.form.add_error("theme", avis.raison)
    elif saisie.is_valid():
        try:
            return _enregistrer(request, saisie)
        except ConflitDeVersion:
            return _conflit(request, saisie, donnees)
        except ActionRefusee as refus:
            saisie.form.add_error(None, str(refus))
    elif "brouillon" in request.POST:
        return _garder_tel_quel(request, saisie)
    return _montrer(request, saisie, status=400)


def _enregistrer(request: HttpRequest, saisie: Saisie) -> HttpResponse:
    agent, form, nouvelle = cast(Agent, request.user), saisie.form, saisie.fiche.pk is None
    politiques = form.cleaned_data.get("politiques")
    fiche = enregistrer_fiche(
        form.save(commit=False),
        saisie.financements_retenus(),
        par=agent,
        version_lue=None if nouvelle else form.cleaned_data["version_lue"],
        politiques=None if politiques is None else list(politiques),
        depenses=saisie.rangs.depenses.saisies(),
        demarches=saisie.rangs.demarches_financeurs.saisies(),
    )
    oublier_saisie(agent, fiche.demarche, None if nouvelle else fiche)
    messages.success(request, f"La fiche n° {fiche.numero} est enregistrée.")
    equilibre = saisie.resume().equilibre
    if equilibre.saisi and equilibre.ecart:
        messages.warning(request, f"{equilibre.phrase}. Rien n’a été ajusté.")
    return redirect("plans:fiche", fiche.demarche.slug, fiche.numero)


def _garder_tel_quel(request: HttpRequest, saisie: Saisie) -> HttpResponse:
    """« Garder pour plus tard » never blocks: what cannot be saved yet is kept as it was typed."""
    _garder(request, saisie)
    nombre = saisie.resume().erreurs
    points = "un point reste" if nombre == 1 else f"{nombre} points restent"
    messages.warning(
        request, f"Votre saisie est gardée telle quelle : {points} à corriger avant d’enregistrer la fiche."
    )
    return redirect(f"{_adresses(saisie.fiche).formulaire}?{REPRENDRE}=1")


def _garder(request: HttpRequest, saisie: Saisie) -> datetime:
    lue = str(request.POST.get("version_lue", "1"))
    return garder_saisie(
        cast(Agent, request.user),
        saisie.fiche.demarche,
        _enregistree(saisie.fiche),
        None if "_presence" in request.POST else donnees_utiles(request.POST),
        version_lue=int(lue) if lue.isdecimal() and len(lue) < 9 else 1,
    )


def _trancher(donnees: QueryDict, fiche: Fiche, agent: Agent) -> QueryDict:
    """What was typed, with what was chosen from the stored version."""
    modele = modele_de(fiche.demarche)
    stockee = donnees_de(_relire(fiche), agent, modele)
    lues = (
        Saisie(_relire(fiche), agent, stockee, modele),
        Saisie(_relire(fiche), agent, donnees, modele),
    )
    for lue in lues:
        lue.is_valid()
    return choisir(stockee, donnees, choix_faits(donnees), lues)


def _relire(fiche: Fiche) -> Fiche:
    relue = Fiche.objects.select_related("maitre_ouvrage", "theme", "commune").get(pk=fiche.pk)
    relue.demarche = fiche.demarche
    return relue


def _conflit(request: HttpRequest, saisie: Saisie, donnees: QueryDict) -> HttpResponse:
    """409: what is stored and what was typed side by side; one chooses, and saves from there."""
    agent, modele, stored = cast(Agent, request.user), saisie.modele, _relire(saisie.fiche)
    en_base = Saisie(_relire(stored), agent, donnees_de(stored, agent, modele), modele)
    en_base.is_valid()
    inchanges = champs_modifies_depuis(stored, donnees.get("ouverte_le", ""), saisie.fiche)
    differences = comparer(en_base, saisie, inchanges)
    typed = donnees_utiles(donnees)
    typed.pop("version_lue", None)
    contexte: dict[str, Any] = {
        "demarche": stored.demarche,
        "fiche": stored,
        "differences": differences,
        "cachees": [
            (nom, v) for nom, vs in donnees_utiles(donnees).items() for v in vs if nom != "version_lue"
        ],
        "adresses": _adresses(stored),
    }
    return render(request, "plans/conflit.html", contexte, status=409)


@page_demarche("fiche.rediger", "GET", "HEAD", "POST")
def fiche_creer(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """A new fiche, in draft."""
    return _saisir(request, _nouvelle(request, demarche))


@page_demarche("fiche.rediger", "GET", "HEAD", "POST")
def fiche_modifier(request: HttpRequest, demarche: Demarche, numero: int) -> HttpResponse:
    """The same form over an existing fiche; a stale save answers 409 and lets one choose."""
    return _saisir(request, _existante(request, demarche, numero))


def _suivre(request: HttpRequest, fiche: Fiche) -> HttpResponse:
    """Keeps what is typed, answers what is said beside the form. Without JavaScript: the whole page again."""
    agent = cast(Agent, request.user)
    saisie = Saisie(fiche, agent, request.POST, modele_de(fiche.demarche))
    try:
        gardee = _garder(request, saisie)
    except ActionRefusee as refus:
        return HttpResponse(str(refus), status=400, content_type="text/plain; charset=utf-8")
    if "verifier" in request.POST:
        return avec_effet(_montrer(request, saisie))
    contexte = {
        "demarche": fiche.demarche,
        "resume": saisie.resume(),
        "presents": autres_presents(fiche, agent),
        "gardee": None if "_presence" in request.POST else gardee,
        "fiche": fiche,
    }
    return avec_effet(render(request, "plans/_resume_saisie.html", contexte))


@page_demarche("fiche.rediger", "POST")
def fiche_creer_saisie(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    return _suivre(request, _nouvelle(request, demarche))


@page_demarche("fiche.rediger", "POST")
def fiche_saisie(request: HttpRequest, demarche: Demarche, numero: int) -> HttpResponse:
    return _suivre(request, _existante(request, demarche, numero))


def _abandonner(request: HttpRequest, fiche: Fiche) -> HttpResponse:
    if oublier_saisie(cast(Agent, request.user), fiche.demarche, _enregistree(fiche)):
        messages.success(request, "La saisie commencée est abandonnée.")
    return redirect(_adresses(fiche).formulaire)


@page_demarche("fiche.rediger", "POST")
def fiche_creer_abandon(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    return _abandonner(request, _nouvelle(request, demarche))


@page_demarche("fiche.rediger", "POST")
def fiche_abandon(request: HttpRequest, demarche: Demarche, numero: int) -> HttpResponse:
    return _abandonner(request, _existante(request, demarche, numero))
