"""What the maquette promises on each envelope, handed to the rules that look at envelopes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from arpent.metier.argent import ZERO
from arpent.metier.reglement import Enveloppe, Famille, Reglement
from arpent.metier.reglement.conditions import Condition
from arpent.metier.reglement.regles.quota_enveloppe import QuotaEnveloppe
from arpent.metier.repartition.soldes import Soldes
from arpent.plateforme.plans.lot import Lot, lire_lot
from arpent.plateforme.plans.models import FicheQuerySet
from arpent.plateforme.plans.preinstruction import projet_de, reglement_du_lot

from .imputations import Ouverts
from .models import Enveloppe as Noeud
from .models import Mouvement, Proposition, Scenario


def avec_enveloppes(lot: Lot, scenario: Scenario, en_lice: FicheQuerySet, ouverts: Ouverts) -> Lot:
    """The batch with the envelopes of the territory and what the scenario promises on each.

    No query when no rule of the règlement looks at an envelope; three, plus the reading of all the fiches
    where a share is reserved and only some were read.
    """
    reglement = reglement_du_lot(lot)
    if reglement is None or not any(r.FAMILLE is Famille.ENVELOPPE for r in reglement.regles):
        return lot
    noeuds = list(
        Noeud.objects.filter(demarche=scenario.demarche_id)
        .select_related("fonds")
        .order_by("fonds__ordre", "fonds_id", "pk")
    )
    if not noeuds:
        return lot
    soldes = Mouvement.objects.filter(enveloppe__in=noeuds).sommes("enveloppe__fonds__code")
    payes = _promis(scenario, ouverts)
    montants = {pk: m for pk, (_, m) in payes.items()}
    prioritaires = _prioritaires(lot, reglement, payes, en_lice)
    promis = {pk: (code, m, pk in prioritaires) for pk, (code, m) in payes.items()}
    ordinaires = {f.code for f in ouverts.fonds}

    def promis_sur(code: str, parmi: Iterable[int]) -> Decimal:
        return sum((montants[pk] for pk in parmi if payes[pk][0] == code), ZERO)

    enveloppes = tuple(
        Enveloppe(
            code=fonds.code,
            libelle=fonds.libelle,
            ouverte=soldes.get(fonds.code, Soldes()).alloue,
            engagee=promis_sur(fonds.code, montants)
            if fonds.code in ordinaires
            else soldes.get(fonds.code, Soldes()).engage,
            engagee_prioritaire=promis_sur(fonds.code, prioritaires),
            tranches_ouvertes=_tranches([n for n in noeuds if n.fonds_id == fonds.pk]),
        )
        for fonds in dict.fromkeys(n.fonds for n in noeuds)
    )
    return replace(lot, enveloppes={scenario.demarche_id: enveloppes}, promis=promis)


def _promis(scenario: Scenario, ouverts: Ouverts) -> dict[int, tuple[str, Decimal]]:
    """The aids that count, by fiche, with the code of the fund that pays. One query."""
    retenues = Proposition.objects.filter(
        scenario_id=scenario.pk or 0, decision=Proposition.Decision.RETENUE, montant__gt=0
    )
    lues = retenues.order_by().values_list("fiche_id", "montant", "fiche__theme__code", "fonds__code")
    return {pk: (ouverts.code_de(theme, choisi or ""), montant) for pk, montant, theme, choisi in lues}


def _tranches(noeuds: Sequence[Noeud]) -> int | None:
    """How many yearly lines are open; None when the territory has none."""
    annuelles = [n for n in noeuds if n.annee is not None]
    return sum(n.ouverte for n in annuelles) if annuelles else None


def _prioritaires(
    lot: Lot, reglement: Reglement, payes: Mapping[int, tuple[str, Decimal]], en_lice: FicheQuerySet
) -> frozenset[int]:
    """The fiches with an aid that surely meet the priority of the envelope that pays them."""
    conditions: dict[str, list[Condition]] = {}
    for r in reglement.regles:
        if isinstance(r, QuotaEnveloppe):
            conditions.setdefault(r.enveloppe, []).append(r.prioritaires)
    concernees = {pk for pk, (code, _) in payes.items() if code in conditions}
    if not concernees:
        return frozenset()
    if not concernees <= {f.pk for f in lot.fiches}:
        lot = lire_lot(en_lice, lot.le)
    trouves: set[int] = set()
    for fiche in lot.fiches:
        if fiche.pk is None or fiche.pk not in concernees:
            continue
        projet = projet_de(lot, fiche)
        if all(condition.juger(projet)[0] for condition in conditions[payes[fiche.pk][0]]):
            trouves.add(fiche.pk)
    return frozenset(trouves)
