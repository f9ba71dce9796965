"""The amount of a fund, typed by the authority: each act adds a movement, what was written stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from arpent.metier.argent import ZERO, partager
from arpent.metier.repartition.soldes import Stade, refus_dotation_du_fonds
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.reglements.models import Dispositif, Fonds

from ..actions import ArbitrageRefuse, recalculer_enveloppes
from ..enveloppes import demarches_dotees
from ..models import Enveloppe, Genre, Mouvement
from .noeuds import racine_de
from .registre import CreditRefuse, Ecriture, Piece, exiger, inscrire, soldes_propres
from .suivi import suivre_repartition
from .verrou import verrouiller


@dataclass(frozen=True, slots=True)
class Dotation:
    """What a fund is given. `annees` empty: no exercise named; several: equal parts, to the cent.

    `montant` is all that the fund has for those exercises, not what is added. `partager`: the territories
    receive their new part at once.
    """

    montant: Decimal
    annees: tuple[int, ...]
    piece: Piece
    partager: bool = False


@dataclass(frozen=True, slots=True)
class FondsDote:
    """A fund of the list: its exercises with their amounts, its last act, what it gave below."""

    fonds: Fonds
    exercices: Mapping[int | None, Decimal]
    dernier: Mouvement | None

    @property
    def lignes(self) -> list[tuple[int | None, Decimal]]:
        return sorted(self.exercices.items(), key=lambda x: (x[0] is None, x[0] or 0))


def fonds_dotes(dispositif: Dispositif) -> list[FondsDote]:
    """Every fund of the dispositif, with or without amount. Two queries."""
    par_fonds: dict[int, list[Mouvement]] = {}
    mouvements = Mouvement.objects.filter(
        genre=Genre.DOTATION, enveloppe__fonds__dispositif=dispositif
    ).select_related("enveloppe")
    for m in mouvements.order_by("pk"):
        par_fonds.setdefault(m.enveloppe.fonds_id, []).append(m)
    dotes = []
    for fonds in dispositif.fonds.order_by("ordre", "pk"):
        exercices: dict[int | None, Decimal] = {}
        siens = par_fonds.get(fonds.pk, [])
        for m in siens:
            exercices[m.annee] = exercices.get(m.annee, ZERO) + m.montant
        dernier = next((m for m in reversed(siens) if m.acte), None)
        dotes.append(FondsDote(fonds, {a: x for a, x in exercices.items() if x}, dernier))
    return dotes


def mouvements_de_dotation(fonds: Fonds) -> list[Mouvement]:
    """All that was given to the fund, the last first. One query."""
    return list(
        Mouvement.objects.filter(enveloppe__fonds=fonds, genre=Genre.DOTATION)
        .select_related("enveloppe")
        .order_by("-pk")
    )


def _ecarts(fonds: Fonds, racine: Enveloppe, dotation: Dotation) -> dict[int | None, Decimal]:
    """What is missing of each exercise (negative: what is too much). One query."""
    sommes = Mouvement.objects.filter(enveloppe=racine, genre=Genre.DOTATION).sommes("annee")
    deja = {annee: s.alloue for annee, s in sommes.items()}
    if not dotation.annees:
        datees = sum((x for annee, x in deja.items() if annee is not None), ZERO)
        return {None: dotation.montant - ((fonds.montant or ZERO) - datees)}
    parts = partager(dotation.montant, {str(a): Decimal(1) for a in dotation.annees})
    return {a: parts[str(a)] - deja.get(a, ZERO) for a in dotation.annees}


@transaction.atomic
def doter(fonds: Fonds, dotation: Dotation, *, par: Agent | None) -> list[Mouvement]:
    """Writes what changes, with its act. CreditRefuse when less would be left than was given below.

    The amount typed is no longer replaced by the files of the dispositif.
    """
    dispositif = Dispositif.objects.select_for_update(of=("self",)).get(pk=fonds.dispositif_id)
    fonds = Fonds.objects.select_for_update(of=("self",)).get(pk=fonds.pk)
    if not dotation.piece.acte or not dotation.piece.motif:
        raise CreditRefuse("La dotation d’un fonds se fait par un acte : écrivez sa référence et le motif.")
    if dotation.montant < ZERO:
        raise CreditRefuse("Le montant d’un fonds ne peut pas être négatif.")
    suivre_repartition(dispositif, demarches_dotees(dispositif), par=par)
    racine = racine_de(fonds)
    racine = verrouiller([racine])[racine.pk]
    ecarts = {annee: delta for annee, delta in _ecarts(fonds, racine, dotation).items() if delta}
    if not ecarts:
        raise CreditRefuse("Le fonds a déjà ce montant : il n’y a rien à écrire.")
    avant, net = fonds.montant, sum(ecarts.values(), ZERO)
    fonds.montant, fonds.montant_saisi, fonds.demonstration = (avant or ZERO) + net, True, False
    if not dotation.partager:
        exiger(refus_dotation_du_fonds(fonds.montant, net, soldes_propres(racine), fonds.libelle))
    fonds.save(update_fields=["montant", "montant_saisi", "demonstration"])
    ecritures = [
        Ecriture(racine, Stade.ALLOUE, Genre.DOTATION, delta, annee, piece=dotation.piece)
        for annee, delta in ecarts.items()
    ]
    consigner(
        "doter_fonds", sur=racine, par=par, motif=dotation.piece.motif, libelle=f"Montant de « {fonds} »",
        avant={"montant": avant},
        apres={
            "montant": fonds.montant, "acte": dotation.piece.acte,
            "exercices": {str(annee or "sans exercice"): f"{delta:.2f}" for annee, delta in ecarts.items()},
        },
    )  # fmt: skip
    return _ecrire(dispositif, racine, ecritures, dotation, par)


def _ecrire(
    dispositif: Dispositif, racine: Enveloppe, ecritures: Sequence[Ecriture], dotation: Dotation,
    par: Agent | None,
) -> list[Mouvement]:  # fmt: skip
    if not dotation.partager:
        return inscrire(ecritures, par=par)
    dernier = Mouvement.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    try:
        recalculer_enveloppes(dispositif, par, ecritures=ecritures)
    except ArbitrageRefuse as refus:
        raise CreditRefuse(str(refus)) from None
    return list(Mouvement.objects.filter(enveloppe=racine, genre=Genre.DOTATION, pk__gt=dernier))
