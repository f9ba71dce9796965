"""What the pages of the ensembles print: the list with its totals, one of them, why each project is out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum

from arpent.metier.argent import ZERO, arrondir
from arpent.metier.cycles.fiche import EtatFiche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.models import Fiche, est_a_part
from arpent.plateforme.plans.models.fiche import FicheQuerySet
from arpent.plateforme.reglements.models import Dispositif

from ..enveloppes import demarches_dotees, montants_des, sommes_communales
from ..models import EnsembleScenarios, Proposition, Scenario
from ..passerelle import RETENUE, SANS_THEME
from ..scenarios.comparaison import DECISIONS
from ..scenarios.lecture import COURANT

PAR_PAGE = 50


def fiches_en_lice() -> FicheQuerySet:
    """The fiches that a scenario counts: drafts, merged and split ones left out."""
    return Fiche.objects.comptees().exclude(etat=EtatFiche.BROUILLON.value)


def comptees() -> QuerySet[Proposition]:
    """The lines that give an aid, over the fiches that count."""
    return Proposition.objects.filter(
        decision=RETENUE, montant__gt=0, fiche__in=fiches_en_lice().order_by().values("pk")
    ).order_by()


# --- the list -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Resume:
    """One row of the list; `ensemble` None: the maquettes in progress together. `solde` None: no envelope."""

    ensemble: EnsembleScenarios | None
    nombre: int
    total: Decimal
    travaux: Decimal
    territoires: int
    solde: Decimal | None

    @property
    def nom(self) -> str:
        return "Maquettes en cours" if self.ensemble is None else self.ensemble.nom


def liste(dispositif: Dispositif) -> list[Resume]:
    """The maquettes in progress, then the ensembles, the latest first. Four queries."""
    demarches = demarches_dotees(dispositif)
    enveloppe = _somme(montants_des([d.pk for d in demarches]))
    ensembles = list(
        EnsembleScenarios.objects.filter(dispositif=dispositif)
        .select_related("auteur")
        .annotate(territoires=Count("scenarios"))
        .order_by("-pk")
    )
    ici = Q(scenario__ensemble__in=ensembles) | Q(
        scenario__est_courant=True, scenario__demarche__in=demarches
    )
    sommes = {
        pk: (nombre, total, travaux)
        for pk, nombre, total, travaux in comptees()
        .filter(ici)
        .values_list("scenario__ensemble")
        .annotate(nombre=Count("pk"), total=Sum("montant"), travaux=Sum("fiche__cout_ht"))
    }

    def resume(ensemble: EnsembleScenarios | None, territoires: int) -> Resume:
        nombre, total, travaux = sommes.get(ensemble and ensemble.pk, (0, ZERO, ZERO))
        solde = None if enveloppe is None else enveloppe - total
        return Resume(ensemble, nombre, total, travaux, territoires, solde)

    return [resume(None, len(demarches)), *(resume(e, e.territoires) for e in ensembles)]


def _somme(montants: Mapping[int, Decimal]) -> Decimal | None:
    return sum(montants.values(), ZERO) if montants else None


def sources(ensembles: Iterable[EnsembleScenarios]) -> list[tuple[str, str]]:
    """What may be copied or compared, as choices."""
    return [(COURANT, "les maquettes en cours"), *((str(e.pk), e.nom) for e in ensembles)]


# --- one of them ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Total:
    """What one territory, theme or year has. `enveloppe`, `habitants` None: unknown, or not for this one."""

    libelle: str
    nombre: int
    total: Decimal
    travaux: Decimal
    enveloppe: Decimal | None = None
    habitants: Decimal | None = None
    scenario: Scenario | None = None

    @property
    def solde(self) -> Decimal | None:
        return None if self.enveloppe is None else self.enveloppe - self.total

    @property
    def par_habitant(self) -> Decimal | None:
        return arrondir(self.total / self.habitants) if self.habitants else None


@dataclass(frozen=True, slots=True)
class Contenu:
    """An ensemble in figures; `tout` is the sum of any of the three tables."""

    territoires: tuple[Total, ...]
    themes: tuple[Total, ...]
    annees: tuple[Total, ...]
    tout: Total


C = TypeVar("C")
_Somme = tuple[int, Decimal, Decimal]


def contenu_de(ensemble: EnsembleScenarios) -> Contenu:
    """Four queries."""
    parts = parts_de(ensemble)
    lignes = list(
        comptees()
        .filter(scenario__ensemble=ensemble)
        .values_list("scenario", "fiche__theme__ordre", "fiche__theme__libelle", "annee")
        .annotate(nombre=Count("pk"), total=Sum("montant"), travaux=Sum("fiche__cout_ht"))
    )
    enveloppes = montants_des([p.demarche_id for p in parts])
    habitants = habitants_des([p.demarche for p in parts])
    par_scenario = _cumuler((x[0], x[4:]) for x in lignes)
    territoires = tuple(
        Total(
            p.demarche.territoire.nom, *par_scenario.get(p.pk, (0, ZERO, ZERO)),
            enveloppes.get(p.demarche_id), habitants.get(p.demarche_id), p,
        )
        for p in parts
    )  # fmt: skip
    par_theme = _cumuler(((_rang(x[1]), x[2] or SANS_THEME), x[4:]) for x in lignes)
    par_annee = _cumuler((_rang(x[3]), x[4:]) for x in lignes)
    connus = [t.habitants for t in territoires]
    return Contenu(
        territoires=territoires,
        themes=tuple(Total(nom, *somme) for (_, nom), somme in sorted(par_theme.items())),
        annees=tuple(
            Total("Sans année" if an == _DERNIER else str(an), *somme)
            for an, somme in sorted(par_annee.items())
        ),
        tout=Total(
            "Ensemble", *_cumuler(("", x[4:]) for x in lignes).get("", (0, ZERO, ZERO)), _somme(enveloppes),
            None if None in connus else sum((h for h in connus if h is not None), Decimal(0)),
        ),
    )  # fmt: skip


def parts_de(ensemble: EnsembleScenarios) -> list[Scenario]:
    """Its scenarios with their démarche, by name of territory. One query."""
    return list(
        Scenario.objects.filter(ensemble=ensemble)
        .select_related("demarche__territoire")
        .order_by("demarche__territoire__nom", "demarche_id")
    )


def habitants_des(demarches: Collection[Demarche]) -> dict[int, Decimal | None]:
    """Inhabitants of each démarche (pk), None when a commune has none known. One query."""
    sommes = sommes_communales(list(demarches))
    return {d.pk: sommes.get(d.territoire_id, {}).get("population") for d in demarches}


_DERNIER = 99_999


def _rang(x: int | None) -> int:
    return _DERNIER if x is None else x


def _cumuler(lignes: Iterable[tuple[C, _Somme]]) -> dict[C, _Somme]:
    sommes: dict[C, _Somme] = {}
    for cle, (nombre, total, travaux) in lignes:
        n, t, w = sommes.get(cle, (0, ZERO, ZERO))
        sommes[cle] = (n + nombre, t + total, w + travaux)
    return sommes


# --- why the others are out -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Dehors:
    """A project without aid in the ensemble, and why."""

    fiche: Fiche
    raison: str


def dehors_de(contenu: Contenu, ensemble: EnsembleScenarios, page: str | None) -> Page[Any]:
    """The projects without aid, by territory and number: the rows of the page are `Dehors`. Two queries."""
    demarches = [t.scenario.demarche_id for t in contenu.territoires if t.scenario]
    siennes = Proposition.objects.filter(scenario__ensemble=ensemble).order_by()
    la_sienne = siennes.filter(fiche=OuterRef("pk"))
    fiches = (
        fiches_en_lice()
        .filter(~est_a_part(), demarche__in=demarches)
        .exclude(pk__in=siennes.filter(decision=RETENUE, montant__gt=0).values("fiche"))
        .annotate(
            decision=Subquery(la_sienne.values("decision")[:1]), motif=Subquery(la_sienne.values("motif")[:1])
        )
        .select_related("maitre_ouvrage", "theme", "demarche__territoire")
        .defer("texte_recherche", "description")
        .order_by("demarche__territoire__nom", "demarche_id", "numero")
    )
    feuille: Page[Any] = Paginator(fiches, PAR_PAGE).get_page(page)
    feuille.object_list = [Dehors(f, _raison(f.decision, f.motif)) for f in feuille.object_list]
    return feuille


def _raison(decision: str | None, motif: str | None) -> str:
    if decision is None:
        return "Pas encore examiné dans cet ensemble."
    return motif or DECISIONS[decision].capitalize()
