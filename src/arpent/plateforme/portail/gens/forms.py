"""The forms of the directory. What names a body, an account or a canton is typed, and looked up."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from arpent.metier.siren import nettoyer_siren
from arpent.plateforme.acteurs.absences import collegues
from arpent.plateforme.acteurs.attributions import roles_attribuables
from arpent.plateforme.acteurs.models import Agent, Designation, Mandat, Organisation, Personne
from arpent.plateforme.acteurs.roles import ROLES
from arpent.plateforme.demarches.perimetre import autorites_de, territoires_visibles
from arpent.plateforme.socle.versions import VersionFormMixin
from arpent.plateforme.territoires.models import Territoire

from .recherche import Introuvable, themes_possibles, trouver_agent, trouver_canton, trouver_organisation


def _date(label: str, *, requis: bool = True, aide: str = "") -> forms.DateField:
    return forms.DateField(
        label=label, required=requis, help_text=aide,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )  # fmt: skip


def _themes(agent: Agent, aide: str) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label="Thèmes", required=False, choices=themes_possibles(agent), help_text=aide,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip


class _ChercheForm(forms.Form):
    """A form whose texts are looked up in the perimeter of `agent`."""

    def __init__(self, *args: Any, agent: Agent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agent = agent

    def clean_structure(self) -> Organisation | None:
        texte: str = self.cleaned_data.get("structure", "")
        try:
            return trouver_organisation(self.agent, texte) if texte else None
        except Introuvable as refus:
            raise forms.ValidationError(str(refus)) from None

    def clean_compte(self) -> Agent | None:
        courriel: str = self.cleaned_data.get("compte", "")
        try:
            return trouver_agent(self.agent, courriel) if courriel else None
        except Introuvable as refus:
            raise forms.ValidationError(str(refus)) from None


class OrganisationForm(VersionFormMixin, forms.ModelForm[Organisation]):
    """A body. One that a reference file gives keeps its SIREN and its nature."""

    class Meta:
        model = Organisation
        fields = ("nom", "siren", "nature", "partenaire_de", "missions", "courriel", "telephone")

    def __init__(self, *args: Any, agent: Agent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["siren"].max_length = None  # type: ignore[attr-defined]
        self.fields["siren"] = forms.CharField(
            label="SIREN", required=False, max_length=20, help_text="Neuf chiffres ; un SIRET est compris."
        )
        self.fields["partenaire_de"].queryset = autorites_de(agent)  # type: ignore[attr-defined]
        self.fields["partenaire_de"].help_text = "Pour qui aide les territoires (CAUE, agence…)."
        self.fields["themes"] = _themes(agent, "Ceux pour lesquels on peut l’appeler ; aucun : tous.")
        if self.instance.pk:
            self.fields["themes"].initial = self.instance.themes.split(",")
        if self.instance.commune_id or self.instance.groupement_id:
            del self.fields["siren"], self.fields["nature"]

    def _get_validation_exclusions(self) -> set[str]:
        """The action says which body has that SIREN: a constraint only has a name."""
        exclus: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return exclus | {"siren"}

    def clean_siren(self) -> str:
        return nettoyer_siren(self.cleaned_data["siren"])

    def champs(self) -> dict[str, Any]:
        """What the action saves."""
        d = {k: v for k, v in self.cleaned_data.items() if k != "version_lue"}
        return d | {"themes": ",".join(sorted(d["themes"]))}


class PersonneForm(VersionFormMixin, forms.ModelForm[Personne]):
    class Meta:
        model = Personne
        fields = ("civilite", "prenom", "nom", "courriel", "telephone")

    compte = forms.EmailField(
        label="Compte de la personne", required=False,
        help_text="L’adresse avec laquelle elle se connecte, si elle a un compte.",
    )  # fmt: skip

    def __init__(self, *args: Any, agent: Agent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agent = agent
        if self.instance.agent is not None:
            self.fields["compte"].initial = self.instance.agent.courriel

    def clean_compte(self) -> Agent | None:
        compte = _ChercheForm.clean_compte(self)  # type: ignore[arg-type]
        if compte is not None and Personne.objects.filter(agent=compte).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("Ce compte est déjà celui d’une autre personne de l’annuaire.")
        return compte

    def champs(self) -> dict[str, Any]:
        d = {k: v for k, v in self.cleaned_data.items() if k not in {"version_lue", "compte"}}
        return d | {"agent": self.cleaned_data["compte"]}


class MandatForm(_ChercheForm):
    """A mandate or a function: where, which, since when."""

    structure = forms.CharField(
        label="Structure", max_length=200, help_text="Le nom, le SIREN ou le code INSEE de la commune."
    )
    fonction = forms.ChoiceField(label="Fonction", choices=[("", "Choisir…"), *Mandat.Fonction.choices])
    intitule = forms.CharField(
        label="Intitulé exact", max_length=150, required=False,
        help_text="Par exemple : vice-présidente aux finances, référent voirie.",
    )  # fmt: skip
    canton = forms.CharField(
        label="Canton", max_length=100, required=False, help_text="Pour un conseiller départemental."
    )
    debut = _date("Depuis le")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["themes"] = _themes(self.agent, "Ceux dont la personne s’occupe ; aucun : tous.")

    def clean_canton(self) -> Any:
        texte: str = self.cleaned_data["canton"]
        if not texte:
            return None
        codes = territoires_visibles(self.agent).values_list("departement", flat=True)
        try:
            return trouver_canton(texte, codes)
        except Introuvable as refus:
            raise forms.ValidationError(str(refus)) from None

    def champs(self) -> dict[str, Any]:
        d = self.cleaned_data
        return {
            "organisation": d["structure"], "fonction": d["fonction"], "intitule": d["intitule"],
            "canton": d["canton"], "debut": d["debut"], "themes": ",".join(sorted(d["themes"])),
        }  # fmt: skip


class MandatModifierForm(MandatForm):
    version_lue = forms.IntegerField(widget=forms.HiddenInput)


class NouvellePersonneForm(MandatForm):
    """Somebody, and what they are there for."""

    civilite = forms.ChoiceField(
        label="Civilité", choices=[("", "Non précisée"), *Personne.Civilite.choices], required=False
    )
    prenom = forms.CharField(label="Prénom", max_length=100, required=False)
    nom = forms.CharField(label="Nom", max_length=100)
    courriel = forms.EmailField(label="Adresse électronique", required=False)
    telephone = forms.CharField(label="Téléphone", max_length=20, required=False)
    field_order = ("civilite", "prenom", "nom", "courriel", "telephone", "structure", "fonction")

    def identite(self) -> dict[str, Any]:
        return {c: self.cleaned_data[c] for c in ("civilite", "prenom", "nom", "courriel", "telephone")}


class CloreForm(forms.Form):
    """An end and its reason."""

    fin = _date("Dernier jour")
    motif = forms.CharField(
        label="Motif", max_length=200, help_text="Fin de mandat, démission, changement de poste…"
    )


class DesignerForm(forms.Form):
    """Somebody who acts for the body, and for what."""

    agent = forms.ModelChoiceField(label="Qui", queryset=Agent.objects.none(), empty_label="Choisir…")
    fonction = forms.ChoiceField(label="Pour quoi", choices=Designation.Fonction.choices)

    def __init__(self, *args: Any, agents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agent"].queryset = agents  # type: ignore[attr-defined]


class DonnerForm(_ChercheForm):
    """A role, over a perimeter, for some themes, between two dates."""

    compte = forms.EmailField(label="Compte", help_text="L’adresse avec laquelle la personne se connecte.")
    role = forms.ChoiceField(label="Rôle")
    autorite = forms.ModelChoiceField(
        label="Autorité", queryset=Organisation.objects.none(), required=False, empty_label="aucune",
        help_text="Pour un rôle exercé au nom d’une autorité.",
    )  # fmt: skip
    territoire = forms.ModelChoiceField(
        label="Territoire", queryset=Territoire.objects.none(), required=False, empty_label="aucun",
        help_text="Pour un rôle exercé sur un territoire, ou pour une structure de ce territoire.",
    )  # fmt: skip
    structure = forms.CharField(
        label="Structure représentée", max_length=200, required=False,
        help_text="Le nom, le SIREN ou le code INSEE.",
    )  # fmt: skip
    debut = _date("À partir du")
    fin = _date("Jusqu’au", requis=False, aide="Obligatoire pour un invité : un an au plus.")
    motif = forms.CharField(label="Motif", max_length=200, required=False)

    def __init__(self, *args: Any, agent: Agent, **kwargs: Any) -> None:
        super().__init__(*args, agent=agent, **kwargs)
        roles = [(code, ROLES[code].libelle) for code in roles_attribuables(agent)]
        self.fields["role"].choices = [("", "Choisir…"), *roles]  # type: ignore[attr-defined]
        self.fields["autorite"].queryset = autorites_de(agent)  # type: ignore[attr-defined]
        self.fields["territoire"].queryset = territoires_visibles(agent)  # type: ignore[attr-defined]
        self.fields["themes"] = _themes(agent, "Aucun coché : tous les thèmes.")
        self.fields["debut"].initial = date.today()


class ProlongerForm(forms.Form):
    """Another end, other themes."""

    fin = _date("Jusqu’au", requis=False, aide="Vide : sans fin (sauf pour un invité).")

    def __init__(self, *args: Any, agent: Agent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["themes"] = _themes(agent, "Aucun coché : tous les thèmes.")


class AbsenceForm(forms.Form):
    suppleant = forms.ModelChoiceField(
        label="Qui vous remplace", queryset=Agent.objects.none(), empty_label="Choisir…"
    )
    debut = _date("Du")
    fin = _date("Au", aide="Dernier jour d’absence.")
    message = forms.CharField(
        label="À savoir", max_length=200, required=False, help_text="Montré à ceux qui vous cherchent."
    )

    def __init__(self, *args: Any, agent: Agent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["suppleant"].queryset = collegues(agent)  # type: ignore[attr-defined]
