"""Forms of the signature: the channel, a certificate, a consent, a pile of pages, a file to check."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from arpent.plateforme.documents.signature.certificats import TAILLE_MAX
from arpent.plateforme.plans.forms.bases import JourField
from arpent.plateforme.socle.champs_fichier import FichierField

from ..models import EmplacementSignature

_PDF = {"accept": ".pdf,application/pdf"}


class OuvrirForm(forms.Form):
    separement = forms.BooleanField(label="Un contrat par signataire", required=False)
    ordre_impose = forms.BooleanField(label="Imposer l’ordre des parties", required=False)


class CanalForm(forms.ModelForm[EmplacementSignature]):
    """How the party signs, and who signs for it."""

    canal = forms.ChoiceField(
        label="Comment cette partie signe",
        choices=EmplacementSignature.Canal.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez l’un des quatre canaux."},
    )

    class Meta:
        model = EmplacementSignature
        fields: ClassVar[list[str]] = ["canal", "signataire", "qualite", "delegation"]
        labels: ClassVar[dict[str, str]] = {
            "signataire": "Qui signe",
            "qualite": "En quelle qualité",
            "delegation": "Délégation de signature",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "delegation": "Arrêté ou délibération qui autorise cette personne à signer à la place du "
            "représentant.",
        }


class CertificatForm(forms.Form):
    """The certificate of the person (or the one the body keeps here) and its password."""

    certificat = forms.FileField(
        label="Certificat (.p12 ou .pfx)",
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".p12,.pfx"}),
        help_text="Il sert à cette signature et n’est pas gardé.",
    )
    mot_de_passe = forms.CharField(
        label="Mot de passe du certificat",
        required=False,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, enregistre: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.enregistre = enregistre
        if enregistre:
            self.fields["certificat"].label = "Un autre certificat (.p12 ou .pfx)"
        else:
            self.fields["certificat"].required = True
            self.fields["certificat"].error_messages["required"] = "Choisissez votre certificat .p12 ou .pfx."

    def clean_certificat(self) -> Any:
        fichier = self.cleaned_data["certificat"]
        if fichier and fichier.size > TAILLE_MAX:
            raise ValidationError(
                "Ce fichier est trop gros pour un certificat : choisissez votre .p12 ou .pfx."
            )
        return fichier


class ConsentementForm(forms.Form):
    """The words are accepted, the document is the one that was shown, the person is asked who they are."""

    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
    accepte = forms.BooleanField(
        label="", error_messages={"required": "Cochez la phrase pour donner votre consentement."}
    )
    mot_de_passe = forms.CharField(
        label="Mot de passe de votre compte Arpent",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, mots: str, sans_mot_de_passe: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["accepte"].label = mots
        if sans_mot_de_passe:
            del self.fields["mot_de_passe"]


class RefusForm(forms.Form):
    motif = forms.CharField(label="Motif du refus", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class AbandonForm(forms.Form):
    motif = forms.CharField(
        label="Motif de l’abandon",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Obligatoire dès qu’une signature est recueillie. Ce qui est signé reste gardé.",
    )


class ParapheurForm(forms.Form):
    fichier = FichierField(label="PDF signé par le parapheur", widget=forms.ClearableFileInput(attrs=_PDF))


class _Fichiers(forms.ClearableFileInput):
    allow_multiple_selected = True


class _FichiersField(forms.FileField):
    """Several files at once; the value is a list."""

    widget = _Fichiers(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.tif,.tiff"})

    def clean(self, data: Any, initial: Any = None) -> Any:
        lus = data if isinstance(data, (list, tuple)) else [data] if data else []
        if not lus:
            raise ValidationError("Choisissez le ou les fichiers numérisés.")
        return [super(_FichiersField, self).clean(d, initial) for d in lus]


class _ParPlaceForm(forms.Form):
    """Which parties signed a copy, and when."""

    parties = forms.TypedMultipleChoiceField(
        label="Parties qui ont signé cet exemplaire",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez les parties qui ont signé cet exemplaire."},
    )
    signe_le = JourField(label="Date de la signature", initial=date.today)

    def __init__(self, *args: Any, places: list[EmplacementSignature], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["parties"]
        assert isinstance(champ, forms.TypedMultipleChoiceField)
        champ.choices = [(p.pk, p.partie.organisation.nom) for p in places]
        self._places = {p.pk: p for p in places}

    def places(self) -> list[EmplacementSignature]:
        return [self._places[pk] for pk in self.cleaned_data["parties"]]


class PileForm(_ParPlaceForm):
    fichiers = _FichiersField(
        label="Pages numérisées",
        help_text="Un PDF, ou une image par page. L’ordre et le sens n’importent pas. 200 points par pouce, "
        "niveaux de gris.",
    )


class ExemplaireForm(_ParPlaceForm):
    fichier = FichierField(label="Exemplaire signé (PDF)", widget=forms.ClearableFileInput(attrs=_PDF))
    motif = forms.CharField(
        label="Pourquoi il ne porte pas les codes d’Arpent",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class VerifierForm(forms.Form):
    fichier = FichierField(
        label="PDF, ou preuve de consentement, à vérifier",
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.json,application/pdf,application/json"}),
    )
