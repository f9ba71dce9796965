"""Forms of the account, of invitations and of personal data."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from arpent.plateforme.acteurs.attributions import INVITES
from arpent.plateforme.acteurs.comptes.conservation import OBJETS
from arpent.plateforme.acteurs.models import Agent, Organisation
from arpent.plateforme.acteurs.roles import ROLES, Portee
from arpent.plateforme.territoires.models import Territoire


def _mot_de_passe(libelle: str, usage: str) -> forms.CharField:
    return forms.CharField(
        label=libelle, strip=False, max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": usage}),
    )  # fmt: skip


class CourrielForm(forms.Form):
    """The address of somebody who has lost their password."""

    courriel = forms.EmailField(
        label="Adresse électronique", widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )


class CodeForm(forms.Form):
    """The code of the second step."""

    code = forms.CharField(
        label="Code", max_length=20,
        help_text="Les six chiffres de votre application, ou un code de secours.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True}),
    )  # fmt: skip


class IdentiteForm(forms.Form):
    """One's present password."""

    mot_de_passe = _mot_de_passe("Votre mot de passe actuel", "current-password")


class NouveauMotDePasseForm(forms.Form):
    """A password typed twice, checked by the rules of the instance against the person."""

    nouveau = _mot_de_passe("Nouveau mot de passe", "new-password")
    encore = _mot_de_passe("Le même, encore une fois", "new-password")

    def __init__(self, agent: Agent, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agent = agent
        self.fields[
            "nouveau"
        ].help_text = "Douze caractères au moins. Une phrase que vous seul connaissez convient très bien."

    def clean(self) -> dict[str, Any]:
        lus = super().clean() or {}
        if lus.get("nouveau") and lus.get("encore") and lus["nouveau"] != lus["encore"]:
            self.add_error("encore", "Les deux saisies diffèrent : retapez le mot de passe.")
        if lus.get("nouveau"):
            try:
                password_validation.validate_password(lus["nouveau"], self.agent)
            except ValidationError as erreur:
                self.add_error("nouveau", erreur)
        return lus


class ChangerMotDePasseForm(NouveauMotDePasseForm):
    """The present password, then the new one."""

    actuel = _mot_de_passe("Votre mot de passe actuel", "current-password")
    field_order = ["actuel", "nouveau", "encore"]


class PerimetreForm(forms.Form):
    """First step of an invitation: which role, where. Sent by GET, so that the page after is a link."""

    role = forms.ChoiceField(label="Rôle proposé")
    territoire = forms.ModelChoiceField(
        Territoire.objects.none(), label="Territoire", required=False, empty_label="Toute l’autorité"
    )
    personne = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, roles: list[tuple[str, str]], territoires: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles  # type: ignore[attr-defined]
        self.fields["territoire"].queryset = territoires  # type: ignore[attr-defined]


class InvitationForm(forms.Form):
    """Who is invited; the role and the territory are chosen already."""

    prenom = forms.CharField(label="Prénom", max_length=100, required=False)
    nom = forms.CharField(label="Nom", max_length=100)
    courriel = forms.EmailField(label="Adresse électronique professionnelle")
    fonction = forms.CharField(label="Fonction", max_length=150, required=False)
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label="Structure représentée", required=False, empty_label="À choisir"
    )
    autorite = forms.ModelChoiceField(
        Organisation.objects.none(), label="Autorité", required=False, empty_label=None
    )
    themes = forms.MultipleChoiceField(
        label="Thèmes", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Rien de coché : tous les thèmes.",
    )  # fmt: skip
    debut = forms.DateField(
        label="À partir du", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    fin = forms.DateField(
        label="Jusqu’au", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(
        self, role: str, organisations: Any, autorites: Any, themes: list[tuple[str, str]],
        *args: Any, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]
        self.fields["autorite"].queryset = autorites  # type: ignore[attr-defined]
        self.fields["themes"].choices = themes  # type: ignore[attr-defined]
        self.fields["debut"].initial = date.today()
        self.fields["fin"].required = role in INVITES
        self.fields["organisation"].required = ROLES[role].portee is Portee.ORGANISATION
        if not themes:
            del self.fields["themes"]


class RegleForm(forms.Form):
    """A retention rule. Months empty: not known, nothing is done."""

    objet = forms.ChoiceField(label="Données", choices=[(o.code.value, o.libelle) for o in OBJETS])
    duree_mois = forms.IntegerField(
        label="Gardées pendant (mois)", required=False, min_value=1, max_value=1200,
        help_text="Vide : durée inconnue, rien n’est effacé.",
    )  # fmt: skip
    depuis = forms.DateField(
        label="Règle en vigueur depuis", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    source = forms.CharField(
        label="Source ou décision", max_length=300, help_text="Texte, délibération ou avis des archives."
    )
