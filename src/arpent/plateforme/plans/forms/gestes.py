"""The small forms of the page of a fiche: gestures, priorities, acts."""

from __future__ import annotations

from typing import Any

from django import forms

from arpent.plateforme.socle.versions import VersionFormMixin

from ..models import Fiche
from .bases import JourField


class GesteForm(forms.Form):
    """A gesture of the cycle and, for some, why."""

    geste = forms.SlugField()
    motif = forms.CharField(
        label="Motif", required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
    )


class PrioritesForm(VersionFormMixin, forms.Form):
    """The three priorities; only those the agent may set are kept."""

    priorite_maitre_ouvrage = forms.IntegerField(
        label="Du maître d’ouvrage", required=False, min_value=1, max_value=999
    )
    priorite_territoire = forms.IntegerField(
        label="Du territoire", required=False, min_value=1, max_value=999
    )
    priorite_autorite = forms.IntegerField(label="De l’autorité", required=False, min_value=1, max_value=999)

    def __init__(self, *args: Any, fiche: Fiche, ouvertes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version_lue"].initial = fiche.version
        for nom in [n for n in self.fields if n.startswith("priorite_")]:
            if nom in ouvertes:
                self.fields[nom].initial = getattr(fiche, nom)
            else:
                del self.fields[nom]

    def valeurs(self) -> dict[str, int | None]:
        return {n: v for n, v in self.cleaned_data.items() if n.startswith("priorite_")}


class DerogationForm(VersionFormMixin, forms.Form):
    """The préfet's act that lowers the owner's minimum participation."""

    taux = forms.DecimalField(
        label="Participation minimale accordée, en %", required=False, min_value=0, max_value=100,
        decimal_places=2, max_digits=5,
        help_text="Exemple : 10 pour 10 %. Laissez les trois champs vides pour retirer la dérogation.",
    )  # fmt: skip
    acte = forms.CharField(label="Acte du préfet", required=False, max_length=200)
    le = JourField(label="Date de l’acte", required=False)
