"""What every way of typing a key shares: its fields, its plain value, and how it is shown.

A value written by hand in a file may be richer than its form. `Saisie.preparer` then proposes its text (YAML)
instead: nothing is ever lost because a form could not show it.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from arpent.metier.reglement import ChampRegle
from arpent.metier.reglement.champs import ANCIENS_NOMS

from ..fichiers import FichierIllisible, ecrire_texte, lire_texte
from ..vocabulaires import Vocabulaires


class _Absent:
    """The key is not written."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent()
LIGNES_MAX = 60


@dataclass(frozen=True, slots=True)
class Groupe:
    """What the page shows of one key: fields, a table of fields, or groups inside."""

    gabarit: str
    cle: str
    libelle: str
    aide: str
    obligatoire: bool
    champs: tuple[BoundField, ...] = ()
    colonnes: tuple[str, ...] = ()
    lignes: tuple[tuple[BoundField, ...], ...] = ()
    blocs: tuple[tuple[Groupe, ...], ...] = ()
    remarque: str = ""
    peut_ajouter: bool = False
    peut_completer: bool = False


class TexteYaml(forms.CharField):
    """A value typed as YAML; the cleaned value is the plain one, ABSENT when nothing is typed."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}))
        super().__init__(max_length=20_000, required=False, **kwargs)

    def to_python(self, value: Any) -> Any:
        texte = super().to_python(value)
        if not texte:
            return ABSENT
        try:
            return lire_texte(texte)[0]
        except FichierIllisible as erreur:
            raise ValidationError(str(erreur)) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(initial != data)


def equivalents(a: Any, b: Any) -> bool:
    """Whether two plain values say the same: 500 and "500", an absent operator and « = »."""
    return bool(_normaliser(a) == _normaliser(b))


def _normaliser(noeud: Any) -> Any:
    if isinstance(noeud, dict):
        noeud = noeud | {
            c: ANCIENS_NOMS.get(noeud[c], noeud[c]) for c in ("par", "champ") if _est_texte(noeud, c)
        }
        paires = {c: _normaliser(v) for c, v in noeud.items() if not (c == "est" and v == "=")}
        return {c: v for c, v in paires.items() if v is not None or c == "valeur"}
    if isinstance(noeud, list):
        return [_normaliser(v) for v in noeud]
    if isinstance(noeud, int) and not isinstance(noeud, bool):
        return str(noeud)
    return noeud.strip() if isinstance(noeud, str) else noeud


def _est_texte(noeud: dict[Any, Any], cle: str) -> bool:
    return isinstance(noeud.get(cle), str)


@dataclass
class Saisie(ABC):
    """How one key is typed. `prefixe` starts the names of its fields."""

    champ: ChampRegle
    prefixe: str
    mots: Vocabulaires
    en_texte: bool = field(default=False, init=False)
    brut: Any = field(default=ABSENT, init=False)

    def nom(self, suite: str = "") -> str:
        return f"{self.prefixe}-{suite}" if suite else self.prefixe

    def preparer(self, brut: Any, donnees: Mapping[str, Any] | None) -> None:
        """Chooses the form for what is there: the guided one, or the text when it could not say it all."""
        self.brut = brut = ABSENT if brut is None else brut
        if donnees is not None:
            self.en_texte = self.nom("texte") in donnees
        if not self.en_texte:
            self.mesurer(brut, donnees)
        if donnees is None and brut is not ABSENT:
            self.en_texte = not equivalents(self.lire(self.initiales_guidees(brut)), brut)

    def mesurer(self, brut: Any, donnees: Mapping[str, Any] | None) -> None:  # noqa: B027
        """How many rows to show; nothing for a single field."""

    def compteurs(self) -> dict[str, int]:
        """The hidden counts of rows and what the page now shows."""
        return {}

    def champs(self) -> dict[str, forms.Field]:
        if self.en_texte:
            aide = "Cette valeur est plus riche que le formulaire : elle s’écrit ici comme dans le fichier."
            return {self.nom("texte"): TexteYaml(label=self.champ.libelle, help_text=aide)}
        return self.champs_guides()

    def initiales(self) -> dict[str, Any]:
        if self.brut is ABSENT:
            return {}
        if self.en_texte:
            return {self.nom("texte"): ecrire_texte(self.brut)}
        return self.initiales_guidees(self.brut)

    def valeur(self, donnees: Mapping[str, Any]) -> Any:
        """The plain value typed, or ABSENT. `donnees` are cleaned."""
        return donnees.get(self.nom("texte"), ABSENT) if self.en_texte else self.lire(donnees)

    def montrer(self, form: forms.Form) -> Groupe:
        if self.en_texte:
            return self.groupe(form, "reglements/saisies/_champs.html", champs=(form[self.nom("texte")],))
        return self.montrer_guidee(form)

    def groupe(self, form: forms.Form, gabarit: str, **quoi: Any) -> Groupe:
        champ = self.champ
        return Groupe(gabarit, self.prefixe, champ.libelle, champ.aide, champ.obligatoire, **quoi)

    def premier_champ(self) -> str:
        """The field that carries an error of the whole key."""
        return next(iter(self.champs()))

    @abstractmethod
    def champs_guides(self) -> dict[str, forms.Field]:
        """The fields, all optional: the règlement itself says what is missing."""

    @abstractmethod
    def initiales_guidees(self, brut: Any) -> dict[str, Any]:
        """Values of the fields for a plain value; what they cannot say is left out."""

    @abstractmethod
    def lire(self, donnees: Mapping[str, Any]) -> Any:
        """The plain value of the fields; ABSENT when they are empty."""

    @abstractmethod
    def montrer_guidee(self, form: forms.Form) -> Groupe:
        """How the page shows it."""


def texte(libelle: str, aide: str = "", *, court: bool = False, decimal: bool = False) -> forms.CharField:
    """A line of text; the longest one is bounded."""
    attrs = {"autocomplete": "off"} | ({"inputmode": "decimal"} if decimal else {})
    return forms.CharField(
        label=libelle, help_text=aide, required=False, max_length=60 if court else 500,
        widget=forms.TextInput(attrs=attrs),
    )  # fmt: skip


def choix(libelle: str, options: Any, aide: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=libelle, choices=list(options), help_text=aide, required=False)


def ecrit(valeur: Any) -> str:
    """A plain value as one types it."""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    return "" if valeur is None or valeur is ABSENT else str(valeur)


_ENTIER = re.compile(r"[0-9]{1,15}|[0-9]{1,3}(?:\s[0-9]{3}){1,4}")


def lu(donnees: Mapping[str, Any], nom: str) -> str:
    """What was typed in a field, without the blanks around."""
    return str(donnees.get(nom) or "").strip()


def nombre_ou_texte(saisi: str) -> int | str:
    """« 1 000 » gives a whole number; the rest stays as typed, the règlement says if it is right."""
    return int(re.sub(r"\s", "", saisi)) if _ENTIER.fullmatch(saisi) else saisi


def nombre_de_lignes(prefixe: str, presentes: int, donnees: Mapping[str, Any] | None, vides: int) -> int:
    """Rows to show: those there and some blank ones; those sent, and five more when asked."""
    if donnees is None:
        return min(LIGNES_MAX, presentes + vides)
    envoye = lu(donnees, f"{prefixe}-nombre")
    nombre = int(envoye) if envoye.isdecimal() and len(envoye) < 4 else vides
    return min(LIGNES_MAX, nombre + (5 if lu(donnees, "_ajouter") == prefixe else 0))


def champ_nombre() -> forms.IntegerField:
    """The hidden count of rows (see `Saisie.compteurs`)."""
    return forms.IntegerField(required=False, widget=forms.HiddenInput)
