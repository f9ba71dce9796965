"""The form of one line of the law: its value in the unit of the parameter, its dates, its source."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from arpent.metier.argent import formater_nombre
from arpent.metier.reglement import ParametreDate, Unite
from arpent.plateforme.socle.versions import VersionFormMixin

from .models import ParametreLegal

if TYPE_CHECKING:
    ParametreModelForm = forms.ModelForm[ParametreLegal]
else:  # Django's own class takes no parameter at run time
    ParametreModelForm = forms.ModelForm

AIDES = {
    Unite.TAUX: "En %, par exemple 20 ou 16,404. Laissez vide si la valeur reste à saisir.",
    Unite.MOIS: "Un nombre entier de mois. Laissez vide si la valeur reste à saisir.",
    Unite.JOURS: "Un nombre entier de jours. Laissez vide si la valeur reste à saisir.",
    Unite.JOURS_FRANCS: (
        "Un nombre entier de jours francs : ni le jour de l’envoi ni celui de la séance ne comptent. Laissez "
        "vide si la valeur reste à saisir."
    ),
    Unite.HABITANTS: "Un nombre entier d’habitants. Laissez vide si la valeur reste à saisir.",
    Unite.EUROS: "Un montant entier en euros. Laissez vide si la valeur reste à saisir.",
    Unite.OUI_NON: "Laissez « à saisir » tant que la lecture du texte n’est pas arrêtée.",
}
ENTIERS = {
    Unite.MOIS: ("de mois", 120),
    Unite.JOURS: ("de jours", 365),
    Unite.JOURS_FRANCS: ("de jours", 365),
    Unite.HABITANTS: ("d’habitants", 900_000),
    Unite.EUROS: ("d’euros", 900_000),
}
"""Whole numbers: what is counted, and the largest one (the column holds six digits)."""
CHOIX_OUI_NON = [("", "à saisir"), ("1", "oui"), ("0", "non")]


class ValeurField(forms.CharField):
    """The value as people write it; a Decimal, a rate from 0 to 1, or None when nothing is typed."""

    def __init__(self, unite: Unite, **kwargs: Any) -> None:
        widget: forms.Widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        if unite is Unite.OUI_NON:
            widget = forms.Select(choices=CHOIX_OUI_NON)
        super().__init__(required=False, label="Valeur", help_text=AIDES[unite], widget=widget, **kwargs)
        self.unite = unite

    def to_python(self, value: Any) -> Any:
        texte = (super().to_python(value) or "").replace(",", ".").replace("%", "")
        texte = "".join(texte.split())
        if not texte:
            return None
        try:
            nombre = Decimal(texte)
        except InvalidOperation:
            raise ValidationError(f"« {value} » n’est pas un nombre.") from None
        match self.unite:
            case Unite.TAUX:
                if not nombre.is_finite() or not 0 <= nombre <= 100 or nombre != round(nombre, 4):
                    raise ValidationError("Un taux va de 0 à 100 %, avec quatre décimales au plus.")
                return nombre / 100
            case Unite.MOIS | Unite.JOURS | Unite.JOURS_FRANCS | Unite.HABITANTS | Unite.EUROS:
                nom, maximum = ENTIERS[self.unite]
                if nombre not in range(maximum + 1):
                    raise ValidationError(
                        f"Écrivez un nombre entier {nom}, de 0 à {formater_nombre(maximum)}."
                    )
            case Unite.OUI_NON:
                if nombre not in (0, 1):
                    raise ValidationError("Répondez par oui ou par non.")
        return nombre

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        if self.unite is Unite.TAUX:
            return formater_nombre(value * 100, 4).rstrip("0").rstrip(",")
        return str(int(value))


def _jour(libelle: str, aide: str = "", requis: bool = True) -> forms.DateField:
    return forms.DateField(
        label=libelle, help_text=aide, required=requis, input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )  # fmt: skip


class ParametreLegalForm(VersionFormMixin, ParametreModelForm):
    """`definition` gives the unit. The code is that of the page, never typed."""

    depuis = _jour("Applicable depuis le")
    jusqu_a = _jour("Jusqu’au", "Dernier jour. Laissez vide tant que la ligne s’applique.", requis=False)

    class Meta:
        model = ParametreLegal
        fields = ("depuis", "jusqu_a", "source", "note")
        labels = {"source": "Texte qui fixe la valeur", "note": "Remarque"}
        help_texts = {"source": "L’article, la loi ou le décret : une valeur sans source n’est pas admise."}
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, definition: ParametreDate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valeur"] = ValeurField(definition.unite)
        self.fields["valeur"].initial = self.instance.valeur
        self.order_fields(["version_lue", "valeur", "depuis", "jusqu_a", "source", "note"])

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        depuis, jusqu_a = donnees.get("depuis"), donnees.get("jusqu_a")
        if depuis and jusqu_a and jusqu_a < depuis:
            self.add_error("jusqu_a", "La fin précède le début : corrigez l’une des deux dates.")
        return donnees

    def ligne(self) -> ParametreLegal:
        """The row to keep. The form is valid."""
        ligne = self.save(commit=False)
        ligne.valeur = self.cleaned_data["valeur"]
        return ligne
