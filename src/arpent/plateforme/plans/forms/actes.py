"""Forms of what is decided on a fiche: délibération, avis, support request, override, correction."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.socle.champs_fichier import FichierField
from arpent.plateforme.socle.versions import VersionFormMixin

from ..corrections import CHAMPS as CHAMPS_CORRIGEABLES
from ..models import ActeAssemblee, AvisService, Deliberation
from .bases import JourField, MontantField

if TYPE_CHECKING:
    DeliberationModelForm = forms.ModelForm[Deliberation]
else:  # Django's own class takes no parameter at run time
    DeliberationModelForm = forms.ModelForm


def texte_long(label: str, *, required: bool = True, aide: str = "", lignes: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=5_000,
        help_text=aide,
        widget=forms.Textarea(attrs={"rows": lignes}),
    )


class ActeFormMixin(VersionFormMixin):
    """The fields that every act of an assembly shares, and what a typed act owes."""

    attendue_le = JourField(label="Attendue pour le", required=False)
    convoquee_le = JourField(label="Convocation du", required=False)
    adoptee_le = JourField(
        label="Séance du", required=False, help_text="Laissez vide tant que l’assemblée n’a pas voté."
    )
    transmise_le = JourField(label="Transmise au contrôle de légalité le", required=False)
    recue_le = JourField(label="Accusé de réception du", required=False)
    publiee_le = JourField(label="Publiée le", required=False)
    signe = FichierField(
        label="Acte signé",
        required=False,
        help_text="PDF ou image de l’acte signé et tamponné. 20 Mo au plus.",
        error_messages={"empty": "Le fichier est vide."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["sens"]
        assert isinstance(champ, forms.TypedChoiceField)
        champ.choices = [("", "Adoptée, si rien n’est dit"), *ActeAssemblee.Sens.choices]

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        if donnees.get("adoptee_le") and not donnees.get("numero"):
            self.add_error("numero", "Une délibération votée porte un numéro : recopiez celui de l’acte.")
        if donnees.get("signe") and not donnees.get("adoptee_le"):
            self.add_error("signe", "Joignez l’acte une fois voté : donnez d’abord la date de la séance.")
        if donnees.get("adoptee_le") and not donnees.get("sens"):
            donnees["sens"] = ActeAssemblee.Sens.ADOPTEE.value
        return donnees


class DeliberationForm(ActeFormMixin, DeliberationModelForm):
    """The act of the owner's assembly: what is due, then what was voted, then what makes it exécutoire."""

    class Meta:
        model = Deliberation
        fields = (
            "assemblee", "objet", "attendue_le", "numero", "convoquee_le", "adoptee_le", "sens",
            "en_exercice", "presents", "representes", "seconde_convocation", "pour", "contre",
            "abstentions", "transmise_le", "recue_le", "accuse", "publiee_le",
        )  # fmt: skip
        labels = {"numero": "Numéro de l’acte", "sens": "Résultat du vote"}
        help_texts = {
            "assemblee": "Exemple : conseil municipal de Chirac.",
            "presents": "Le quorum se compte sur les présents, sans les pouvoirs.",
            "representes": "Membres absents qui ont donné pouvoir.",
        }

    GROUPES = (
        ("L’assemblée", ("assemblee", "objet", "attendue_le")),
        ("La séance", ("convoquee_le", "adoptee_le", "numero", "sens")),
        ("La présence", ("en_exercice", "presents", "representes", "seconde_convocation")),
        ("Le vote", ("pour", "contre", "abstentions")),
        ("Le caractère exécutoire", ("transmise_le", "recue_le", "accuse", "publiee_le")),
        ("Le fichier", ("signe",)),
    )


class RelanceForm(forms.Form):
    """Fiches whose délibération is asked for, and for when."""

    fiche = forms.TypedMultipleChoiceField(
        coerce=int,
        error_messages={"required": "Cochez au moins une fiche dont la délibération est à prendre."},
    )
    attendue_le = JourField(label="Demander pour le", required=False)

    def __init__(self, *args: Any, numeros: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["fiche"]
        assert isinstance(champ, forms.TypedMultipleChoiceField)
        champ.choices = [(n, str(n)) for n in numeros]


class DemanderAvisForm(forms.Form):
    """A question to a service, named or held by an agent."""

    service = forms.CharField(
        label="Service ou partenaire", max_length=200, help_text="Exemple : direction des routes."
    )
    agent = forms.ModelChoiceField(
        Agent.objects.none(), label="À qui", required=False, empty_label="Au service, sans personne désignée"
    )
    question = texte_long("Question", aide="Ce que le service doit dire du projet.")
    echeance_le = JourField(label="Attendu pour le")
    confidentiel = forms.BooleanField(
        label="Réservé à l’autorité : ni le maître d’ouvrage ni le territoire ne le verront",
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, agents: QuerySet[Agent], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["agent"]
        assert isinstance(champ, forms.ModelChoiceField)
        champ.queryset = agents

    def clean_echeance_le(self) -> date:
        echeance: date = self.cleaned_data["echeance_le"]
        if echeance < date.today():
            raise forms.ValidationError("Cette date est passée : choisissez un délai à venir.")
        return echeance


class RendreAvisForm(VersionFormMixin, forms.Form):
    """The answer of the service."""

    sens = forms.ChoiceField(label="Avis", choices=AvisService.Sens.choices, widget=forms.RadioSelect)
    motifs = texte_long(
        "Motifs", required=False, aide="Demandés pour un avis réservé ou défavorable.", lignes=5
    )

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        if donnees.get("sens") not in (None, AvisService.Sens.FAVORABLE) and not donnees.get("motifs"):
            self.add_error("motifs", "Un avis réservé ou défavorable se motive : dites pourquoi.")
        return donnees


class DerogerForm(forms.Form):
    """Setting a rule aside, with its reason and, if wanted, another maximum."""

    motif = texte_long(
        "Motif", aide="Il restera visible sur la fiche, pour toujours, avec votre nom et la date."
    )
    plafond = MontantField(
        label="Aide maximale admise à la place", required=False,
        help_text="En euros. Laissez vide pour que cette règle ne limite plus l’aide.",
    )  # fmt: skip


class LeverForm(forms.Form):
    motif = texte_long("Motif du retrait")


class ReponseForm(forms.Form):
    """The answer of the owner to a correction asked on a field."""

    texte = texte_long("Votre réponse", required=False, lignes=2)
    fait = forms.BooleanField(label="C’est corrigé", required=False)


class CorrectionForm(forms.Form):
    """One thing to correct: which field, what is asked."""

    champ = forms.ChoiceField(label="Champ", choices=list(CHAMPS_CORRIGEABLES.items()), required=False)
    texte = texte_long("Ce qui est demandé", required=False, lignes=2)


class ComplementForm(forms.Form):
    motif = texte_long(
        "Message d’ensemble", required=False, aide="Facultatif si vous précisez les champs ci-dessous."
    )


CorrectionsFormSet = forms.formset_factory(CorrectionForm, extra=5, max_num=25, absolute_max=30)
