"""What an award leaves of a line of the contract goes back to the envelope, by the act of the award.

The line stays in the contract, and its vote stays in the ledger: an opposite movement (« libération ») is
added at the stages agreed and voted. There, the maquette counts the fiche less what was given back (`suivi`),
and never under what is committed for it: an avenant that lowers the line afterwards does not give it back
twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from arpent.metier.argent import ZERO, arrondir, formater_euros
from arpent.metier.repartition.soldes import Soldes, Stade, refus_montant
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.models import Fiche

from ..enveloppes import fonds_ordinaires
from ..models import Enveloppe, Genre, Mouvement
from .noeuds import noeud_du_territoire, noeud_pour, noeuds_ordinaires
from .registre import CreditRefuse, Ecriture, Piece, consigner_mouvement, exiger, inscrire
from .verrou import verrouiller

PROMESSES = (Stade.CONVENU, Stade.VOTE)


@dataclass(frozen=True, slots=True)
class Reste:
    """What an award gave back to the envelope: how much, of which project, by which act."""

    fiche: Fiche
    montant: Decimal
    acte: str
    acte_le: date | None
    demonstration: bool


def rendus_par_fiche(
    demarche: Demarche, stade: Stade = Stade.VOTE, fiches: Collection[int] | None = None
) -> dict[int, Decimal]:
    """By fiche, what was given back at that stage (positive). One query."""
    rendus = Mouvement.objects.filter(
        enveloppe__demarche=demarche, stade=stade, genre=Genre.LIBERATION, fiche__isnull=False
    )
    if fiches is not None:
        rendus = rendus.des_fiches(fiches)
    sommes: dict[int | None, Soldes] = rendus.sommes("fiche")
    return {pk: -soldes[stade] for pk, soldes in sommes.items() if pk is not None and soldes[stade]}


def restes_rendus(demarche: Demarche) -> list[Reste]:
    """Each return of the démarche, the oldest first. One query."""
    lus = Mouvement.objects.filter(
        enveloppe__demarche=demarche, stade=Stade.VOTE, genre=Genre.LIBERATION, fiche__isnull=False
    )
    return [
        Reste(m.fiche, -m.montant, m.acte, m.acte_le, m.demonstration)
        for m in lus.select_related("fiche").order_by("pk")
        if m.fiche is not None
    ]


def moins_les_rendus(
    montants: Mapping[int, Decimal], rendus: Mapping[int, Decimal], engages: Mapping[int, Decimal]
) -> dict[int, Decimal]:
    """What counts of each aid: less what was given back, never under what is committed. Pure."""
    return {
        fiche: min(montant, max(montant - rendus.get(fiche, ZERO), engages.get(fiche, ZERO)))
        for fiche, montant in montants.items()
    }


def noeud_de_la_fiche(fiche: Fiche, fonds_id: int | None = None) -> Enveloppe:
    """Where the aid of that fiche is voted; without a vote, the line that takes its theme and year.

    `fonds_id`: the fund that pays it, when it is known. CreditRefuse when no fund has a line. Three queries.
    """
    votes = Mouvement.objects.filter(
        fiche=fiche, enveloppe__demarche=fiche.demarche_id, stade=Stade.VOTE
    ).sommes("enveloppe")
    votee = max(((s.vote, -pk) for pk, s in votes.items() if s.vote > 0), default=None)
    if votee is not None:
        return Enveloppe.objects.get(pk=-votee[1])
    ordinaires = fonds_ordinaires(fiche.demarche.processus.dispositif)
    fonds = [f for f in ordinaires if fonds_id in (None, f.pk)] or list(ordinaires)
    if not fonds:
        raise CreditRefuse("Aucun fonds ne paie ce dispositif : décrivez-en un avant d’engager des crédits.")
    noeuds = [n for n in noeuds_ordinaires(fiche.demarche, fonds) if n.fonds_id == fonds[0].pk]
    return noeud_pour(noeuds, fiche.theme_id, fiche.annee) or noeud_du_territoire(fonds[0], fiche.demarche)


@transaction.atomic
def rendre_le_reste(fiche: Fiche, montant: Decimal, *, piece: Piece, par: Agent | None) -> Decimal:
    """Gives back `montant` of the vote of that fiche, where it is voted. Answers what was given back.

    0 when the ledger holds no vote for it (a contract signed outside Arpent). CreditRefuse.
    """
    exiger(refus_montant(montant))
    noeud = noeud_de_la_fiche(fiche)
    noeud = verrouiller([noeud])[noeud.pk]
    soldes = Mouvement.objects.filter(enveloppe=noeud, fiche=fiche).soldes()
    rendu = arrondir(min(montant, soldes.vote))
    if rendu <= ZERO:
        return ZERO
    if soldes.vote - rendu < soldes.engage:
        raise CreditRefuse(
            f"{formater_euros(soldes.engage)} sont déjà engagés pour ce projet : libérez d’abord ce qui "
            f"dépasse {formater_euros(soldes.vote - rendu)} dans « Crédits »."
        )
    inscrire(
        [e for stade in PROMESSES for e in _reprises(noeud, fiche, stade, rendu, piece)],
        par=par,
    )
    consigner_mouvement("rendre_reste", noeud, rendu, par, piece, fiche=fiche.pk, annee=fiche.annee)
    return rendu


def _reprises(
    noeud: Enveloppe, fiche: Fiche, stade: Stade, montant: Decimal, piece: Piece
) -> Iterator[Ecriture]:
    """The opposite movements, on the years that hold the promise. One query."""
    sommes = Mouvement.objects.filter(enveloppe=noeud, fiche=fiche, stade=stade).sommes("annee")
    for annee, soldes in sorted(sommes.items(), key=lambda x: x[0] or 0):
        if (repris := min(montant, soldes[stade])) > ZERO:
            montant -= repris
            yield Ecriture(noeud, stade, Genre.LIBERATION, -repris, annee, fiche.pk, piece=piece)
