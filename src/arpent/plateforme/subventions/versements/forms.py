"""The forms of a payment: what the owner asks, and one small form for each gesture."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from arpent.metier.argent import ZERO
from arpent.metier.versements import LIBELLES_GENRE, GenreVersement
from arpent.plateforme.plans.forms.bases import JourField, MontantField
from arpent.plateforme.socle.champs_fichier import FichierField

from ..models import DemandeVersement, Dossier, Reversement
from .actions import MOTIF_MAX, Certification
from .suites import Demande


def texte(libelle: str, aide: str = "", *, requis: bool = True, maximum: int = MOTIF_MAX) -> forms.CharField:
    return forms.CharField(
        label=libelle, max_length=maximum, required=requis, help_text=aide,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class DemandeForm(forms.Form):
    """What is asked. Filing (`deposer` in the data) is checked by the action."""

    version_lue = forms.IntegerField(widget=forms.HiddenInput, required=False)
    genre = forms.ChoiceField(
        label="Versement demandé", choices=[(g.value, LIBELLES_GENRE[g]) for g in GenreVersement]
    )
    montant_demande = MontantField(label="Montant demandé")
    depenses = MontantField(
        label="Dépenses éligibles déjà payées",
        required=False,
        help_text="Hors taxes, depuis le début de l’opération. Inutile pour l’avance.",
    )
    precisions = texte("Précisions", requis=False)

    @property
    def depose(self) -> bool:
        return "deposer" in self.data

    @staticmethod
    def initiales(demande: DemandeVersement) -> dict[str, Any]:
        return {
            "version_lue": demande.version,
            "genre": demande.genre,
            "montant_demande": demande.montant_demande,
            "depenses": demande.depenses,
            "precisions": demande.precisions,
        }


class PieceForm(forms.Form):
    fichier = FichierField(label="Fichier", help_text="PDF, image, Word, Excel ou OpenDocument.")
    libelle = forms.CharField(label="Ce que c’est", max_length=200, required=False)


class GesteForm(forms.Form):
    """A gesture on one request: the version that was read."""

    version_lue = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, objet: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version_lue"].initial = objet.version
        self.preparer(objet)

    def preparer(self, objet: Any) -> None:
        """What the object fills in."""


class ComplementForm(GesteForm):
    question = texte("Ce que le bénéficiaire doit compléter")


class MotifForm(GesteForm):
    motif = texte("Motif")


class RetraitForm(GesteForm):
    motif = texte("Motif", requis=False)


class CertifierForm(GesteForm):
    """The amount due, and what is withheld of it."""

    montant = MontantField(label="Montant dû")
    depenses = MontantField(
        label="Dépenses éligibles retenues", required=False,
        help_text="Depuis le début de l’opération. Inutile pour l’avance.",
    )  # fmt: skip
    raison = texte(
        "Raison du montant", "À remplir quand le règlement saisi ne donne pas la règle.", requis=False,
        maximum=500,
    )  # fmt: skip
    retenue = MontantField(
        label="Retenue", required=False, help_text="Prise sur ce versement. Vide : aucune."
    )
    retenue_motif = texte("Motif de la retenue", requis=False, maximum=500)

    def preparer(self, objet: DemandeVersement) -> None:
        self.fields["montant"].initial = objet.montant_demande
        self.fields["depenses"].initial = objet.depenses
        if objet.genre == GenreVersement.AVANCE:
            del self.fields["depenses"]

    @property
    def certification(self) -> Certification:
        lu = self.cleaned_data
        return Certification(
            lu["montant"], lu.get("depenses"), lu["raison"], lu["retenue"] or ZERO, lu["retenue_motif"]
        )


class PayerForm(GesteForm):
    mandat = forms.CharField(label="Numéro du mandat", max_length=60)
    mandat_le = JourField(label="Date du mandat", initial=date.today)


class LeverForm(forms.Form):
    motif = texte("Pourquoi la retenue est levée", maximum=500)


class ReversementForm(forms.Form):
    cause = forms.ChoiceField(label="Cause", choices=Reversement.Cause.choices)
    montant = MontantField(label="Montant à reverser")
    motif = texte("Motif", "Le bénéficiaire le lira.")

    @property
    def demande(self) -> Demande:
        lu = self.cleaned_data
        return Demande(lu["cause"], lu["montant"], lu["motif"])


class RecouvrerForm(GesteForm):
    titre = forms.CharField(label="Numéro du titre de recette", max_length=60)
    recouvre_le = JourField(label="Recouvré le", initial=date.today)


class SolderForm(GesteForm):
    """Confirmation."""

    def preparer(self, objet: Dossier) -> None:
        self.fields["version_lue"].initial = objet.version
