"""Decided, done, left, late: four answers about a contract, and the projects that make each figure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions.models_suites import Decision

from .avancement.lecture import Avancement, LigneProjet, avancement_de
from .montants import Montants, montants_des, total


@dataclass(frozen=True, slots=True)
class LigneEtat:
    """A project: its euros and its works."""

    projet: LigneProjet
    montants: Montants


@dataclass(frozen=True, slots=True)
class EtatContrat:
    """What the page shows; every total is the sum of `lignes`."""

    lignes: tuple[LigneEtat, ...]
    avancement: Avancement
    decisions_en_retard: int
    le: date

    @property
    def total(self) -> Montants:
        return total(x.montants for x in self.lignes)

    @property
    def bloquants_en_retard(self) -> int:
        """Blocking points whose term is past."""
        return sum(1 for x in self.lignes for b in x.projet.bloquants if b.est_en_retard(self.le))

    @property
    def sans_engagement(self) -> int:
        """Projects whose aid is agreed and not committed at all."""
        return sum(1 for x in self.lignes if x.montants.accorde and not x.montants.engage)


def etat_du_contrat(demarche: Demarche, le: date) -> EtatContrat:
    """Five queries whatever the number of projects."""
    lu = avancement_de(demarche, le)
    montants = montants_des([x.fiche for x in lu.projets])
    retard = Decision.objects.a_faire().filter(reunion__demarche=demarche, echeance__lt=le).count()
    return EtatContrat(tuple(LigneEtat(x, montants[x.fiche.pk]) for x in lu.projets), lu, retard, le)
