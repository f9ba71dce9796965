"""Reading what is typed in the arbitration table, and the values of the allocation keys."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from django import forms

from arpent.metier.argent import ZERO, MontantIllisible, arrondir, formater_taux, lire_montant

from .actions import ArbitrageRefuse, Valeurs

_BLANCS = re.compile(r"[\s%]")
_TAUX = re.compile(r"\d{1,3}(\.\d{1,6})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Saisie:
    """One row as sent. `lu` are the values that the page showed, `version_lue` their version (0: none)."""

    voulu: Valeurs
    lu: Valeurs
    version_lue: int

    @property
    def est_touchee(self) -> bool:
        return self.voulu != self.lu


def ecrire_taux(montant: Decimal, assiette: Decimal | None) -> str:
    """The rate of a cell, in points: « 30 », « 39,68 »; empty without a base."""
    if not assiette:
        return ""
    return formater_taux(montant / assiette, None).removesuffix("%").strip()


def ecrire_lu(version: int, v: Valeurs) -> str:
    """The hidden field of a row: « 3/12000.00/2026/retenue/40000.00/2/voirie/motif »."""
    assiette = "" if v.assiette is None else f"{v.assiette:.2f}"
    cases = (
        version, f"{v.montant:.2f}", v.annee or "", v.decision, assiette, v.priorite or "", v.fonds, v.motif,
    )  # fmt: skip
    return "/".join(str(case) for case in cases)


def _lire_lu(texte: str) -> tuple[int, Valeurs]:
    try:
        version, montant, annee, decision, assiette, priorite, fonds, motif = texte.split("/", 7)
        base = Decimal(assiette) if assiette else None
        rang = int(priorite) if priorite else None
        lu = Valeurs(Decimal(montant), int(annee) if annee else None, decision, base, rang, motif, fonds)
        return int(version), lu
    except (ValueError, ArithmeticError) as erreur:
        raise ArbitrageRefuse("La ligne est incomplète : rechargez la page, puis recommencez.") from erreur


def _annee(texte: str) -> int | None:
    nettoye = texte.strip()
    if not nettoye:
        return None
    if not (nettoye.isascii() and nettoye.isdigit() and len(nettoye) == 4):
        raise ArbitrageRefuse(
            f"« {texte[:40]} » n’est pas une année : écrivez quatre chiffres, par exemple 2027."
        )
    return int(nettoye)


def _montant(texte: str) -> Decimal | None:
    try:
        return lire_montant(texte) if texte.strip() else None
    except MontantIllisible as erreur:
        raise ArbitrageRefuse(str(erreur)) from erreur


def _priorite(texte: str) -> int | None:
    nettoye = texte.strip().strip("–")
    if not nettoye:
        return None
    if not (nettoye.isascii() and nettoye.isdigit() and 0 < len(nettoye) <= 4 and int(nettoye)):
        raise ArbitrageRefuse(
            f"« {texte[:40]} » n’est pas un rang : écrivez un nombre entier, à partir de 1."
        )
    return int(nettoye)


def _taux(texte: str) -> Decimal:
    """A rate in points (« 33,33 % ») as a part of 1."""
    nettoye = _BLANCS.sub("", texte).replace(",", ".")
    if not _TAUX.fullmatch(nettoye) or (points := Decimal(nettoye)) > 100:
        raise ArbitrageRefuse(
            f"« {texte[:40]} » n’est pas un taux : écrivez un pourcentage de 0 à 100, "
            "par exemple 30 ou 33,33."
        )
    return points / 100


def _montant_du_taux(texte: str | None, lu: Valeurs, voulu: Valeurs) -> Valeurs:
    """A rate that was typed sets the amount, to the cent, unless the amount was typed too."""
    affiche = ecrire_taux(lu.montant, lu.assiette)
    if not texte or voulu.montant != lu.montant or _BLANCS.sub("", texte) == _BLANCS.sub("", affiche):
        return voulu
    taux = _taux(texte)
    if voulu.assiette is None:
        raise ArbitrageRefuse("Écrivez la base avant le taux : l’aide proposée est la base fois le taux.")
    return replace(voulu, montant=arrondir(voulu.assiette * taux))


def lire_ligne(envoi: Mapping[str, str], pk: int) -> Saisie:
    """The row of fiche `pk` in a POST; a cell that is not sent is as it was read.

    ArbitrageRefuse (French) when a cell cannot be read.
    """
    version, lu = _lire_lu(envoi.get(f"lu-{pk}", ""))

    def case(nom: str) -> str | None:
        return envoi.get(f"{nom}-{pk}")

    montant, annee, base, rang, motif = (case(c) for c in ("montant", "annee", "base", "priorite", "motif"))
    fonds = case("fonds")
    voulu = Valeurs(
        montant=lu.montant if montant is None else _montant(montant) or ZERO,
        annee=lu.annee if annee is None else _annee(annee),
        decision=case("decision") or lu.decision,
        assiette=lu.assiette if base is None else _montant(base),
        priorite=lu.priorite if rang is None else _priorite(rang),
        motif=lu.motif if motif is None else " ".join(motif.split())[:300],
        fonds=lu.fonds if fonds is None else fonds.strip()[:40],
    )
    impose = case("imposer") or ""
    return Saisie(_montant_du_taux(case("taux"), lu, voulu), lu, int(impose) if impose.isdigit() else version)


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
