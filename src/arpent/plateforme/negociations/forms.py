"""Reading what is typed in the arbitration table, and the values of the allocation keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django import forms

from arpent.metier.argent import ZERO, MontantIllisible, lire_montant

from .actions import ArbitrageRefuse, Valeurs


@dataclass(frozen=True, slots=True)
class Saisie:
    """One row as sent. `lu` are the values that the page showed, `version_lue` their version (0: none)."""

    voulu: Valeurs
    lu: Valeurs
    version_lue: int
    motif: str

    @property
    def est_touchee(self) -> bool:
        return self.voulu != self.lu or bool(self.motif)


def ecrire_lu(version: int, valeurs: Valeurs) -> str:
    """The hidden field of a row: « 3/12000.00/2026/retenue »."""
    return f"{version}/{valeurs.montant:.2f}/{valeurs.annee or ''}/{valeurs.decision}"


def _annee(texte: str) -> int | None:
    nettoye = texte.strip()
    if not nettoye:
        return None
    if not (nettoye.isascii() and nettoye.isdigit() and len(nettoye) == 4):
        raise ArbitrageRefuse(
            f"« {texte[:40]} » n’est pas une année : écrivez quatre chiffres, par exemple 2027."
        )
    return int(nettoye)


def _lire_lu(texte: str) -> tuple[int, Valeurs]:
    try:
        version, montant, annee, decision = texte.split("/")
        return int(version), Valeurs(Decimal(montant), int(annee) if annee else None, decision)
    except (ValueError, ArithmeticError) as erreur:
        raise ArbitrageRefuse("La ligne est incomplète : rechargez la page, puis recommencez.") from erreur


def lire_ligne(envoi: Mapping[str, str], pk: int) -> Saisie:
    """The row of fiche `pk` in a POST. ArbitrageRefuse (French) when a cell cannot be read."""
    version, lu = _lire_lu(envoi.get(f"lu-{pk}", ""))
    texte = envoi.get(f"montant-{pk}", "").strip()
    try:
        montant = lire_montant(texte) if texte else ZERO
    except MontantIllisible as erreur:
        raise ArbitrageRefuse(str(erreur)) from erreur
    annee = _annee(envoi.get(f"annee-{pk}", ""))
    decision = envoi.get(f"decision-{pk}", "")
    impose = envoi.get(f"imposer-{pk}", "")
    if impose.isdigit():
        version = int(impose)
    return Saisie(Valeurs(montant, annee, decision), lu, version, envoi.get(f"motif-{pk}", "").strip()[:300])


class DonneeForm(forms.Form):
    """The value of a criterion for the territory (km of road…)."""

    critere = forms.CharField(widget=forms.HiddenInput)
    version_lue = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    valeur = forms.DecimalField(
        label="Valeur",
        min_value=0,
        max_digits=12,
        decimal_places=3,
        required=False,
        localize=True,
        help_text="Laissez vide tant que la valeur n’est pas connue : la clé ne sera pas répartie.",
    )
    source = forms.CharField(
        label="Source",
        max_length=300,
        required=False,
        help_text="D’où vient ce chiffre et de quand il date, par exemple « fiche DGF 2026 ».",
    )
