"""The list of territories, and the page of one: map, members, thread of the démarche."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import cast

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control

from arpent.metier.cycles.demarche import CYCLE_DEMARCHE
from arpent.metier.processus import Terme
from arpent.plateforme.acteurs.acces import page
from arpent.plateforme.acteurs.droits import peut
from arpent.plateforme.acteurs.models import Agent, Organisation
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.forms import EtapeForm
from arpent.plateforme.demarches.models import Demarche, Etape, Processus
from arpent.plateforme.demarches.processus.presentation import dire_terme
from arpent.plateforme.demarches.processus.previsions import previsions
from arpent.plateforme.socle import pieces
from arpent.plateforme.socle.templatetags.formats import date_fr
from arpent.plateforme.territoires.models import Appartenance, Commune
from arpent.plateforme.territoires.perimetres import appartenances_en_cours, en_cours, membres

from .. import attente, carte
from .accueil import Borne, bornes_de

PAR_PAGE = 50
_COMPOSE = "territoire__compositions__"
_APPARTIENT = f"{_COMPOSE}groupement__appartenances__"


@dataclass(frozen=True, slots=True)
class LigneTerritoire:
    demarche: Demarche
    bornes: tuple[Borne, ...]
    population: int | None
    communes: int


@page("territoire.voir")
def territoires(request: HttpRequest) -> HttpResponse:
    """The démarches in the perimeter, 50 a page. Eight queries."""
    agent = cast(Agent, request.user)
    q = request.GET.get("q", "").replace("\0", "").strip()[:100]
    rows = _avec_effectifs(
        Demarche.objects.visibles_par(agent)
        .avec_contexte()
        .select_related("version_processus__processus__dispositif")
    )
    if q:
        rows = rows.filter(Q(territoire__nom__icontains=q) | Q(territoire__porteur__icontains=q))
    rows = rows.order_by("version_processus__processus__nom", "territoire__nom", "pk")
    feuille = Paginator(rows.prefetch_related("places"), PAR_PAGE).get_page(request.GET.get("page"))
    lignes = [_ligne(d) for d in feuille]
    contexte = {
        "q": q,
        "feuille": feuille,
        "groupes": _par_autorite(lignes, agent),
        "hors": _hors_perimetre(lignes, q),
        "dessine": bool(peut(agent, "demarche.conduire")),
    }
    return render(request, "portail/territoires.html", contexte)


def _ligne(demarche: Demarche) -> LigneTerritoire:
    effectifs = vars(demarche)  # the two annotations of `_avec_effectifs`
    return LigneTerritoire(demarche, bornes_de(demarche), effectifs["population"], effectifs["communes"])


def _avec_effectifs(rows: QuerySet[Demarche]) -> QuerySet[Demarche]:
    """Population and number of communes, in the query of the page itself."""
    aujourdhui = en_cours(date.today(), _COMPOSE, _APPARTIENT)
    return rows.annotate(
        population=Sum(f"{_APPARTIENT}commune__population", filter=aujourdhui),
        communes=Count(f"{_APPARTIENT}commune", filter=aujourdhui, distinct=True),
    )


@dataclass(frozen=True, slots=True)
class Politique:
    """The territories of one process; `pilote` and `lance`: what the reader may do of them."""

    processus: Processus
    dispositif: str
    lignes: list[LigneTerritoire]
    pilote: bool
    lance: bool


def _par_autorite(lignes: Sequence[LigneTerritoire], agent: Agent) -> list[Politique]:
    """The rows by policy, in the order of the page. No query."""
    groupes: dict[int, Politique] = {}
    for ligne in lignes:
        processus = ligne.demarche.processus
        if processus.pk not in groupes:
            dispositif = getattr(processus, "dispositif", None)
            peut_la = partial(peut, agent, autorite_id=processus.autorite_id)
            groupes[processus.pk] = Politique(
                processus,
                dispositif.slug if dispositif else "",
                [],
                bool(dispositif and peut_la("pilotage.voir")),
                bool(peut_la("demarche.conduire")),
            )
        groupes[processus.pk].lignes.append(ligne)
    return list(groupes.values())


def _hors_perimetre(lignes: Sequence[LigneTerritoire], q: str) -> list[Commune]:
    """Communes of a Département whose EPCI lies elsewhere: in none of its territories. One query."""
    codes = {
        ligne.demarche.territoire.departement
        for ligne in lignes
        if ligne.demarche.autorite.nature == Organisation.Nature.DEPARTEMENT
    } - {""}
    if q or not codes:
        return []
    dedans = Appartenance.objects.filter(appartenances_en_cours(date.today())).values("commune_id")
    return list(Commune.objects.filter(departement__in=codes).exclude(code__in=dedans)[:20])


@dataclass(frozen=True, slots=True)
class Membres:
    """The communes of one groupement. A total is None when nothing is known."""

    nom: str
    appartenances: tuple[Appartenance, ...]

    @property
    def population(self) -> int | None:
        connues = [a.commune.population for a in self.appartenances if a.commune.population is not None]
        return sum(connues) if connues else None

    @property
    def surface_ha(self) -> Decimal | None:
        connues = [a.commune.surface_ha for a in self.appartenances if a.commune.surface_ha is not None]
        return sum(connues, Decimal(0)) if connues else None


@dataclass(frozen=True, slots=True)
class Portrait:
    """What the members add up to."""

    communes: int
    population: int | None
    groupes: tuple[Membres, ...]
    departements: tuple[tuple[str, int], ...]


def _portrait(appartenances: Sequence[Appartenance]) -> Portrait:
    par_groupement: dict[str, list[Appartenance]] = {}
    for a in appartenances:
        par_groupement.setdefault(a.groupement.nom, []).append(a)
    return Portrait(
        communes=len(appartenances),
        population=Membres("", tuple(appartenances)).population,
        groupes=tuple(Membres(nom, tuple(liste)) for nom, liste in sorted(par_groupement.items())),
        departements=tuple(Counter(a.commune.departement for a in appartenances).most_common()),
    )


def etapes_presentees(
    etapes: Sequence[Etape], today: date, slug: str = "", termes: Mapping[int, Terme] | None = None
) -> list[tuple[str, list[pieces.Etape]]]:
    """The steps by phase; the first one expected is the current one. With `slug` each leads to its page; with
    `termes` those left say when they are expected."""
    courante = next((e.pk for e in etapes if e.est_attendue), None)
    phases: dict[str, list[pieces.Etape]] = {}
    for etape in etapes:
        phases.setdefault(etape.phase, []).append(
            _etape(etape, etape.pk == courante, today, slug, (termes or {}).get(etape.pk))
        )
    return list(phases.items())


def _etape(etape: Etape, courante: bool, today: date, slug: str, terme: Terme | None = None) -> pieces.Etape:
    if etape.faite_le:
        quand = f"Faite le {date_fr(etape.faite_le)}"
    elif etape.est_ecartee:
        quand = "Le territoire s’en passe"
    elif etape.prevue_le:
        retard = " (date passée)" if etape.prevue_le < today and etape.est_attendue else ""
        quand = f"Prévue pour le {date_fr(etape.prevue_le)}{retard}"
    else:
        quand = ""
    jalon = f"M{etape.mois} · " if etape.mois else ""
    mots = (
        etape.acteur,
        "facultative" if etape.facultative else "",
        "d’une version antérieure du processus" if etape.hors_processus else "",
        f"prévision\N{NO-BREAK SPACE}: {dire_terme(terme)}" if terme else "",
    )
    detail = " · ".join(x for x in mots if x)
    url = reverse("demarches:etape", args=[slug, etape.code]) if slug else ""
    etat: pieces.EtatEtape = "fait" if etape.faite_le else "en_cours" if courante else "a_venir"
    return pieces.Etape(f"{jalon}{etape.libelle}", etat, quand, detail, url)


@page_demarche("territoire.voir")
def territoire(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """Eleven queries: members, steps and contract besides those of every page."""
    today = date.today()
    agent = cast(Agent, request.user)
    appartenances = list(membres(demarche.territoire, today))
    etapes = list(demarche.etapes.all())
    conduit = bool(peut_sur(agent, "demarche.conduire", demarche))
    faites = sum(1 for e in etapes if e.faite_le)
    contexte = {
        "demarche": demarche,
        "territoire": demarche.territoire,
        "portrait": _portrait(appartenances),
        "appartenances": appartenances,
        "phases": etapes_presentees(etapes, today, demarche.slug, previsions(demarche, etapes, today)),
        "nombre_etapes": len(etapes),
        "faites": faites,
        "prochaine": next((e for e in etapes if e.est_attendue), None),
        "contrat": attente.contrat_de(demarche),
        "bornes": bornes_de(demarche),
        "gestes": CYCLE_DEMARCHE.gestes_possibles(demarche.etat) if conduit else (),
        "form_etape": EtapeForm(etapes=etapes, initial={"faite_le": today}) if conduit else None,
        "demande_appui": bool(peut_sur(agent, "appui.demander", demarche)),
        "lit_journal": bool(peut_sur(agent, "journal.voir", demarche)),
    }
    return render(request, "portail/territoire.html", contexte)


@page_demarche("territoire.voir")
def contours(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """GeoJSON of the territory, revalidated by its ETag."""
    today = date.today()
    etag = carte.empreinte(demarche, today)
    if request.headers.get("If-None-Match") == f'"{etag}"':
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(carte.geojson(demarche, today, etag), content_type="application/geo+json")
    response.headers["ETag"] = f'"{etag}"'
    patch_cache_control(response, private=True, max_age=300)
    return response


@page_demarche("territoire.voir")
def carte_svg(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """The map as a file: for paper, and for browsers without scripts."""
    figure = carte.figure(demarche, date.today())
    if figure is None:
        raise Http404("Aucun contour n’est chargé pour ce territoire.")
    response = HttpResponse(figure.svg_autonome(900), content_type="image/svg+xml")
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    patch_cache_control(response, private=True, max_age=300)
    return response
