"""The fields that every message has: its file, and whom to tell."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms

from arpent.plateforme.socle.champs_fichier import FichierField
from arpent.plateforme.socle.envois import Envoi

from .lecteurs import structure_de
from .models import Agent


class MessageMixin(forms.Form):
    """A file and the people to tell; `_preparer_message(lecteurs)` names those who may be ticked."""

    piece = FichierField(
        label="Pièce jointe", required=False,
        help_text="PDF, photo, document ou tableur. 20 Mo au plus.",
    )  # fmt: skip
    prevenir = forms.TypedMultipleChoiceField(
        label="Prévenir", coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Ou écrivez leur nom dans le message, après « @ ».",
        error_messages={"invalid_choice": "Une personne cochée ne peut pas lire ce message."},
    )  # fmt: skip

    def _preparer_message(self, lecteurs: Sequence[Agent], sauf: int | None = None) -> None:
        champ = self.fields["prevenir"]
        assert isinstance(champ, forms.TypedMultipleChoiceField)
        choix = []
        for a in lecteurs:
            if a.pk != sauf:
                chez = structure_de(a)
                choix.append((a.pk, f"{a.nom_complet}, {chez}" if chez else a.nom_complet))
        champ.choices = choix

    def envoi(self) -> Envoi | None:
        """The file sent, read; None without one."""
        fichier = self.cleaned_data.get("piece")
        return Envoi(fichier.name, fichier.read()) if fichier else None
