"""Forms of the scenarios: name and sharing, copy, what is asked of the optimiser."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from arpent.metier.scenarios.optimisation import Objectif
from arpent.plateforme.plans.forms.bases import MontantField
from arpent.plateforme.socle.versions import VersionFormMixin

from .recherche import Classement, Demande

OBJECTIFS: dict[str, tuple[str, tuple[Objectif, ...]]] = {
    "classement": (
        "Respecter le classement, puis soutenir le plus de travaux",
        (Objectif.CLASSEMENT, Objectif.TRAVAUX),
    ),
    "travaux": ("Soutenir le plus de travaux", (Objectif.TRAVAUX,)),
    "classement_lissage": (
        "Respecter le classement, puis égaliser les années",
        (Objectif.CLASSEMENT, Objectif.LISSAGE),
    ),
    "travaux_lissage": (
        "Soutenir le plus de travaux, puis égaliser les années",
        (Objectif.TRAVAUX, Objectif.LISSAGE),
    ),
    "classement_equite": (
        "Respecter le classement, puis rapprocher les euros par habitant",
        (Objectif.CLASSEMENT, Objectif.EQUITE),
    ),
    "travaux_equite": (
        "Soutenir le plus de travaux, puis rapprocher les euros par habitant",
        (Objectif.TRAVAUX, Objectif.EQUITE),
    ),
}
MODULATIONS = [
    ("", "Entière ou rien"),
    *((str(Decimal(p) / 100), f"Au moins {p} %") for p in (80, 60, 40)),
]
CLASSEMENTS = [
    (Classement.TERRITOIRE.value, "Celui du territoire"),
    (Classement.AUTORITE.value, "Celui de l’autorité"),
    (Classement.MAITRE_OUVRAGE.value, "Celui de chaque maître d’ouvrage"),
]


class NumerosField(forms.CharField):
    """Numbers of fiches: « 3, 7 12 »."""

    def clean(self, value: Any) -> frozenset[int]:
        texte = super().clean(value)
        mots = [m for m in re.split(r"[\s,;]+", texte) if m]
        faux = next((m for m in mots if not (m.isascii() and m.isdigit() and len(m) < 7)), None)
        if faux is not None:
            raise forms.ValidationError(
                f"« {faux[:30]} » n’est pas un numéro de fiche : écrivez par exemple « 3, 7, 12 »."
            )
        return frozenset(int(m) for m in mots)


class CopierForm(forms.Form):
    """A new scenario from the maquette in progress or from another one."""

    nom = forms.CharField(label="Nom du scénario", max_length=120)
    source = forms.ChoiceField(label="À partir de")

    def __init__(self, *args: Any, sources: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = list(sources)  # type: ignore[attr-defined]


class ScenarioForm(VersionFormMixin):
    """Name and sharing of a scenario."""

    nom = forms.CharField(label="Nom du scénario", max_length=120)
    partage = forms.BooleanField(label="Montrer à l’autre partie", required=False)


class RechercheForm(forms.Form):
    """What is asked. One amount field per year of the contract."""

    nom = forms.CharField(label="Nom du scénario", max_length=120, initial="Proposition")
    objectif = forms.ChoiceField(
        label="Ce qui est recherché", choices=[(c, libelle) for c, (libelle, _) in OBJECTIFS.items()]
    )
    classement = forms.ChoiceField(label="Classement suivi", choices=CLASSEMENTS)
    modulation = forms.ChoiceField(
        label="Aide à chaque projet", choices=MODULATIONS, required=False,
        help_text="Part de l’aide possible en dessous de laquelle le projet n’est pas retenu.",
    )  # fmt: skip
    enveloppe = MontantField(
        label="Enveloppe", required=False, help_text="Laissez vide pour celle du territoire."
    )
    minimum = forms.IntegerField(
        label="Projets par maître d’ouvrage, au moins", required=False, min_value=0, max_value=99
    )
    maximum = forms.IntegerField(
        label="Projets par maître d’ouvrage, au plus", required=False, min_value=1, max_value=99
    )
    imposes = NumerosField(
        label="Projets à retenir", required=False, max_length=500, help_text="Leurs numéros : « 3, 7, 12 »."
    )
    exclus = NumerosField(label="Projets à écarter", required=False, max_length=500)

    def __init__(self, *args: Any, annees: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.annees = annees
        for annee in annees:
            self.fields[f"annee_{annee}"] = MontantField(
                label=f"Engagements {annee}, au plus", required=False
            )

    def champs_annees(self) -> list[forms.BoundField]:
        return [self[f"annee_{annee}"] for annee in self.annees]

    def clean(self) -> dict[str, Any]:
        lu = super().clean() or {}
        deux = lu.get("imposes", frozenset()) & lu.get("exclus", frozenset())
        if deux:
            numeros = ", ".join(map(str, sorted(deux)))
            self.add_error("exclus", f"À retenir et à écarter à la fois : {numeros}. Gardez une seule liste.")
        bas, haut = lu.get("minimum"), lu.get("maximum")
        if bas and haut and bas > haut:
            self.add_error("maximum", "Le plus est inférieur au moins : corrigez l’un des deux nombres.")
        return lu

    def demande(self) -> Demande:
        lu = self.cleaned_data
        return Demande(
            ordre=OBJECTIFS[lu["objectif"]][1],
            classement=Classement(lu["classement"]),
            modulation=Decimal(lu["modulation"]) if lu["modulation"] else None,
            enveloppe=lu["enveloppe"],
            par_annee={a: m for a in self.annees if (m := lu[f"annee_{a}"]) is not None},
            minimum_par_maitre_ouvrage=lu["minimum"] or 0,
            maximum_par_maitre_ouvrage=lu["maximum"],
            imposes=lu["imposes"],
            exclus=lu["exclus"],
        )
