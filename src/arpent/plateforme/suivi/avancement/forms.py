"""The forms of the follow-up: the two minutes of an owner, the milestones, closing what blocked."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.plans.forms.bases import JourField
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.socle.champs_fichier import FichierField
from arpent.plateforme.socle.envois import Envoi
from arpent.plateforme.socle.versions import VersionFormMixin

from ..models import JalonProjet, PointBloquant
from .actions import JALONS_MAX, JalonSaisi
from .lecture import responsables_possibles

VIDES = 3


class PointForm(forms.Form):
    """Where the project stands: what is done, a photo, what blocks. Every part may be left out."""

    franchis = forms.TypedMultipleChoiceField(
        label="Ce qui est fait", coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Ce jalon a changé entre-temps : relisez la liste."},
    )  # fmt: skip
    le = JourField(label="Le", error_messages={"required": "Dites quel jour."})
    photo = FichierField(
        label="Photo du chantier", required=False, help_text="Sa position et son auteur sont effacés.",
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )  # fmt: skip
    description = forms.CharField(
        label="Ce que montre la photo", max_length=200, required=False,
        help_text="Ce texte la remplace pour qui ne la voit pas.",
    )  # fmt: skip
    blocage = forms.CharField(
        label="Ce qui bloque", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    responsable = forms.ModelChoiceField(
        label="Qui doit le lever", queryset=Organisation.objects.none(), required=False,
        empty_label="Choisissez",
    )  # fmt: skip
    echeance = JourField(label="Avant le", required=False)

    def __init__(self, *args: Any, fiche: Fiche, jalons: list[JalonProjet], le: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.aujourdhui = le
        franchis = self.fields["franchis"]
        assert isinstance(franchis, forms.TypedMultipleChoiceField)
        franchis.choices = [(j.pk, j.libelle) for j in jalons]
        self.fields["le"].initial = le
        responsable = self.fields["responsable"]
        assert isinstance(responsable, forms.ModelChoiceField)
        responsable.queryset = responsables_possibles(fiche)

    def clean_le(self) -> date:
        le: date = self.cleaned_data["le"]
        if le > self.aujourdhui:
            raise ValidationError("Ce jour n’est pas encore passé : écrivez aujourd’hui, ou un jour passé.")
        return le

    def clean(self) -> dict[str, Any]:
        lu = super().clean() or {}
        if lu.get("photo") and not lu.get("description"):
            self.add_error("description", "Dites ce que montre la photo.")
        if lu.get("description") and not lu.get("photo") and "photo" not in self.errors:
            self.add_error("photo", "Choisissez la photo, ou effacez le texte qui la décrit.")
        if lu.get("blocage"):
            if not lu.get("responsable"):
                self.add_error("responsable", "Dites qui doit le lever.")
            if not lu.get("echeance") and "echeance" not in self.errors:
                self.add_error("echeance", "Dites avant quelle date.")
        return lu

    def saisie(self) -> dict[str, Any]:
        """What the action takes."""
        lu = self.cleaned_data
        photo = lu["photo"]
        return {
            "franchis": lu["franchis"], "le": lu["le"],
            "photo": Envoi(photo.name, photo.read()) if photo else None,
            "description": lu["description"], "blocage": lu["blocage"], "responsable": lu["responsable"],
            "echeance": lu["echeance"],
        }  # fmt: skip


class VersionForm(VersionFormMixin, forms.Form):
    """The version of the follow-up that was read."""


class JalonForm(forms.Form):
    """One milestone; a row whose name is erased is removed."""

    pk = forms.IntegerField(widget=forms.HiddenInput, required=False)
    libelle = forms.CharField(label="Jalon", max_length=120, required=False)
    poids = forms.IntegerField(
        label="Poids", min_value=1, max_value=100, required=False,
        error_messages={
            "min_value": "Le poids va de 1 à 100.", "max_value": "Le poids va de 1 à 100.",
            "invalid": "Le poids est un nombre entier de 1 à 100.",
        },
    )  # fmt: skip
    prevu_le = JourField(label="Prévu le", required=False)
    atteint_le = JourField(label="Franchi le", required=False)

    def clean_atteint_le(self) -> date | None:
        le: date | None = self.cleaned_data["atteint_le"]
        if le is not None and le > date.today():
            raise ValidationError("Ce jour n’est pas encore passé.")
        return le

    def clean(self) -> dict[str, Any]:
        lu = super().clean() or {}
        if lu.get("libelle") and not lu.get("poids") and "poids" not in self.errors:
            self.add_error("poids", "Donnez un poids de 1 à 100.")
        if not lu.get("libelle") and (lu.get("prevu_le") or lu.get("atteint_le")) and not lu.get("pk"):
            self.add_error("libelle", "Nommez ce jalon, ou effacez ses dates.")
        return lu

    def saisi(self) -> JalonSaisi | None:
        lu = self.cleaned_data
        if not lu.get("libelle"):
            return None
        return JalonSaisi(lu["pk"], lu["libelle"], lu["poids"], lu["prevu_le"], lu["atteint_le"])


JalonFormSet = forms.formset_factory(
    JalonForm, extra=VIDES, max_num=JALONS_MAX, validate_max=True, absolute_max=JALONS_MAX * 2
)


def initiales(jalons: tuple[JalonProjet, ...]) -> list[dict[str, Any]]:
    champs = ("pk", "libelle", "poids", "prevu_le", "atteint_le")
    return [{champ: getattr(j, champ) for champ in champs} for j in jalons]


class LeverForm(VersionFormMixin, forms.Form):
    """The word that closes what blocked."""

    mot = forms.CharField(
        label="Comment ce point a été levé", max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Dites en un mot comment ce point a été levé."},
    )  # fmt: skip

    def __init__(self, *args: Any, point: PointBloquant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version_lue"].initial = point.version
