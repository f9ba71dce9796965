"""The awarded files of a dispositif with their deadlines: what is close, late, what may lapse."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch

from arpent.metier.argent import ZERO
from arpent.metier.cycles.versement import EtatProrogation
from arpent.metier.echeances_dossier import LIBELLES_ECHEANCE, Echeance
from arpent.plateforme.reglements.models import Dispositif

from ..models import DemandeVersement, Dossier, DossierQuerySet
from ..versements.compte import aide_du
from .actions import ATTRIBUES
from .faits import Situation, situation_de


def dossiers_suivis(dossiers: DossierQuerySet) -> list[Dossier]:
    """Awarded files with what their deadlines need. Five queries."""
    versements = DemandeVersement.objects.prefetch_related("retenues")
    return list(
        dossiers.filter(etat__in=ATTRIBUES)
        .avec_contexte()
        .prefetch_related("prorogations", Prefetch("versements", versements), "reversements")
        .order_by("demarche__territoire__nom", "annee", "numero")
    )


def du_dispositif(dispositif: Dispositif) -> list[Dossier]:
    de_lui = Dossier.objects.filter(demarche__version_processus__processus__dispositif=dispositif)
    return dossiers_suivis(de_lui)


def situations(dossiers: Iterable[Dossier], today: date) -> list[Situation]:
    """No query: the rows are prefetched."""
    return [situation_de(d, today) for d in dossiers]


@dataclass(frozen=True, slots=True)
class LigneCaduque:
    """One file that may lapse: why, what was paid, what would go back, what to know before."""

    situation: Situation
    verse: Decimal
    a_rendre: Decimal
    reserve: str

    @property
    def dossier(self) -> Dossier:
        return self.situation.dossier


def caducs_possibles(lues: Sequence[Situation]) -> list[LigneCaduque]:
    """Those whose deadline has gone by, the oldest first. No query."""
    lignes = []
    for situation in lues:
        if not situation.caducite.possible:
            continue
        dossier = situation.dossier
        aide = aide_du(dossier, list(dossier.versements.all()), list(dossier.reversements.all()))
        reserves = []
        if any(p.etat == EtatProrogation.DEMANDEE.value for p in dossier.prorogations.all()):
            reserves.append("une prorogation est demandée")
        if aide.verse:
            reserves.append("une part est déjà versée : un reversement peut être à demander")
        lignes.append(
            LigneCaduque(situation, aide.verse, max(aide.montant - aide.verse, ZERO), " ; ".join(reserves))
        )
    return sorted(lignes, key=lambda x: (x.situation.caducite.depuis or date.max, x.dossier.pk))


@dataclass(frozen=True, slots=True)
class JourDossier:
    """One open deadline of a file."""

    dossier: Dossier
    echeance: Echeance

    @property
    def libelle(self) -> str:
        return f"{LIBELLES_ECHEANCE[self.echeance.genre]} : {self.dossier.fiche.titre}"


def jours_de(lues: Iterable[Situation]) -> list[JourDossier]:
    """Every deadline still open, the soonest first. No query."""
    jours = [JourDossier(s.dossier, e) for s in lues for e in s.echeances if e.est_ouverte and e.le]
    return sorted(jours, key=lambda j: (j.echeance.le or date.max, j.dossier.pk))
