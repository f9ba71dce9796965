"""Pages of the ledger: the tree of an authority or a territory, its movements, an envelope, a gesture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from arpent.metier.repartition import RepartitionImpossible
from arpent.metier.repartition.soldes import LIBELLES_STADE, Stade
from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.acteurs.droits import peut
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.groupes_maquette import dire_echeancier
from arpent.plateforme.reglements.models import Dispositif, Fonds
from arpent.plateforme.socle.pieces import Part
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ..models import Enveloppe, Mouvement, MouvementQuerySet
from ..sorties import echeancier_de
from .acces import GERER, LIRE, enveloppe_de, page_credits, page_dotation
from .division import lignes_du_fonds
from .dotations import doter, fonds_dotes, mouvements_de_dotation
from .fichiers import MOUVEMENTS, SOLDES, fichier, lignes_des_mouvements, lignes_des_soldes
from .forms import DotationForm, FiltreForm
from .gestes import GESTES, gestes_de
from .gestes_fonds import GESTES_DU_FONDS
from .lecture import (
    Noeud,
    arbre,
    enveloppes_de_la_demarche,
    enveloppes_du_dispositif,
    mouvements,
    par_annee,
)
from .registre import CreditRefuse

PAR_PAGE = 50
DERNIERS = 15
STADES = [(s.value, LIBELLES_STADE[s]) for s in Stade]


@dataclass(frozen=True, slots=True)
class _Lieu:
    """Where the ledger is read: addresses, names, nodes."""

    titre: str
    nom: str
    retour: str
    mouvements: str
    enveloppes: Sequence[Enveloppe]
    contexte: dict[str, Any]

    def fichier_des_soldes(self, genre: str) -> HttpResponse:
        lignes = lignes_des_soldes(arbre(self.enveloppes))
        return fichier(genre, f"Crédits, {self.titre}", f"credits-{self.nom}", SOLDES, lignes)


def _lieu_du_territoire(demarche: Demarche) -> _Lieu:
    arguments = [demarche.slug]
    return _Lieu(
        demarche.territoire.nom,
        demarche.slug,
        reverse("negociations:credits", args=arguments),
        reverse("negociations:credits_mouvements", args=arguments),
        enveloppes_de_la_demarche(demarche),
        {"demarche": demarche, "dispositif": demarche.processus.dispositif},
    )


def _lieu_du_dispositif(dispositif: Dispositif) -> _Lieu:
    arguments = [dispositif.slug]
    return _Lieu(
        dispositif.nom,
        dispositif.slug,
        reverse("negociations:credits_dispositif", args=arguments),
        reverse("negociations:credits_dispositif_mouvements", args=arguments),
        enveloppes_du_dispositif(dispositif),
        {"dispositif": dispositif, "demarche": None},
    )


# --- the tree -------------------------------------------------------------------------------------


def parts_de_la_jauge(noeud: Noeud) -> list[Part]:
    """What is paid, what is committed besides, what is proposed or agreed besides."""
    s = noeud.branche
    promis, mot = (s.convenu, "convenu") if s.convenu >= s.propose else (s.propose, "proposé")
    parts = [
        Part("payé", s.paye),
        Part("engagé, à payer", s.reste_a_payer, "autre"),
        Part(f"{mot}, à engager", promis - s.engage, "propose"),
    ]
    return [p for p in parts if p.valeur > 0]


def _exercices(mouvements: MouvementQuerySet, dispositif: Dispositif) -> dict[str, Any]:
    """AP and CP by year, and what the planned payments suppose. One query."""
    parts, source = echeancier_de(dispositif)
    return {
        "annees": par_annee(mouvements, parts),
        "echeancier": dire_echeancier(parts, source),
        "hypothese": not source,
    }


def _page_arbre(request: HttpRequest, lieu: _Lieu, gabarit: str) -> HttpResponse:
    noeuds = arbre(lieu.enveloppes)
    tous = Mouvement.objects.filter(enveloppe__in=[e.pk for e in lieu.enveloppes])
    return render(
        request,
        gabarit,
        lieu.contexte
        | {
            "lieu": lieu,
            "noeuds": noeuds,
            "jauges": [(n, parts_de_la_jauge(n)) for n in noeuds if n.niveau == 0 and n.branche.alloue],
            **_exercices(tous, lieu.contexte["dispositif"]),
            "stades": STADES,
        },
    )


@page_credits
def dispositif(request: RequeteAgent, dispositif: Dispositif) -> HttpResponse:
    """Five queries beside those of every page, however many territories."""
    lieu = _lieu_du_dispositif(dispositif)
    lieu.contexte["fonds"] = fonds_dotes(dispositif)
    lieu.contexte["peut_doter"] = bool(peut(request.user, GERER, autorite_id=dispositif.autorite_id))
    return _page_arbre(request, lieu, "negociations/credits/dispositif.html")


@page_dotation
def dotation(request: RequeteAgent, dispositif: Dispositif, code: str) -> HttpResponse:
    """The amount of one fund, and the act that changes it; a refusal keeps what was typed."""
    fonds = get_object_or_404(Fonds, dispositif=dispositif, code=code)
    retour = reverse("negociations:credits_dispositif", args=[dispositif.slug])
    form = DotationForm(request.POST if request.method == "POST" else None, fonds=fonds)
    if request.method == "POST" and form.is_valid():
        try:
            doter(fonds, form.dotation, par=request.user)
        except CreditRefuse as refus:
            form.add_error(None, str(refus))
        except RepartitionImpossible as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"Le montant de « {fonds} » est écrit au grand livre.")
            return redirect(retour)
    contexte = {
        "dispositif": dispositif, "fonds": fonds, "form": form, "retour": retour,
        "dotations": mouvements_de_dotation(fonds),
        "gestes": [
            (g, reverse(f"negociations:credits_fonds_{g.code}", args=[dispositif.slug, code]))
            for g in GESTES_DU_FONDS.values()
            if g.code == "diviser" or lignes_du_fonds(fonds)
        ],
    }  # fmt: skip
    return render(request, "negociations/credits/dotation.html", contexte, status=422 if form.errors else 200)


@page_demarche(LIRE)
def territoire(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """Three queries beside those of every page."""
    return _page_arbre(request, _lieu_du_territoire(demarche), "negociations/credits/territoire.html")


@page_credits
def dispositif_fichier(request: HttpRequest, dispositif: Dispositif, genre: str) -> HttpResponse:
    return _lieu_du_dispositif(dispositif).fichier_des_soldes(genre)


@page_demarche(LIRE)
def territoire_fichier(request: RequeteAgent, demarche: Demarche, genre: str) -> HttpResponse:
    return _lieu_du_territoire(demarche).fichier_des_soldes(genre)


@page_dotation
def geste_du_fonds(request: RequeteAgent, dispositif: Dispositif, code: str, geste: str) -> HttpResponse:
    """One gesture on the lines of a fund above the territories; a refusal keeps what was typed."""
    fonds = get_object_or_404(Fonds.objects.select_related("dispositif"), dispositif=dispositif, code=code)
    voulu, retour = GESTES_DU_FONDS[geste], reverse("negociations:credits_dispositif", args=[dispositif.slug])
    form = voulu.form(request.POST if request.method == "POST" else None, fonds=fonds)
    if request.method == "POST" and form.is_valid():
        try:
            voulu.agir(form, request.user)
        except (CreditRefuse, RepartitionImpossible) as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, voulu.fait)
            return redirect(retour)
    contexte = {"dispositif": dispositif, "fonds": fonds, "form": form, "geste": voulu, "retour": retour}
    status = 422 if form.errors else 200
    return render(request, "negociations/credits/geste_fonds.html", contexte, status=status)


# --- the movements --------------------------------------------------------------------------------


def _page_mouvements(request: HttpRequest, lieu: _Lieu, genre: str = "") -> HttpResponse:
    form = FiltreForm(request.GET or None, enveloppes=lieu.enveloppes)
    lus = mouvements(lieu.enveloppes, form.filtre)
    if genre:
        lignes = lignes_des_mouvements(lus)
        titre, nom = f"Mouvements de crédits, {lieu.titre}", f"mouvements-{lieu.nom}"
        # Amounts of several stages do not add up.
        totaux = {"montant": lus.order_by().soldes()[form.filtre.stade]} if form.filtre.stade else None
        return fichier(genre, titre, nom, MOUVEMENTS, lignes, totaux)
    feuille = Paginator(lus, PAR_PAGE).get_page(request.GET.get("page"))
    soldes = lus.order_by().soldes()
    return render(
        request,
        "negociations/credits/mouvements.html",
        lieu.contexte
        | {
            "lieu": lieu,
            "form": form,
            "feuille": feuille,
            "requete": request.GET.urlencode(),
            "totaux": [(libelle, soldes[stade]) for stade, libelle in STADES if soldes[stade]],
        },
    )


@page_credits
def dispositif_mouvements(request: HttpRequest, dispositif: Dispositif, genre: str = "") -> HttpResponse:
    return _page_mouvements(request, _lieu_du_dispositif(dispositif), genre)


@page_demarche(LIRE)
def territoire_mouvements(request: RequeteAgent, demarche: Demarche, genre: str = "") -> HttpResponse:
    return _page_mouvements(request, _lieu_du_territoire(demarche), genre)


# --- one envelope ---------------------------------------------------------------------------------


@page_demarche(LIRE)
def enveloppe(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    """Its balances, its lines, its last movements, and what one may do on it."""
    enveloppe = enveloppe_de(demarche, pk)
    branche = [e for e in enveloppes_de_la_demarche(demarche) if e.chemin.startswith(enveloppe.chemin)]
    noeuds = arbre(branche)
    derniers = Mouvement.objects.all().de_la_branche(enveloppe).select_related("enveloppe", "fiche")
    return render(
        request,
        "negociations/credits/enveloppe.html",
        {
            "demarche": demarche,
            "lieu": _lieu_du_territoire(demarche),
            "noeud": noeuds[0],
            "noeuds": noeuds,
            "jauges": [(noeuds[0], parts_de_la_jauge(noeuds[0]))] if noeuds[0].branche.alloue else [],
            **_exercices(Mouvement.objects.all().de_la_branche(enveloppe), demarche.processus.dispositif),
            "derniers": derniers.order_by("-pk")[:DERNIERS],
            "gestes": gestes_de(enveloppe) if peut_sur(request.user, GERER, demarche) else [],
            "stades": STADES,
        },
    )


@page_demarche(GERER, "GET", "HEAD", "POST")
def geste(request: RequeteAgent, demarche: Demarche, pk: int, geste: str) -> HttpResponse:
    """One gesture on one envelope: its form, then the envelope again; a refusal keeps what was typed."""
    enveloppe = enveloppe_de(demarche, pk)
    voulu = GESTES.get(geste)
    if voulu is None or not voulu.possible(enveloppe):
        raise Http404("Ce geste n’est pas possible sur cette enveloppe.")
    recu = request.POST if request.method == "POST" else None
    form = voulu.form(recu, enveloppe=enveloppe, demarche=demarche)
    retour = reverse("negociations:credits_enveloppe", args=[demarche.slug, pk])
    if request.method == "POST" and form.is_valid():
        try:
            voulu.agir(enveloppe, form, request.user)
        except CreditRefuse as refus:
            form.add_error(None, str(refus))
        except ConflitDeVersion as conflit:
            return page_conflit(request, conflit, titre=voulu.libelle, retour=retour)
        else:
            messages.success(request, voulu.fait)
            return redirect(retour)
    (noeud,) = (n for n in arbre(enveloppes_de_la_demarche(demarche)) if n.enveloppe.pk == pk)
    contexte = {
        "demarche": demarche, "geste": voulu, "form": form, "noeud": noeud, "retour": retour,
    }  # fmt: skip
    return render(request, "negociations/credits/geste.html", contexte, status=422 if form.errors else 200)
