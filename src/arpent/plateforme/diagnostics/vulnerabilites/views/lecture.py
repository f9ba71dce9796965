"""The class of the territory, why, how solid it is, and what another model would say."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from arpent.metier.vulnerabilite import MEMBRES, ModeleInvalide, croiser, dire_les_seuils, eprouver
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.observatoire.magasin import Magasin, ObservatoireVide, ouvrir
from arpent.plateforme.observatoire.portrait import departement_principal
from arpent.plateforme.socle.graphiques.base import Figure
from arpent.plateforme.territoires.perimetres import Perimetre, perimetre

from ...fichiers import fichier_de_figure
from .. import presentation
from ..bibliotheque import Politique, chercher, politique
from ..evaluation import ModeleInapplicable, Vulnerabilite, examiner, noms_des_membres


def lieux(demarche: Demarche) -> tuple[Magasin, Perimetre, str]:
    """The store, the perimeter of today and its département. Raises ObservatoireVide, ValueError."""
    magasin = ouvrir(settings.ARPENT_DONNEES)
    ici = perimetre(demarche.territoire, date.today())
    if not ici.communes:
        raise ValueError(
            "Le périmètre de ce territoire est vide : rattachez-lui au moins une intercommunalité."
        )
    return magasin, ici, departement_principal(magasin, ici.communes)


def _contexte(request: HttpRequest, demarche: Demarche, dit: Politique) -> dict[str, Any]:
    return {
        "demarche": demarche,
        "conduit": bool(peut_sur(cast(Agent, request.user), "demarche.conduire", demarche)),
        "essai": "",
        "politique": dit,
        "titre": f"{demarche.territoire.nom} : la vulnérabilité attend ses données",
    }


def _examiner(request: HttpRequest, demarche: Demarche, contexte: dict[str, Any]) -> Vulnerabilite | None:
    """Under `?modele=` when it is given, else under the model in force; a refusal goes in `motif`."""
    dit: Politique = contexte["politique"]
    modele, code = None, request.GET.get("modele", "")
    if code and (dit.applique is None or code != dit.applique.code):
        trouve = chercher(code[:60], dit.processus_id)
        if trouve is None:
            raise Http404("Ce modèle de vulnérabilité n’existe pas.")
        modele = trouve[0]
        contexte["essai"] = code
        contexte["modele_essaye"] = modele
    try:
        magasin, ici, departement = lieux(demarche)
        return examiner(dit, demarche.autorite, magasin, ici, departement, modele)
    except (ObservatoireVide, ModeleInapplicable, ValueError) as vide:
        contexte["motif"] = str(vide)
        return None


@page_demarche("diagnostic.voir")
def vulnerabilite(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    contexte = _contexte(request, demarche, politique(demarche))
    v = _examiner(request, demarche, contexte)
    if v is not None:
        classe = v.composee.classe
        contexte |= {
            "vulnerabilite": v,
            "titre": f"{demarche.territoire.nom} : {classe.libelle.lower() if classe else 'pas de classe'}",
            "echelle": presentation.echelle(v),
            "effets": presentation.effets(classe, v.types_contrat, v.type_contrat),
            "figure_raisons": presentation.raisons(v),
            "carte": presentation.carte(v),
            "classement": presentation.classement(v, None if "tout" in request.GET else 40),
            "seuils": dire_les_seuils(v.notes),
            "membres": MEMBRES[v.modele.echelle],
            "seul": len(v.membres) == 1,
        }
    return render(request, "diagnostics/vulnerabilites/vulnerabilite.html", contexte)


@page_demarche("diagnostic.voir")
def sensibilite(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    contexte = _contexte(request, demarche, politique(demarche))
    v = _examiner(request, demarche, contexte)
    if v is not None:
        essais = eprouver(v.modele, v.valeurs, v.populations)
        classes = {c.code: c.libelle for c in v.modele.classes}
        instables = len(essais.instables)
        sur = sum(c is not None for c in essais.classes.values())
        contexte |= {
            "vulnerabilite": v,
            "titre": f"{sur - instables} {MEMBRES[v.modele.echelle]} sur {sur} gardent leur classe quand un "
            "poids bouge de 20\u00a0%",
            "sensibilite": essais,
            "lignes": presentation.essais(essais, v.modele),
            "figure": presentation.barres_sensibilite(essais, MEMBRES[v.modele.echelle]),
            "ici": classes.get(essais.ici or "", ""),
            "membres": MEMBRES[v.modele.echelle],
        }
    return render(request, "diagnostics/vulnerabilites/sensibilite.html", contexte)


@page_demarche("diagnostic.voir")
def comparaison(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """The model read beside another one (`?avec=`), chosen in the list of those of the same scale."""
    dit = politique(demarche)
    contexte = _contexte(request, demarche, dit)
    contexte["titre"] = "Comparer deux modèles de vulnérabilité"
    v = _examiner(request, demarche, contexte)
    if v is not None:
        choix = presentation.modeles_comparables(v.modele, dit.processus_id)
        contexte |= {"vulnerabilite": v, "choix": choix, "avec": request.GET.get("avec", "")}
        if avec := request.GET.get("avec"):
            contexte |= _croiser(demarche, dit, v, avec[:60])
    return render(request, "diagnostics/vulnerabilites/comparaison.html", contexte)


def _croiser(demarche: Demarche, dit: Politique, v: Vulnerabilite, code: str) -> dict[str, Any]:
    trouve = chercher(code, dit.processus_id)
    if trouve is None:
        raise Http404("Ce modèle de vulnérabilité n’existe pas.")
    try:
        if trouve[0].echelle is not v.modele.echelle:
            raise ModeleInapplicable(
                "Ces deux modèles ne comparent pas les mêmes lieux : choisissez-en un autre."
            )
        magasin, ici, departement = lieux(demarche)
        autre = examiner(dit, demarche.autorite, magasin, ici, departement, trouve[0])
    except (ModeleInapplicable, ModeleInvalide) as refus:
        return {"motif_avec": str(refus)}
    croisement = croiser(v.notes, autre.notes)
    noms = noms_des_membres(v.modele, [d.territoire for d in croisement.communs])
    membres = MEMBRES[v.modele.echelle]
    nombre, sur = len(croisement.changent), len(croisement.communs)
    titre = presentation.phrase_correlation(croisement.correlation)
    if croisement.classes_comparables:
        titre = f"{nombre} {membres} sur {sur} changent de classe d’un modèle à l’autre"
    return {
        "titre": titre,
        "autre": autre,
        "croisement": croisement,
        "tableau": presentation.tableau_croise(croisement),
        "deplacements": presentation.deplacements(croisement, noms),
        "correlation": presentation.phrase_correlation(croisement.correlation),
        "cartes": [c for c in (presentation.carte(v), presentation.carte(autre)) if c is not None],
        "membres": membres,
    }


@page_demarche("diagnostic.voir")
def classement_csv(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """Score, rank and class of every compared place; without figures, the page says why."""
    contexte = _contexte(request, demarche, politique(demarche))
    v = _examiner(request, demarche, contexte)
    if v is None:
        return redirect("diagnostics:vulnerabilite", demarche.slug)
    reponse = HttpResponse("\ufeff" + presentation.classement_csv(v), content_type="text/csv; charset=utf-8")
    reponse["Content-Disposition"] = f'attachment; filename="vulnerabilite-{v.modele.code}.csv"'
    return reponse


@page_demarche("diagnostic.voir")
def figure(request: HttpRequest, demarche: Demarche, nom: str, extension: str) -> HttpResponse:
    """One chart of the vulnerability as CSV, SVG or PNG."""
    v = _examiner(request, demarche, _contexte(request, demarche, politique(demarche)))
    dessin = _dessin(v, nom) if v is not None else None
    source = f"Source : {v.modele.libelle}. {demarche.territoire.nom}." if v is not None else ""
    return fichier_de_figure(dessin, extension, f"{demarche.slug}-vulnerabilite-{nom}", source)


def _dessin(v: Vulnerabilite, nom: str) -> Figure | None:
    if nom == "raisons":
        return presentation.raisons(v)
    if nom == "carte":
        return presentation.carte(v)
    if nom == "sensibilite":
        essais = eprouver(v.modele, v.valeurs, v.populations)
        return presentation.barres_sensibilite(essais, MEMBRES[v.modele.echelle])
    return None
