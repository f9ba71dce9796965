"""The form of one parameter: three values, their source, its date."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from arpent.metier.flux_revenus import Parametre
from arpent.plateforme.socle.versions import VersionFormMixin

from ..models import ParametreFlux

PART = "part de 0 à 1"


def _nombre(libelle: str, aide: str = "", requis: bool = False) -> forms.DecimalField:
    return forms.DecimalField(
        label=libelle,
        required=requis,
        min_value=0,
        max_digits=14,
        decimal_places=4,
        localize=True,
        help_text=aide,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )


class ParametreForm(VersionFormMixin, forms.ModelForm[ParametreFlux]):
    """`version_lue` is 0 for a parameter that still has its default value."""

    bas = _nombre("Valeur basse", "Vide : la même que la valeur centrale.")
    valeur = _nombre("Valeur centrale", requis=True)
    haut = _nombre("Valeur haute", "Vide : la même que la valeur centrale.")

    class Meta:
        model = ParametreFlux
        fields = ("bas", "valeur", "haut", "source", "depuis")
        labels = {"source": "Source", "depuis": "Date de la source"}
        help_texts = {"source": "D’où vient ce chiffre : organisme, étude, page. Elle est obligatoire."}
        widgets = {"depuis": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, parametre: Parametre, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parametre = parametre
        if self.instance.pk is None:
            self.fields["version_lue"].initial = 0

    def clean(self) -> dict[str, Any] | None:
        propre = super().clean() or {}
        bas, valeur, haut = (propre.get(nom) for nom in ("bas", "valeur", "haut"))
        if valeur is None:
            return propre
        if bas is not None and bas > valeur:
            self.add_error("bas", "La valeur basse dépasse la valeur centrale : échangez-les.")
        if haut is not None and haut < valeur:
            self.add_error("haut", "La valeur haute est sous la valeur centrale : échangez-les.")
        if self.parametre.unite == PART:
            for nom, x in (("bas", bas), ("valeur", valeur), ("haut", haut)):
                if isinstance(x, Decimal) and x > 1:
                    self.add_error(nom, "Une part va de 0 à 1 : écrivez 0,25 pour 25 %.")
        return propre
