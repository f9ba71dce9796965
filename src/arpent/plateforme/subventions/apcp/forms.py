"""The entry of a vote."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from arpent.plateforme.plans.forms.bases import JourField, MontantField

from ..models import VoteCredits


class VoteForm(forms.Form):
    """AP and CP of one exercise; `vote`: the one that is corrected."""

    version_lue = forms.IntegerField(widget=forms.HiddenInput, required=False)
    annee = forms.IntegerField(label="Exercice", min_value=2000, max_value=2100)
    ap = MontantField(label="AP votée", required=False)
    cp = MontantField(label="CP votés", required=False)
    acte = forms.CharField(label="Acte du vote", max_length=120, required=False)
    acte_le = JourField(label="Date du vote", required=False)

    def __init__(self, *args: Any, vote: VoteCredits | None = None, **kwargs: Any) -> None:
        if vote is not None:
            noms = ("annee", "ap", "cp", "acte", "acte_le")
            kwargs["initial"] = {n: getattr(vote, n) for n in noms} | {"version_lue": vote.version}
        else:
            kwargs.setdefault("initial", {"annee": date.today().year, "version_lue": 0})
        super().__init__(*args, **kwargs)
