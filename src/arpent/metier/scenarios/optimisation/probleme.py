"""What is to be chosen, and what must hold: candidates, ceilings, payments, numbers, objectives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from arpent.metier.argent import ZERO, arrondir, formater_euros


class OptimisationImpossible(ValueError):
    """The problem is badly stated; the message is French and says what to correct."""


class Objectif(StrEnum):
    """What a proposal looks for. The last two only share better: they come after one of the others."""

    CLASSEMENT = "classement"
    TRAVAUX = "travaux"
    LISSAGE = "lissage"
    EQUITE = "equite"


LIBELLES_OBJECTIF: Mapping[Objectif, str] = {
    Objectif.CLASSEMENT: "respecter le classement du territoire",
    Objectif.TRAVAUX: "soutenir le plus de travaux",
    Objectif.LISSAGE: "répartir également entre les années",
    Objectif.EQUITE: "rapprocher les euros par habitant, à classe égale",
}
DE_PARTAGE = frozenset({Objectif.LISSAGE, Objectif.EQUITE})


@dataclass(frozen=True, slots=True)
class Candidat:
    """A project that may be kept, for an aid between `aide_min` and `aide_max`, in one of `annees`.

    `rang`: the territory's (1 is first); None when unranked. `impose`: True must be kept, False must not.
    """

    identifiant: str
    titre: str
    cout: Decimal
    aide_max: Decimal
    annees: tuple[int, ...]
    aide_min: Decimal | None = None
    rang: int | None = None
    maitre_ouvrage: str = ""
    theme: str = ""
    territoire: str = ""
    impose: bool | None = None

    @property
    def plancher(self) -> Decimal:
        """The least aid that keeps it: `aide_min`, or all of `aide_max` (take it or leave it)."""
        return self.aide_max if self.aide_min is None else self.aide_min

    @property
    def modulable(self) -> bool:
        return self.plancher < self.aide_max


@dataclass(frozen=True, slots=True)
class Portee:
    """Which projects and years a constraint is about; None: all of them."""

    themes: frozenset[str] | None = None
    territoires: frozenset[str] | None = None
    maitres_ouvrage: frozenset[str] | None = None
    annees: frozenset[int] | None = None
    identifiants: frozenset[str] | None = None

    def prend(self, candidat: Candidat) -> bool:
        return (
            (self.identifiants is None or candidat.identifiant in self.identifiants)
            and (self.themes is None or candidat.theme in self.themes)
            and (self.territoires is None or candidat.territoire in self.territoires)
            and (self.maitres_ouvrage is None or candidat.maitre_ouvrage in self.maitres_ouvrage)
        )

    def prend_annee(self, annee: int) -> bool:
        return self.annees is None or annee in self.annees


@dataclass(frozen=True, slots=True)
class Plafond:
    """The aids (AP) of its range never pass `montant` euros."""

    code: str
    libelle: str
    montant: Decimal
    portee: Portee = field(default_factory=Portee)


@dataclass(frozen=True, slots=True)
class Paiements:
    """The payments (CP) of one year never pass `montant` euros.

    `parts[k]`: share of an aid that is paid k years after it is committed; they add up to 1.
    """

    code: str
    libelle: str
    annee: int
    montant: Decimal
    parts: tuple[Decimal, ...]
    portee: Portee = field(default_factory=Portee)

    def part(self, engagee: int) -> Decimal:
        """Share of an aid committed in the year `engagee` that is paid in this one."""
        rang = self.annee - engagee
        return self.parts[rang] if 0 <= rang < len(self.parts) else Decimal(0)


@dataclass(frozen=True, slots=True)
class Nombre:
    """How many projects of a range are kept: at least `minimum`, at most `maximum`."""

    code: str
    libelle: str
    portee: Portee
    minimum: int = 0
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Minimum:
    """The aids (AP) of its range reach at least `montant` euros. Its range names no year."""

    code: str
    libelle: str
    montant: Decimal
    portee: Portee


Contrainte = Plafond | Paiements | Nombre | Minimum


@dataclass(frozen=True, slots=True)
class Groupe:
    """A territory or a commune for the equity objective: inhabitants, class of vulnerability."""

    code: str
    population: int
    classe: str = ""


@dataclass(frozen=True, slots=True)
class Probleme:
    """`ordre`: objectives looked for one after the other; `poids`: or all at once, weighted.

    In order, each next one may give up `tolerance` (share) of what the previous ones had reached.
    `groupes` are told apart by the `territoire` of the candidates.
    """

    candidats: tuple[Candidat, ...]
    contraintes: tuple[Contrainte, ...]
    ordre: tuple[Objectif, ...] = (Objectif.CLASSEMENT,)
    poids: Mapping[Objectif, Decimal] | None = None
    groupes: tuple[Groupe, ...] = ()
    tolerance: Decimal = Decimal("0.01")

    def __post_init__(self) -> None:
        _verifier_candidats(self.candidats)
        _verifier_contraintes(self.contraintes)
        _verifier_objectifs(self)

    @property
    def objectifs(self) -> tuple[Objectif, ...]:
        return tuple(self.poids) if self.poids else self.ordre

    @property
    def annees(self) -> tuple[int, ...]:
        return tuple(sorted({annee for c in self.candidats for annee in c.annees}))


def _doublon(codes: Iterable[str]) -> str | None:
    vus: set[str] = set()
    for code in codes:
        if code in vus:
            return code
        vus.add(code)
    return None


def _verifier_candidats(candidats: Sequence[Candidat]) -> None:
    if not candidats:
        raise OptimisationImpossible("Aucun projet à choisir : proposez d’abord des fiches à l’arbitrage.")
    if (double := _doublon(c.identifiant for c in candidats)) is not None:
        raise OptimisationImpossible(f"Le projet {double} figure deux fois : ne le comptez qu’une fois.")
    for c in candidats:
        if not c.annees or len(set(c.annees)) != len(c.annees):
            raise OptimisationImpossible(
                f"« {c.titre} » n’a pas d’année possible, ou deux fois la même : indiquez ses années."
            )
        for montant in (c.cout, c.aide_max, c.plancher):
            if not montant.is_finite() or montant < 0 or montant != arrondir(montant):
                raise OptimisationImpossible(
                    f"« {c.titre} » : un montant est négatif ou n’est pas arrondi au centime."
                )
        if c.plancher > c.aide_max:
            raise OptimisationImpossible(
                f"« {c.titre} » : l’aide minimale ({formater_euros(c.plancher)}) dépasse l’aide maximale "
                f"({formater_euros(c.aide_max)}). Corrigez l’une ou l’autre."
            )


def _verifier_contraintes(contraintes: Sequence[Contrainte]) -> None:
    if (double := _doublon(k.code for k in contraintes)) is not None:
        raise OptimisationImpossible(f"La contrainte {double} figure deux fois : donnez-lui un autre code.")
    for k in contraintes:
        if isinstance(k, Nombre):
            if k.minimum < 0 or (k.maximum is not None and k.maximum < k.minimum):
                raise OptimisationImpossible(
                    f"« {k.libelle} » : le nombre minimal dépasse le nombre maximal. Corrigez-les."
                )
            continue
        if not k.montant.is_finite() or k.montant < 0:
            raise OptimisationImpossible(f"« {k.libelle} » : le montant doit être positif ou nul.")
        if isinstance(k, Minimum) and k.portee.annees is not None:
            raise OptimisationImpossible(
                f"« {k.libelle} » : un minimum porte sur toutes les années à la fois."
            )
        if isinstance(k, Paiements) and (sum(k.parts, ZERO) != 1 or min(k.parts) < 0):
            raise OptimisationImpossible(f"« {k.libelle} » : les parts payées par an doivent faire 100 %.")


def _verifier_objectifs(p: Probleme) -> None:
    if not p.objectifs or len(set(p.objectifs)) != len(p.objectifs):
        raise OptimisationImpossible("Choisissez au moins un objectif, et chacun une seule fois.")
    if p.poids and any(not x.is_finite() or x <= 0 for x in p.poids.values()):
        raise OptimisationImpossible("Le poids d’un objectif doit être supérieur à zéro.")
    seul = set(p.objectifs) <= DE_PARTAGE if p.poids else p.ordre[0] in DE_PARTAGE
    if seul:
        raise OptimisationImpossible(
            f"« {LIBELLES_OBJECTIF[p.objectifs[0]]} » partage mieux mais ne choisit pas : ne rien retenir y "
            "suffirait. Mettez d’abord le classement ou les travaux."
        )
    if Objectif.CLASSEMENT in p.objectifs and all(c.rang is None for c in p.candidats):
        raise OptimisationImpossible(
            "Aucun projet n’est classé : classez-les d’abord dans le plan, ou choisissez un autre objectif."
        )
    if Objectif.EQUITE in p.objectifs and not any(g.population > 0 for g in p.groupes):
        raise OptimisationImpossible(
            "Les populations manquent : l’équité par habitant ne peut pas être recherchée."
        )
    if not 0 <= p.tolerance < 1:
        raise OptimisationImpossible("La part cédée aux objectifs suivants se situe entre 0 et 99 %.")
