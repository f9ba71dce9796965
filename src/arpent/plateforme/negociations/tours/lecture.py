"""What the pages of the rounds print: the sequence, what each side moved, what is still open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from arpent.metier.argent import ZERO
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.models import Fiche

from ..models import Camp, PositionTour, Proposition, Tour
from .actions import Ligne, ecarts

DECISIONS: dict[str, str] = {str(code): str(libelle) for code, libelle in Proposition.Decision.choices}


@dataclass(frozen=True, slots=True)
class Mouvement:
    """One fiche on which two positions differ. `motif`: the reason of the later one."""

    fiche: Fiche
    avant: Ligne | None
    apres: Ligne | None

    @property
    def aide_avant(self) -> Decimal:
        return self.avant.compte if self.avant else ZERO

    @property
    def aide_apres(self) -> Decimal:
        return self.apres.compte if self.apres else ZERO

    @property
    def net(self) -> Decimal:
        return self.aide_apres - self.aide_avant

    @property
    def motif(self) -> str:
        return self.apres.motif if self.apres else ""

    @property
    def annees(self) -> tuple[str, str]:
        return _annee(self.avant), _annee(self.apres)

    @property
    def decisions(self) -> tuple[str, str]:
        return _decision(self.avant), _decision(self.apres)


def _annee(x: Ligne | None) -> str:
    return str(x.annee) if x and x.annee else "–"


def _decision(x: Ligne | None) -> str:
    return DECISIONS[x.decision] if x else "–"


@dataclass(frozen=True, slots=True)
class TourLu:
    """A round and what it moved since the previous one (None: the first)."""

    tour: Tour
    precedent: Tour | None
    mouvements: tuple[Mouvement, ...]
    nombre: int

    @property
    def net(self) -> Decimal | None:
        return None if self.precedent is None else self.tour.total - self.precedent.total

    @property
    def en_retard(self) -> bool:
        return self.tour.repondre_avant is not None and self.tour.repondre_avant < date.today()


@dataclass(frozen=True, slots=True)
class Negociation:
    """All the rounds, the latest first, and the points on which the two sides still differ."""

    tours: tuple[TourLu, ...]
    ouverts: tuple[Mouvement, ...]

    @property
    def attend(self) -> str:
        """Whose answer is awaited; empty before the first offer."""
        if not self.tours:
            return ""
        return "du territoire" if self.tours[0].tour.camp == Camp.AUTORITE else "de l’autorité"


def _par_tour(demarche: Demarche) -> dict[int, list[Ligne]]:
    lignes: dict[int, list[Ligne]] = {}
    positions = PositionTour.objects.filter(tour__demarche=demarche)
    for p in positions.order_by("fiche__numero"):
        ligne = Ligne(p.fiche_id, p.montant, p.annee, p.decision, p.motif, p.fonds_id)
        lignes.setdefault(p.tour_id, []).append(ligne)
    return lignes


def lire(demarche: Demarche) -> Negociation:
    """Three queries, whatever the number of rounds."""
    tours = list(Tour.objects.filter(demarche=demarche).order_by("numero"))
    lignes = _par_tour(demarche)
    fiches = {
        f.pk: f
        for f in Fiche.objects.filter(demarche=demarche)
        .select_related("maitre_ouvrage")
        .defer("texte_recherche", "description")
    }
    lus: list[TourLu] = []
    for rang, tour in enumerate(tours):
        precedent = tours[rang - 1] if rang else None
        avant = lignes.get(precedent.pk, []) if precedent else []
        apres = lignes.get(tour.pk, [])
        mouvements = _mouvements(fiches, avant, apres) if precedent else ()
        lus.append(TourLu(tour, precedent, mouvements, sum(x.compte > 0 for x in apres)))
    ouverts: tuple[Mouvement, ...] = ()
    if (offre := _dernier(tours, Camp.AUTORITE)) and (reponse := _dernier(tours, Camp.TERRITOIRE)):
        ouverts = _mouvements(fiches, lignes.get(offre.pk, []), lignes.get(reponse.pk, []))
    return Negociation(tuple(reversed(lus)), ouverts)


def _dernier(tours: list[Tour], camp: Camp) -> Tour | None:
    return next((t for t in reversed(tours) if t.camp == camp), None)


def _mouvements(
    fiches: Mapping[int, Fiche], avant: Iterable[Ligne], apres: Iterable[Ligne]
) -> tuple[Mouvement, ...]:
    """The largest moves first."""
    lus = [Mouvement(fiches[pk], g, d) for pk, (g, d) in ecarts(avant, apres).items() if pk in fiches]
    return tuple(sorted(lus, key=lambda m: (-abs(m.net), m.fiche.numero)))


def mouvements_de(
    demarche: Demarche, avant: Iterable[Ligne], apres: Iterable[Ligne]
) -> tuple[Mouvement, ...]:
    """The same between two sets of lines that are not both rounds. One query."""
    fiches = Fiche.objects.filter(demarche=demarche).select_related("maitre_ouvrage")
    return _mouvements({f.pk: f for f in fiches.defer("texte_recherche", "description")}, avant, apres)
