"""Forms of the AFOM board and of the enjeux."""

from __future__ import annotations

from typing import Any

from django import forms

from arpent.plateforme.observatoire.catalogue import catalogue
from arpent.plateforme.socle.versions import VersionFormMixin

from ..models import ConstatTerritorial, Enjeu, Preuve
from ..models.constats import THEMES


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
        fields = ("nature", "theme", "texte", "indicateur", "propose_par")
        widgets = {"texte": forms.Textarea(attrs={"rows": 3, "maxlength": 500})}
        labels = {"nature": "C’est une", "theme": "Thème", "texte": "Constat", "propose_par": "Proposé par"}
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


class PreuveForm(forms.ModelForm[Preuve]):
    """One piece of evidence. An indicator or a map is read and frozen when saved."""

    indicateur = forms.ChoiceField(label="Indicateur montré", required=False)
    adresse = forms.URLField(
        label="Adresse du document",
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text="Adresse complète du document : https://…",
    )

    class Meta:
        model = Preuve
        fields = ("genre", "indicateur", "adresse", "texte")
        labels = {"genre": "Ce qui le montre", "texte": "Ce qu’elle dit"}
        help_texts = {
            "texte": "Titre du document, ou parole rapportée : dites le rôle de la personne, pas son nom.",
        }
        widgets = {"texte": forms.Textarea(attrs={"rows": 2, "maxlength": 500})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["indicateur"].choices = choix_indicateurs()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        lus = super().clean() or {}
        genre = lus.get("genre")
        if genre in (Preuve.Genre.INDICATEUR, Preuve.Genre.CARTE):
            if not lus.get("indicateur"):
                self.add_error("indicateur", "Choisissez l’indicateur que cette preuve montre.")
            lus["adresse"] = ""
        elif genre:
            lus["indicateur"] = ""
            if not lus.get("texte"):
                self.add_error("texte", "Dites en une phrase ce que dit ce document ou cette personne.")
        return lus


class MessageForm(forms.Form):
    """A message of the discussion."""

    texte = forms.CharField(
        label="Votre message",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 2000}),
        help_text="Visible de tous ceux qui lisent ce diagnostic, avec votre nom.",
    )


class AccordForm(VersionFormMixin, forms.ModelForm[ConstatTerritorial]):
    """Whether the territory shares the finding. A contested one says why."""

    class Meta:
        model = ConstatTerritorial
        fields = ("accord", "motif_accord")
        labels = {"accord": "Ce constat est", "motif_accord": "Pourquoi"}
        help_texts = {"motif_accord": "Obligatoire quand il est contesté."}

    def clean(self) -> dict[str, Any]:
        lus = super().clean() or {}
        if lus.get("accord") == ConstatTerritorial.Accord.CONTESTE and not lus.get("motif_accord"):
            self.add_error(
                "motif_accord", "Dites pourquoi le constat est contesté : chacun doit pouvoir le lire."
            )
        return lus


class FiltreForm(forms.Form):
    """What the board shows, in the URL."""

    theme = forms.ChoiceField(label="Thème", required=False, choices=[("", "Tous les thèmes"), *THEMES])
    accord = forms.ChoiceField(
        label="Accord", required=False, choices=[("", "Tous"), *ConstatTerritorial.Accord.choices]
    )
    q = forms.CharField(label="Mot cherché", required=False, max_length=100)
