"""What the maquette promises on each envelope, handed to the rules that look at envelopes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from django.db.models import Q

from arpent.metier.argent import ZERO
from arpent.metier.reglement import Enveloppe, Famille, Reglement
from arpent.metier.reglement.conditions import Condition
from arpent.metier.reglement.regles.quota_enveloppe import QuotaEnveloppe
from arpent.metier.repartition.soldes import Soldes
from arpent.plateforme.plans.lot import FicheLue, Lot, lire_lot
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
    payes, choisis = _promis(scenario, ouverts)
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
    payeurs = {f.pk: ouverts.code_de(f.theme, choisis.get(f.pk, "")) for f in lot.fiches if f.pk is not None}
    return replace(
        lot, enveloppes={scenario.demarche_id: enveloppes}, promis=promis, payeurs={**lot.payeurs, **payeurs}
    )


def _promis(scenario: Scenario, ouverts: Ouverts) -> tuple[dict[int, tuple[str, Decimal]], dict[int, str]]:
    """By fiche, the aids that count with the code of the fund that pays; the funds chosen. One query."""
    donnees = Q(decision=Proposition.Decision.RETENUE, montant__gt=0)
    lues = (
        Proposition.objects.filter(donnees | Q(fonds__isnull=False), scenario_id=scenario.pk or 0)
        .order_by()
        .values_list("fiche_id", "decision", "montant", "fiche__theme__code", "fonds__code")
    )
    payes, choisis = {}, {}
    for pk, decision, montant, theme, choisi in lues:
        if choisi:
            choisis[pk] = choisi
        if decision == Proposition.Decision.RETENUE and montant > 0:
            payes[pk] = (ouverts.code_de(theme, choisi or ""), montant)
    return payes, choisis


def _tranches(noeuds: Sequence[Noeud]) -> int | None:
    """How many yearly lines are open; None when the territory has none."""
    annuelles = [n for n in noeuds if n.annee is not None]
    return sum(n.ouverte for n in annuelles) if annuelles else None


def _conditions(reglement: Reglement) -> dict[str, list[Condition]]:
    """What is priority, by code of the envelope that keeps a share for it."""
    conditions: dict[str, list[Condition]] = {}
    for r in reglement.regles:
        if isinstance(r, QuotaEnveloppe):
            conditions.setdefault(r.enveloppe, []).append(r.prioritaires)
    return conditions


def _est_prioritaire(lot: Lot, fiche: FicheLue, conditions: Sequence[Condition]) -> bool:
    """Surely so; without a condition nothing is."""
    if not conditions:
        return False
    projet = projet_de(lot, fiche)
    return all(condition.juger(projet)[0] for condition in conditions)


def _prioritaires(
    lot: Lot, reglement: Reglement, payes: Mapping[int, tuple[str, Decimal]], en_lice: FicheQuerySet
) -> frozenset[int]:
    """The fiches with an aid that surely meet the priority of the envelope that pays them."""
    conditions = _conditions(reglement)
    concernees = {pk for pk, (code, _) in payes.items() if code in conditions}
    manquantes = concernees - {f.pk for f in lot.fiches}
    if manquantes and en_lice.filter(pk__in=manquantes).exists():
        lot = lire_lot(en_lice, lot.le)
    return frozenset(
        f.pk
        for f in lot.fiches
        if f.pk is not None and f.pk in concernees and _est_prioritaire(lot, f, conditions[payes[f.pk][0]])
    )


def avec_les_autres(lot: Lot, scenario: Scenario, en_lice: FicheQuerySet) -> Lot:
    """All the fiches where a share of an envelope is reserved, so that several uses read them once.

    Else the batch as it is, without a query.
    """
    reglement = reglement_du_lot(lot)
    if reglement is None or not _conditions(reglement):
        return lot
    dote = Noeud.objects.filter(demarche=scenario.demarche_id).exists()
    return lire_lot(en_lice, lot.le) if dote else lot


def payer(lot: Lot, fiche: FicheLue, code: str) -> Lot:
    """The batch where that envelope pays the fiche. No query."""
    if not lot.enveloppes or fiche.pk is None or lot.payeurs.get(fiche.pk) == code:
        return lot
    return replace(lot, payeurs={**lot.payeurs, fiche.pk: code})


def promettre(lot: Lot, fiche: FicheLue, code: str, montant: Decimal) -> Lot:
    """The batch once that fiche is promised `montant` on the envelope `code`, whatever it had. No query."""
    connues, reglement = lot.enveloppes.get(fiche.demarche_id), reglement_du_lot(lot)
    if connues is None or reglement is None or fiche.pk is None:
        return lot
    neuf = (code, montant, _est_prioritaire(lot, fiche, _conditions(reglement).get(code, ())))
    ancien = lot.promis.get(fiche.pk, (code, ZERO, False))

    def bougee(e: Enveloppe) -> Enveloppe:
        for (sur, combien, prioritaire), signe in ((ancien, -1), (neuf, 1)):
            if sur == e.code:
                part = combien if prioritaire else ZERO
                e = replace(
                    e,
                    engagee=e.engagee + signe * combien,
                    engagee_prioritaire=e.engagee_prioritaire + signe * part,
                )
        return e

    enveloppes = {**lot.enveloppes, fiche.demarche_id: tuple(map(bougee, connues))}
    promis = {**lot.promis, fiche.pk: neuf}
    return payer(replace(lot, enveloppes=enveloppes, promis=promis), fiche, code)
