"""Forms of the rounds: what goes with an offer, the answer and its reasons, the act of the agreement."""

from __future__ import annotations

from django import forms

from arpent.plateforme.plans.forms.bases import JourField
from arpent.plateforme.socle.versions import VersionFormMixin


class EnvoiForm(forms.Form):
    """The words and the date that go with an offer or a counter-offer."""

    message = forms.CharField(
        label="Message", required=False, max_length=3000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="L’autre partie le lira en tête de l’envoi.",
    )  # fmt: skip
    repondre_avant = JourField(label="Réponse attendue avant le", required=False)


class ActeForm(VersionFormMixin):
    """The act that records the agreement on the credits."""

    acte = forms.CharField(
        label="Numéro de l’acte", max_length=120, help_text="Par exemple « CP_26_214 » ou une délibération."
    )
    acte_le = JourField(label="Date de l’acte")
