"""The upload, and what each column of the file becomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .correspondance import CHAMPS, MONTANTS, OBLIGATOIRES, PAR_CODE, Champ, nom_de_colonne
from .valeurs import sans_fusion

EXEMPLES = 3
EXEMPLE_MAX = 40


class FichierForm(forms.Form):
    fichier = forms.FileField(
        label="Fichier du plan d’actions",
        help_text="Un classeur Excel (.xlsx), LibreOffice (.ods) ou un fichier .csv, de 20 Mo au plus.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods,.csv"}),
        error_messages={
            "required": "Choisissez le fichier à importer.",
            "empty": "Le fichier est vide : vérifiez que vous envoyez le bon fichier.",
        },
    )


class ConfirmationForm(forms.Form):
    """The number of fiches the person agreed to import."""

    attendu = forms.IntegerField(min_value=0)


@dataclass(frozen=True, slots=True)
class ColonneLue:
    """A column of the file as the page shows it."""

    rang: int
    nom: str
    exemples: tuple[str, ...]


def colonnes_lues(entetes: Sequence[str], lignes: Sequence[Sequence[str]]) -> list[ColonneLue]:
    """The columns that hold something, each with its first values."""
    lues = []
    for rang in range(len(entetes)):
        exemples: list[str] = []
        for ligne in lignes:
            exemple = sans_fusion(ligne[rang])[:EXEMPLE_MAX] if rang < len(ligne) else ""
            if exemple and exemple not in exemples:
                exemples.append(exemple)
            if len(exemples) == EXEMPLES:
                break
        if exemples or entetes[rang]:
            lues.append(ColonneLue(rang, nom_de_colonne(entetes, rang), tuple(exemples)))
    return lues


def _groupe(champ: Champ) -> str:
    if champ.financeur:
        return "Financements"
    return "Montants du projet" if champ.code in MONTANTS else "Le projet"


class CorrespondanceForm(forms.Form):
    """For each column of the file, the field it feeds, or nothing."""

    def __init__(
        self,
        *args: Any,
        colonnes: Sequence[ColonneLue],
        choisies: Mapping[int, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.colonnes_du_fichier = colonnes
        for colonne in colonnes:
            self.fields[f"colonne_{colonne.rang}"] = forms.ChoiceField(
                label=f"Colonne « {colonne.nom} »",
                required=False,
                choices=[("", ""), *((c.code, c.libelle) for c in CHAMPS)],
                initial=choisies.get(colonne.rang, ""),
            )

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        vus: dict[str, str] = {}
        for nom, code in list(donnees.items()):  # add_error takes the field out
            if not code or PAR_CODE[code].financeur:
                continue
            if code in vus:
                autre = self.fields[vus[code]].label
                libelle = PAR_CODE[code].libelle
                self.add_error(nom, f"« {libelle} » est déjà lu ailleurs ({autre}) : gardez une des deux.")
            vus[code] = nom
        manquants = [c.libelle for c in OBLIGATOIRES if c.code not in vus]
        if manquants:
            self.add_error(None, f"Dites quelle colonne contient : {', '.join(manquants)}.")
        return donnees

    def correspondance(self) -> dict[int, str]:
        return {
            c.rang: code for c in self.colonnes_du_fichier if (code := self.cleaned_data[f"colonne_{c.rang}"])
        }

    def rangees(self) -> list[tuple[ColonneLue, SafeString, list[str]]]:
        """Each column with its list of choices and its errors.

        Written here rather than by the widget: a file of a hundred columns has thousands of options.
        """
        return [
            (c, self._liste(c), [str(e) for e in self[f"colonne_{c.rang}"].errors])
            for c in self.colonnes_du_fichier
        ]

    def _liste(self, colonne: ColonneLue) -> SafeString:
        bound = self[f"colonne_{colonne.rang}"]
        choisi = str(bound.value() or "")
        groupes: dict[str, list[tuple[str, str, str]]] = {}
        for champ in CHAMPS:
            marque = " selected" if champ.code == choisi else ""
            groupes.setdefault(_groupe(champ), []).append((champ.code, marque, champ.libelle))
        options = format_html_join(
            "",
            '<optgroup label="{}">{}</optgroup>',
            (
                (nom, format_html_join("", '<option value="{}"{}>{}</option>', choix))
                for nom, choix in groupes.items()
            ),
        )
        return format_html(
            '<select name="{}" id="{}"{}><option value="">ne pas reprendre</option>{}</select>',
            bound.html_name,
            bound.id_for_label,
            format_html(' aria-invalid="true" aria-describedby="{}_erreur"', bound.id_for_label)
            if bound.errors
            else "",
            options,
        )
