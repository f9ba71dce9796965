"""Saying that a step is done, moving its date, launching a démarche."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from arpent.metier.processus import EtapeModele
from arpent.plateforme.territoires.models import Territoire

from .models import Etape

_DATE_FAUSSE = {"invalid": "Cette date n’existe pas. Écrivez-la ainsi : 2026-03-15."}


def champ_jour(label: str, **options: Any) -> forms.DateField:
    """A day: the browser's picker, or typed."""
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=_DATE_FAUSSE,
        **options,
    )


class EtapeForm(forms.Form):
    """One step and its date; no date takes the mark back. `etapes` was read by the page: no query."""

    etape = forms.TypedChoiceField(label="Étape", coerce=int)
    faite_le = forms.DateField(
        label="Faite le",
        required=False,
        help_text="Laissez vide pour dire que l’étape n’est finalement pas faite.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=_DATE_FAUSSE,
    )
    motif = forms.CharField(
        label="Raison de passer outre",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Seulement si une condition n’est pas remplie. Elle est gardée au journal.",
    )

    def __init__(self, *args: Any, etapes: Sequence[Etape], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ouvertes = [(e.pk, e.libelle) for e in etapes if e.faite_le is None]
        faites = [(e.pk, f"{e.libelle} (faite le {e.faite_le:%d/%m/%Y})") for e in etapes if e.faite_le]
        choix: list[Any] = [("À faire", ouvertes)] if ouvertes else []
        if faites:
            choix.append(("Déjà faites", faites))
        self.fields["etape"].choices = choix  # type: ignore[attr-defined]


class ReplanifierForm(forms.Form):
    """A new date for a step, with its reason."""

    prevue_le = champ_jour("Nouvelle date prévue")
    motif = forms.CharField(
        label="Raison",
        max_length=300,
        error_messages={"required": "Dites pourquoi la date change."},
    )
    suivre = forms.BooleanField(
        label="Décaler d’autant les étapes suivantes qui restent à faire", required=False, initial=True
    )


class RetenirForm(forms.Form):
    """Whether the territory takes an optional step."""

    retenue = forms.ChoiceField(
        label="Le territoire retient-il cette étape ?",
        choices=[("oui", "Oui, il la retient"), ("non", "Non, il s’en passe")],
        widget=forms.RadioSelect,
    )


class ChangerVersionForm(forms.Form):
    """The reason for moving a running démarche to another version; `version_visee` is what was shown."""

    version_visee = forms.IntegerField(widget=forms.HiddenInput)
    motif = forms.CharField(
        label="Raison",
        max_length=300,
        error_messages={"required": "Dites pourquoi la démarche change de version."},
    )


class LancerForm(forms.Form):
    """A territory, its generation, its opening, the optional steps it takes."""

    territoire = forms.ModelChoiceField(
        label="Territoire",
        queryset=Territoire.objects.none(),
        empty_label="choisir un territoire",
        error_messages={"required": "Choisissez le territoire."},
    )
    generation = forms.CharField(
        label="Génération", max_length=60, help_text="Les années du contrat, par exemple 2027-2029."
    )
    ouverte_le = champ_jour("Ouverte le")
    retenues = forms.MultipleChoiceField(
        label="Étapes facultatives retenues",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Un territoire peut aussi le dire plus tard.",
    )

    def __init__(
        self,
        *args: Any,
        etapes: Sequence[EtapeModele],
        territoires: QuerySet[Territoire],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        facultatives = [(e.code, e.libelle) for e in etapes if e.facultative]
        self.fields["territoire"].queryset = territoires  # type: ignore[attr-defined]
        self.fields["retenues"].choices = facultatives  # type: ignore[attr-defined]
        if not facultatives:
            del self.fields["retenues"]
