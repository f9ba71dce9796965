"""The generations of one territory, those that Arpent holds."""

from __future__ import annotations

from dataclasses import dataclass

from arpent.metier.generations import Bilan as BilanGeneration
from arpent.metier.generations import Comparaison, ProjetCompte, comparer
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.models import ETATS_ENGAGES, Fiche

from ..montants import montants_des


@dataclass(frozen=True, slots=True)
class Generations:
    """`demarches` from the earliest to the one that is read; one alone: there is nothing to compare."""

    demarches: tuple[Demarche, ...]
    comparaison: Comparaison

    @property
    def comparables(self) -> bool:
        return len(self.demarches) > 1

    @property
    def rangees(self) -> list[tuple[str, list[tuple[Demarche, BilanGeneration]]]]:
        """Theme → (generation, balance), for the table."""
        return [(x.theme, list(zip(self.demarches, x.bilans, strict=True))) for x in self.comparaison.lignes]

    @property
    def totaux(self) -> list[tuple[Demarche, BilanGeneration]]:
        return list(zip(self.demarches, self.comparaison.totaux, strict=True))


def generations_de(demarche: Demarche, agent: Agent | None) -> Generations:
    """Of the same territory and authority, begun no later, that the reader may see. Four queries.

    `agent` None: the command and the report read them all.
    """
    visibles = Demarche.objects.all() if agent is None else Demarche.objects.visibles_par(agent)
    autres = visibles.avec_contexte().filter(
        territoire=demarche.territoire_id,
        version_processus__processus__autorite=demarche.autorite.pk,
        ouverte_le__lte=demarche.ouverte_le,
    )
    suite = [*autres.exclude(pk=demarche.pk).order_by("ouverte_le", "pk"), demarche]
    fiches = list(
        Fiche.objects.filter(demarche__in=suite, etat__in=ETATS_ENGAGES)
        .comptees()
        .select_related("theme")
        .order_by("pk")
    )
    montants = montants_des(fiches)
    comptes = [
        [
            ProjetCompte(
                f.theme.libelle if f.theme else "",
                BilanGeneration(1, m.accorde, m.vote, m.engage, m.paye),
            )
            for f in fiches
            if f.demarche_id == d.pk and (m := montants[f.pk])
        ]
        for d in suite
    ]
    return Generations(tuple(suite), comparer(comptes))
