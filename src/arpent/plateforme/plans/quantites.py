"""Quantities of a fiche by unit, as the dispositif names them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from arpent.metier.argent import formater_nombre
from arpent.plateforme.reglements.fiches import ModeleFiche

from .models import Fiche


def nombre_ecrit(valeur: Any) -> Any:
    """A number as it was typed; None when it cannot be read back."""
    try:
        return Decimal(str(valeur))
    except ArithmeticError:
        return None


def quantites_lisibles(fiche: Fiche, modele: ModeleFiche) -> list[str]:
    """« 12 logements », in the order of the dispositif, then what other versions wrote."""
    libelles = {u.code: u.libelle for u in modele.unites}
    codes = [c for c in libelles if c in fiche.quantites]
    codes += [c for c in fiche.quantites if c not in libelles]
    return [f"{_quantite(fiche.quantites[c])} {libelles.get(c, c)}" for c in codes]


def _quantite(valeur: Any) -> str:
    nombre = nombre_ecrit(valeur)
    if nombre is None:
        return str(valeur)
    return formater_nombre(nombre, 0 if nombre == nombre.to_integral_value() else 2)
