"""Forms of the news and of the mails."""

from __future__ import annotations

from typing import Any

from django import forms

from arpent.plateforme.notifications.models import ModeleCourriel, Rythme
from arpent.plateforme.notifications.rubriques import RUBRIQUES, Choix, Frequence
from arpent.plateforme.notifications.textes import TexteRefuse, verifier
from arpent.plateforme.socle.versions import VersionFormMixin

HEURES = [(h, f"{h} h") for h in range(6, 21)]


class ReglagesForm(forms.Form):
    """One frequency per topic, the hour of the digests, the day of the weekly one."""

    heure = forms.TypedChoiceField(
        label="Heure de mes résumés", choices=HEURES, coerce=int,
        help_text="Du lundi au vendredi. Un résumé vide n’est pas envoyé.",
    )  # fmt: skip
    jour = forms.TypedChoiceField(
        label="Jour du résumé de la semaine", choices=Rythme.Jour.choices, coerce=int
    )

    def __init__(self, *args: Any, choix: Choix, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, rubrique in RUBRIQUES.items():
            self.fields[f"f_{code}"] = forms.ChoiceField(
                label=rubrique.libelle,
                help_text=rubrique.detail[:1].upper() + rubrique.detail[1:] + ".",
                choices=Frequence.choices,
                initial=choix[code].value,
            )

    def frequences(self) -> dict[str, str]:
        """Topic → code of its frequency, once valid."""
        return {code: self.cleaned_data[f"f_{code}"] for code in RUBRIQUES}


class ModeleCourrielForm(VersionFormMixin, forms.ModelForm[ModeleCourriel]):
    """The subject and the body of a mail; a field that does not exist is refused."""

    class Meta:
        model = ModeleCourriel
        fields = ("sujet", "corps")
        labels = {"sujet": "Objet", "corps": "Texte"}
        widgets = {"corps": forms.Textarea(attrs={"rows": 10})}

    def __init__(self, *args: Any, code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.code = code

    def clean(self) -> dict[str, Any]:
        lus: dict[str, Any] = super().clean() or {}
        if "sujet" in lus and "corps" in lus:
            try:
                verifier(self.code, lus["sujet"], lus["corps"])
            except TexteRefuse as refus:
                self.add_error("corps", str(refus))
        return lus
