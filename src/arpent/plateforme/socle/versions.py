"""Optimistic concurrency: a stale save is refused with both versions shown, nothing is overwritten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from django import forms
from django.db import models
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import localize

from arpent.metier.argent import formater_nombre

from .models import ModeleVersionne

M = TypeVar("M", bound=ModeleVersionne)


@dataclass(frozen=True, slots=True)
class Ecart:
    """One field on which two people differ: what is saved now, what was about to be saved."""

    champ: str
    libelle: str
    en_base: str
    propose: str


class ConflitDeVersion(Exception):
    """The object changed since it was read. `ecarts` is what a person needs to choose."""

    def __init__(self, objet: ModeleVersionne, ecarts: list[Ecart]) -> None:
        super().__init__(f"« {objet} » a changé depuis que vous l’avez ouvert.")
        self.objet = objet
        self.ecarts = ecarts


def _affiche(valeur: Any) -> str:
    if valeur is None or valeur == "":
        return "(vide)"
    if isinstance(valeur, Decimal):
        return formater_nombre(valeur, 2)
    return str(valeur) if isinstance(valeur, models.Model) else str(localize(valeur))


def ecarts_entre(objet: ModeleVersionne, propose: dict[str, Any]) -> list[Ecart]:
    """Fields of `propose` whose value differs from what `objet` holds in the database."""
    ecarts = []
    for champ in objet._meta.concrete_fields:
        if champ.name not in propose:
            continue
        en_base, voulu = getattr(objet, champ.name), propose[champ.name]
        if en_base == voulu or (not en_base and not voulu):
            continue
        libelle = str(getattr(champ, "verbose_name", champ.name))
        ecarts.append(
            Ecart(champ.name, libelle[:1].upper() + libelle[1:], _affiche(en_base), _affiche(voulu))
        )
    return ecarts


def enregistrer_version(objet: M, version_lue: int, champs: Iterable[str]) -> M:
    """Saves `champs` of `objet` if its row is still at `version_lue`, else raises ConflitDeVersion.

    One UPDATE … WHERE version = … : of two concurrent saves exactly one wins. Call it inside a transaction.
    """
    names = set(champs)
    values = {name: getattr(objet, name) for name in names}
    model = type(objet)
    touched = model._default_manager.filter(pk=objet.pk, version=version_lue).update(
        version=F("version") + 1, modifie_le=timezone.now(), **values
    )
    if not touched:
        stored = model._default_manager.get(pk=objet.pk)
        raise ConflitDeVersion(stored, ecarts_entre(stored, values))
    objet.version = version_lue + 1
    return objet


class VersionFormMixin(forms.Form):
    """Adds to a ModelForm the hidden version that was read when the form was shown."""

    version_lue = forms.IntegerField(widget=forms.HiddenInput, required=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        instance = kwargs.get("instance")
        self.fields["version_lue"].initial = getattr(instance, "version", 1) or 1


def page_conflit(request: HttpRequest, conflit: ConflitDeVersion, *, titre: str, retour: str) -> HttpResponse:
    """409, with what is saved and what was sent side by side; `retour` reopens the form on the saved one."""
    return render(request, "409.html", {"conflit": conflit, "titre": titre, "retour": retour}, status=409)
