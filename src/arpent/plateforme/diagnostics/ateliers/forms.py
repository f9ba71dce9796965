"""Forms of the facilitator and of the phones."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms

from arpent.plateforme.socle.versions import VersionFormMixin

from ..constats.forms import choix_indicateurs
from ..models import Atelier, ConstatTerritorial
from . import deroule
from .bilan import themes

TABLES_MAX = 40
NATURES = [(code, str(nom).capitalize()) for code, nom in ConstatTerritorial.Nature.choices]
_GARDES = {"\u200d", "\ufe0f"}


def nettoyer(texte: str) -> str:
    """One line of readable text: neither control characters nor marks that turn the reading order round."""
    lisible = "".join(
        c if c in _GARDES or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"} else " "
        for c in unicodedata.normalize("NFC", texte)
    )
    return " ".join(lisible.split())


class LigneField(forms.CharField):
    """A cleaned line. Length is counted once cleaned, and said."""

    def __init__(self, *, longueur: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.longueur = longueur
        self.widget.attrs["maxlength"] = longueur

    def clean(self, value: Any) -> str:
        texte = nettoyer(str(value or ""))
        if self.required and not texte:
            raise forms.ValidationError("Écrivez quelque chose ici.")
        if len(texte) > self.longueur:
            raise forms.ValidationError(
                f"Raccourcissez : {self.longueur} caractères au plus, vous en avez écrit {len(texte)}."
            )
        return texte


class AtelierForm(VersionFormMixin, forms.ModelForm[Atelier]):
    """Title, date, place, tables, points."""

    nombre_tables = forms.IntegerField(
        label="Nombre de tables",
        min_value=1,
        max_value=TABLES_MAX,
        initial=6,
        help_text=f"De 1 à {TABLES_MAX}.",
    )

    class Meta:
        model = Atelier
        fields = ("titre", "tenu_le", "lieu", "points")
        labels = {"tenu_le": "Date", "points": "Points par participant"}
        help_texts = {
            "titre": "Ce que la salle lira. Exemple : « Regards croisés sur notre territoire ».",
            "points": "De 1 à 20. Chacun les répartit comme il veut au moment du vote.",
        }
        widgets = {"tenu_le": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["nombre_tables"].initial = self.instance.tables.count()

    def clean_titre(self) -> str:
        return nettoyer(self.cleaned_data["titre"])

    def clean_points(self) -> int:
        points = int(self.cleaned_data["points"])
        if not 1 <= points <= 20:
            raise forms.ValidationError("Donnez de 1 à 20 points à chaque participant.")
        return points


class EtapeForm(forms.Form):
    """One step of the déroulé. An empty row is left out."""

    ordre = forms.IntegerField(label="Ordre", min_value=1, max_value=99)
    genre = forms.ChoiceField(label="Genre", choices=[("", "–"), *deroule.LIBELLES.items()], required=False)
    indicateur = forms.ChoiceField(label="Indicateur", required=False)
    titre = LigneField(label="Titre à l’écran", longueur=120, required=False)
    texte = LigneField(label="Texte", longueur=600, required=False)
    retirer = forms.BooleanField(label="Retirer", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        aucun, *familles = choix_indicateurs()
        self.fields["indicateur"].choices = [(aucun[0], "–"), *familles]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        if donnees.get("genre") == deroule.Genre.INDICATEUR and not donnees.get("indicateur"):
            self.add_error("indicateur", "Choisissez l’indicateur à montrer.")
        if donnees.get("genre") == deroule.Genre.TEXTE and not (donnees.get("titre") or donnees.get("texte")):
            self.add_error("titre", "Écrivez le texte à montrer.")
        return donnees


DerouleFormSet = forms.formset_factory(
    EtapeForm, extra=3, max_num=deroule.ETAPES_MAX, validate_max=True, absolute_max=deroule.ETAPES_MAX + 10
)


def etapes_du_formulaire(formset: Any) -> list[deroule.Etape]:
    """The steps in the order asked; a tie keeps the order of the rows."""
    lignes = [
        f.cleaned_data for f in formset if f.cleaned_data.get("genre") and not f.cleaned_data.get("retirer")
    ]
    return [
        deroule.Etape(
            genre=x["genre"],
            titre=x["titre"],
            indicateur=x["indicateur"] if x["genre"] == deroule.Genre.INDICATEUR else "",
            texte=x["texte"],
        )
        for x in sorted(lignes, key=lambda x: x["ordre"])
    ]


class CodeForm(forms.Form):
    """The code read on the screen of the room."""

    code = forms.CharField(
        label="Code de l’atelier",
        max_length=20,
        help_text="Six lettres ou chiffres, affichés dans la salle.",
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
    )


class ContributionForm(forms.Form):
    """A finding, from a phone: its nature, its theme, one sentence."""

    nature = forms.ChoiceField(label="C’est plutôt", choices=NATURES, widget=forms.RadioSelect)
    texte = LigneField(label="Votre constat", longueur=300, widget=forms.Textarea(attrs={"rows": 4}))
    theme = forms.ChoiceField(label="Thème", required=False)
    a_l_ecran = forms.BooleanField(label="Il parle de l’indicateur à l’écran", required=False)

    def __init__(self, *args: Any, indicateur: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"].choices = [("", "Sans thème"), *themes().items()]  # type: ignore[attr-defined]
        if not indicateur:
            del self.fields["a_l_ecran"]
