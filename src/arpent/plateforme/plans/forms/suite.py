"""The small forms around a fiche: remarks, files, tranches, merge, maturity."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from arpent.plateforme.acteurs.forms_remarques import MessageMixin
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.acteurs.remarques import LONGUEUR
from arpent.plateforme.socle.champs_fichier import FichierField
from arpent.plateforme.socle.versions import VersionFormMixin

from ..models import Commentaire, Fiche, PieceJointe
from ..refonte import TRANCHES_MAX


class CommentaireForm(MessageMixin):
    """A remark. Who will read it is chosen before it is sent; shared unless one says otherwise."""

    champ = forms.ChoiceField(label="Sur quoi", required=False)
    texte = forms.CharField(
        label="Votre remarque", max_length=LONGUEUR, widget=forms.Textarea(attrs={"rows": 3})
    )
    portee = forms.ChoiceField(
        label="Qui la lira",
        choices=[
            (Commentaire.Portee.PARTAGEE.value, "Partagée : tous ceux qui voient la fiche"),
            (Commentaire.Portee.INTERNE.value, "Entre nous : seulement les personnes de votre structure"),
        ],
        initial=Commentaire.Portee.PARTAGEE.value,
        widget=forms.RadioSelect,
    )
    reponse_a = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, champs: list[tuple[str, str]], lecteurs: Sequence[Agent] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._preparer_message(lecteurs)
        champ = self.fields["champ"]
        assert isinstance(champ, forms.ChoiceField)
        champ.choices = [("", "Toute la fiche"), *champs]


class PieceForm(forms.Form):
    """A file to keep with the fiche."""

    fichier = FichierField(
        label="Fichier",
        help_text="PDF, photo (JPEG, PNG, WebP), document ou tableur. 20 Mo au plus.",
        error_messages={"required": "Choisissez le fichier à joindre.", "empty": "Le fichier est vide."},
    )
    nature = forms.ChoiceField(label="Nature", choices=PieceJointe.Nature.choices)
    titre = forms.CharField(
        label="Ce qu’elle montre",
        max_length=200,
        help_text="Pour une photo, décrivez-la : ce texte la remplace pour qui ne la voit pas.",
    )


class TranchesForm(VersionFormMixin, forms.Form):
    """Parts of the tranches, as percentages or any weights: « 60 40 »."""

    parts = forms.CharField(
        label="Part de chaque tranche",
        max_length=120,
        help_text="Autant de nombres que de tranches : « 60 40 » partage en deux, « 1 1 1 » en trois égales.",
    )

    def clean_parts(self) -> list[Decimal]:
        try:
            parts = [Decimal(x.strip(" %").replace(",", ".")) for x in self.cleaned_data["parts"].split()]
        except ArithmeticError:
            raise ValidationError("Écrivez des nombres séparés par des espaces : « 60 40 ».") from None
        if not 2 <= len(parts) <= TRANCHES_MAX or any(not p.is_finite() or p <= 0 for p in parts):
            raise ValidationError(f"Donnez de 2 à {TRANCHES_MAX} nombres positifs.")
        return parts


class MaturiteForm(VersionFormMixin, forms.Form):
    """The class wanted."""

    maturite = forms.ChoiceField(label="Maturité", choices=Fiche.Maturite.choices)
