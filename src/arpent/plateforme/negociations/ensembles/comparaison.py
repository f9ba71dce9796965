"""Two ensembles, or one and the maquettes in progress: territory by territory, then line by line."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.db.models import BooleanField, ExpressionWrapper

from arpent.metier.argent import ZERO, arrondir
from arpent.metier.plan_financement import LigneMaquette, Maquette
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.models import est_a_part
from arpent.plateforme.reglements.models import Dispositif

from ..enveloppes import demarches_dotees
from ..models import EnsembleScenarios, Proposition, Scenario
from ..passerelle import RETENUE, SANS_THEME
from ..scenarios.comparaison import LigneComparee, lignes_comparees
from ..scenarios.lecture import COURANT
from .lecture import fiches_en_lice, habitants_des


@dataclass(frozen=True, slots=True)
class Cote:
    """One side: an ensemble, or (None) the maquettes in progress. `scenarios`: by démarche (pk)."""

    ensemble: EnsembleScenarios | None
    demarches: tuple[Demarche, ...]
    scenarios: Mapping[int, Scenario]

    @property
    def nom(self) -> str:
        return "Maquettes en cours" if self.ensemble is None else self.ensemble.nom

    @property
    def code(self) -> str:
        return COURANT if self.ensemble is None else str(self.ensemble.pk)


@dataclass(frozen=True, slots=True)
class TerritoireCompare:
    """One territory on both sides, and its lines that differ. `habitants` None: unknown."""

    demarche: Demarche
    avant: Decimal
    apres: Decimal
    nombre_avant: int
    nombre_apres: int
    habitants: Decimal | None
    lignes: tuple[LigneComparee, ...]
    part: Scenario | None
    """Its scenario on the second side."""

    @property
    def net(self) -> Decimal:
        return self.apres - self.avant

    @property
    def habitant_avant(self) -> Decimal | None:
        return arrondir(self.avant / self.habitants) if self.habitants else None

    @property
    def habitant_apres(self) -> Decimal | None:
        return arrondir(self.apres / self.habitants) if self.habitants else None


@dataclass(frozen=True, slots=True)
class LigneDite:
    """A line with its territory."""

    demarche: Demarche
    ligne: LigneComparee


@dataclass(frozen=True, slots=True)
class Comparee:
    """Both sides, the territories, and every line that differs in those shown, the largest moves first."""

    avant: Cote
    apres: Cote
    territoires: tuple[TerritoireCompare, ...]
    lignes: tuple[LigneDite, ...]
    seul: Demarche | None = None
    """The territory whose lines alone are shown."""

    @property
    def total_avant(self) -> Decimal:
        return sum((t.avant for t in self.territoires), ZERO)

    @property
    def total_apres(self) -> Decimal:
        return sum((t.apres for t in self.territoires), ZERO)

    @property
    def nombre_avant(self) -> int:
        return sum(t.nombre_avant for t in self.territoires)

    @property
    def nombre_apres(self) -> int:
        return sum(t.nombre_apres for t in self.territoires)

    @property
    def net(self) -> Decimal:
        return self.total_apres - self.total_avant

    @property
    def net_absolu(self) -> Decimal:
        return abs(self.net)

    @property
    def changees(self) -> int:
        return sum(len(t.lignes) for t in self.territoires)

    @property
    def net_des_lignes(self) -> Decimal:
        return sum((x.ligne.net for x in self.lignes), ZERO)


def cote_courant(dispositif: Dispositif, aussi: Sequence[Demarche] = ()) -> Cote:
    """The maquettes of the open démarches, and of those of `aussi`. Two queries."""
    demarches = {d.pk: d for d in (*demarches_dotees(dispositif), *aussi)}
    courants = Scenario.objects.filter(demarche__in=demarches, est_courant=True).order_by()
    return Cote(None, tuple(demarches.values()), {s.demarche_id: s for s in courants})


def cote_de(ensemble: EnsembleScenarios) -> Cote:
    """One query."""
    parts = Scenario.objects.filter(ensemble=ensemble).select_related("demarche__territoire").order_by("pk")
    return Cote(ensemble, tuple(s.demarche for s in parts), {s.demarche_id: s for s in parts})


def comparer(avant: Cote, apres: Cote, seul: str = "") -> Comparee:
    """Every territory of one side or the other; `seul` (slug) keeps the lines of one. Three queries.

    A démarche that one side does not have has no aid there.
    """
    connues = {d.pk: d for cote in (avant, apres) for d in cote.demarches}
    demarches = sorted(connues.values(), key=lambda d: (d.territoire.nom, d.pk))
    vide = Maquette(())
    maquettes = _lire(connues, [avant.scenarios, apres.scenarios])
    habitants = habitants_des(demarches)
    territoires = tuple(
        _territoire(
            d,
            maquettes[0].get(d.pk, vide),
            maquettes[1].get(d.pk, vide),
            habitants.get(d.pk),
            apres.scenarios.get(d.pk),
        )
        for d in demarches
    )
    choisi = next((d for d in demarches if d.slug == seul), None)
    lignes = [LigneDite(t.demarche, x) for t in territoires if choisi in (None, t.demarche) for x in t.lignes]
    lignes.sort(key=lambda x: (-abs(x.ligne.net), x.demarche.territoire.nom, x.ligne.avant.numero))
    return Comparee(avant, apres, territoires, tuple(lignes), choisi)


def _territoire(
    demarche: Demarche, avant: Maquette, apres: Maquette, habitants: Decimal | None, part: Scenario | None
) -> TerritoireCompare:
    return TerritoireCompare(
        demarche=demarche,
        avant=avant.total_propose,
        apres=apres.total_propose,
        nombre_avant=sum(x.aide_comptee > 0 for x in avant.lignes),
        nombre_apres=sum(x.aide_comptee > 0 for x in apres.lignes),
        habitants=habitants,
        lignes=tuple(lignes_comparees(avant, apres)),
        part=part,
    )


class _Ligne(NamedTuple):
    """What a scenario says of a fiche."""

    montant: Decimal
    annee: int | None
    decision: str
    assiette: Decimal | None = None
    priorite: int | None = None


def _lire(demarches: Collection[int], cotes: Sequence[Mapping[int, Scenario]]) -> list[dict[int, Maquette]]:
    """The maquette of each démarche on each side, as `maquette_nue` reads one without the other funders.

    Two queries, whatever the number of démarches: ten thousand lines in a second.
    """
    proposees: dict[int, dict[int, _Ligne]] = {s.pk: {} for cote in cotes for s in cote.values()}
    lignes = Proposition.objects.filter(scenario__in=proposees).order_by()
    for scenario, fiche, *ligne in lignes.values_list("scenario_id", "fiche_id", *_Ligne._fields):
        proposees[scenario][fiche] = _Ligne(*ligne)
    lues: list[dict[int, list[LigneMaquette]]] = [{} for _ in cotes]
    siennes = [{pk: proposees[s.pk] for pk, s in cote.items()} for cote in cotes]
    fiches = (
        fiches_en_lice()
        .filter(demarche__in=demarches)
        .order_by("demarche_id", "numero")
        .annotate(a_part=ExpressionWrapper(est_a_part(), output_field=BooleanField()))
        .values_list(
            "pk", "demarche_id", "numero", "titre", "maitre_ouvrage__nom", "theme__libelle", "annee",
            "cout_ht", "assiette", "aide_demandee", "priorite_autorite", "priorite_territoire", "a_part",
        )
    )  # fmt: skip
    for (
        pk, demarche, numero, titre, porteur, theme, annee, cout, base, demande, rang, rang_local, a_part
    ) in fiches:  # fmt: skip
        for rangees, cote in zip(lues, siennes, strict=True):
            dite = cote.get(demarche, {}).get(pk)
            x = _Ligne(ZERO, annee, RETENUE) if dite is None else dite
            if a_part and not x.montant:
                continue
            propre = cout if base is None else base
            rangees.setdefault(demarche, []).append(
                LigneMaquette(
                    str(pk), numero, titre, porteur, theme or SANS_THEME, "", "", x.annee, cout,
                    propre if x.assiette is None else x.assiette, demande, x.montant, {},
                    x.priorite or rang or rang_local, x.decision,
                )
            )  # fmt: skip
    return [{pk: Maquette(tuple(xs)) for pk, xs in rangees.items()} for rangees in lues]
