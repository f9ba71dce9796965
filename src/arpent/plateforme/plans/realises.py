"""What the territory has done or is doing: read from the diagnostic, apart from what the plan asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, QuerySet

from arpent.metier.argent import ZERO
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche

from .models import Fiche, est_a_part

MONTRES = 300
R = Fiche.Realisation


@dataclass(frozen=True, slots=True)
class Groupe:
    """The projects carried out, or those under way."""

    code: str
    libelle: str
    fiches: Sequence[Fiche]

    @property
    def cout(self) -> Decimal:
        return sum((f.cout_ht for f in self.fiches), ZERO)


@dataclass(frozen=True, slots=True)
class Realises:
    """Both groups; `tronque`: there are more than MONTRES."""

    realises: Groupe
    en_cours: Groupe
    tronque: bool

    @property
    def groupes(self) -> tuple[Groupe, Groupe]:
        return self.realises, self.en_cours

    @property
    def nombre(self) -> int:
        return len(self.realises.fiches) + len(self.en_cours.fiches)

    @property
    def cout(self) -> Decimal:
        return self.realises.cout + self.en_cours.cout


def _lisibles(demarche: Demarche, agent: Agent) -> QuerySet[Fiche]:
    return Fiche.objects.visibles_par(agent).filter(demarche=demarche).comptees()


def lire_realises(demarche: Demarche, agent: Agent, enjeu: int | None = None) -> Realises:
    """Those one may read, the latest first; `enjeu` keeps those that answer it. One query."""
    fiches = _lisibles(demarche, agent).exclude(realisation=R.A_VENIR)
    if enjeu is not None:
        fiches = fiches.filter(enjeu=enjeu)
    rows = fiches.select_related("maitre_ouvrage", "theme", "enjeu").defer("texte_recherche", "description")
    lues = list(rows.order_by(F("fin_le").desc(nulls_last=True), "numero")[: MONTRES + 1])
    for fiche in lues:
        fiche.demarche = demarche

    def groupe(code: R, libelle: str) -> Groupe:
        return Groupe(code.value, libelle, [f for f in lues[:MONTRES] if f.realisation == code])

    return Realises(groupe(R.REALISE, "Déjà réalisés"), groupe(R.EN_COURS, "En cours"), len(lues) > MONTRES)


def fiches_a_part(demarche: Demarche, agent: Agent) -> QuerySet[Fiche]:
    """Those that one may read out of the totals of the plan. No query."""
    return _lisibles(demarche, agent).filter(est_a_part())
