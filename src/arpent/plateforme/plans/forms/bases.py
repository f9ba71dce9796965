"""Fields that read what people type: amounts, days."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from arpent.metier.argent import MontantIllisible, formater_nombre, lire_montant

MONTANT_MAX = Decimal("9999999999.99")
JOURS = ["%Y-%m-%d", "%d/%m/%Y"]


class MontantField(forms.CharField):
    """Euros typed as « 12 345,67 € »; the value is a Decimal to the cent, None when nothing is typed."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        texte = super().to_python(value)
        if texte is None or texte in self.empty_values:
            return None
        try:
            montant = lire_montant(texte)
        except MontantIllisible as erreur:
            raise ValidationError(str(erreur)) from None
        if montant > MONTANT_MAX:
            raise ValidationError("Le montant dépasse 10 milliards d’euros : vérifiez l’unité.")
        return montant

    def prepare_value(self, value: Any) -> Any:
        return formater_nombre(value, 2) if isinstance(value, Decimal) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(initial != self.to_python(data))
        except ValidationError:
            return True


class JourField(forms.DateField):
    """A day: the browser's picker, or typed as 31/12/2026."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        kwargs.setdefault("input_formats", JOURS)
        super().__init__(**kwargs)
