"""Saying that a step is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from .models import Etape


class EtapeForm(forms.Form):
    """One step and its date; no date takes the mark back. `etapes` was read by the page: no query."""

    etape = forms.TypedChoiceField(label="Étape", coerce=int)
    faite_le = forms.DateField(
        label="Faite le",
        required=False,
        help_text="Laissez vide pour dire que l’étape n’est finalement pas faite.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Cette date n’existe pas. Écrivez-la ainsi : 2026-03-15."},
    )

    def __init__(self, *args: Any, etapes: Sequence[Etape], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ouvertes = [(e.pk, e.libelle) for e in etapes if e.faite_le is None]
        faites = [(e.pk, f"{e.libelle} (faite le {e.faite_le:%d/%m/%Y})") for e in etapes if e.faite_le]
        choix: list[Any] = [("À faire", ouvertes)] if ouvertes else []
        if faites:
            choix.append(("Déjà faites", faites))
        self.fields["etape"].choices = choix  # type: ignore[attr-defined]
