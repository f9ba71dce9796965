"""From a total to reach to an amount for each funder, then to rows: who is raised or lowered first, to the
cent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from arpent.metier.argent import ZERO, partager
from arpent.metier.plan_financement.contraintes import en_centimes, en_euros
from arpent.metier.plan_financement.financeurs import Financeur, StatutFinancement
from arpent.metier.plan_financement.plan import Financement, Plan

Bornes = Mapping[Financeur, tuple[int, int]]
"""Least and most cents of each funder."""


def repartir(
    total: int, bornes: Bornes, depart: Mapping[Financeur, int], ordre: Sequence[Financeur]
) -> dict[Financeur, int]:
    """Amounts that add up to `total` within `bornes`, starting from `depart`. The caller checked that some
    exist.

    Raised first: the funders of `ordre`, one after the other, each up to its bound; then the others in
    proportion of what they are asked; then those asked nothing, in the order of the enumeration. Lowered
    first: in proportion of what they are asked, the funders out of `ordre`; then those of `ordre`, the last
    one first.
    """
    x = {f: min(max(depart[f], bas), haut) for f, (bas, haut) in bornes.items()}
    manque = total - sum(x.values())
    rangs = [f for f in ordre if f in x]
    libres = [f for f in x if f not in rangs]
    if manque > 0:
        for financeur in rangs:
            manque = _ajouter(x, financeur, min(manque, bornes[financeur][1] - x[financeur]), manque)
        manque = _relever(x, manque, {f: bornes[f] for f in libres})
        for financeur in libres:
            manque = _ajouter(x, financeur, min(manque, bornes[financeur][1] - x[financeur]), manque)
    elif manque < 0:
        marges = {f: x[f] - bornes[f][0] for f in libres}
        baisse = min(-manque, sum(marges.values()))
        for financeur, part in _parts(baisse, marges).items():
            x[financeur] -= part
        manque += baisse
        for financeur in reversed(rangs):
            manque = _ajouter(x, financeur, -min(-manque, x[financeur] - bornes[financeur][0]), manque)
    return x


def _ajouter(x: dict[Financeur, int], financeur: Financeur, combien: int, manque: int) -> int:
    x[financeur] += combien
    return manque - combien


def _parts(montant: int, poids: Mapping[Financeur, int]) -> dict[Financeur, int]:
    """`montant` shared in proportion of `poids`; nothing to share when either is null."""
    if montant == 0:
        return {}
    parts = partager(en_euros(montant), {f.value: Decimal(p) for f, p in poids.items()})
    return {Financeur(f): en_centimes(part) for f, part in parts.items()}


def _relever(x: dict[Financeur, int], manque: int, bornes: Bornes) -> int:
    """Raise in proportion of what is asked above the least; who reaches its bound leaves the share to the
    others.
    """
    demandes = {f: x[f] - bas for f, (bas, _) in bornes.items() if x[f] > bas}
    while manque > 0 and (ouverts := {f: d for f, d in demandes.items() if x[f] < bornes[f][1]}):
        parts = _parts(manque, ouverts)
        combles = {f: bornes[f][1] - x[f] for f, part in parts.items() if part >= bornes[f][1] - x[f]}
        # Those who would pass their bound stop there first; what they cannot take is shared again.
        for financeur, part in (combles or parts).items():
            manque = _ajouter(x, financeur, part, manque)
    return manque


def appliquer(plan: Plan, montants: Mapping[Financeur, Decimal], part: Decimal) -> Plan:
    """The plan with these totals by public funder, and an owner's share of `part`.

    Granted, private and refused rows stay as they are. The asked rows of a funder share its new amount in
    proportion of the former ones; a funder without such a row gains one, *envisagé*. The owner's granted
    share stays too.
    """
    totaux = {**montants, Financeur.AUTOFINANCEMENT: part}
    lignes = list(plan.financements)
    for financeur, total in totaux.items():
        siennes = [n for n, f in enumerate(lignes) if f.financeur is financeur and f.est_compte]
        acquis = sum(
            (lignes[n].montant for n in siennes if lignes[n].statut is StatutFinancement.ACQUIS), ZERO
        )
        libres = [n for n in siennes if lignes[n].statut is not StatutFinancement.ACQUIS]
        reste = total - acquis
        if not libres:
            if reste:
                lignes.append(Financement(financeur, "", reste, StatutFinancement.ENVISAGE))
            continue
        poids = {str(n).zfill(6): lignes[n].montant for n in libres}
        if not any(poids.values()):
            poids[str(libres[0]).zfill(6)] = Decimal(1)
        for cle, montant in partager(reste, poids).items():
            lignes[int(cle)] = replace(lignes[int(cle)], montant=montant)
    return Plan(plan.cout, tuple(lignes))
