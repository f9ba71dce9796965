"""Forms of the contract and of its parties."""

from __future__ import annotations

from typing import ClassVar

from django import forms

from arpent.plateforme.socle.versions import VersionFormMixin

from .models import Contrat, Partie


class _Date(forms.DateInput):
    """The browser's own date field; it reads ISO dates only."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ContratForm(VersionFormMixin, forms.ModelForm[Contrat]):
    class Meta:
        model = Contrat
        fields: ClassVar[list[str]] = ["reference", "date_effet", "preambule"]
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "date_effet": _Date(),
            "preambule": forms.Textarea(attrs={"rows": 10}),
        }
        help_texts: ClassVar[dict[str, str]] = {
            "reference": "Le numéro que votre collectivité donne au contrat.",
            "date_effet": "Le premier jour du contrat ; sa fin s’en déduit.",
            "preambule": "Laissez vide pour garder le préambule du modèle. Séparez les paragraphes par une "
            "ligne vide.",
        }


class PartieForm(VersionFormMixin, forms.ModelForm[Partie]):
    class Meta:
        model = Partie
        fields: ClassVar[list[str]] = ["signataire", "qualite", "deliberation_numero", "deliberation_le"]
        widgets: ClassVar[dict[str, forms.Widget]] = {"deliberation_le": _Date()}
        help_texts: ClassVar[dict[str, str]] = {
            "signataire": "Civilité, prénom et nom, par exemple « Mme Jeanne Martin ».",
            "qualite": "Par exemple « présidente » ou « maire ».",
            "deliberation_numero": "Numéro de l’acte qui approuve le contrat et autorise sa signature.",
            "deliberation_le": "Date à laquelle l’assemblée l’a adopté.",
        }

    def clean(self) -> dict[str, object]:
        lu = super().clean() or {}
        if bool(lu.get("deliberation_numero")) != bool(lu.get("deliberation_le")) and not self.errors:
            absent = "deliberation_le" if lu.get("deliberation_numero") else "deliberation_numero"
            self.add_error(absent, "Donnez à la fois le numéro et la date de la délibération.")
        return lu
