"""The Word templates of the authority: the file deposited, and why one returns to the shipped template."""

from __future__ import annotations

from django import forms


class GabaritForm(forms.Form):
    fichier = forms.FileField(
        label="Votre gabarit, au format .docx",
        widget=forms.FileInput(attrs={"accept": ".docx"}),
        help_text="Partez du gabarit livré : changez la mise en page et les textes, gardez les balises. "
        "10 Mo au plus, sans macro ni lien.",
        error_messages={
            "required": "Choisissez le document Word à déposer.",
            "empty": "Le fichier est vide : vérifiez que vous envoyez le bon document.",
        },
    )


class RetourLivreForm(forms.Form):
    numero = forms.IntegerField(widget=forms.HiddenInput)
    motif = forms.CharField(
        label="Pourquoi revenir au gabarit livré",
        max_length=300,
        help_text="Gardé dans le journal.",
        error_messages={"required": "Dites pourquoi : le motif est gardé dans le journal."},
    )
