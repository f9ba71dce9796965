"""A règlement tried on real fiches, and two règlements compared: nothing is written."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from arpent.metier.reglement import Reglement
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.documents.donnees import Cellule, ColonneDoc
from arpent.plateforme.documents.rendu.xlsx import rendre_tableau_xlsx
from arpent.plateforme.reglements.acces import page_brouillon, page_dispositif
from arpent.plateforme.reglements.controles import controler
from arpent.plateforme.reglements.differences import comparer_textes
from arpent.plateforme.reglements.models import BrouillonReglement, Dispositif, VersionReglement
from arpent.plateforme.reglements.parametres import lignes_du_jour
from arpent.plateforme.reglements.presentation import lire_version

from ..simulation import FICHES_MAX, Cas, Comparaison, Portee, cas_compares, comparer, territoires_compares

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ESSAYEES = 50
PAR_PAGE = 25
CHOIX = (
    ("cheres", "Les 10 plus chères"),
    ("recherche", "Celles que je cherche"),
    ("territoire", "Un territoire entier"),
)


def _portee(request: HttpRequest) -> Portee:
    annee = request.GET.get("annee", "")
    return Portee(
        territoire=request.GET.get("territoire", "")[:80],
        annee=int(annee) if annee.isascii() and annee.isdecimal() and len(annee) == 4 else None,
        source=request.GET.get("source", "")[:80],
        recherche=request.GET.get("q", "")[:120],
    )


@page_brouillon("reglement.rediger")
def apercu_brouillon(request: HttpRequest, brouillon: BrouillonReglement) -> HttpResponse:
    """Today's aid, the draft's, and why, on the fiches one chooses."""
    agent, dispositif, le = cast(Agent, request.user), brouillon.dispositif, date.today()
    controle = controler(brouillon.contenu, brouillon.demonstration)
    en_vigueur = VersionReglement.objects.en_vigueur(dispositif, le)
    choix = request.GET.get("choix", "cheres")
    portee = _portee(request)
    cas: list[Cas] = []
    if controle.reglement is not None and en_vigueur is not None:
        fiches = portee.fiches(dispositif, agent)
        if choix == "cheres":
            fiches = fiches.order_by("-cout_ht", "pk")[:10]
        else:
            fiches = fiches.order_by("demarche__slug", "numero", "pk")[:ESSAYEES]
        if choix != "recherche" or portee.recherche:
            cas = list(cas_compares(fiches, lire_version(en_vigueur), controle.reglement, le, constats=True))
    contexte = {
        "brouillon": brouillon,
        "dispositif": dispositif,
        "controle": controle,
        "en_vigueur": en_vigueur,
        "choix": choix,
        "choix_possibles": CHOIX,
        "portee": portee,
        "territoires": territoires_compares(dispositif, agent),
        "cas": cas,
        "total": Comparaison(tuple(cas)).total,
        "essayees": ESSAYEES,
    }
    return render(request, "plans/apercu_brouillon.html", contexte)


@dataclass(frozen=True, slots=True)
class Cote:
    """One of the two règlements compared: « v3 » a version, « b12 » a draft. `reglement` None: unreadable."""

    cle: str
    libelle: str
    contenu: dict[str, Any]
    demonstration: bool
    reglement: Reglement | None


def _cote_version(version: VersionReglement) -> Cote:
    libelle = f"version {version.numero} ({version.en_vigueur_le:%d/%m/%Y})"
    return Cote(f"v{version.numero}", libelle, version.contenu, version.demonstration, lire_version(version))


def _cote_brouillon(brouillon: BrouillonReglement) -> Cote:
    lu = controler(brouillon.contenu, brouillon.demonstration).reglement
    libelle = f"brouillon « {brouillon.intitule} »"
    return Cote(f"b{brouillon.pk}", libelle, brouillon.contenu, brouillon.demonstration, lu)


def _choisir(cle: str, versions: list[VersionReglement], brouillons: list[BrouillonReglement]) -> Cote | None:
    for version in versions:
        if cle == f"v{version.numero}":
            return _cote_version(version)
    for brouillon in brouillons:
        if cle == f"b{brouillon.pk}":
            return _cote_brouillon(brouillon)
    if cle:
        raise Http404("Cette version n’existe pas.")
    return None


def _cotes(
    request: HttpRequest, versions: list[VersionReglement], brouillons: list[BrouillonReglement]
) -> tuple[Cote | None, Cote | None]:
    """Asked ones; by default the last two versions, or the last version and a draft."""
    defaut = [f"v{v.numero}" for v in versions[:2]]
    if len(defaut) < 2 and brouillons:
        defaut = [f"b{brouillons[0].pk}", *defaut]
    defaut += ["", ""]
    apres = request.GET.get("apres", defaut[0])
    avant = request.GET.get("avant", defaut[1])
    return _choisir(avant, versions, brouillons), _choisir(apres, versions, brouillons)


@page_dispositif("reglement.rediger")
def comparaison(request: HttpRequest, dispositif: Dispositif) -> HttpResponse:
    """Totals, winners, losers, by theme, owner and territory; the biggest movers; the texts."""
    agent = cast(Agent, request.user)
    versions = list(dispositif.versions.order_by("-en_vigueur_le", "-numero"))
    brouillons = list(dispositif.brouillons.filter(etat=BrouillonReglement.Etat.REDACTION))
    avant, apres = _cotes(request, versions, brouillons)
    portee = _portee(request)
    debut = time.monotonic()
    resultat = _resultat(dispositif, avant, apres, portee, agent)
    tri = request.GET.get("tri", "-ecart")
    page = request.GET.get("page", "1")
    pages = Paginator(resultat.ecarts(tri) if resultat else [], PAR_PAGE)
    contexte = {
        "dispositif": dispositif,
        "avant": avant,
        "apres": apres,
        "cotes": [(f"v{v.numero}", f"Version {v.numero} ({v.en_vigueur_le:%d/%m/%Y})") for v in versions]
        + [(f"b{b.pk}", f"Brouillon « {b.intitule} »") for b in brouillons],
        "portee": portee,
        "territoires": territoires_compares(dispositif, agent),
        "resultat": resultat,
        "duree": time.monotonic() - debut,
        "page": pages.get_page(page),
        "fiches_max": FICHES_MAX,
        "requete": request.GET.urlencode(),
        "differences": comparer_textes(
            avant.contenu,
            apres.contenu,
            lignes_du_jour(),
            demonstration=(avant.demonstration, apres.demonstration),
        )
        if avant and apres
        else (),
    }
    return render(request, "plans/comparaison.html", contexte)


def _resultat(
    dispositif: Dispositif, avant: Cote | None, apres: Cote | None, portee: Portee, agent: Agent
) -> Comparaison | None:
    if avant is None or apres is None or avant.reglement is None or apres.reglement is None:
        return None
    return comparer(dispositif, avant.reglement, apres.reglement, portee, agent=agent, le=date.today())


COLONNES = (
    ColonneDoc("territoire", "Territoire"),
    ColonneDoc("numero", "N°", "entier"),
    ColonneDoc("titre", "Projet"),
    ColonneDoc("maitre_ouvrage", "Maître d’ouvrage"),
    ColonneDoc("theme", "Thème"),
    ColonneDoc("cout", "Coût HT", "montant"),
    ColonneDoc("avant", "Aide avant", "montant"),
    ColonneDoc("article_avant", "Ce qui la fixe"),
    ColonneDoc("apres", "Aide après", "montant"),
    ColonneDoc("article_apres", "Ce qui la fixe ensuite"),
    ColonneDoc("difference", "Différence", "montant"),
)


def _ligne(cas: Cas) -> dict[str, Cellule]:
    return {
        "territoire": cas.territoire,
        "numero": cas.numero,
        "titre": cas.titre,
        "maitre_ouvrage": cas.maitre_ouvrage,
        "theme": cas.theme,
        "cout": cas.cout,
        "avant": cas.avant.aide,
        "article_avant": _motif(cas.avant.article, cas.avant.motif),
        "apres": cas.apres.aide,
        "article_apres": _motif(cas.apres.article, cas.apres.motif),
        "difference": cas.difference,
    }


def _motif(article: str, motif: str) -> str:
    return f"article {article}, {motif}" if article else motif


@page_dispositif("reglement.rediger")
def comparaison_export(request: HttpRequest, dispositif: Dispositif) -> HttpResponse:
    """The fiches whose aid moves, as a workbook, sorted as on the page."""
    agent = cast(Agent, request.user)
    versions = list(dispositif.versions.order_by("-en_vigueur_le", "-numero"))
    brouillons = list(dispositif.brouillons.filter(etat=BrouillonReglement.Etat.REDACTION))
    avant, apres = _cotes(request, versions, brouillons)
    resultat = _resultat(dispositif, avant, apres, _portee(request), agent)
    if resultat is None or avant is None or apres is None:
        raise Http404("Choisissez deux règlements qui se lisent.")
    ecarts = resultat.ecarts(request.GET.get("tri", "-ecart"))
    mentions = [
        "Aide possible selon chaque règlement, aux conditions d’aujourd’hui. Vide : valeur non publiée."
    ]
    if avant.demonstration or apres.demonstration:
        mentions.append("Certaines valeurs sont de démonstration.")
    if resultat.tronquee:
        mentions.append(
            f"{resultat.tronquee} fiches n’ont pas été comparées : choisissez un territoire, une année ou "
            "une origine, ou employez la commande."
        )
    somme: Decimal = sum((c.difference or Decimal(0) for c in ecarts), Decimal(0))
    contenu = rendre_tableau_xlsx(
        f"{dispositif.nom} : {avant.libelle}, puis {apres.libelle}",
        COLONNES,
        [_ligne(c) for c in ecarts],
        {"difference": somme},
        mentions,
        etabli_le=date.today(),
        auteur=agent.nom_complet,
    )
    response = HttpResponse(contenu, content_type=XLSX)
    response.headers["Content-Disposition"] = (
        f'attachment; filename="comparaison-{dispositif.slug}-{date.today():%Y-%m-%d}.xlsx"'
    )
    return response
