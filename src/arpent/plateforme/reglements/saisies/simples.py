"""Keys typed in one field or in a few: texts, numbers, codes, and the values of the authority."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms

from arpent.metier.reglement import PARAMETRES, Sorte

from .base import ABSENT, Groupe, Saisie, choix, ecrit, lu, nombre_ou_texte, texte

_POURCENT = re.compile(r"\d{1,3}(?:[.,]\d{1,4})?")
_EXEMPLES = {Sorte.TAUX: "30 %", Sorte.MONTANT: "15 000 €", Sorte.NOMBRE: "0,94"}


class SaisieSimple(Saisie):
    """One field."""

    def champs_guides(self) -> dict[str, forms.Field]:
        return {self.nom(): self._champ()}

    def _champ(self) -> forms.Field:
        champ = self.champ
        match champ.sorte:
            case Sorte.BOOLEEN:
                return choix(champ.libelle, [("", "Non précisé"), ("oui", "Oui"), ("non", "Non")], champ.aide)
            case Sorte.CHOIX:
                return choix(champ.libelle, [("", "Choisissez"), *champ.options], champ.aide)
            case Sorte.PARAMETRE_LEGAL:
                legaux = {p.code: p.libelle for p in PARAMETRES}
                return choix(champ.libelle, [("", "Choisissez"), *legaux.items()], champ.aide)
            case Sorte.DATE:
                champ_date = texte(champ.libelle, champ.aide, court=True)
                champ_date.widget = forms.DateInput(attrs={"type": "date"})
                return champ_date
            case Sorte.TEXTE if self.mots.est_ferme(champ.vocabulaire):
                return choix(champ.libelle, [("", "Non précisé"), *self._options()], champ.aide)
            case _:
                return texte(champ.libelle, champ.aide, court=champ.sorte is Sorte.ENTIER)

    def _options(self) -> list[tuple[str, str]]:
        options = list(self.mots.options(self.champ.vocabulaire))
        if isinstance(self.brut, str) and self.brut not in dict(options):
            options.insert(0, (self.brut, self.mots.nommer(self.brut)))
        return options

    def initiales_guidees(self, brut: Any) -> dict[str, Any]:
        return {self.nom(): ecrit(brut)}

    def lire(self, donnees: Mapping[str, Any]) -> Any:
        saisi = lu(donnees, self.nom())
        if not saisi:
            return ABSENT
        if self.champ.sorte is Sorte.BOOLEEN:
            return {"oui": True, "non": False}.get(saisi, saisi)
        return nombre_ou_texte(saisi) if self.champ.sorte is Sorte.ENTIER else saisi

    def montrer_guidee(self, form: forms.Form) -> Groupe:
        return self.groupe(form, "reglements/saisies/_champs.html", champs=(form[self.nom()],))


class SaisieCodes(Saisie):
    """A list of codes: boxes to tick when they are known, else codes separated by commas."""

    def champs_guides(self) -> dict[str, forms.Field]:
        champ = self.champ
        if not self.mots.est_ferme(champ.vocabulaire):
            aide = f"{champ.aide} Séparez les codes par des virgules.".strip()
            return {self.nom(): texte(champ.libelle, aide)}
        # What is already chosen comes first, in its order: the order of a list is kept.
        presents = [str(c) for c in self.brut] if isinstance(self.brut, list) else []
        options = {c: self.mots.nommer(c) for c in presents} | dict(self.mots.options(champ.vocabulaire))
        return {
            self.nom(): forms.MultipleChoiceField(
                label=champ.libelle,
                help_text=champ.aide,
                choices=list(options.items()),
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        }

    def initiales_guidees(self, brut: Any) -> dict[str, Any]:
        codes = [str(c) for c in brut] if isinstance(brut, list) else []
        return {self.nom(): codes if self.mots.est_ferme(self.champ.vocabulaire) else ", ".join(codes)}

    def lire(self, donnees: Mapping[str, Any]) -> Any:
        saisi = donnees.get(self.nom()) or []
        codes = saisi if isinstance(saisi, list) else [c.strip() for c in str(saisi).split(",")]
        return [c for c in codes if c] or ABSENT

    def montrer_guidee(self, form: forms.Form) -> Groupe:
        return self.groupe(form, "reglements/saisies/_champs.html", champs=(form[self.nom()],))


def champs_valeur(nom: str, libelle: str, sorte: Sorte) -> dict[str, forms.Field]:
    """The three fields of a value of the authority."""
    exemple = f"Par exemple {_EXEMPLES[sorte]}. Vide : non publié."
    return {
        nom: texte(libelle, exemple, court=True, decimal=True),
        f"{nom}-demo": texte(
            "Valeur de démonstration", "Toujours signalée comme telle.", court=True, decimal=True
        ),
        f"{nom}-source": texte("Source", "La délibération, la page, ou « non publié »."),
    }


def valeur_en_champs(nom: str, brut: Any) -> dict[str, Any]:
    table = brut if isinstance(brut, dict) else {"valeur": brut}
    return {
        nom: ecrit(table.get("valeur")),
        f"{nom}-demo": ecrit(table.get("valeur_demonstration")),
        f"{nom}-source": ecrit(table.get("source")),
    }


def valeur_lue(donnees: Mapping[str, Any], nom: str, sorte: Sorte) -> dict[str, Any]:
    """`{valeur, valeur_demonstration?, source?}`, the value None when it is empty."""
    lue: dict[str, Any] = {"valeur": _chiffre(lu(donnees, nom), sorte) or None}
    if exemple := _chiffre(lu(donnees, f"{nom}-demo"), sorte):
        lue["valeur_demonstration"] = exemple
    if source := lu(donnees, f"{nom}-source"):
        lue["source"] = source
    return lue


def _chiffre(saisi: str, sorte: Sorte) -> str:
    """« 30 » for a rate is read « 30 % »."""
    return f"{saisi} %" if sorte is Sorte.TAUX and _POURCENT.fullmatch(saisi) else saisi


def abreger(valeur: dict[str, Any]) -> Any:
    """A certain value alone is written alone."""
    return valeur["valeur"] if len(valeur) == 1 and valeur["valeur"] is not None else valeur


class SaisieValeur(Saisie):
    """A rate, an amount, a number: published, not published (with its source), or of demonstration."""

    def champs_guides(self) -> dict[str, forms.Field]:
        champs = champs_valeur(self.nom(), self.champ.libelle, self.champ.sorte)
        if not self.champ.obligatoire:
            champs[self.nom("vide")] = forms.BooleanField(
                label="Prévue par le règlement, mais non publiée", required=False
            )
        return champs

    def initiales_guidees(self, brut: Any) -> dict[str, Any]:
        vide = isinstance(brut, dict) and brut.get("valeur") is None
        return valeur_en_champs(self.nom(), brut) | {self.nom("vide"): vide}

    def lire(self, donnees: Mapping[str, Any]) -> Any:
        lue = valeur_lue(donnees, self.nom(), self.champ.sorte)
        voulue = self.champ.obligatoire or bool(donnees.get(self.nom("vide")))
        return abreger(lue) if voulue or len(lue) > 1 or lue["valeur"] is not None else ABSENT

    def montrer_guidee(self, form: forms.Form) -> Groupe:
        champs = tuple(form[nom] for nom in self.champs_guides())
        return self.groupe(form, "reglements/saisies/_valeur.html", champs=champs)
