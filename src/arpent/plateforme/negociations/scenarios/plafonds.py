"""What the règlement in force says of the candidates together, read for the optimiser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from arpent.metier.reglement import AideAnterieure
from arpent.metier.scenarios.optimisation import Candidat
from arpent.metier.scenarios.optimisation.probleme import Contrainte
from arpent.metier.scenarios.plafonds import ProjetLu, contraintes_du_reglement
from arpent.plateforme.plans.lot import FicheLue, Lot
from arpent.plateforme.plans.preinstruction import projet_de, reglement_du_lot

from ..models import PartEnveloppe


@dataclass(frozen=True, slots=True)
class LotLu:
    """The fiches of one démarche as the règlement reads them, and what was shared out to it."""

    lot: Lot
    parts: Sequence[PartEnveloppe]


def _anterieures(lot: Lot, fiche: FicheLue, candidats: Mapping[str, Candidat]) -> tuple[AideAnterieure, ...]:
    """The aids the owner already has, those of the candidates left out: they are what is being chosen."""
    cle = (fiche.maitre_ouvrage_id, fiche.dispositif_id or 0)
    engagees = (e for e in lot.engagees.get(cle, ()) if str(e.pk) not in candidats)
    return (
        *lot.aides.get(cle, ()),
        *(replace(e.aide, annee=e.annee or lot.le.year) for e in engagees),
    )


def contraintes_reglementaires(
    lots: Sequence[LotLu], candidats: Sequence[Candidat], enveloppe: Decimal | None
) -> tuple[Contrainte, ...]:
    """Ceilings and numbers by owner and period, reserved shares; none without a règlement. No query, unless
    a rule reads the classes. `enveloppe`: the amount that replaces the main fund, when somebody typed one.
    """
    par_id = {c.identifiant: c for c in candidats}
    lus: list[ProjetLu] = []
    reglement = None
    enveloppes: dict[str, Decimal] = {}
    for lu in lots:
        reglement = reglement or reglement_du_lot(lu.lot)
        for rang, part in enumerate(lu.parts):
            code = part.fonds.code
            if enveloppe is None or part.fonds_id != lu.parts[0].fonds_id:
                enveloppes[code] = enveloppes.get(code, Decimal(0)) + part.montant
            elif rang == 0:
                enveloppes[code] = enveloppe
        for fiche in lu.lot.fiches:
            candidat = par_id.get(str(fiche.pk))
            if candidat is None:
                continue
            projet = projet_de(lu.lot, fiche)
            anterieures = _anterieures(lu.lot, fiche, par_id)
            lus.append(ProjetLu(candidat, projet, str(fiche.maitre_ouvrage_id), anterieures))
    return contraintes_du_reglement(reglement, lus, enveloppes) if reglement else ()
