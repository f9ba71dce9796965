"""The single writer of the ledger: movements are only ever added, and no ceiling is passed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from arpent.metier.argent import ZERO, formater_euros
from arpent.metier.repartition.soldes import Soldes, Stade, refus_dotation
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner

from ..models import Enveloppe, Genre, Mouvement

PLAFONNES = frozenset({Stade.ALLOUE, Stade.ENGAGE, Stade.PAYE})
"""Stages that count against a ceiling: written under the lock of their envelope."""


class CreditRefuse(ValueError):
    """The gesture is not possible; the message is French and says what to do."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What supports a movement: reason, act and its date."""

    motif: str = ""
    acte: str = ""
    acte_le: date | None = None
    demonstration: bool = False


SANS_PIECE = Piece()


@dataclass(frozen=True, slots=True)
class Ecriture:
    """A movement about to be written; `montant` is signed."""

    enveloppe: Enveloppe
    stade: Stade
    genre: Genre
    montant: Decimal
    annee: int | None = None
    fiche_id: int | None = None
    lien: UUID | None = None
    piece: Piece = SANS_PIECE


def exiger(refus: str) -> None:
    if refus:
        raise CreditRefuse(refus)


def inscrire(ecritures: Iterable[Ecriture], *, par: Agent | None) -> list[Mouvement]:
    """Adds movements; null ones are left out. One query, plus one when some count against a ceiling.

    The envelopes of those are locked by the caller. Whatever the gesture, none may end with less allocated
    than committed, or less committed than paid: CreditRefuse.
    """
    posees = [e for e in ecritures if e.montant]
    _exiger_que_tout_tienne([e for e in posees if e.stade in PLAFONNES])
    qui = par.nom_complet[:150] if par else "Arpent"
    return Mouvement.objects.bulk_create(
        Mouvement(
            enveloppe=e.enveloppe, stade=e.stade.value, genre=e.genre.value, montant=e.montant, annee=e.annee,
            fiche_id=e.fiche_id, lien=e.lien, par_nom=qui, motif=e.piece.motif[:300], acte=e.piece.acte[:120],
            acte_le=e.piece.acte_le, demonstration=e.piece.demonstration,
        )
        for e in posees
    )  # fmt: skip


def _exiger_que_tout_tienne(ecritures: Sequence[Ecriture]) -> None:
    if not ecritures:
        return
    noeuds = {e.enveloppe.pk: e.enveloppe for e in ecritures}
    soldes = Mouvement.objects.filter(enveloppe__in=noeuds).sommes("enveloppe")
    for pk, noeud in noeuds.items():
        deltas: dict[str, Decimal] = {}
        for e in ecritures:
            if e.enveloppe.pk == pk:
                deltas[e.stade.value] = deltas.get(e.stade.value, ZERO) + e.montant
        apres = soldes.get(pk, Soldes()) + Soldes.depuis(deltas)
        exiger(refus_dotation(apres, noeud.libelle))
        if not apres.tient:
            raise CreditRefuse(f"« {noeud.libelle} » aurait plus de payé que d’engagé.")


def deplacer(
    source: Enveloppe, cible: Enveloppe, montant: Decimal, genre: Genre, piece: Piece = SANS_PIECE
) -> list[Ecriture]:
    """The two halves of money allocated that leaves one envelope for another."""
    lien = uuid4()
    return [
        Ecriture(source, Stade.ALLOUE, genre, -montant, source.annee, lien=lien, piece=piece),
        Ecriture(cible, Stade.ALLOUE, genre, montant, cible.annee, lien=lien, piece=piece),
    ]


def soldes_propres(enveloppe: Enveloppe) -> Soldes:
    """What is written on the node itself, its lines aside. One query."""
    return Mouvement.objects.filter(enveloppe=enveloppe).soldes()


def consigner_mouvement(
    geste: str, enveloppe: Enveloppe, montant: Decimal, par: Agent | None, piece: Piece, **apres: Any
) -> None:
    consigner(
        geste, sur=enveloppe, par=par, demarche_id=enveloppe.demarche_id, motif=piece.motif,
        libelle=f"{enveloppe.libelle} : {formater_euros(montant)}",
        apres={"montant": montant, "acte": piece.acte} | apres,
    )  # fmt: skip
