"""Progress as pages read it: one project, then a territory by axis, what is late, what blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Count, Prefetch, Q, QuerySet

from arpent.metier.avancement import (
    Ensemble,
    Jalon,
    Projet,
    Retard,
    Taux,
    avancement,
    est_acheve,
    monter,
    prochain,
    retards,
)
from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.models import ETATS_ENGAGES, Axe, Fiche

from ..models import JalonProjet, PhotoChantier, PointBloquant, SuiviProjet


@dataclass(frozen=True, slots=True)
class LigneProjet:
    """A project in the list of a territory."""

    fiche: Fiche
    projet: Projet
    taux: Taux
    retards: tuple[Retard, ...]
    prochain: Jalon | None
    suivi: SuiviProjet | None
    bloquants: tuple[PointBloquant, ...] = ()

    @property
    def acheve(self) -> bool:
        return est_acheve(self.projet)

    @property
    def jours(self) -> int:
        """Days of the longest delay, 0 when it is in time."""
        return max((r.jours for r in self.retards), default=0)


@dataclass(frozen=True, slots=True)
class LigneAxe:
    """An axis (None: projects in no axis) and its projects."""

    axe: Axe | None
    ensemble: Ensemble
    projets: tuple[LigneProjet, ...]


@dataclass(frozen=True, slots=True)
class Avancement:
    """The progress of a territory."""

    ensemble: Ensemble
    axes: tuple[LigneAxe, ...]
    projets: tuple[LigneProjet, ...]

    @property
    def en_retard(self) -> list[LigneProjet]:
        """The longest delay first."""
        return sorted((p for p in self.projets if p.retards), key=lambda p: (-p.jours, p.fiche.numero))

    @property
    def bloques(self) -> list[LigneProjet]:
        return [p for p in self.projets if p.bloquants]

    @property
    def acheves(self) -> int:
        return sum(1 for p in self.projets if p.acheve)

    @property
    def sans_jalons(self) -> int:
        return len(self.ensemble.sans_jalons)


@dataclass(frozen=True, slots=True)
class PageProjet:
    """What the page of a project shows."""

    ligne: LigneProjet
    jalons: tuple[JalonProjet, ...]
    photos: tuple[PhotoChantier, ...]
    ouverts: tuple[PointBloquant, ...]
    clos: tuple[PointBloquant, ...]
    en_retard: frozenset[int] = field(default_factory=frozenset)
    """Pks of the milestones that are late."""


def metier_jalon(jalon: JalonProjet) -> Jalon:
    return Jalon(jalon.pk, jalon.libelle, jalon.poids, jalon.prevu_le, jalon.atteint_le)


def _suivi_de(fiche: Fiche) -> SuiviProjet | None:
    return getattr(fiche, "suivi", None)


def ligne_de(fiche: Fiche, le: date, bloquants: Sequence[PointBloquant] = ()) -> LigneProjet:
    """No query when the follow-up and its milestones were fetched."""
    suivi = _suivi_de(fiche)
    jalons = tuple(metier_jalon(j) for j in suivi.jalons.all()) if suivi else ()
    projet = Projet(fiche.pk, fiche.cout_ht or Decimal(0), jalons, fiche.fin_le)
    return LigneProjet(
        fiche, projet, avancement(jalons), retards(projet, le), prochain(jalons), suivi, tuple(bloquants)
    )


def fiches_suivies(demarche: Demarche) -> QuerySet[Fiche]:
    """Retained or contracted, each counted once, with what a line shows. Three queries."""
    ouverts = PointBloquant.objects.filter(clos_le=None).select_related("responsable")
    suivies: QuerySet[Fiche] = (
        Fiche.objects.filter(demarche=demarche, etat__in=ETATS_ENGAGES)
        .comptees()
        .select_related("axe", "enjeu", "maitre_ouvrage", "suivi")
        .prefetch_related("suivi__jalons", Prefetch("points_bloquants", ouverts, to_attr="bloquants_ouverts"))
        .annotate(nombre_photos=Count("photos_chantier", filter=Q(photos_chantier__retiree_le=None)))
        .order_by("numero")
    )
    return suivies


def lignes_suivies(demarche: Demarche, le: date) -> list[LigneProjet]:
    return [ligne_de(f, le, vars(f)["bloquants_ouverts"]) for f in fiches_suivies(demarche)]


def avancement_de(demarche: Demarche, le: date, lignes: list[LigneProjet] | None = None) -> Avancement:
    """The territory, axis by axis in their order. Three queries whatever the number of projects."""
    lignes = lignes_suivies(demarche, le) if lignes is None else lignes
    par_axe: dict[int | None, list[LigneProjet]] = {}
    axes: dict[int | None, Axe | None] = {}
    for ligne in lignes:
        par_axe.setdefault(ligne.fiche.axe_id, []).append(ligne)
        axes[ligne.fiche.axe_id] = ligne.fiche.axe
    ordre = sorted(par_axe, key=lambda pk: axe.numero if (axe := axes[pk]) else 10_000)
    return Avancement(
        monter(x.projet for x in lignes),
        tuple(LigneAxe(axes[pk], monter(x.projet for x in par_axe[pk]), tuple(par_axe[pk])) for pk in ordre),
        tuple(lignes),
    )


def page_du_projet(fiche: Fiche, le: date) -> PageProjet:
    """Everything about one project. Four queries."""
    suivi = SuiviProjet.objects.filter(fiche=fiche).prefetch_related("jalons").first()
    if suivi is not None:
        suivi.fiche = fiche
        fiche.suivi = suivi
    jalons = tuple(suivi.jalons.all()) if suivi else ()
    points = list(
        PointBloquant.objects.filter(fiche=fiche).select_related("responsable").order_by("echeance")
    )
    ouverts = tuple(p for p in points if p.clos_le is None)
    lue = tuple(metier_jalon(j) for j in jalons)
    projet = Projet(fiche.pk, fiche.cout_ht or Decimal(0), lue, fiche.fin_le)
    en_retard = retards(projet, le)
    return PageProjet(
        ligne=LigneProjet(fiche, projet, avancement(lue), en_retard, prochain(lue), suivi, ouverts),
        jalons=jalons,
        photos=tuple(PhotoChantier.objects.filter(fiche=fiche, retiree_le=None)),
        ouverts=ouverts,
        clos=tuple(p for p in points if p.clos_le is not None),
        en_retard=frozenset(r.jalon.cle for r in en_retard if r.jalon),
    )


def responsables_possibles(fiche: Fiche) -> QuerySet[Organisation]:
    """Who may clear what blocks: the owner, the EPCI of the territory, the authority."""
    return structures_responsables(fiche.demarche, fiche.maitre_ouvrage_id)


def structures_responsables(demarche: Demarche, *en_plus: int) -> QuerySet[Organisation]:
    """The EPCI of the territory, the authority, and those others (pk)."""
    return Organisation.objects.filter(
        Q(pk__in=[*en_plus, demarche.autorite.pk])
        | Q(groupement__compositions__territoire=demarche.territoire_id)
    ).distinct().order_by("nom")  # fmt: skip
