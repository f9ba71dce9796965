"""Saving a perimeter: when, why, and who it is for when it is new."""

from __future__ import annotations

from typing import Any

from django import forms

from ..ateliers.forms import LigneField


class VersionForm(forms.Form):
    """`nouveau`: the territory does not exist yet. `depart`: EPCI must leave another territory."""

    nom = LigneField(longueur=150, label="Nom du territoire", help_text="Comme il s’appellera au contrat.")
    porteur = LigneField(
        longueur=200,
        label="Structure porteuse",
        required=False,
        help_text="PETR, syndicat mixte, association, ou l’intercommunalité elle-même.",
    )
    generation = LigneField(longueur=60, label="Génération de contrats", help_text="Par exemple 2027-2029.")
    debut = forms.DateField(
        label="En vigueur à partir du",
        help_text="Une date à venir est possible : la version sera dite « à venir » jusque-là.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Dites à partir de quand ce périmètre vaut.",
            "invalid": "Cette date n’existe pas. Écrivez-la ainsi : 2027-01-01.",
        },
    )
    motif = LigneField(
        longueur=300, label="Motif", help_text="Délibération, arrêté, décision : ce qui fonde ce périmètre."
    )
    transferer = forms.BooleanField(required=False, label="Je confirme ces départs")
    version_lue = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, nouveau: bool, depart: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not nouveau:
            for nom in ("nom", "porteur", "generation"):
                del self.fields[nom]
        if depart:
            self.fields["transferer"].help_text = depart
        else:
            del self.fields["transferer"]
