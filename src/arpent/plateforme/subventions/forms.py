"""What to issue: projects and kinds of act."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from .actes import GENRES


class EmissionForm(forms.Form):
    """Acts of award to issue for good. `prets`: the pk of the projects that may be issued."""

    genres = forms.MultipleChoiceField(
        label="Actes à émettre",
        choices=[(code, nom) for code, (_, nom, _) in GENRES.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins un acte : lettre, arrêté ou convention."},
    )
    projets = forms.TypedMultipleChoiceField(
        label="Projets",
        coerce=int,
        error_messages={
            "required": "Cochez au moins un projet.",
            "invalid_choice": "Un projet coché n’est plus prêt : relisez la liste, puis recommencez.",
        },
    )

    def __init__(self, *args: Any, prets: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["projets"].choices = [(pk, pk) for pk in prets]  # type: ignore[attr-defined]
