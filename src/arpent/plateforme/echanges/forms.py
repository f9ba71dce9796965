"""The upload, and the choice of the column of each field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from .correspondance import CHAMPS
from .lecture import TAILLE_MAX


class FichierForm(forms.Form):
    fichier = forms.FileField(
        label="Fichier du plan d’actions",
        help_text="Un classeur Excel (.xlsx) ou un fichier .csv, de 20 Mo au plus.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"empty": "Le fichier est vide : vérifiez que vous envoyez le bon fichier."},
    )

    def clean_fichier(self) -> UploadedFile[Any]:
        fichier: UploadedFile[Any] = self.cleaned_data["fichier"]
        if (fichier.size or 0) > TAILLE_MAX:
            raise ValidationError("Le fichier dépasse 20 Mo : ne gardez que la feuille du plan d’actions.")
        return fichier


class CorrespondanceForm(forms.Form):
    """One list of choices per field of the plan; the options are the headers of the file."""

    def __init__(self, *args: Any, entetes: Sequence[str], choisies: dict[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colonnes = [(str(i), entete or f"colonne {i + 1}") for i, entete in enumerate(entetes)]
        for champ in CHAMPS:
            vide = ("", "Choisissez une colonne" if champ.obligatoire else "absente du fichier")
            self.fields[champ.code] = forms.ChoiceField(
                label=champ.libelle,
                choices=[vide, *colonnes],
                required=champ.obligatoire,
                initial=str(choisies[champ.code]) if champ.code in choisies else "",
            )

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        vues: dict[str, str] = {}
        for code, colonne in donnees.items():
            if colonne and colonne in vues:
                autre = self.fields[vues[colonne]].label
                self.add_error(code, f"Cette colonne sert déjà à « {autre} » : choisissez-en une autre.")
            elif colonne:
                vues[colonne] = code
        return donnees

    def colonnes(self) -> dict[str, int]:
        return {code: int(colonne) for code, colonne in self.cleaned_data.items() if colonne}
