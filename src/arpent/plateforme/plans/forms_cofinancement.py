"""The forms of the co-financing: the share the owner wants to keep, the legal frame of the operation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from arpent.metier.plan_financement import LIBELLES_FINANCEUR, Financeur
from arpent.plateforme.socle.versions import VersionFormMixin

from .forms import MontantField
from .models import CadreJuridique

if TYPE_CHECKING:
    CadreModelForm = forms.ModelForm[CadreJuridique]
else:  # Django's own class takes no parameter at run time
    CadreModelForm = forms.ModelForm

OUI_NON = [("", "Non précisé"), ("true", "Oui"), ("false", "Non")]


class PartForm(forms.Form):
    """The wish: a share in euros, or the least the law and the caps allow; and whom to ask first."""

    part = MontantField(
        label="Part que le maître d’ouvrage souhaite garder",
        required=False,
        help_text="En euros. Laissez vide pour la part la plus basse possible.",
    )
    premier = forms.ChoiceField(
        label="Financeur à solliciter d’abord",
        required=False,
        choices=[
            ("", "Au prorata de ce qui est demandé"),
            *((f.value, LIBELLES_FINANCEUR[f]) for f in Financeur if f.est_aide_publique),
        ],
    )

    def ordre(self) -> tuple[Financeur, ...]:
        premier = self.cleaned_data["premier"]
        return (Financeur(premier),) if premier else ()


class ReprendreForm(VersionFormMixin, PartForm):
    """The same wish, sent back with the version of the fiche on which the proposal was read."""


def _oui_non(libelle: str, aide: str = "") -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=libelle, help_text=aide, required=False, choices=OUI_NON, empty_value=None,
        coerce=lambda texte: texte in ("true", "True"),
    )  # fmt: skip


class CadreForm(VersionFormMixin, CadreModelForm):
    """What changes the law that applies. `cout_ttc_connu`: a plan TTC needs the cost TTC of the fiche."""

    chef_de_file = _oui_non(
        "L’opération relève-t-elle d’une compétence à chef de file ?",
        "CGCT, art. L1111-9 : le minimum est relevé, et l’aide vient de la Région ou d’un Département.",
    )
    votes_concordants = _oui_non(
        "Les deux assemblées ont-elles voté le fonds de concours ?",
        "Délibérations concordantes de l’intercommunalité et de la commune, à la majorité simple.",
    )

    class Meta:
        model = CadreJuridique
        fields = (
            "chef_de_file", "convention", "reference", "regime", "derogation_motif", "votes_concordants",
            "plan_ttc", "sans_travaux",
        )  # fmt: skip
        labels = {
            "convention": "Convention qui autorise la Région et le Département ensemble",
            "regime": "Régime de la participation minimale",
            "plan_ttc": "Le plan de financement est toutes taxes comprises",
            "sans_travaux": "L’opération ne comporte que des études ou des acquisitions foncières",
        }
        help_texts = {
            "reference": "Numéro ou date de la convention : elle est demandée avec la convention.",
            "derogation_motif": "L’acte, sa date et le taux se saisissent sur la fiche.",
            "plan_ttc": "Le coût TTC de la fiche remplace alors le coût HT dans le plan.",
            "sans_travaux": "Elles peuvent commencer avant le dossier complet.",
        }

    def __init__(self, *args: Any, cout_ttc_connu: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cout_ttc_connu = cout_ttc_connu
        vides = {"convention": "Aucune", "regime": "Régime commun", "derogation_motif": "Sans objet"}
        for nom, vide in vides.items():
            champ = self.fields[nom]
            assert isinstance(champ, forms.ChoiceField)
            champ.choices = [("", vide), *((v, t) for v, t in champ.choices if v)]  # type: ignore[misc, union-attr]
        for nom in ("chef_de_file", "votes_concordants"):
            valeur = getattr(self.instance, nom)
            self.initial[nom] = "" if valeur is None else str(valeur).lower()
        if self.instance.pk is None:
            self.fields["version_lue"].initial = 0

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        if donnees.get("convention") and not donnees.get("reference"):
            self.add_error("reference", "Donnez la référence de la convention.")
        if donnees.get("plan_ttc") and not self.cout_ttc_connu:
            self.add_error("plan_ttc", "Saisissez d’abord le coût total TTC sur la fiche.")
        return donnees
