"""What the pages, the files and the command read of the ledger: the tree with its balances, the years."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from arpent.metier.argent import ZERO, etaler
from arpent.metier.repartition.soldes import Soldes, Stade
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.reglements.models import Dispositif

from ..models import Enveloppe, Mouvement, MouvementQuerySet, StadeMouvement


@dataclass(frozen=True, slots=True)
class Noeud:
    """A node of the tree: what is written on itself, and the sum of its branch."""

    enveloppe: Enveloppe
    propre: Soldes
    branche: Soldes
    niveau: int
    a_des_lignes: bool

    @property
    def montants(self) -> list[tuple[StadeMouvement, Decimal]]:
        """The sum of the branch at each stage, in their order."""
        return [(stade, self.branche[stade.value]) for stade in StadeMouvement]

    @property
    def non_divise(self) -> Decimal | None:
        """Allocated and given to no line; None when there is no line."""
        return self.propre.alloue if self.a_des_lignes else None


def enveloppes_du_dispositif(dispositif: Dispositif) -> list[Enveloppe]:
    """Every node of the funds of a dispositif. One query."""
    return list(
        Enveloppe.objects.filter(fonds__dispositif=dispositif)
        .select_related("fonds", "demarche__territoire", "theme")
        .order_by("pk")
    )


def enveloppes_de_la_demarche(demarche: Demarche) -> list[Enveloppe]:
    """The nodes of one démarche, in every fund. One query."""
    return list(Enveloppe.objects.filter(demarche=demarche).select_related("fonds", "theme").order_by("pk"))


def en_ordre(enveloppes: Sequence[Enveloppe]) -> list[tuple[Enveloppe, int]]:
    """The nodes depth first with their level: funds in order, lines by name, theme and year. No query."""
    connues = {e.pk for e in enveloppes}
    enfants: dict[int | None, list[Enveloppe]] = {}
    for e in enveloppes:
        enfants.setdefault(e.parent_id if e.parent_id in connues else None, []).append(e)
    rangees: list[tuple[Enveloppe, int]] = []

    def parcourir(parent: int | None, niveau: int) -> None:
        for e in sorted(enfants.get(parent, ()), key=_rang):
            rangees.append((e, niveau))
            parcourir(e.pk, niveau + 1)

    parcourir(None, 0)
    return rangees


def arbre(enveloppes: Sequence[Enveloppe]) -> list[Noeud]:
    """The same nodes with their balances. One query, each movement added once to each node above it."""
    propres = Mouvement.objects.filter(enveloppe__in=[e.pk for e in enveloppes]).sommes("enveloppe")
    branches = {e.pk: Soldes() for e in enveloppes}
    for e in enveloppes:
        if e.pk in propres:
            for pk in e.ancetres:
                if pk in branches:
                    branches[pk] += propres[e.pk]
    parents = {e.parent_id for e in enveloppes}
    return [
        Noeud(e, propres.get(e.pk, Soldes()), branches[e.pk], niveau, e.pk in parents)
        for e, niveau in en_ordre(enveloppes)
    ]


def _rang(e: Enveloppe) -> tuple[int, int, str, int, int, int]:
    """By fund, then territory, then theme, then year."""
    return (
        e.fonds.ordre, e.fonds_id, e.libelle if e.theme is None and e.annee is None else "",
        e.theme.ordre if e.theme else -1, e.annee or 0, e.pk,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Annee:
    """One exercise: AP allocated and committed, CP planned and paid. `annee` None: what names no year.

    `prevus`: what the projects proposed would have paid that year, by the schedule of the dispositif.
    """

    annee: int | None
    soldes: Soldes
    prevus: Decimal = ZERO


def par_annee(mouvements: MouvementQuerySet, echeancier: Sequence[Decimal]) -> list[Annee]:
    """The exercises in order, what names none last. One query."""
    sommes = {annee: s for annee, s in mouvements.sommes("annee").items() if s != Soldes()}
    prevus: dict[int, Decimal] = {}
    for annee, s in sommes.items():
        if annee is not None and s.propose:
            for rang, cp in enumerate(etaler(s.propose, echeancier)):
                prevus[annee + rang] = prevus.get(annee + rang, ZERO) + cp
    annees = [Annee(a, sommes.get(a, Soldes()), prevus.get(a or 0, ZERO)) for a in {*sommes, *prevus}]
    return sorted(annees, key=lambda a: (a.annee is None, a.annee or 0))


@dataclass(frozen=True, slots=True)
class Filtre:
    """Which movements are shown: a branch, a stage, an exercise (0: those that name none)."""

    enveloppe: Enveloppe | None = None
    stade: Stade | None = None
    annee: int | None = None


def mouvements(enveloppes: Iterable[Enveloppe], filtre: Filtre) -> MouvementQuerySet:
    """Movements of these nodes that pass the filter, last first. Lazy."""
    lus = Mouvement.objects.filter(enveloppe__in=[e.pk for e in enveloppes])
    if filtre.enveloppe is not None:
        lus = lus.de_la_branche(filtre.enveloppe)
    if filtre.stade is not None:
        lus = lus.filter(stade=filtre.stade.value)
    if filtre.annee is not None:
        lus = lus.filter(annee=filtre.annee or None) if filtre.annee else lus.filter(annee__isnull=True)
    return lus.select_related("enveloppe", "fiche").order_by("-pk")
