"""The funds that pay the lines of a territory: which ones, how much each has there, which pays what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from arpent.metier.argent import ZERO
from arpent.metier.plan_financement import Caisse
from arpent.metier.repartition import FondsOuvert, Imputation, Raison, imputer, principal
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.reglements.models import Dispositif, Fonds

from .enveloppes import fonds_ordinaires, montant_des, parts_de
from .models import PartEnveloppe


@dataclass(frozen=True, slots=True)
class Ouverts:
    """The funds that pay the lines of a démarche, in their order: those shared out to it, and the main one.

    The reserve is never one of them.
    """

    fonds: tuple[FondsOuvert, ...] = ()
    modeles: Mapping[str, Fonds] = field(default_factory=dict)
    """By code."""
    montant: Decimal | None = None
    """All that was shared out to the démarche; None: nothing yet."""

    @property
    def plusieurs(self) -> bool:
        return len(self.fonds) > 1

    @property
    def principal(self) -> Fonds | None:
        ouvert = principal(self.fonds)
        return self.modeles[ouvert.code] if ouvert else None

    @property
    def caisses(self) -> tuple[Caisse, ...]:
        return tuple(Caisse(f.code, f.libelle, f.montant) for f in self.fonds)

    def imputer(self, theme: str | None, choisi: str = "") -> Imputation | None:
        """`theme`: code; `choisi`: code of the fund chosen for the line, empty for none."""
        return imputer(self.fonds, theme or "", choisi)

    def code_de(self, theme: str | None, choisi: str = "") -> str:
        """Code of the fund that pays; empty without any fund."""
        imputation = self.imputer(theme, choisi)
        return imputation.fonds.code if imputation else ""


def ouverts_parmi(parts: Sequence[PartEnveloppe], dispositif: Dispositif) -> Ouverts:
    """From the parts of a démarche, their funds read. No query when one of them pays any theme, else one."""
    sommes: dict[str, Decimal] = {}
    for part in parts:
        sommes[part.fonds.code] = sommes.get(part.fonds.code, ZERO) + part.montant
    retenus = list(dict.fromkeys(part.fonds for part in parts))
    if all(f.themes for f in retenus):
        ordinaires = fonds_ordinaires(dispositif)
        premier = next((f for f in ordinaires if not f.themes), None)
        retenus = [f for f in ordinaires if f in retenus or f == premier]
    return Ouverts(
        tuple(FondsOuvert(f.code, f.libelle, sommes.get(f.code), frozenset(f.themes)) for f in retenus),
        {f.code: f for f in retenus},
        montant_des(parts),
    )


def ouverts_de(demarche: Demarche, dispositif: Dispositif | None = None) -> Ouverts:
    """Those of a démarche, read."""
    return ouverts_parmi(parts_de(demarche), dispositif or demarche.processus.dispositif)


def dire_raison(imputation: Imputation | None, par: str = "") -> str:
    """« choisi par Anne Roux », « selon le thème », in the words of a page."""
    if imputation is None:
        return ""
    dit = {
        Raison.CHOIX: f"choisi par {par}" if par else "choisi",
        Raison.THEME: "selon le thème",
        Raison.PRINCIPAL: "fonds principal",
    }[imputation.raison]
    return f"{dit}, le fonds choisi n’a plus de crédit ici" if imputation.abandonne else dit
