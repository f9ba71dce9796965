"""Forms of the AFOM board and of the enjeux."""

from __future__ import annotations

from typing import Any

from django import forms

from arpent.plateforme.observatoire.catalogue import catalogue
from arpent.plateforme.socle.versions import VersionFormMixin

from ..models import ConstatTerritorial, Enjeu


def choix_indicateurs() -> list[Any]:
    """The indicators by family, after the empty choice."""
    table = catalogue()
    familles = [
        (libelle, [(i.code, i.libelle) for i in table.indicateurs.values() if i.famille == code])
        for code, libelle in table.familles.items()
    ]
    return [("", "Aucun : constat de terrain"), *familles]


class ConstatForm(VersionFormMixin, forms.ModelForm[ConstatTerritorial]):
    """A finding. The figure it cites is frozen when saved; `actualiser` reads it again."""

    indicateur = forms.ChoiceField(
        label="Indicateur cité",
        required=False,
        help_text="Sa valeur et son millésime du jour sont gardés avec le constat : ils ne bougeront plus.",
    )
    actualiser = forms.BooleanField(label="Reprendre la valeur d’aujourd’hui de l’indicateur", required=False)

    class Meta:
        model = ConstatTerritorial
        fields = ("nature", "texte", "indicateur", "propose_par")
        widgets = {"texte": forms.Textarea(attrs={"rows": 3, "maxlength": 500})}
        labels = {"nature": "C’est une", "texte": "Constat", "propose_par": "Proposé par"}
        help_texts = {
            "texte": "Une phrase que chacun comprend, élu ou habitant.",
            "propose_par": "Personne, service ou atelier.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["indicateur"].choices = choix_indicateurs()  # type: ignore[attr-defined]
        if not (self.instance.pk and self.instance.indicateur):
            del self.fields["actualiser"]


class EnjeuForm(VersionFormMixin, forms.ModelForm[Enjeu]):
    """What is at stake, its priority, and the findings that show it."""

    class Meta:
        model = Enjeu
        fields = ("libelle", "description", "priorite", "constats")
        labels = {"libelle": "Enjeu", "constats": "Constats qui le montrent"}
        help_texts = {"priorite": "1 pour le premier."}
        widgets = {
            "description": forms.Textarea(attrs={"rows": 3}),
            "constats": forms.CheckboxSelectMultiple,
            "priorite": forms.NumberInput(attrs={"min": 1, "max": 99}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["constats"].queryset = ConstatTerritorial.objects.filter(  # type: ignore[attr-defined]
            demarche_id=self.instance.demarche_id
        )

    def clean_priorite(self) -> int:
        priorite = int(self.cleaned_data["priorite"])
        if not 1 <= priorite <= 99:
            raise forms.ValidationError("La priorité va de 1 (le premier) à 99.")
        return priorite
