"""Where the payments of a file are: what was paid, withheld, given back, what can be paid, what is "
"planned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from arpent.metier.argent import ZERO
from arpent.metier.cycles.versement import EtatReversement, EtatVersement
from arpent.metier.reglement.parametres import DETR_ACOMPTES, DETR_AVANCE
from arpent.metier.versements import (
    Aide,
    GenreVersement,
    Payable,
    Prevu,
    ReglesVersement,
    Travaux,
    echeancier,
    exemple_detr,
    lire_regles,
    payable,
)
from arpent.plateforme.negociations.sorties import echeancier_de
from arpent.plateforme.reglements.models import Dispositif
from arpent.plateforme.reglements.parametres import table_legale

from ..models import DemandeVersement, Dossier, Retenue, Reversement


def regles_de(dispositif: Dispositif) -> ReglesVersement:
    return lire_regles(dispositif.parametres.get("versements"))


def exemple_source(le: date) -> ReglesVersement:
    """The rules of the DETR, shown where the dispositif says nothing. One query (the law)."""
    table = table_legale()
    return exemple_detr(table.seuil(DETR_AVANCE, le), table.seuil(DETR_ACOMPTES, le))


@dataclass(frozen=True, slots=True)
class Compte:
    """The payments of one file, and the aid as the calculation reads it."""

    dossier: Dossier
    regles: ReglesVersement
    demandes: tuple[DemandeVersement, ...]
    reversements: tuple[Reversement, ...]
    aide: Aide

    @property
    def ouverte(self) -> DemandeVersement | None:
        """The request on its way, when there is one."""
        fermes = {EtatVersement.PAYEE.value, EtatVersement.REFUSEE.value, EtatVersement.RETIREE.value}
        return next((d for d in self.demandes if d.etat not in fermes), None)

    @property
    def retenues(self) -> list[Retenue]:
        return [r for d in self.demandes for r in d.retenues.all()]

    @property
    def reste(self) -> Decimal:
        return self.aide.montant - self.aide.verse

    def payable(self, genre: str, depenses: Decimal | None = None) -> Payable:
        """What can be paid now, on these expenses (those certified last when None). No query."""
        aide = self.aide if depenses is None else replace(self.aide, depenses=depenses)
        return payable(GenreVersement(genre), aide, self.regles)

    def prevus(self, parts: Sequence[Decimal]) -> tuple[Prevu, ...]:
        """The payments left to make. No query."""
        return prevus_de(self.dossier, self.aide.verse, self.regles, parts)


def prevus_de(
    dossier: Dossier, verse: Decimal, regles: ReglesVersement, parts: Sequence[Decimal]
) -> tuple[Prevu, ...]:
    """The payments left to make on an awarded aid; nothing before the award. No query."""
    attribue_le = dossier.notifie_le or dossier.vote_le
    if dossier.montant_attribue is None or attribue_le is None:
        return ()
    travaux = Travaux(dossier.debut_le, dossier.acheve_le or dossier.fiche.fin_le)
    return echeancier(dossier.montant_attribue, verse, regles, travaux, attribue_le=attribue_le, parts=parts)


def lire_compte(dossier: Dossier) -> Compte:
    """Three queries."""
    demandes = tuple(dossier.versements.prefetch_related("retenues"))
    for demande in demandes:
        demande.dossier = dossier
    reversements = tuple(dossier.reversements.all())
    return Compte(
        dossier, regles_de(dossier.demarche.processus.dispositif), demandes, reversements,
        aide_du(dossier, demandes, reversements),
    )  # fmt: skip


def aide_du(
    dossier: Dossier, demandes: Sequence[DemandeVersement], reversements: Sequence[Reversement]
) -> Aide:
    """The awarded aid and where its payments are. No query: the rows are handed in."""
    payees = [d for d in demandes if d.etat == EtatVersement.PAYEE.value]
    rendus = sum((r.montant for r in reversements if r.etat == EtatReversement.RECOUVRE.value), ZERO)
    justifiees = [d.depenses_certifiees for d in payees if d.depenses_certifiees is not None]
    return Aide(
        montant=dossier.montant_attribue or ZERO,
        assiette=dossier.assiette_reelle or dossier.assiette_prevue,
        depenses=max(justifiees, default=None),
        verse=sum((d.montant_paye or ZERO for d in payees), ZERO) - rendus,
        avances=sum((d.montant_paye or ZERO for d in payees if d.genre == GenreVersement.AVANCE), ZERO),
        acomptes=sum(1 for d in payees if d.genre == GenreVersement.ACOMPTE),
        retenu=sum((d.montant_retenu for d in payees), ZERO),
    )


def parts_de(dossier: Dossier) -> tuple[Decimal, ...]:
    return echeancier_de(dossier.demarche.processus.dispositif)[0]
