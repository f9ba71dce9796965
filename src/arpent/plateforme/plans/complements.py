"""What the chosen columns add to the rows of a list: read for those rows only, and only when shown.

One query for the fields and the decisions, one for the money; three more for their totals. The usual columns
ask for none of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from arpent.metier.argent import ZERO
from arpent.metier.plan_financement import Financement, Financeur, Plan, StatutFinancement
from arpent.plateforme.territoires.compositions import FISCALITE_PROPRE
from arpent.plateforme.territoires.models import Appartenance
from arpent.plateforme.territoires.perimetres import en_cours

from .equilibre import AUTORITES, equilibre
from .filtres import FINANCEURS, deliberations_prises
from .listes import LigneListe, SommeCentimes, en_euros
from .models import Fiche, LigneFinancement, Preinstruction, aide_engagee

PAR_LOT = 5_000  # rows asked at once: SQLite bounds the parameters of a query
PREFIXE_FINANCEUR = "f_"
COLONNES_FINANCEURS = tuple(f"{PREFIXE_FINANCEUR}{code}" for code in FINANCEURS)
EN_ATTENTE = [s.value for s in StatutFinancement if s.est_en_attente]


def _epci() -> Any:
    """Name of the EPCI of the project's commune, else of the owner's, else the owner when it is one."""
    sienne = Appartenance.objects.filter(
        en_cours(date.today()),
        commune=Coalesce(OuterRef("commune_id"), OuterRef("maitre_ouvrage__commune_id")),
        groupement__nature__in=FISCALITE_PROPRE,
    ).order_by("pk")
    lui_meme = Case(
        When(
            maitre_ouvrage__groupement__nature__in=FISCALITE_PROPRE,
            then=F("maitre_ouvrage__groupement__nom"),
        )
    )
    return Coalesce(Subquery(sienne.values("groupement__nom")[:1]), lui_meme)


def _derniere(champ: str) -> Any:
    """A field of the last concluded pré-instruction."""
    conclues = Preinstruction.objects.filter(fiche=OuterRef("pk")).order_by("-conclue_le", "-pk")
    return Subquery(conclues.values(champ)[:1])


# column → what is read for it
_EXPRESSIONS: dict[str, Callable[[], Any]] = {
    "commune": lambda: F("commune__nom"),
    "epci": _epci,
    "enjeu": lambda: F("enjeu__libelle"),
    "categorie": lambda: F("categorie"),
    "nature": lambda: F("nature_depense"),
    "realisation": lambda: F("realisation"),
    "ttc": lambda: F("cout_ttc"),
    "assiette": lambda: F("assiette"),
    "accordee": aide_engagee,
    "debut": lambda: F("debut_le"),
    "fin": lambda: F("fin_le"),
    "modifie": lambda: F("modifie_le__date"),
    "source": lambda: F("source_identifiant"),
    "deliberation": lambda: Exists(deliberations_prises().filter(fiche=OuterRef("pk"))),
    "verdict": lambda: _derniere("verdict"),
    "aide_maximale": lambda: _derniere("aide_maximale"),
}
_SOMMES: dict[str, Callable[[], Any]] = {
    "ttc": lambda: F("cout_ttc"),
    "assiette": lambda: F("assiette"),
    "accordee": aide_engagee,
    "aide_maximale": lambda: _derniere("aide_maximale"),
}
_DU_PLAN = frozenset({"plan", "ecart"})
_DES_LIGNES = _DU_PLAN | set(COLONNES_FINANCEURS)


def completer(lignes: list[LigneListe], codes: Iterable[str]) -> list[LigneListe]:
    """The same rows with what the columns `codes` print. No query, one or two by lot of PAR_LOT rows."""
    demandes = set(codes)
    champs = [code for code in _EXPRESSIONS if code in demandes]
    if not lignes or not (champs or demandes & _DES_LIGNES):
        return lignes
    plus: dict[int, dict[str, Any]] = {ligne.pk: {} for ligne in lignes}
    for debut in range(0, len(lignes), PAR_LOT):
        lot = [ligne.pk for ligne in lignes[debut : debut + PAR_LOT]]
        if champs:
            for pk, *valeurs in _champs(lot, champs):
                plus[pk] |= zip(champs, valeurs, strict=True)
        if demandes & _DES_LIGNES:
            for pk, ajout in _argent(lot):
                plus[pk] |= ajout
    return [ligne._replace(plus=plus[ligne.pk]) for ligne in lignes]


def _champs(pks: Sequence[int], champs: Sequence[str]) -> QuerySet[Fiche, tuple[Any, ...]]:
    expressions = {f"x_{code}": _EXPRESSIONS[code]() for code in champs}
    fiches = Fiche.objects.order_by().filter(pk__in=pks).annotate(**expressions)
    return fiches.values_list("pk", *expressions)


def _argent(pks: Sequence[int]) -> Iterator[tuple[int, dict[str, Any]]]:
    """By fiche: amount by funder, total of the plan, gap to the cost; refused money counts for nothing.

    As on the page of the fiche (`equilibre`): the aid agreed counts, else the aid asked, once, as its row or
    by itself.
    """
    par_fiche: dict[int, list[Financement]] = defaultdict(list)
    rows = LigneFinancement.objects.order_by().filter(fiche__in=pks)
    for pk, financeur, montant, statut in rows.values_list("fiche_id", "financeur", "montant", "statut"):
        par_fiche[pk].append(Financement(Financeur(financeur), "", montant, StatutFinancement(statut)))
    fiches = Fiche.objects.order_by().filter(pk__in=pks)
    nature = "demarche__version_processus__processus__autorite__nature"
    lus = fiches.annotate(x_accordee=aide_engagee()).values_list(
        "pk", "cout_ht", "aide_demandee", nature, "x_accordee"
    )
    for pk, cout, aide, autorite, accordee in lus:
        lignes = par_fiche[pk]
        plan = equilibre(cout, aide, lignes, autorite, accordee)
        parts = Plan(cout, tuple(lignes)).par_financeur().items()
        montants = {f"{PREFIXE_FINANCEUR}{f.value}": m for f, m in parts}
        yield pk, montants | {"plan": plan.total, "ecart": plan.ecart}


def _par_financeur(fiches: QuerySet[Fiche]) -> dict[str, Decimal]:
    """The money of these fiches by funder, less what was refused. One query."""
    lignes = LigneFinancement.objects.order_by().exclude(statut=StatutFinancement.REFUSE.value)
    rows = (
        lignes.filter(fiche__in=fiches.order_by().values("pk"))
        .values("financeur")
        .annotate(somme=SommeCentimes("montant"))
    )
    return {financeur: en_euros(somme) for financeur, somme in rows.values_list("financeur", "somme")}


def _sommes_du_plan(fiches: QuerySet[Fiche], lignes: Decimal) -> dict[str, Decimal]:
    """Totals of the plans and of their gaps: what `_plan` says of each fiche, added up. One query."""
    nature = "demarche__version_processus__processus__autorite__nature"
    financeur = Case(
        *(When(**{nature: code}, then=Value(f.value)) for code, f in AUTORITES.items()),
        default=Value(Financeur.AUTRE_PUBLIC.value),
    )
    examinees = LigneFinancement.objects.order_by().filter(
        fiche=OuterRef("pk"), statut__in=EN_ATTENTE, financeur=OuterRef("x_autorite")
    )
    # The aid agreed takes the place of the rows under examination: what they say is taken off again.
    ecrite = examinees.values("fiche").annotate(somme=Sum("montant")).values("somme")
    sommes = (
        fiches.order_by()
        .annotate(x_autorite=financeur, x_accordee=aide_engagee())
        .annotate(x_ecrite=Subquery(ecrite))
        .annotate(
            x_aide=Case(
                When(x_accordee__isnull=False, then=F("x_accordee") - Coalesce(F("x_ecrite"), Value(ZERO))),
                When(x_ecrite__isnull=False, then=Value(ZERO)),
                default=F("aide_demandee"),
            )
        )
        .aggregate(cout=SommeCentimes("cout_ht"), aide=SommeCentimes("x_aide"))
    )
    plan = lignes + en_euros(sommes["aide"])
    return {"plan": plan, "ecart": en_euros(sommes["cout"]) - plan}


def sommes_de(fiches: QuerySet[Fiche], codes: Iterable[str]) -> dict[str, Decimal]:
    """Exact totals, over all the rows asked for, of the amount columns among `codes`. Up to three queries."""
    demandes = set(codes)
    sommes: dict[str, Decimal] = {}
    if voulues := [code for code in _SOMMES if code in demandes]:
        montants = fiches.order_by().annotate(**{f"x_{code}": _SOMMES[code]() for code in voulues})
        lues = montants.aggregate(**{f"s_{code}": SommeCentimes(f"x_{code}") for code in voulues})
        sommes |= {code: en_euros(lues[f"s_{code}"]) for code in voulues}
    if demandes & _DES_LIGNES:
        parts = _par_financeur(fiches)
        sommes |= {
            code: parts.get(code.removeprefix(PREFIXE_FINANCEUR), ZERO) for code in COLONNES_FINANCEURS
        }
        if demandes & _DU_PLAN:
            sommes |= _sommes_du_plan(fiches, sum(parts.values(), ZERO))
    return {code: somme for code, somme in sommes.items() if code in demandes}
