"""The portrait: families of indicators, one page for each indicator, territoires jumeaux, downloads."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.observatoire.jumeaux import jumeaux as chercher_les_jumeaux
from arpent.plateforme.observatoire.jumeaux import regle
from arpent.plateforme.observatoire.magasin import ObservatoireVide
from arpent.plateforme.socle.recherche import normaliser

from .. import phrases
from ..fichiers import fichier_de_figure
from ..lecture import Lecture, lire, lire_portrait, nom_du_departement, noms_des_epci
from . import exports, presentation
from .carte import LIEUX_MAX, fond
from .dessins import dessiner, dessins_d_indicateur, source_de

PAIRS_MAX = 12
PROCHES_MONTRES = 15
TROUVES_MAX = 12
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _pairs(request: HttpRequest) -> list[str]:
    """The EPCI picked by the reader; what is not a SIREN is left out."""
    lus = [s for s in request.GET.getlist("pairs") if s.isdecimal() and len(s) == 9]
    return lus[:PAIRS_MAX]


def _lire(request: HttpRequest, demarche: Demarche) -> Lecture:
    return lire_portrait(demarche, date.today(), pairs=_pairs(request))


def _lire_ou_404(request: HttpRequest, demarche: Demarche, *, entiere: bool = False) -> Lecture:
    """`entiere`: with the parameters of the flows that this démarche has set."""
    try:
        return lire(demarche, date.today()) if entiere else _lire(request, demarche)
    except (ObservatoireVide, ValueError) as vide:
        raise Http404(str(vide)) from vide


def _page(request: HttpRequest, demarche: Demarche, quoi: str) -> tuple[dict[str, Any], bool]:
    """The context of a page, and whether there are figures to show."""
    contexte: dict[str, Any] = {
        "demarche": demarche,
        "lecture": None,
        "titre": f"{demarche.territoire.nom} : {quoi}",
    }
    try:
        contexte["lecture"] = lecture = _lire(request, demarche)
    except (ObservatoireVide, ValueError) as vide:
        contexte["motif"] = str(vide)
        return contexte, False
    contexte["suite"] = presentation.suite_des_pairs(lecture)
    contexte["noms_pairs"] = [noms_des_epci().get(s, s) for s in lecture.pairs]
    return contexte, True


@page_demarche("diagnostic.voir")
def portrait(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """The families, folded but for the one asked (`?famille=`); `?tout` unfolds the tables. No chart, then:
    a hundred indicators and twenty charts would weigh too much for a phone."""
    contexte, lue = _page(request, demarche, "le portrait attend ses données")
    if lue:
        lecture: Lecture = contexte["lecture"]
        codes = [f.code for f in lecture.familles]
        voulue = request.GET.get("famille", "")
        ouverte = voulue if voulue in codes else codes[0]
        pyramide = dessiner(lecture, "pyramide")
        dessins = [dessiner(lecture, "population"), pyramide or dessiner(lecture, "ages")]
        dessins += [dessiner(lecture, "activite"), dessiner(lecture, "singularites")]
        contexte |= {
            "departement": nom_du_departement(lecture.departement),
            "titre": phrases.titre(lecture),
            "deplie": "tout" in request.GET,
            "ouverte": ouverte,
            "familles": presentation.familles_presentees(lecture, [ouverte]),
            "dessins": [d for d in dessins if d is not None],
            "sans_pyramide": pyramide is None,
        }
    return render(request, "diagnostics/portraits/portrait.html", contexte)


@page_demarche("diagnostic.voir")
def indicateur(request: HttpRequest, demarche: Demarche, code: str) -> HttpResponse:
    contexte, lue = _page(request, demarche, "l’indicateur attend ses données")
    if lue:
        lecture: Lecture = contexte["lecture"]
        ligne = lecture.ligne(code)
        if ligne is None:
            raise Http404(f"L’indicateur « {code} » n’existe pas dans le catalogue de l’observatoire.")
        ici = fond(lecture.perimetre.communes)
        dessins = dessins_d_indicateur(lecture, ligne, ici)
        contexte |= {
            "titre": phrases.constat(ligne),
            "ligne": ligne,
            "quoi": ligne.indicateur,
            "valeur": phrases.ecrire(ligne.valeur.valeur, ligne.indicateur),
            "reperes": presentation.reperes(lecture, ligne),
            "rangs": presentation.rangs_dits(lecture, ligne),
            "formule": presentation.formule(ligne.indicateur),
            "source": source_de(ligne),
            "famille": next(f for f in lecture.familles if f.code == ligne.indicateur.famille),
            "colonnes": presentation.colonnes_dites(ligne.indicateur),
            "dessins": [d for genre in ("serie", "comparaison") if (d := dessins[genre])],
            "rangs_figure": dessins["rangs"],
            "carte": dessins["carte"],
            "communes": presentation.communes_presentees(lecture, ligne.indicateur, ici),
            "trop_de_communes": len(lecture.perimetre.communes) > LIEUX_MAX,
        }
    return render(request, "diagnostics/portraits/indicateur.html", contexte)


@page_demarche("diagnostic.voir")
def jumeaux(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """The nearest EPCI of France and why; the reader picks others (a plain query string)."""
    contexte, lue = _page(request, demarche, "les territoires jumeaux attendent leurs données")
    if lue:
        lecture: Lecture = contexte["lecture"]
        ici = lecture.perimetre
        trouves = chercher_les_jumeaux(lecture.magasin, ici.communes, ici.epci, nombre=PROCHES_MONTRES)
        proches = presentation.jumeaux_presentes(lecture, trouves.proches)
        noms = noms_des_epci()
        connus = {j.siren for j in proches}
        cherche = normaliser(request.GET.get("chercher", "")[:80])
        ajoutes = [(s, noms.get(s, s)) for s in lecture.pairs if s not in connus]
        resultats = [
            (s, nom)
            for s, nom in noms.items()
            if cherche and cherche in normaliser(nom) and s in lecture.magasin.epci.rangs
            and s not in connus and s not in lecture.pairs and s not in ici.epci
        ]  # fmt: skip
        contexte |= {
            "titre": f"{lecture.nom} : les territoires qui lui ressemblent",
            "jumeaux": trouves,
            "proches": proches,
            "ajoutes": ajoutes,
            "chercher": request.GET.get("chercher", "")[:80],
            "resultats": resultats[:TROUVES_MAX],
            "autres": max(len(resultats) - TROUVES_MAX, 0),
            "nombre": regle().nombre,
            "dimensions": regle().dimensions,
        }
    return render(request, "diagnostics/portraits/jumeaux.html", contexte)


@page_demarche("diagnostic.voir")
def figure(request: HttpRequest, demarche: Demarche, nom: str, extension: str) -> HttpResponse:
    """One chart of the portrait as CSV, SVG or PNG; 404 when it has no data here."""
    dessin = dessiner(_lire_ou_404(request, demarche), nom)
    source = f"Source : {dessin.source}. {demarche.territoire.nom}." if dessin else ""
    return fichier_de_figure(dessin.figure if dessin else None, extension, f"{demarche.slug}-{nom}", source)


@page_demarche("diagnostic.voir")
def portrait_csv(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    contenu = exports.csv(_lire_ou_404(request, demarche))
    return _fichier(contenu, "text/csv; charset=utf-8", demarche, "portrait", "csv")


@page_demarche("diagnostic.voir")
def portrait_xlsx(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    return _fichier(exports.xlsx(_lire_ou_404(request, demarche)), XLSX, demarche, "portrait", "xlsx")


def _fichier(contenu: str | bytes, genre: str, demarche: Demarche, nom: str, extension: str) -> HttpResponse:
    reponse = HttpResponse(contenu, content_type=genre)
    reponse["Content-Disposition"] = f'attachment; filename="{demarche.slug}-{nom}.{extension}"'
    reponse["Cache-Control"] = "private, max-age=300"
    return reponse
