"""The words of the public site."""

from __future__ import annotations

from django import forms

from arpent.plateforme.reglements.models import SitePublic


class SiteForm(forms.ModelForm[SitePublic]):
    version_lue = forms.IntegerField(widget=forms.HiddenInput)
    ouvert = forms.BooleanField(
        label="Ouvrir le site à tous",
        required=False,
        help_text="Les contrats en vigueur et leurs projets se lisent alors sans compte.",
    )

    class Meta:
        model = SitePublic
        fields = ("presentation", "contact", "editeur")
        widgets = {"presentation": forms.Textarea(attrs={"rows": 5})}
        labels = {"presentation": "Présentation"}
        help_texts = {
            "presentation": "Deux ou trois phrases, en tête du site. Sans elles, celles du dispositif.",
            "contact": "Un service, son téléphone ou son adresse : pas le nom d’une personne.",
            "editeur": "Par exemple « Département de la Lozère ; direction de la publication : le président "
            "du conseil départemental ».",
        }
