"""What a pré-instruction reads beside the fiche: earlier aids, figures of the owner, overrides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, Protocol, TypeVar

from django.db.models import BooleanField, ExpressionWrapper, F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from arpent.metier.argent import ZERO
from arpent.metier.reglement import AideAnterieure, DerogationRegle
from arpent.plateforme.reglements.models import AideAnterieure as AideStockee
from arpent.plateforme.reglements.models import DonneeBeneficiaire

from .models import ETATS_ENGAGES, Fiche
from .models import DerogationRegle as DerogationStockee

T = TypeVar("T")
# Own field of a fiche that says which kind of engineering post it asks.
POSTE_SORTE = "poste_sorte"


class Lue(Protocol):
    """What is asked of a fiche read in a batch."""

    @property
    def dispositif_id(self) -> int | None: ...

    @property
    def maitre_ouvrage_id(self) -> int: ...

    @property
    def demarche_id(self) -> int: ...

    @property
    def complements(self) -> dict[str, Any]: ...


class Engagee(NamedTuple):
    """A fiche of the same dispositif already retained or in a contract: its aid counts in periods.

    Its amount is the aid agreed on the maquette; the aid asked as long as there is no agreement (`demandee`).
    A row *acquis* of the same authority is another scheme.
    """

    pk: int
    dispositif_id: int
    demarche_id: int
    organisation_id: int
    annee: int | None
    montant: Decimal
    demandee: bool
    assiette: Decimal
    theme: str | None
    categorie: str
    sorte: str

    @property
    def aide(self) -> AideAnterieure:
        """As the rules of a period read it; the year is 0 when the fiche has none."""
        base, theme = self.assiette, self.theme or ""
        return AideAnterieure(
            self.annee or 0, self.montant, base, theme, self.categorie, demandee=self.demandee
        )


def par_fiche(rows: Iterable[tuple[int, T]]) -> dict[int, tuple[T, ...]]:
    groupes: dict[int, list[T]] = defaultdict(list)
    for cle, valeur in rows:
        groupes[cle].append(valeur)
    return {cle: tuple(valeurs) for cle, valeurs in groupes.items()}


_COLONNES_ENGAGEES = (
    "pk", "demarche__version_processus__processus__dispositif__pk", "demarche_id", "maitre_ouvrage_id",
    "annee", "compte", "sans_accord", "base", "theme__code", "categorie", "complements",
)  # fmt: skip


def _engagees(dispositifs: set[int], proprietaires: set[int], demarches: set[int]) -> list[Engagee]:
    """Retained or contracted fiches of these owners, and the posts of these démarches. One query."""
    qui = Q(maitre_ouvrage__in=proprietaires)
    if demarches:
        qui |= Q(demarche__in=demarches, complements__has_key=POSTE_SORTE)
    rows = (
        Fiche.objects.filter(
            qui, demarche__version_processus__processus__dispositif__in=dispositifs, etat__in=ETATS_ENGAGES
        )
        .annotate(
            base=Coalesce(F("assiette"), F("cout_ht")),
            compte=Coalesce(F("aide_accordee"), F("aide_demandee")),
            sans_accord=ExpressionWrapper(Q(aide_accordee__isnull=True), output_field=BooleanField()),
        )
        .order_by("pk")
        .values_list(*_COLONNES_ENGAGEES)
    )
    return [Engagee._make((*row[:-1], str((row[-1] or {}).get(POSTE_SORTE, "")))) for row in rows]


def _anterieures(
    dispositifs: set[int], proprietaires: set[int]
) -> dict[tuple[int, int], tuple[AideAnterieure, ...]]:
    rows = (
        AideStockee.objects.filter(dispositif__in=dispositifs, organisation__in=proprietaires)
        .order_by("annee", "pk")
        .values_list(
            "organisation_id", "dispositif_id", "annee", "montant", "assiette", "theme", "categorie", "soldee"
        )
    )
    groupes: dict[tuple[int, int], list[AideAnterieure]] = defaultdict(list)
    for qui, dispositif, annee, montant, assiette, theme, categorie, soldee in rows:
        aide = AideAnterieure(annee, montant, assiette or ZERO, theme, categorie, soldee=soldee)
        groupes[qui, dispositif].append(aide)
    return {cle: tuple(aides) for cle, aides in groupes.items()}


def _indicateurs(proprietaires: set[int], annee: int) -> dict[int, dict[str, Decimal]]:
    """The latest figure of each code known that year."""
    rows = (
        DonneeBeneficiaire.objects.filter(organisation__in=proprietaires, annee__lte=annee)
        .order_by("annee")
        .values_list("organisation_id", "code", "valeur")
    )
    connus: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for qui, code, valeur in rows:
        connus[qui][code] = valeur
    return dict(connus)


def annexes_de(lues: Sequence[Lue], annee: int) -> dict[str, Any]:
    """What is read by owner: earlier aids, fiches already engaged, figures. Three queries."""
    dispositifs = {f.dispositif_id for f in lues if f.dispositif_id}
    proprietaires = {f.maitre_ouvrage_id for f in lues}
    avec_poste = {f.demarche_id for f in lues if f.complements and f.complements.get(POSTE_SORTE)}
    engagees = _engagees(dispositifs, proprietaires, avec_poste)
    par_cle: dict[tuple[int, int], list[Engagee]] = defaultdict(list)
    for e in engagees:
        par_cle[e.organisation_id, e.dispositif_id].append(e)
    return {
        "aides": _anterieures(dispositifs, proprietaires),
        "engagees": {cle: tuple(valeurs) for cle, valeurs in par_cle.items()},
        "postes": par_fiche((e.demarche_id, e) for e in engagees if e.sorte),
        "indicateurs": _indicateurs(proprietaires, annee),
    }


def derogations_de(cles: list[int]) -> dict[int, dict[str, DerogationRegle]]:
    """Rules set aside today, by fiche and code of the rule. One query."""
    rows = (
        DerogationStockee.objects.filter(fiche__in=cles, levee_le__isnull=True)
        .order_by("pk")
        .values_list("fiche_id", "regle", "par_nom", "decidee_le", "motif", "plafond")
    )
    ecartees: dict[int, dict[str, DerogationRegle]] = defaultdict(dict)
    for pk, regle, par, le, motif, plafond in rows:
        ecartees[pk][regle] = DerogationRegle(par, timezone.localdate(le), motif, plafond)
    return dict(ecartees)
