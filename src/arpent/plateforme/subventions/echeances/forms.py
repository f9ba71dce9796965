"""The forms of deadlines: declare, ask for time, decide, pronounce lapses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from arpent.metier.echeances_dossier import LIBELLES_ECHEANCE, PROROGEABLES
from arpent.plateforme.plans.forms.bases import JourField

from ..models import Prorogation
from ..versements.forms import GesteForm, texte
from .actions import Acte, Decision


class DeclarerForm(GesteForm):
    debut_le = JourField(label="Commencement des travaux", required=False)
    acheve_le = JourField(label="Achèvement des travaux", required=False)

    def preparer(self, objet: Any) -> None:
        self.fields["debut_le"].initial = objet.debut_le
        self.fields["acheve_le"].initial = objet.acheve_le


class ProrogationForm(forms.Form):
    genre = forms.ChoiceField(label="Délai", choices=[(g.value, LIBELLES_ECHEANCE[g]) for g in PROROGEABLES])
    mois = forms.IntegerField(label="Mois demandés", min_value=1, max_value=120)
    motif = texte("Motif", "Ce qui empêche de tenir le délai, et le nouveau calendrier.")


class AccorderForm(GesteForm):
    mois = forms.IntegerField(label="Mois accordés", min_value=1, max_value=120)
    acte = forms.CharField(label="Numéro de l’acte", max_length=120, help_text="Par exemple « CP_26_123 ».")
    acte_le = JourField(label="Date de l’acte", initial=date.today)
    motif = texte("Motif", requis=False)

    def preparer(self, objet: Prorogation) -> None:
        self.fields["mois"].initial = objet.mois

    @property
    def decision(self) -> Decision:
        lu = self.cleaned_data
        return Decision(lu["mois"], lu["motif"], lu["acte"], lu["acte_le"])


class RefuserForm(GesteForm):
    motif = texte("Motif")


class CaducitesForm(forms.Form):
    """Which files, by « pk-version », and the act. `possibles`: those of the list, by that key."""

    dossiers = forms.MultipleChoiceField(
        label="Dossiers",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Cochez au moins un dossier.",
            "invalid_choice": "Un dossier coché a changé : relisez la liste, puis recommencez.",
        },
    )
    acte = forms.CharField(label="Numéro de l’acte", max_length=120, help_text="Par exemple « CP_26_140 ».")
    acte_le = JourField(label="Date de l’acte", initial=date.today)

    def __init__(self, *args: Any, possibles: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dossiers"].choices = list(possibles.items())  # type: ignore[attr-defined]

    @property
    def choisis(self) -> set[str]:
        """The keys ticked, as sent."""
        return set(self.data.getlist("dossiers")) if hasattr(self.data, "getlist") else set()

    @property
    def acte_lu(self) -> Acte:
        return Acte(self.cleaned_data["acte"], self.cleaned_data["acte_le"])
