"""The funds of the territories as ceilings of the optimiser: each pays its own lines, and no others."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from arpent.metier.argent import ZERO
from arpent.metier.scenarios.optimisation import Plafond, Portee
from arpent.plateforme.demarches.models import Demarche

from ..imputations import Ouverts
from ..passerelle import LigneArbitrage


@dataclass(slots=True)
class _Caisse:
    libelle: str
    montant: Decimal = ZERO
    identifiants: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Caisses:
    """Ceilings by fund and territory, where a territory has several funds.

    `locales` False: by fund, over all the territories together. An amount typed for the whole envelope frees
    the main fund, which takes what is added to it; the other funds keep their own amount.
    """

    locales: bool
    plusieurs: bool
    """Several territories: the ceiling says which one it is."""
    _caisses: dict[tuple[str, int], _Caisse] = field(default_factory=dict)

    def ajouter(
        self, demarche: Demarche, ouverts: Ouverts, lignes: Sequence[LigneArbitrage], *, saisie: bool
    ) -> None:
        """The funds of one territory and the lines each pays; `saisie`: its envelope was typed."""
        if not ouverts.plusieurs:
            return
        principal = ouverts.principal
        for fonds in ouverts.fonds:
            if saisie and principal is not None and fonds.code == principal.code:
                continue
            ou = f" de {demarche.territoire.nom}" if self.plusieurs and self.locales else ""
            cle = (fonds.code, demarche.pk if self.locales else 0)
            caisse = self._caisses.setdefault(cle, _Caisse(f"{fonds.libelle}{ou}"))
            caisse.montant += fonds.montant or ZERO
            caisse.identifiants |= {str(x.fiche.pk) for x in lignes if x.ligne.fonds == fonds.code}

    def contraintes(self, candidats: Collection[str]) -> Iterator[Plafond]:
        """One for each fund that pays a candidate."""
        for (code, ou), caisse in self._caisses.items():
            if siens := caisse.identifiants.intersection(candidats):
                yield Plafond(
                    f"fonds-{code}-{ou}", caisse.libelle, caisse.montant,
                    Portee(identifiants=frozenset(siens)),
                )  # fmt: skip
