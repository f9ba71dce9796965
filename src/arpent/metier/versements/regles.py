"""What a règlement says of payments: rates, minimum, evidence. A value not published stays None."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from arpent.metier.argent import arrondir
from arpent.metier.plan_financement import Seuil


class GenreVersement(StrEnum):
    """What is asked for."""

    AVANCE = "avance"
    ACOMPTE = "acompte"
    SOLDE = "solde"


LIBELLES_GENRE: dict[StrEnum, str] = {
    GenreVersement.AVANCE: "Avance",
    GenreVersement.ACOMPTE: "Acompte",
    GenreVersement.SOLDE: "Solde",
}
SOLDE_MOIS = 3
"""Months from the end of the works to the planned balance, when it is not entered (working value)."""
_CLES = frozenset({
    "avance_taux", "acomptes_taux", "acompte_minimum", "acomptes_nombre", "solde_mois", "pieces", "source",
    "demonstration",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReglesVersement:
    """Rates from 0 to 1 of the aid, `acompte_minimum` in euros. None: not entered; 0: there is none."""

    avance_taux: Decimal | None = None
    acomptes_taux: Decimal | None = None
    acompte_minimum: Decimal | None = None
    acomptes_nombre: int | None = None
    solde_mois: int | None = None
    pieces: Mapping[GenreVersement, tuple[str, ...]] = field(default_factory=dict)
    source: str = ""
    demonstration: bool = False

    @property
    def saisies(self) -> bool:
        """Whether one of the rates that bound a payment is known."""
        return self.avance_taux is not None or self.acomptes_taux is not None

    def pieces_de(self, genre: str) -> tuple[str, ...]:
        return self.pieces.get(GenreVersement(genre), ())


def exemple_detr(avance: Seuil | None, acomptes: Seuil | None) -> ReglesVersement:
    """The rules of the DETR, as a sourced example; `avance` and `acomptes`: its legal parameters that day."""
    source = next((s.article for s in (avance, acomptes) if s is not None), "")
    return ReglesVersement(
        avance_taux=avance.valeur if avance else None,
        acomptes_taux=acomptes.valeur if acomptes else None,
        source=source,
    )


def lire_regles(bloc: Any) -> ReglesVersement:
    """The key `versements` of a dispositif; all empty without it. ValueError (French) names what is wrong."""
    if bloc is None:
        return ReglesVersement()
    if not isinstance(bloc, Mapping):
        raise ValueError("« versements » : écrivez des clés avance_taux, acomptes_taux, pieces…")
    if inconnues := sorted(set(bloc) - _CLES):
        raise ValueError(f"« versements » : clé « {inconnues[0]} » inconnue.")
    avance, acomptes = _taux(bloc, "avance_taux"), _taux(bloc, "acomptes_taux")
    if avance is not None and acomptes is not None and avance > acomptes:
        raise ValueError(
            "« versements » : avance_taux dépasse acomptes_taux, qui compte l’avance et les acomptes."
        )
    return ReglesVersement(
        avance_taux=avance,
        acomptes_taux=acomptes,
        acompte_minimum=_euros(bloc, "acompte_minimum"),
        acomptes_nombre=_entier(bloc, "acomptes_nombre"),
        solde_mois=_entier(bloc, "solde_mois"),
        pieces=_pieces(bloc.get("pieces")),
        source=str(bloc.get("source") or ""),
        demonstration=bool(bloc.get("demonstration")),
    )


def _decimal(bloc: Mapping[str, Any], cle: str) -> Decimal | None:
    if bloc.get(cle) is None:
        return None
    try:
        lu = Decimal(str(bloc[cle]))
    except InvalidOperation:
        raise ValueError(f"« versements », {cle} : « {bloc[cle]} » n’est pas un nombre.") from None
    if not lu.is_finite():
        raise ValueError(f"« versements », {cle} : « {bloc[cle]} » n’est pas un nombre.")
    return lu


def _taux(bloc: Mapping[str, Any], cle: str) -> Decimal | None:
    lu = _decimal(bloc, cle)
    if lu is not None and not 0 <= lu <= 1:
        raise ValueError(f"« versements », {cle} : écrivez un taux de 0 à 1, par exemple 0.30.")
    return lu


def _euros(bloc: Mapping[str, Any], cle: str) -> Decimal | None:
    lu = _decimal(bloc, cle)
    if lu is not None and (lu < 0 or lu != arrondir(lu)):
        raise ValueError(f"« versements », {cle} : écrivez un montant positif, au centime.")
    return None if lu is None else arrondir(lu)


def _entier(bloc: Mapping[str, Any], cle: str) -> int | None:
    lu = bloc.get(cle)
    if lu is not None and (not isinstance(lu, int) or isinstance(lu, bool) or lu < 0):
        raise ValueError(f"« versements », {cle} : écrivez un nombre entier, 0 ou plus.")
    return lu


def _pieces(bloc: Any) -> dict[GenreVersement, tuple[str, ...]]:
    if bloc is None:
        return {}
    if not isinstance(bloc, Mapping):
        raise ValueError("« versements », pieces : écrivez une liste pour avance, acompte, solde.")
    lues: dict[GenreVersement, tuple[str, ...]] = {}
    for cle, liste in bloc.items():
        if cle not in set(GenreVersement):
            raise ValueError(f"« versements », pieces : « {cle} » n’est ni avance, ni acompte, ni solde.")
        if not isinstance(liste, list) or not all(isinstance(x, str) and x.strip() for x in liste):
            raise ValueError(f"« versements », pieces, {cle} : écrivez une liste de libellés.")
        lues[GenreVersement(cle)] = tuple(x.strip() for x in liste)
    return lues
