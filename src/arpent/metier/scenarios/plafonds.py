"""What the règlement says of several projects together, as constraints of the optimiser.

A pré-instruction looks at one project and at the aids its owner already has. Between projects chosen at the
same time, three kinds of rules still bind: the ceiling of a period, the number of projects of a period, the
share of the envelope kept for priority operations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from arpent.metier.argent import ZERO, arrondir
from arpent.metier.reglement import AideAnterieure, Projet, Reglement
from arpent.metier.reglement.regles.nombre_projets import NombreProjets
from arpent.metier.reglement.regles.periode import ReglePeriode
from arpent.metier.reglement.regles.plafond_periode import PlafondPeriode
from arpent.metier.reglement.regles.quota_enveloppe import QuotaEnveloppe

from .optimisation import Candidat, Nombre, Plafond, Portee
from .optimisation.probleme import Contrainte


@dataclass(frozen=True, slots=True)
class ProjetLu:
    """A candidate as the règlement sees it. `anterieures`: aids its owner has outside the candidates.

    `fonds`: code of the fund that pays it; empty when it is not known.
    """

    candidat: Candidat
    projet: Projet
    porteur: str
    anterieures: tuple[AideAnterieure, ...] = ()
    fonds: str = ""


@dataclass(frozen=True, slots=True)
class _Groupe:
    """Candidates of one owner that a rule adds up, under one value of it."""

    lus: tuple[ProjetLu, ...]
    valeur: Decimal

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(x.candidat.identifiant for x in self.lus)

    @property
    def nom(self) -> str:
        return self.lus[0].candidat.maitre_ouvrage or self.lus[0].porteur


def contraintes_du_reglement(
    reglement: Reglement, lus: Sequence[ProjetLu], enveloppes: Mapping[str, Decimal]
) -> tuple[Contrainte, ...]:
    """`enveloppes`: amount of each fund shared by these candidates, by code.

    A rule without a published value, or that cannot bind (its candidates together stay below), gives nothing.
    """
    contraintes: list[Contrainte] = []
    for regle in reglement.regles:
        if isinstance(regle, PlafondPeriode):
            contraintes += _plafonds(regle, lus)
        elif isinstance(regle, NombreProjets):
            contraintes += _nombres(regle, lus)
        elif isinstance(regle, QuotaEnveloppe):
            contraintes += _quota(regle, lus, enveloppes)
    return tuple(contraintes)


def _groupes(regle: ReglePeriode, lus: Sequence[ProjetLu]) -> Iterator[_Groupe]:
    par_cle: dict[tuple[str, str, Decimal], list[ProjetLu]] = {}
    for x in lus:
        if not regle.s_applique(x.projet):
            continue
        valeur = (
            regle.montant.pour(x.projet).valeur
            if isinstance(regle, PlafondPeriode)
            else Decimal(regle.maximum)
            if isinstance(regle, NombreProjets)
            else None
        )
        if valeur is not None:
            quoi = {"theme": x.projet.theme, "categorie": x.projet.categorie}.get(regle.perimetre, "")
            par_cle.setdefault((x.porteur, quoi, valeur), []).append(x)
    for (_, _, valeur), siens in par_cle.items():
        yield _Groupe(tuple(siens), valeur)


def _periodes(
    regle: ReglePeriode, groupe: _Groupe
) -> Iterator[tuple[str, frozenset[int], list[AideAnterieure]]]:
    """Each period that holds a year of the candidates: its words, those years, the earlier aids in it."""
    annees = sorted({a for x in groupe.lus for a in x.candidat.annees})
    vues: set[tuple[int, int]] = set()
    for annee in annees:
        premiere, derniere = regle.bornes(annee)
        dedans = frozenset(a for a in annees if premiere <= a <= derniere)
        if not dedans or (premiere, derniere) in vues:
            continue
        vues.add((premiere, derniere))
        premier = groupe.lus[0]
        deja = [
            aide
            for aide in premier.anterieures
            if premiere <= aide.annee <= derniere and regle.compte(aide, premier.projet)
        ]
        yield regle.en_mots(annee), dedans, deja


def _plafonds(regle: PlafondPeriode, lus: Sequence[ProjetLu]) -> Iterator[Plafond]:
    for n, groupe in enumerate(_groupes(regle, lus)):
        for mots, annees, deja in _periodes(regle, groupe):
            reste = max(ZERO, groupe.valeur - sum((aide.montant for aide in deja), ZERO))
            au_plus = sum((x.candidat.aide_max for x in groupe.lus), ZERO)
            if au_plus > reste:
                yield Plafond(
                    f"regle-{regle.code}-{n}-{mots}",
                    f"{regle.intitule}, {groupe.nom}, {mots} (article {regle.article})",
                    reste,
                    Portee(identifiants=groupe.ids, annees=annees),
                )


def _nombres(regle: NombreProjets, lus: Sequence[ProjetLu]) -> Iterator[Nombre]:
    for n, groupe in enumerate(_groupes(regle, lus)):
        for mots, annees, deja in _periodes(regle, groupe):
            reste = max(0, regle.maximum - len(deja))
            if len(groupe.lus) > reste:
                yield Nombre(
                    f"regle-{regle.code}-{n}-{mots}",
                    f"{regle.intitule}, {groupe.nom}, {mots} (article {regle.article})",
                    Portee(identifiants=groupe.ids, annees=annees),
                    maximum=reste,
                )


def _quota(
    regle: QuotaEnveloppe, lus: Sequence[ProjetLu], enveloppes: Mapping[str, Decimal]
) -> Iterator[Plafond]:
    """The projects that are surely not priority draw on what the reserved share leaves."""
    montant, part = enveloppes.get(regle.enveloppe), regle.part.valeur
    if montant is None or part is None:
        return
    siens = [x for x in lus if x.fonds in ("", regle.enveloppe) and regle.s_applique(x.projet)]
    autres = [x for x in siens if regle.prioritaires.juger(x.projet)[0] is False]
    libre = montant - arrondir(part * montant)
    if sum((x.candidat.aide_max for x in autres), ZERO) > libre:
        yield Plafond(
            f"regle-{regle.code}",
            f"{regle.intitule} : ce qui reste aux autres opérations (article {regle.article})",
            libre,
            Portee(identifiants=frozenset(x.candidat.identifiant for x in autres)),
        )
