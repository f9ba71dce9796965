"""Making a token, subscribing an address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from arpent.plateforme.demarches.models import Demarche

from .portees import LECTURE, PORTEES
from .webhooks.evenements import EVENEMENTS

_SIX_MOIS = timedelta(days=182)


class JetonForm(forms.Form):
    """What the program is, what it may do, until when, and where."""

    nom = forms.CharField(
        label="Nom du jeton", max_length=80,
        help_text="Le programme qui s’en servira : « Tableau de bord du SIG ».",
    )  # fmt: skip
    portees = forms.MultipleChoiceField(
        label="Ce qu’il permet",
        choices=[(p.code, f"{p.libelle} : {p.aide[:1].lower()}{p.aide[1:]}") for p in PORTEES.values()],
        widget=forms.CheckboxSelectMultiple,
        initial=[LECTURE],
        help_text="Jamais plus que ce que votre compte permet le jour où il sert.",
    )
    demarche = forms.ModelChoiceField(
        Demarche.objects.none(), label="Limité à un territoire", required=False,
        empty_label="Tout votre périmètre",
    )  # fmt: skip
    fin = forms.DateField(
        label="Sert jusqu’au", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="Un an au plus.",
    )  # fmt: skip

    def __init__(self, demarches: QuerySet[Demarche], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["demarche"].queryset = demarches  # type: ignore[attr-defined]
        self.fields["fin"].initial = timezone.localdate() + _SIX_MOIS


class AbonnementForm(forms.Form):
    """Which address is told of what."""

    nom = forms.CharField(
        label="Nom", max_length=80, help_text="Le service prévenu : « Messagerie de la direction »."
    )
    adresse = forms.URLField(
        label="Adresse appelée", max_length=300, assume_scheme="https",
        help_text="https://… Elle répond 200 quand elle a compris. Une adresse interne est refusée.",
    )  # fmt: skip
    evenements = forms.MultipleChoiceField(
        label="Événements",
        choices=[(e.code, e.libelle) for e in EVENEMENTS.values()],
        widget=forms.CheckboxSelectMultiple,
    )
    demarche = forms.ModelChoiceField(
        Demarche.objects.none(), label="Limité à un territoire", required=False,
        empty_label="Tout votre périmètre",
    )  # fmt: skip

    def __init__(self, demarches: QuerySet[Demarche], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["demarche"].queryset = demarches  # type: ignore[attr-defined]
