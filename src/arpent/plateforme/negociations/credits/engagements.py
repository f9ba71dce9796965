"""Commitments and payments: each within what the envelope, the vote and the commitment leave."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from arpent.metier.repartition import soldes as regles
from arpent.metier.repartition.reserve import lire_reserve
from arpent.metier.repartition.soldes import Soldes, Stade
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.plans.models import Fiche

from ..models import Enveloppe, Genre, Mouvement
from .actions import tranche_de
from .noeuds import branche_de
from .registre import (
    SANS_PIECE,
    CreditRefuse,
    Ecriture,
    Piece,
    consigner_mouvement,
    exiger,
    inscrire,
    soldes_propres,
)
from .verrou import verrouiller


@dataclass(frozen=True, slots=True)
class Operation:
    """An amount (positive) for a project (None: none named), on the exercise `annee`.

    `annee` None: that of the envelope. For a payment it is the year of the payment credits.
    """

    montant: Decimal
    fiche: Fiche | None = None
    annee: int | None = None
    piece: Piece = SANS_PIECE


def _exiger_du_territoire(enveloppe: Enveloppe, fiche: Fiche | None) -> None:
    if enveloppe.demarche_id is None:
        raise CreditRefuse("Un crédit s’engage sur l’enveloppe d’un territoire, pas sur le fonds entier.")
    if fiche is not None and fiche.demarche_id != enveloppe.demarche_id:
        raise CreditRefuse("Ce projet est celui d’un autre territoire : choisissez un projet de celui-ci.")


def _soldes_du_projet(enveloppe: Enveloppe, fiche: Fiche | None) -> Soldes:
    """What is committed and paid for that project (None: for none named) on that envelope. One query."""
    lus = Mouvement.objects.filter(enveloppe=enveloppe, stade__in=(Stade.ENGAGE, Stade.PAYE))
    return lus.filter(fiche=fiche).soldes() if fiche else lus.filter(fiche__isnull=True).soldes()


def _ecrire(
    geste: str, stade: Stade, genre: Genre, enveloppe: Enveloppe, operation: Operation, par: Agent | None
) -> Mouvement:
    fiche_id = operation.fiche.pk if operation.fiche else None
    annee = operation.annee or enveloppe.annee
    montant = operation.montant
    if genre in {Genre.LIBERATION, Genre.REVERSEMENT}:
        montant = -montant
    piece = operation.piece
    (mouvement,) = inscrire(
        [Ecriture(enveloppe, stade, genre, montant, annee, fiche_id, piece=piece)], par=par
    )
    consigner_mouvement(geste, enveloppe, montant, par, piece, fiche=fiche_id, annee=annee)
    return mouvement


def _vote_ailleurs(enveloppe: Enveloppe, fiche: Fiche) -> str:
    """The other fund that the vote charges with that project; the reserve grants without one."""
    reserve = lire_reserve(enveloppe.fonds.dispositif.parametres.get("reserve"))
    if reserve is not None and enveloppe.fonds.code == reserve.fonds:
        return ""
    votes = Mouvement.objects.filter(fiche=fiche, stade=Stade.VOTE).exclude(enveloppe__fonds=enveloppe.fonds)
    sommes = votes.sommes("enveloppe__fonds__libelle")
    return next((nom for nom, soldes in sommes.items() if soldes.vote), "")


@transaction.atomic
def attribuer(enveloppe: Enveloppe, operation: Operation, *, par: Agent | None) -> Mouvement:
    """Commits money to a project. Of simultaneous ones, only those that fit are accepted. CreditRefuse."""
    connues = verrouiller([enveloppe])
    enveloppe, fiche = connues[enveloppe.pk], operation.fiche
    exiger(regles.refus_montant(operation.montant))
    _exiger_du_territoire(enveloppe, fiche)
    du_projet, vote_ailleurs = Soldes(), ""
    if fiche is not None:
        # Of the same fund: its root is locked, nobody else commits for this project meanwhile.
        du_projet = Mouvement.objects.filter(fiche=fiche, enveloppe__fonds=enveloppe.fonds_id).soldes()
        vote_ailleurs = "" if du_projet.vote else _vote_ailleurs(enveloppe, fiche)
    exiger(
        regles.refus_engagement(
            operation.montant,
            soldes_propres(enveloppe),
            [tranche_de(n) for n in branche_de(enveloppe, connues)],
            vote=du_projet.vote,
            engage_du_vote=du_projet.engage,
            vote_ailleurs=vote_ailleurs,
        )
    )
    return _ecrire("engager_credits", Stade.ENGAGE, Genre.ATTRIBUTION, enveloppe, operation, par)


@transaction.atomic
def liberer(enveloppe: Enveloppe, operation: Operation, *, par: Agent | None) -> Mouvement:
    """Gives back to the envelope money committed and not paid. CreditRefuse."""
    enveloppe = verrouiller([enveloppe])[enveloppe.pk]
    exiger(regles.refus_montant(operation.montant))
    du_projet = _soldes_du_projet(enveloppe, operation.fiche)
    exiger(regles.refus_liberation(operation.montant, du_projet))
    return _ecrire("liberer_credits", Stade.ENGAGE, Genre.LIBERATION, enveloppe, operation, par)


@transaction.atomic
def noter_versement(enveloppe: Enveloppe, operation: Operation, *, par: Agent | None) -> Mouvement:
    """A payment on what is committed. CreditRefuse."""
    enveloppe = verrouiller([enveloppe])[enveloppe.pk]
    exiger(regles.refus_montant(operation.montant))
    exiger(regles.refus_versement(operation.montant, _soldes_du_projet(enveloppe, operation.fiche)))
    return _ecrire("noter_versement", Stade.PAYE, Genre.VERSEMENT, enveloppe, operation, par)


@transaction.atomic
def noter_reversement(enveloppe: Enveloppe, operation: Operation, *, par: Agent | None) -> Mouvement:
    """Money paid that came back. CreditRefuse."""
    enveloppe = verrouiller([enveloppe])[enveloppe.pk]
    exiger(regles.refus_montant(operation.montant))
    exiger(regles.refus_reversement(operation.montant, _soldes_du_projet(enveloppe, operation.fiche)))
    return _ecrire("noter_reversement", Stade.PAYE, Genre.REVERSEMENT, enveloppe, operation, par)
