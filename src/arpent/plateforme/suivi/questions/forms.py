"""The answer to a question of evaluation, typed in one field."""

from __future__ import annotations

from django import forms

from arpent.plateforme.socle.versions import VersionFormMixin

from ..models import ReponseEvaluation
from .actions import TEXTE_MAX


class ReponseForm(VersionFormMixin, forms.ModelForm[ReponseEvaluation]):
    """The text, and the version that was read."""

    texte = forms.CharField(
        label="Réponse", max_length=TEXTE_MAX, widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={"required": "Écrivez la réponse avant de l’enregistrer."},
        help_text="Appuyez-vous sur les chiffres ci-contre. Une ligne vide sépare deux paragraphes.",
    )  # fmt: skip

    class Meta:
        model = ReponseEvaluation
        fields = ("texte",)
