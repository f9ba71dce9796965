"""The other steps of a formula as fields: fixed part, per inhabitant, rank, class coefficients."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from arpent.metier.argent import formater_nombre
from arpent.metier.repartition import Formule, Rang
from arpent.plateforme.plans.forms.bases import MontantField

_COEFFICIENT = re.compile(r"\s*(\S.*?)\s*[=:×x*\s]\s*(\d{1,2}(?:[.,]\d{1,4})?)\s*")


class CoefficientsField(forms.CharField):
    """« A 1,2 ; B 1,1 » as class code → multiplier."""

    def to_python(self, value: Any) -> Any:
        texte = (super().to_python(value) or "").strip()
        lus: dict[str, Decimal] = {}
        for morceau in filter(str.strip, re.split(r"[;\n]", texte)):
            trouve = _COEFFICIENT.fullmatch(morceau)
            if trouve is None or not (coefficient := Decimal(trouve[2].replace(",", "."))):
                raise forms.ValidationError(
                    f"« {morceau.strip()[:40]} » n’est pas un coefficient : écrivez le code de la classe "
                    "puis un nombre supérieur à 0, séparés des suivants par un point-virgule, "
                    "par exemple « A 1,2 ; B 1,1 »."
                )
            lus[trouve[1]] = coefficient
        return lus


class EtapesForm(forms.Form):
    """What is given before the keys share the rest, and what the classes move after them."""

    fixe = MontantField(label="Part fixe par territoire", required=False)
    par_habitant = MontantField(label="Par habitant", required=False)
    rang_critere = forms.ChoiceField(label="Rang : les plus bas de", required=False)
    rang_nombre = forms.IntegerField(label="Nombre de retenus", min_value=1, max_value=10_000, required=False)
    rang_part = forms.DecimalField(
        label="Part de l’enveloppe",
        min_value=Decimal("0.01"),
        max_value=100,
        decimal_places=2,
        required=False,
    )
    rang_selon = forms.ChoiceField(label="Partagée entre eux", required=False)
    bonus = CoefficientsField(
        label="Coefficients de classe", required=False, max_length=200,
        help_text="Code de la classe et coefficient, par exemple « A 1,2 ; B 1,1 ».",
    )  # fmt: skip

    def offrir(self, criteres: Sequence[tuple[str, str]]) -> None:
        """The criteria one may choose, as (code, label)."""
        for nom, vide in (("rang_critere", "aucun rang"), ("rang_selon", "à parts égales")):
            champ = self.fields[nom]
            assert isinstance(champ, forms.ChoiceField)
            champ.choices = [("", vide), *criteres]

    def verifier_rang(self, lu: Mapping[str, Any]) -> None:
        """A rank is whole, or there is none."""
        if not lu.get("rang_critere"):
            for nom in ("rang_nombre", "rang_part"):
                if lu.get(nom) is not None:
                    self.add_error(
                        "rang_critere", "Choisissez le critère du rang, ou videz ses autres cases."
                    )
                    return
        elif lu.get("rang_nombre") is None and "rang_nombre" not in self.errors:
            self.add_error("rang_nombre", "Écrivez combien de territoires le rang retient, par exemple 3.")


def rang_lu(lu: Mapping[str, Any]) -> Rang | None:
    if not lu.get("rang_critere"):
        return None
    part = lu.get("rang_part")
    entier = Decimal(100) if part is None else part
    return Rang(lu["rang_critere"], lu["rang_nombre"], entier / 100, lu.get("rang_selon") or "")


def initiales(formule: Formule) -> dict[str, Any]:
    """What the fields show of a formula."""
    rang = formule.rang
    lues: dict[str, Any] = {"fixe": formule.fixe, "par_habitant": formule.par_habitant}
    if rang is not None:
        lues |= {
            "rang_critere": rang.critere, "rang_nombre": rang.nombre, "rang_selon": rang.selon,
            "rang_part": f"{(rang.part * 100).normalize():f}",
        }  # fmt: skip
    if formule.bonus:
        lues["bonus"] = " ; ".join(
            f"{code} {formater_nombre(m, 2).rstrip('0').rstrip(',')}" for code, m in formule.bonus.items()
        )
    return lues
