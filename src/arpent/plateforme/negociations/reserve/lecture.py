"""What the pages and the files read: the requests of a place, their sums, the verdicts to show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from arpent.metier.argent import ZERO
from arpent.metier.cycles.reserve import EtatReserve
from arpent.metier.repartition.reserve import (
    LIBELLES_VERDICT_CRITERE,
    Reserve,
    SoldeReserve,
    VerdictCritere,
)
from arpent.plateforme.socle.pieces import Part

from ..models import DemandeReserve, DemandeReserveQuerySet
from .criteres import constats_de

PUCES_ETAT = {
    EtatReserve.BROUILLON: "neutre",
    EtatReserve.DEPOSEE: "info",
    EtatReserve.A_COMPLETER: "alerte",
    EtatReserve.INSTRUITE: "info",
    EtatReserve.ACCORDEE: "ok",
    EtatReserve.TIREE: "ok",
    EtatReserve.REFUSEE: "non",
    EtatReserve.ANNULEE: "neutre",
    EtatReserve.LIBEREE: "neutre",
}
_PUCES = {
    VerdictCritere.REMPLI: "ok",
    VerdictCritere.NON_REMPLI: "non",
    VerdictCritere.A_JUSTIFIER: "alerte",
    VerdictCritere.NON_CONTROLE: "neutre",
}


@dataclass(frozen=True, slots=True)
class LigneCritere:
    """One criterion as the page shows it."""

    libelle: str
    puce: str
    verdict: str
    explication: str
    reponse: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class LigneDemande:
    """One request as a list shows it."""

    demande: DemandeReserve
    puce: str


def lignes(demandes: Iterable[DemandeReserve]) -> list[LigneDemande]:
    return [LigneDemande(d, PUCES_ETAT[EtatReserve(d.etat)]) for d in demandes]


def en_ordre(demandes: DemandeReserveQuerySet, etat: str) -> DemandeReserveQuerySet:
    """By date of filing, those that are not filed last; only that state when there is one. Lazy."""
    lues = demandes.avec_contexte().order_by("deposee_le", "cree_le", "pk")
    return lues.filter(etat=etat) if etat else lues


def totaux(demandes: Sequence[DemandeReserve]) -> tuple[Decimal, Decimal]:
    """Asked, and held of the reserve."""
    demande = sum((d.montant_demande for d in demandes), ZERO)
    return demande, sum((d.montant_en_cours or ZERO for d in demandes), ZERO)


def criteres_de(demande: DemandeReserve, reserve: Reserve | None) -> list[LigneCritere]:
    """The verdicts: those of the decision once it is taken, else those of today.

    With the answers of the territory. One query when decided; those of `faits_de` and one otherwise.
    """
    reponses = dict(demande.justifications.values_list("critere", "texte"))
    if demande.constats:
        libelles = {c.libelle: c for c in reserve.criteres} if reserve else {}
        return [
            LigneCritere(
                c["libelle"], _PUCES[VerdictCritere(c["verdict"])], c["verdict_libelle"], c["explication"],
                reponses.get(libelles[c["libelle"]].code, "") if c["libelle"] in libelles else "",
            )
            for c in demande.constats
        ]  # fmt: skip
    if reserve is None:
        return []
    return [
        LigneCritere(
            c.critere.libelle, _PUCES[c.verdict], LIBELLES_VERDICT_CRITERE[c.verdict], c.explication,
            reponses.get(c.critere.code, ""), c.critere.source,
        )
        for c in constats_de(demande, reserve)
    ]  # fmt: skip


def parts_de_la_jauge(solde: SoldeReserve) -> list[Part]:
    """Paid, drawn besides, reserved besides."""
    parts = [
        Part("payé", solde.paye),
        Part("tiré, à payer", solde.tire - solde.paye, "autre"),
        Part("réservé, à tirer", solde.reserve, "propose"),
    ]
    return [p for p in parts if p.valeur > 0]
