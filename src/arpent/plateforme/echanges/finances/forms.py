"""The upload, the columns, the choice of a file for a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from ..forms import ColonneLue
from ..models import ImportFinances
from .colonnes import CHAMPS, defaut


class ExportForm(forms.Form):
    nature = forms.ChoiceField(label="Ce que contient l’export", choices=ImportFinances.Nature.choices)
    fichier = forms.FileField(
        label="Export du logiciel financier",
        help_text="Un fichier .csv, .xlsx ou .ods, de 20 Mo au plus.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods,.csv"}),
        error_messages={
            "required": "Choisissez le fichier à lire.",
            "empty": "Le fichier est vide : vérifiez que vous envoyez le bon fichier.",
        },
    )


class ColonnesForm(forms.Form):
    """One choice for each column: what it says."""

    def __init__(
        self, *args: Any, colonnes: Sequence[ColonneLue], connues: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rangs = {f"colonne_{c.rang}": c.rang for c in colonnes}
        choix = [("", "Ne pas lire"), *((code, nom) for code, (nom, _) in CHAMPS.items())]
        for c in colonnes:
            self.fields[f"colonne_{c.rang}"] = forms.ChoiceField(
                label=c.nom, choices=choix, required=False, initial=connues.get(str(c.rang), ""),
                help_text=f"Par exemple : {' ; '.join(c.exemples)}" if c.exemples else "",
            )  # fmt: skip

    @property
    def correspondance(self) -> dict[str, str]:
        lu = self.cleaned_data
        return {str(rang): lu[nom] for nom, rang in self.rangs.items() if lu.get(nom)}

    def clean(self) -> dict[str, Any]:
        lu = super().clean() or self.cleaned_data
        dits = [v for v in lu.values() if v]
        for code in sorted({x for x in dits if dits.count(x) > 1}):
            self.add_error(None, f"Deux colonnes disent « {CHAMPS[code][0]} » : n’en gardez qu’une.")
        if not self.errors and (refus := defaut(self.correspondance)):
            self.add_error(None, refus)
        return lu


class LigneForm(forms.Form):
    """A file for the line, or why it is set aside."""

    dossier = forms.TypedChoiceField(label="Dossier", coerce=int, required=False, empty_value=None)
    motif = forms.CharField(
        label="Motif, si vous l’écartez", max_length=400, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args: Any, choix: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dossier"].choices = [("", "Choisissez le dossier"), *choix]  # type: ignore[attr-defined]

    @property
    def ecarte(self) -> bool:
        return "ecarter" in self.data
