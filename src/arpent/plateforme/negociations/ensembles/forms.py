"""Forms of the ensembles: copy, name and sharing, what is asked of the optimiser over every territory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms

from arpent.plateforme.plans.forms.bases import MontantField
from arpent.plateforme.socle.versions import VersionFormMixin

from ..scenarios.forms import OBJECTIFS, CopierForm, RechercheForm
from ..scenarios.recherche import Demande

LIMITE_S = 10.0
"""Seconds given to the optimiser on a page: on SQLite everyone else who writes waits for it."""
PONDERATIONS = [
    ("", "L’un après l’autre"),
    *((str(p), f"Ensemble : {p} % pour le premier, {100 - p} % pour le second") for p in (70, 50, 30)),
]


class CopierEnsembleForm(CopierForm):
    """A new ensemble from the maquettes in progress or from another one."""

    nom = forms.CharField(label="Nom de l’ensemble", max_length=120)


class EnsembleForm(VersionFormMixin):
    """Name and sharing."""

    nom = forms.CharField(label="Nom de l’ensemble", max_length=120)
    partage = forms.BooleanField(
        label="Montrer à chaque territoire", required=False,
        help_text="Chaque territoire lit sa part, jamais celle des autres.",
    )  # fmt: skip


class RechercheEnsembleForm(RechercheForm):
    """As the form of a territory, without numbers of fiches; one more amount field for each theme."""

    nom = forms.CharField(label="Nom de l’ensemble", max_length=120, initial="Proposition")
    ponderation = forms.ChoiceField(
        label="Si deux choses sont recherchées", choices=PONDERATIONS, required=False
    )
    enveloppe = MontantField(label="Enveloppe commune", required=False)
    locales = forms.BooleanField(
        label="Chaque territoire reste aussi dans son enveloppe", required=False, initial=True
    )
    minimum_territoire = forms.IntegerField(
        label="Projets par territoire, au moins", required=False, min_value=0, max_value=999
    )
    euros_territoire = MontantField(label="Aides par territoire, au moins", required=False)
    imposes = None  # type: ignore[assignment]
    exclus = None  # type: ignore[assignment]

    def __init__(
        self, *args: Any, annees: Sequence[int], themes: Sequence[str], fonds: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, annees=annees, **kwargs)
        self.themes = themes
        vide = "Laissez vide pour ne garder que les enveloppes des territoires."
        self.fields["enveloppe"].help_text = f"{vide} {fonds}".strip()
        for rang, theme in enumerate(themes):
            self.fields[f"theme_{rang}"] = MontantField(label=f"{theme}, au plus", required=False)

    def champs_themes(self) -> list[forms.BoundField]:
        return [self[f"theme_{rang}"] for rang in range(len(self.themes))]

    def clean(self) -> dict[str, Any]:
        lu = super().clean()
        if lu.get("ponderation") and len(OBJECTIFS.get(lu.get("objectif", ""), ("", ()))[1]) < 2:
            self.add_error("ponderation", "Une seule chose est recherchée : laissez « L’un après l’autre ».")
        return lu

    def demande(self) -> Demande:
        lu = self.cleaned_data
        self.cleaned_data = lu | {"imposes": frozenset(), "exclus": frozenset()}
        demande = super().demande()
        poids = None
        if lu["ponderation"]:
            part = Decimal(lu["ponderation"]) / 100
            poids = dict(zip(demande.ordre, (part, 1 - part), strict=True))
        return replace(
            demande,
            poids=poids,
            par_theme={t: m for i, t in enumerate(self.themes) if (m := lu[f"theme_{i}"]) is not None},
            minimum_par_territoire=lu["minimum_territoire"] or 0,
            euros_par_territoire=lu["euros_territoire"],
            enveloppes_locales=lu["locales"],
            limite_s=LIMITE_S,
        )
