"""Merging two fiches, and reading one as it stood."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ..actions import ActionRefusee
from ..champs import modele_de
from ..droits import MODIFIABLES, peut_refondre
from ..forms import Saisie
from ..forms.comparaison import PREMIER, choisir, choix_faits, comparer, donnees_de
from ..historique import version_apres
from ..lecture_fiche import trouver
from ..models import Fiche
from ..refonte import Fusion, fusionner_fiches
from .fiche import exiger
from .volets import fiche_ou_404

CANDIDATES = 200


def _lire(demarche: Demarche, agent: Agent, numero: int) -> Fiche:
    fiche = trouver(demarche, agent, numero)
    if fiche is None:
        raise Http404("Cette fiche n’existe pas, ou n’est pas dans votre périmètre.")
    return fiche


def _autre(demarche: Demarche, agent: Agent, fiche: Fiche, brut: str) -> Fiche | None:
    """The other fiche, if the agent may merge it too."""
    if not (brut.isdecimal() and len(brut) < 9):
        return None
    autre = trouver(demarche, agent, int(brut))
    if autre is None or autre.pk == fiche.pk or not peut_refondre(agent, autre):
        return None
    return autre


class _Deux:
    """The two fiches as typings, ready to be compared. The first is the one that remains."""

    def __init__(self, demarche: Demarche, agent: Agent, reste: int, absorbee: int) -> None:
        self.demarche, self.agent, self.modele = demarche, agent, modele_de(demarche)
        self.envois = tuple(
            donnees_de(_lire(demarche, agent, n), agent, self.modele) for n in (reste, absorbee)
        )
        self.saisies = (self.saisie(reste, self.envois[0]), self.saisie(reste, self.envois[1]))

    def saisie(self, numero: int, envoi: QueryDict) -> Saisie:
        """Checked; over a fresh copy of the fiche that remains."""
        saisie = Saisie(_lire(self.demarche, self.agent, numero), self.agent, envoi, self.modele)
        saisie.is_valid()
        return saisie


@page_demarche("fiche.rediger", "GET", "HEAD", "POST")
def fiche_fusionner(request: HttpRequest, demarche: Demarche, numero: int) -> HttpResponse:
    """Chooses the other fiche (`avec`), then field by field; this one remains."""
    fiche, agent = fiche_ou_404(request, demarche, numero), cast(Agent, request.user)
    exiger(peut_refondre(agent, fiche))
    autre = _autre(demarche, agent, fiche, str((request.POST or request.GET).get("avec", "")))
    if autre is None:
        candidates = (
            Fiche.objects.visibles_par(agent)
            .comptees()
            .filter(demarche=demarche, etat__in=MODIFIABLES, tranche_de=None)
            .exclude(pk=fiche.pk)
            .select_related("maitre_ouvrage")
            .order_by("numero")[:CANDIDATES]
        )
        contexte = {"demarche": demarche, "fiche": fiche, "candidates": candidates}
        status = 400 if request.method == "POST" else 200
        return render(request, "plans/fusion_choix.html", contexte, status=status)
    deux = _Deux(demarche, agent, fiche.numero, autre.numero)
    if request.method == "POST":
        return _fusionner(request, deux, fiche, autre)
    return _comparer(request, deux, fiche, autre)


def _comparer(request: HttpRequest, deux: _Deux, fiche: Fiche, autre: Fiche, refus: str = "") -> HttpResponse:
    premier, second = deux.saisies
    champs = set(premier.form.fields) | {"depenses", "financements", "demarches_financeurs"}
    contexte = {
        "demarche": fiche.demarche,
        "fiche": fiche,
        "autre": autre,
        "differences": comparer(premier, second, champs),
        "somme": fiche.cout_ht + autre.cout_ht,
        "refus": refus,
    }
    return render(request, "plans/fusion.html", contexte, status=400 if refus else 200)


def _fusionner(request: HttpRequest, deux: _Deux, fiche: Fiche, autre: Fiche) -> HttpResponse:
    noms = {d.nom for d in comparer(*deux.saisies)}
    choix = dict.fromkeys(noms, PREMIER) | choix_faits(request.POST)
    saisie = deux.saisie(fiche.numero, choisir(deux.envois[0], deux.envois[1], choix, deux.saisies))
    versions = [str(request.POST.get(nom, "")) for nom in ("version_lue", "version_autre")]
    if not saisie.is_valid() or not all(v.isdecimal() and len(v) < 9 for v in versions):
        erreurs = " ".join(str(e) for liste in saisie.form.errors.values() for e in liste)
        return _comparer(request, deux, fiche, autre, erreurs or "Recommencez depuis la fiche.")
    politiques = saisie.form.cleaned_data.get("politiques")
    fusion = Fusion(
        saisie.form.save(commit=False),
        saisie.financements_retenus(),
        saisie.rangs.depenses.saisies(),
        saisie.rangs.demarches_financeurs.saisies(),
        None if politiques is None else list(politiques),
    )
    try:
        fusionner_fiches(
            fusion, autre, version_lue=int(versions[0]), version_absorbee=int(versions[1]),
            par=cast(Agent, request.user),
        )  # fmt: skip
    except ConflitDeVersion as conflit:
        titre = "Une des deux fiches a changé entre-temps"
        return page_conflit(request, conflit, titre=titre, retour=request.get_full_path())
    except ActionRefusee as refus:
        return _comparer(request, deux, fiche, autre, str(refus))
    messages.success(
        request, f"La fiche n° {autre.numero} est réunie à celle-ci. Elle reste lisible et ne compte plus."
    )
    return redirect("plans:fiche", fiche.demarche.slug, fiche.numero)


@page_demarche("plan.voir")
def fiche_version(request: HttpRequest, demarche: Demarche, numero: int, entree: int) -> HttpResponse:
    """The fiche as it stood after that entry of its history."""
    fiche = fiche_ou_404(request, demarche, numero)
    version = version_apres(fiche, entree)
    if version is None:
        raise Http404("Cette date n’est pas dans l’histoire de la fiche.")
    contexte = {"demarche": demarche, "fiche": fiche, "version": version}
    return render(request, "plans/fiche_version.html", contexte)
