"""The form of an axis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.diagnostics.models import Enjeu
from arpent.plateforme.socle.versions import VersionFormMixin

from ..models import Axe

if TYPE_CHECKING:
    AxeModelForm = forms.ModelForm[Axe]
else:  # Django's own class takes no parameter at run time
    AxeModelForm = forms.ModelForm


class AxeForm(VersionFormMixin, AxeModelForm):
    """An axis and the enjeux it answers."""

    class Meta:
        model = Axe
        fields = ("libelle", "enjeux")
        labels = {"libelle": "Intitulé de l’axe", "enjeux": "Enjeux auxquels l’axe répond"}
        widgets = {"enjeux": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, demarche: Demarche, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["enjeux"]
        assert isinstance(champ, forms.ModelMultipleChoiceField)
        champ.queryset = Enjeu.objects.filter(demarche=demarche).order_by("priorite", "pk")
