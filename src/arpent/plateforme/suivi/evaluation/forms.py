"""The forms of the evaluation: an indicator, a value, the weight of the enjeux of an axis."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.diagnostics.constats.forms import choix_indicateurs
from arpent.plateforme.plans.forms.bases import JourField
from arpent.plateforme.plans.models import ETATS_ENGAGES, Axe
from arpent.plateforme.socle.versions import VersionFormMixin

from ..models import IndicateurSuivi


class MesureField(forms.DecimalField):
    """A number typed « 12,5 »."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 16)
        kwargs.setdefault("decimal_places", 4)
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        kwargs.setdefault("error_messages", {"invalid": "Écrivez un nombre, par exemple 12,5."})
        super().__init__(localize=True, **kwargs)


class IndicateurForm(VersionFormMixin, forms.ModelForm[IndicateurSuivi]):
    """What is measured, on what, from where to where."""

    sur = forms.ChoiceField(label="Ce qu’il juge")
    code = forms.ChoiceField(
        label="Indicateur de l’observatoire", required=False,
        help_text="Sa valeur se relève alors d’un geste, sur tout le périmètre, avec sa source.",
    )  # fmt: skip
    reference = MesureField(label="Valeur de départ", required=False)
    cible = MesureField(label="Cible", required=False)

    class Meta:
        model = IndicateurSuivi
        fields = (
            "sur", "nature", "libelle", "unite", "code", "reference", "reference_annee", "cible",
            "cible_annee", "source",
        )  # fmt: skip
        widgets = {"nature": forms.RadioSelect}
        labels = {
            "libelle": "Ce qui est mesuré", "unite": "Unité", "reference_annee": "Son année",
            "cible_annee": "Pour l’année", "source": "D’où viennent ces valeurs",
        }  # fmt: skip
        help_texts = {"unite": "%, logements, places…"}

    def __init__(self, *args: Any, demarche: Demarche, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.demarche = demarche
        fiches = demarche.fiches.filter(etat__in=ETATS_ENGAGES).order_by("numero")
        groupes = (
            ("Un enjeu", [(f"enjeu-{e.pk}", str(e)) for e in demarche.enjeux.order_by("priorite", "pk")]),
            ("Un axe", [(f"axe-{a.pk}", str(a)) for a in demarche.axes.order_by("numero")]),
            ("Un projet", [(f"fiche-{f.pk}", str(f)) for f in fiches]),
        )
        sur, code = self.fields["sur"], self.fields["code"]
        assert isinstance(sur, forms.ChoiceField)
        assert isinstance(code, forms.ChoiceField)
        sur.choices = [("", "Choisissez"), *((nom, choix) for nom, choix in groupes if choix)]
        code.choices = [("", "Aucun : la valeur est saisie"), *choix_indicateurs()[1:]]
        if self.instance.pk:
            self.fields["sur"].initial = next(
                f"{genre}-{pk}"
                for genre in ("enjeu", "axe", "fiche")
                if (pk := getattr(self.instance, f"{genre}_id")) is not None
            )

    def clean(self) -> dict[str, Any]:
        lu = super().clean() or {}
        for valeur, annee in (("reference", "reference_annee"), ("cible", "cible_annee")):
            if lu.get(valeur) is not None and not lu.get(annee) and annee not in self.errors:
                self.add_error(annee, "Dites de quelle année.")
        depart, fin = lu.get("reference_annee"), lu.get("cible_annee")
        if depart and fin and fin < depart:
            self.add_error("cible_annee", "La cible vient après la valeur de départ.")
        return lu

    def _post_clean(self) -> None:
        """What it judges is set before the model checks itself."""
        genre, _, pk = str(self.cleaned_data.get("sur") or "").partition("-")
        for nom in ("enjeu", "axe", "fiche"):
            setattr(self.instance, f"{nom}_id", int(pk) if nom == genre else None)
        super()._post_clean()  # type: ignore[misc]

    def _get_validation_exclusions(self) -> set[str]:
        exclus: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return exclus | {"enjeu", "axe", "fiche"}


class ValeurForm(forms.Form):
    """A value on a day, and where it comes from."""

    valeur = MesureField(label="Valeur", error_messages={
        "required": "Écrivez la valeur.", "invalid": "Écrivez un nombre, par exemple 12,5.",
    })  # fmt: skip
    le = JourField(label="Au", error_messages={"required": "Dites à quelle date."})
    source = forms.CharField(
        label="Source", max_length=300, error_messages={"required": "Dites d’où vient cette valeur."}
    )
    note = forms.CharField(label="Réserve", max_length=300, required=False)

    def clean_le(self) -> date:
        le: date = self.cleaned_data["le"]
        if le > date.today():
            raise ValidationError("Ce jour n’est pas encore passé.")
        return le


class PoidsForm(forms.Form):
    """One number for each enjeu of the axis."""

    def __init__(self, *args: Any, axe: Axe, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        connus = {p.enjeu_id: p.poids for p in axe.poids_enjeux.all()}
        self.enjeux = list(axe.enjeux.order_by("priorite", "pk"))
        for enjeu in self.enjeux:
            self.fields[f"enjeu_{enjeu.pk}"] = MesureField(
                label=enjeu.libelle, min_value=Decimal(0), max_value=Decimal(999), decimal_places=2,
                max_digits=5, initial=connus.get(enjeu.pk, Decimal(1)),
            )  # fmt: skip

    @property
    def poids(self) -> dict[int, Decimal]:
        return {e.pk: self.cleaned_data[f"enjeu_{e.pk}"] for e in self.enjeux}
