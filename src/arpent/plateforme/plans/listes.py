"""The queries of the two lists of fiches: few, bounded, and the same whatever the volume.

The page's rows are found first, in an inner query that walks one index; the joins then touch fifty rows.
Sums are made on whole cents: SQLite would add amounts as binary floats.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Aggregate, BigIntegerField, Count, F, Q, QuerySet, Value

from arpent.metier.argent import CENTIME, ZERO
from arpent.metier.cycles import EtatFiche
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.acteurs.roles import Portee
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.recherche import chercher, plier

from .filtres import PAR_PAGE, TRIS_GENERAUX, Filtre
from .models import Fiche, aide_engagee

COMPTE_MAX = 10_000
# A search shows its latest hits: a word met more often than that is not an answer.
TROUVES_MAX = 1_000
# Above this many rows, a page is found by walking the index of its sort.
NOMBREUSES = 2_000


class SommeCentimes(Aggregate):
    """Exact sum of an amount, in cents."""

    template = "SUM(CAST(ROUND(%(expressions)s * 100) AS BIGINT))"
    output_field = BigIntegerField()


def en_euros(centimes: int | None) -> Decimal:
    """Cents to euros; None is zero."""
    return (centimes or 0) * CENTIME


@dataclass(frozen=True, slots=True)
class Totaux:
    """Number of fiches and the four sums of a list."""

    nombre: int = 0
    cout: Decimal = ZERO
    acquis: Decimal = ZERO
    aide: Decimal = ZERO
    accordee: Decimal = ZERO

    def __add__(self, autre: Totaux) -> Totaux:
        return Totaux(
            self.nombre + autre.nombre,
            self.cout + autre.cout,
            self.acquis + autre.acquis,
            self.aide + autre.aide,
            self.accordee + autre.accordee,
        )


class LigneListe(NamedTuple):
    """Exactly what a line prints. A row of values costs a third of the five models it would take.

    `plus`: what the columns beyond the usual ones print, by column (`complements`).
    """

    pk: int
    numero: int
    titre: str
    etat: str
    maturite: str
    annee: int | None
    cout_ht: Decimal
    montant_acquis: Decimal
    aide_demandee: Decimal
    priorite_maitre_ouvrage: int | None
    priorite_territoire: int | None
    priorite_autorite: int | None
    demonstration: bool
    maitre_ouvrage: str
    theme: str | None
    axe_numero: int | None
    axe: str | None
    slug: str
    territoire: str
    plus: Mapping[str, Any] = {}


_CHAMPS_LUS = {
    "maitre_ouvrage": "maitre_ouvrage__nom",
    "theme": "theme__libelle",
    "axe_numero": "axe__numero",
    "axe": "axe__libelle",
    "slug": "demarche__slug",
    "territoire": "demarche__territoire__nom",
}


@dataclass(frozen=True, slots=True)
class PageFiches:
    """One page of rows. `plafonne`: there are more than the count says."""

    fiches: list[LigneListe]
    number: int
    nombre: int
    plafonne: bool = False

    @property
    def num_pages(self) -> int:
        return max(1, -(-self.nombre // PAR_PAGE))

    @property
    def count(self) -> int:
        return self.nombre

    @property
    def paginator(self) -> PageFiches:
        return self


def _lire(fiches: Any, ordre: tuple[str, str]) -> list[LigneListe]:
    """The lines of the fiches whose numbers are given (a list, or an inner query). One query."""
    lus = (_CHAMPS_LUS.get(nom, nom) for nom in LigneListe._fields if nom != "plus")
    rows = Fiche.objects.filter(pk__in=fiches).order_by(*ordre).values_list(*lus)
    return [LigneListe(*row) for row in rows]


def page_de(
    fiches: QuerySet[Fiche], ordre: tuple[str, str], page: int, taille: int = PAR_PAGE
) -> list[LigneListe]:
    """The rows of one page, with what a line prints. One query."""
    debut = (page - 1) * taille
    return _lire(fiches.order_by(*ordre).values("pk")[debut : debut + taille], ordre)


# --- the plan of one démarche ---------------------------------------------------------------------


def fiches_du_plan(demarche: Demarche, agent: Agent, filtre: Filtre) -> QuerySet[Fiche]:
    """The fiches of a démarche that the agent may read and asks for. No query."""
    fiches: QuerySet[Fiche] = Fiche.objects.filter(demarche=demarche).alias(demarche_cle=F("demarche_id"))
    if (lisibles := _lisibles(agent, [_lisible(demarche)])) is not None:
        fiches = fiches.filter(lisibles)
    return chercher(filtre.appliquer(fiches), filtre.q)


def sommes_exactes() -> dict[str, Any]:
    return {
        "nombre": Count("pk"),
        "cout": SommeCentimes("cout_ht"),
        "acquis": SommeCentimes("montant_acquis"),
        "aide": SommeCentimes("aide_demandee"),
        "accordee": SommeCentimes(aide_engagee()),
    }


# --- every territory at once ----------------------------------------------------------------------


class DemarcheLisible(NamedTuple):
    """What the general list needs of a démarche: a hundred whole ones would cost more than its rows."""

    pk: int
    territoire_id: int
    territoire_nom: str
    autorite_id: int
    processus_id: int


def _lisible(demarche: Demarche) -> DemarcheLisible:
    return DemarcheLisible(
        demarche.pk,
        demarche.territoire_id,
        demarche.territoire.nom,
        demarche.processus.autorite_id,
        demarche.processus.pk,
    )


def _lisibles(agent: Agent, demarches: list[DemarcheLisible]) -> Q | None:
    """The drafts' rule of `visibles_par`, on démarches already read; None: everything."""
    condition = Q(pk__in=[])
    hors_brouillon = ~Q(etat=EtatFiche.BROUILLON.value)
    for h in agent.habilitations_en_cours:
        match h.definition.portee:
            case Portee.TOUT:
                return None
            case Portee.AUTORITE:
                dans = Q(demarche_cle__in=[d.pk for d in demarches if d.autorite_id == h.autorite_id])
                condition |= dans if "fiche.rediger" in h.definition.droits else dans & hors_brouillon
            case Portee.TERRITOIRE:
                dans = Q(demarche_cle__in=[d.pk for d in demarches if d.territoire_id == h.territoire_id])
                condition |= dans if "fiche.rediger" in h.definition.droits else dans & hors_brouillon
            case Portee.ORGANISATION:
                ids = [d.pk for d in demarches if d.territoire_id == h.territoire_id]
                a_soi = Q(maitre_ouvrage_id=h.organisation_id or 0)
                condition |= Q(demarche_cle__in=ids) & (hors_brouillon | a_soi)
    return condition


def demarches_lisibles(agent: Agent) -> list[DemarcheLisible]:
    """The démarches in the agent's perimeter. One query."""
    rows = Demarche.objects.visibles_par(agent).values_list(
        "pk",
        "territoire_id",
        "territoire__nom",
        "version_processus__processus__autorite_id",
        "version_processus__processus_id",
    )
    return [DemarcheLisible(*row) for row in rows.order_by("territoire__nom")]


def _filtrees(
    demandees: QuerySet[Fiche],
    agent: Agent,
    demarches: list[DemarcheLisible],
    filtre: Filtre,
    *,
    selon_le_tri: bool,
) -> QuerySet[Fiche]:
    """Of the rows asked for, those one may read. No query.

    `selon_le_tri` hides the index of the démarche.
    """
    if filtre.territoire:
        cherche = plier(filtre.territoire)
        demarches = [d for d in demarches if cherche in plier(d.territoire_nom)]
    cle = F("demarche_id") + Value(0) if selon_le_tri else F("demarche_id")
    if (lisibles := _lisibles(agent, demarches)) is not None:
        return demandees.alias(demarche_cle=cle).filter(lisibles)
    return demandees.filter(demarche__in=[d.pk for d in demarches]) if filtre.territoire else demandees


def _demandees(filtre: Filtre, trouves: int | None = None) -> QuerySet[Fiche]:
    """The rows asked for, whoever asks; `trouves` bounds a search to its latest hits. No query."""
    return chercher(filtre.appliquer(Fiche.objects.all()), filtre.q, limite=trouves)


def fiches_visibles(agent: Agent, demarches: list[DemarcheLisible], filtre: Filtre) -> QuerySet[Fiche]:
    """Every fiche asked for over all the agent's démarches. No query."""
    return _filtrees(_demandees(filtre), agent, demarches, filtre, selon_le_tri=bool(filtre.q))


def page_generale(agent: Agent, demarches: list[DemarcheLisible], filtre: Filtre) -> PageFiches:
    """One page over every territory, counted up to COMPTE_MAX. Two queries.

    A few rows are fetched by démarche and sorted. Many are never sorted: the index of the sort is walked and
    each row checked on the way, until the page is full (`demarche_id + 0` hides the other index).
    """
    ordre = filtre.ordre(TRIS_GENERAUX, "-pk")
    if filtre.q:
        return _page_cherchee(agent, demarches, filtre, ordre)
    demandees = _demandees(filtre)
    fiches = _filtrees(demandees, agent, demarches, filtre, selon_le_tri=False)
    nombre = fiches.order_by().values("pk")[: COMPTE_MAX + 1].count()
    if nombre > NOMBREUSES:
        fiches = _filtrees(demandees, agent, demarches, filtre, selon_le_tri=True)
    page = _page_possible(filtre.page, min(nombre, COMPTE_MAX))
    rows = page_de(fiches, ordre, page)
    return PageFiches(rows, page, min(nombre, COMPTE_MAX), plafonne=nombre > COMPTE_MAX)


def _page_possible(page: int, nombre: int) -> int:
    return min(page, max(1, -(-nombre // PAR_PAGE)))


def _page_cherchee(
    agent: Agent, demarches: list[DemarcheLisible], filtre: Filtre, ordre: tuple[str, str]
) -> PageFiches:
    """A search starts from its hits, the latest TROUVES_MAX of them: looked up once, counted and cut here.

    Somebody who sees a few territories starts from those: the latest hits could all be elsewhere.
    """
    larges = {Portee.AUTORITE, Portee.TOUT}
    large = any(h.definition.portee in larges for h in agent.habilitations_en_cours)
    bornes = TROUVES_MAX + 1 if large else None
    fiches = _filtrees(_demandees(filtre, bornes), agent, demarches, filtre, selon_le_tri=large)
    cles = list(fiches.order_by(*ordre).values_list("pk", flat=True)[: TROUVES_MAX + 1])
    nombre = min(len(cles), TROUVES_MAX)
    page = _page_possible(filtre.page, nombre)
    rows = _lire(cles[:nombre][(page - 1) * PAR_PAGE : page * PAR_PAGE], ordre)
    return PageFiches(rows, page, nombre, plafonne=len(cles) > TROUVES_MAX)


def totaux_de(fiches: QuerySet[Fiche]) -> Totaux:
    """Exact number and sums. One query over all the rows: never on a page that shows a list."""
    sommes = fiches.order_by().aggregate(**sommes_exactes())
    return Totaux(sommes.pop("nombre"), **{nom: en_euros(somme) for nom, somme in sommes.items()})
