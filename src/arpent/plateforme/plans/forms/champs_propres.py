"""The fields that a dispositif adds to the fiche, and the quantities by unit: one form field each."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from arpent.plateforme.reglements.fiches import ChampFiche, ModeleFiche

from ..champs import COMPLEMENTS
from ..models import Fiche
from ..quantites import nombre_ecrit
from .bases import JourField

QUANTITES = "quantites__"
_OUI_NON = [("", "À préciser"), ("oui", "oui"), ("non", "non")]


def _nombre(libelle: str, aide: str = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=libelle, help_text=aide, required=False, min_value=0, max_digits=12, decimal_places=2,
        localize=True,
    )  # fmt: skip


def _champ(c: ChampFiche) -> forms.Field:
    commun: dict[str, Any] = {"label": c.libelle, "help_text": c.aide, "required": False}
    choix = [(x.code, x.libelle) for x in c.choix]
    match c.genre:
        case "texte_long":
            return forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), max_length=10_000, **commun)
        case "nombre":
            return _nombre(c.libelle, c.aide)
        case "oui_non":
            return forms.ChoiceField(choices=_OUI_NON, **commun)
        case "choix":
            return forms.ChoiceField(choices=[("", "À préciser"), *choix], **commun)
        case "choix_multiple":
            return forms.MultipleChoiceField(choices=choix, widget=forms.CheckboxSelectMultiple, **commun)
        case "date":
            return JourField(**commun)
        case _:
            return forms.CharField(max_length=300, **commun)


def ajouter(form: forms.BaseForm, modele: ModeleFiche, fiche: Fiche) -> None:
    """Adds the fields to the form, filled from the fiche."""
    for champ in modele.complements:
        form.fields[champ.code] = _champ(champ)
        valeur = fiche.complements.get(champ.code.removeprefix(COMPLEMENTS))
        form.initial[champ.code] = nombre_ecrit(valeur) if champ.genre == "nombre" and valeur else valeur
    if any(c.code == "quantites" for c in modele.champs):
        for unite in modele.unites:
            nom = QUANTITES + unite.code.replace("-", "_")
            form.fields[nom] = _nombre(f"Quantité : {unite.libelle}")
            form.initial[nom] = (
                nombre_ecrit(fiche.quantites[unite.code]) if unite.code in fiche.quantites else None
            )


def _en_json(valeur: Any) -> Any:
    match valeur:
        case Decimal():
            return format(valeur.normalize(), "f")
        case list() | str():
            return valeur
        case _:
            return valeur.isoformat()


def ranger(form: forms.ModelForm[Fiche], modele: ModeleFiche, donnees: dict[str, Any]) -> None:
    """Gathers what was typed into the instance's `complements` and `quantites`; older codes are kept."""
    complements, quantites = dict(form.instance.complements), dict(form.instance.quantites)
    for champ in modele.complements:
        _poser(complements, champ.code.removeprefix(COMPLEMENTS), donnees.get(champ.code))
    for unite in modele.unites:
        nom = QUANTITES + unite.code.replace("-", "_")
        if nom in form.fields:
            _poser(quantites, unite.code, donnees.get(nom))
    form.instance.complements, form.instance.quantites = complements, quantites


def _poser(table: dict[str, Any], cle: str, valeur: Any) -> None:
    if valeur in (None, "", []):
        table.pop(cle, None)
    else:
        table[cle] = _en_json(valeur)
