"""The charter of the authority: what its documents carry."""

from __future__ import annotations

from django import forms

from arpent.plateforme.documents.chartes import CHAMPS, COULEUR
from arpent.plateforme.documents.models import Charte


class CharteForm(forms.ModelForm[Charte]):
    version_lue = forms.IntegerField(widget=forms.HiddenInput)
    logo_image = forms.FileField(
        label="Logo",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text="PNG ou JPEG, 2 Mo au plus ; il est imprimé à 22 mm de haut, sur fond blanc.",
    )
    retirer_logo = forms.BooleanField(label="Retirer le logo actuel", required=False)

    class Meta:
        model = Charte
        fields = CHAMPS
        labels = {"couleur": "Couleur des titres"}
        help_texts = {
            "couleur": f"Comme {COULEUR}. Vide : le vert d’Arpent. À lire sur du papier blanc.",
            "entete": "Sous le nom de la collectivité, par exemple « Direction de l’appui aux territoires ».",
            "pied": "Adresse, téléphone : imprimés au bas de chaque page.",
            "fait_a": "La ville écrite dans « Fait à … » au bas du contrat.",
        }
