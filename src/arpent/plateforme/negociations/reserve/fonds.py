"""The reserve of a dispositif: its data, its fund, its balance as the ledger tells it."""

from __future__ import annotations

from arpent.metier.argent import ZERO
from arpent.metier.repartition.reserve import Reserve, SoldeReserve, lire_reserve
from arpent.metier.repartition.soldes import somme
from arpent.plateforme.reglements.models import Dispositif, Fonds

from ..credits.noeuds import racine_de
from ..credits.registre import CreditRefuse
from ..models import Enveloppe, Genre, Mouvement


def reserve_de(dispositif: Dispositif) -> Reserve | None:
    """What the dispositif says of its reserve; None when it has none. No query."""
    return lire_reserve(dispositif.parametres.get("reserve"))


def fonds_de(dispositif: Dispositif, reserve: Reserve | None) -> Fonds | None:
    """The fund of the reserve. One query."""
    if reserve is None:
        return None
    return dispositif.fonds.filter(code=reserve.fonds).first()


def racine_connue(fonds: Fonds) -> Enveloppe | None:
    """The node of the fund, if the ledger has it. One query."""
    return Enveloppe.objects.filter(fonds=fonds, parent__isnull=True).first()


def racine_exigee(dispositif: Dispositif) -> Enveloppe:
    """The node of the reserve, made if need be. CreditRefuse when the dispositif has no reserve."""
    fonds = fonds_de(dispositif, reserve_de(dispositif))
    if fonds is None:
        raise CreditRefuse("Ce dispositif n’a pas de fonds de réserve : l’autorité doit le décrire.")
    return racine_connue(fonds) or racine_de(fonds)


def solde_de(fonds: Fonds | None) -> SoldeReserve | None:
    """The balance: sums of movements and nothing else. None: no fund, or no amount yet. One query."""
    if fonds is None:
        return None
    sommes = Mouvement.objects.filter(enveloppe__fonds=fonds).sommes("enveloppe__parent", "genre")
    if not sommes:
        return None
    racine = somme(s for (parent, _), s in sommes.items() if parent is None)
    territoires = somme(s for (parent, _), s in sommes.items() if parent is not None)
    libere = next(
        (-s.alloue for (parent, genre), s in sommes.items() if parent is None and genre == Genre.LIBERATION),
        ZERO,
    )
    return SoldeReserve.depuis(racine, territoires, libere)
