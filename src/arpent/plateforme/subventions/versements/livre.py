"""The ledger behind the payments of a file: paid, given back, released, on the envelopes it was committed "
"on."""

from __future__ import annotations

from decimal import Decimal

from arpent.metier.argent import ZERO, formater_euros
from arpent.metier.repartition.soldes import Soldes, Stade
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.negociations.credits.engagements import (
    Operation,
    liberer,
    noter_reversement,
    noter_versement,
)
from arpent.plateforme.negociations.credits.registre import CreditRefuse, Piece
from arpent.plateforme.negociations.models import Enveloppe, Mouvement

from ..models import Dossier


def soldes_de(dossier: Dossier) -> list[tuple[Enveloppe, Soldes]]:
    """The envelopes on which the project is committed, the oldest first. Two queries."""
    lus = Mouvement.objects.filter(fiche=dossier.fiche_id, stade__in=(Stade.ENGAGE, Stade.PAYE))
    sommes = lus.sommes("enveloppe")
    noeuds = Enveloppe.objects.filter(pk__in=sommes).select_related("fonds__dispositif").order_by("pk")
    return [(noeud, sommes[noeud.pk]) for noeud in noeuds]


def payer(dossier: Dossier, montant: Decimal, exercice: int, piece: Piece, *, par: Agent | None) -> None:
    """Writes the payment, envelope by envelope, within what is committed. CreditRefuse."""
    soldes = soldes_de(dossier)
    reste = sum((s.reste_a_payer for _, s in soldes), ZERO)
    if montant > reste:
        raise CreditRefuse(
            f"{formater_euros(reste)} engagés restent à payer pour ce projet, {formater_euros(montant)} "
            "sont à verser : engagez d’abord la différence dans les crédits du territoire."
        )
    for enveloppe, lus in soldes:
        part = min(montant, lus.reste_a_payer)
        if part > 0:
            noter_versement(enveloppe, Operation(part, dossier.fiche, exercice, piece), par=par)
            montant -= part


def reprendre(dossier: Dossier, montant: Decimal, exercice: int, piece: Piece, *, par: Agent | None) -> None:
    """Writes money that came back, the last envelope paid first. CreditRefuse."""
    soldes = soldes_de(dossier)
    paye = sum((s.paye for _, s in soldes), ZERO)
    if montant > paye:
        raise CreditRefuse(
            f"{formater_euros(paye)} sont notés payés dans les crédits : le reversement de "
            f"{formater_euros(montant)} les dépasse."
        )
    for enveloppe, lus in reversed(soldes):
        part = min(montant, lus.paye)
        if part > 0:
            noter_reversement(enveloppe, Operation(part, dossier.fiche, exercice, piece), par=par)
            montant -= part


def rendre_le_reste(dossier: Dossier, piece: Piece, *, par: Agent | None) -> Decimal:
    """Gives back to the envelopes what is committed and not paid; the sum given back. CreditRefuse."""
    rendu = ZERO
    for enveloppe, lus in soldes_de(dossier):
        if lus.reste_a_payer > 0:
            liberer(enveloppe, Operation(lus.reste_a_payer, dossier.fiche, None, piece), par=par)
            rendu += lus.reste_a_payer
    return rendu
