"""Fields that several models of the plan share."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models

POSITIF = MinValueValidator(Decimal("0"), "Le montant ne peut pas être négatif.")


def champ_montant(libelle: str) -> models.DecimalField[Decimal, Decimal]:
    """Euros to the cent, never negative, up to ten billions."""
    return models.DecimalField(
        libelle, max_digits=12, decimal_places=2, validators=[POSITIF], default=Decimal("0")
    )


def champ_montant_facultatif(libelle: str) -> models.DecimalField[Decimal | None, Decimal | None]:
    """The same, None when nobody gave it."""
    return models.DecimalField(
        libelle, max_digits=12, decimal_places=2, validators=[POSITIF], null=True, blank=True
    )
