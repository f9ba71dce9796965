"""What is tried: a weight for each criterion, a floor, a cap. Read from the address, never kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms

from arpent.metier.argent import partager
from arpent.metier.repartition import Borne, Formule, Poids, RepartitionImpossible
from arpent.metier.repartition.formule import UNITES, verifier
from arpent.plateforme.plans.forms.bases import MontantField

from ..enveloppes import EGALITE, Critere
from .etapes import EtapesForm, initiales, rang_lu

PREFIXE = "poids_"


class SimulationForm(EtapesForm):
    """One field per criterion of the dispositif, and the other steps; one that the address does not name is
    that of the fund.
    """

    plancher = MontantField(label="Plancher", required=False)
    plancher_unite = forms.ChoiceField(
        label="Unité du plancher", choices=list(UNITES.items()), required=False
    )
    plafond = MontantField(label="Plafond", required=False)
    plafond_unite = forms.ChoiceField(label="Unité du plafond", choices=list(UNITES.items()), required=False)

    def __init__(self, data: Mapping[str, Any], *, criteres: Iterable[Critere], formule: Formule) -> None:
        self.formule = formule
        criteres = list(criteres)
        self.codes = [critere.code for critere in criteres]
        essai = any(nom.startswith(PREFIXE) or nom in self.base_fields for nom in data)
        super().__init__(data if essai else None, initial=_initial(formule))
        self.offrir([(c.code, c.libelle) for c in criteres if c.origine != EGALITE])
        for critere in criteres:
            self.fields[f"{PREFIXE}{critere.code}"] = forms.DecimalField(
                label=critere.libelle, min_value=0, max_value=100, decimal_places=2, required=False,
                widget=forms.NumberInput(attrs={"step": "any", "data-curseur": "", "inputmode": "decimal"}),
            )  # fmt: skip

    @property
    def champs_poids(self) -> list[forms.BoundField]:
        return [self[f"{PREFIXE}{code}"] for code in self.codes]

    @property
    def essai(self) -> Formule:
        """The formula to try: the fund's own when nothing was asked. Weights count in proportion."""
        if not self.is_bound:
            return self.formule
        lu = self.cleaned_data
        poids = {code: lu.get(f"{PREFIXE}{code}") or Decimal(0) for code in self.codes}
        etapes: dict[str, Any] = {
            nom: lu[nom] for nom in ("fixe", "par_habitant", "bonus") if nom in self.data
        }
        if "rang_critere" in self.data:
            etapes["rang"] = rang_lu(lu)
        return replace(
            self.formule,
            **etapes,
            cles=tuple(Poids(code, p) for code, p in en_cent(poids).items()),
            plancher=_borne(lu["plancher"], lu["plancher_unite"]),
            plafond=_borne(lu["plafond"], lu["plafond_unite"]),
        )

    def clean(self) -> dict[str, Any]:
        lu = super().clean() or {}
        for nom in ("plancher", "plafond"):
            if lu.get(nom) is not None and lu.get(f"{nom}_unite") == "part" and lu[nom] > 100:
                self.add_error(nom, "Une part de l’enveloppe ne dépasse pas 100 %.")
        self.verifier_rang(lu)
        if not self.errors:
            self.cleaned_data = lu
            try:
                verifier(self.essai)
            except RepartitionImpossible as erreur:
                self.add_error(None, str(erreur))
        return lu


def en_cent(poids: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Weights brought to a sum of exactly 1, to the hundredth of a percent; those of 0 leave."""
    gardes = {code: p for code, p in poids.items() if p > 0}
    if not gardes:
        return {}
    return {c: p / 100 for c, p in partager(Decimal("100.00"), gardes).items() if p > 0}


def _borne(valeur: Decimal | None, unite: str) -> Borne | None:
    if valeur is None:
        return None
    return Borne(valeur / 100 if unite == "part" else valeur, unite or "euros")


def _initial(formule: Formule) -> dict[str, Any]:
    lus: dict[str, Any] = {f"{PREFIXE}{c.critere}": (c.poids * 100).normalize() for c in formule.cles}
    for nom, borne in (("plancher", formule.plancher), ("plafond", formule.plafond)):
        if borne:
            lus[nom] = borne.valeur * 100 if borne.unite == "part" else borne.valeur
            lus[f"{nom}_unite"] = borne.unite
    ecrits = {nom: f"{v:f}" if nom.startswith(PREFIXE) else v for nom, v in lus.items()}
    return ecrits | initiales(formule)
