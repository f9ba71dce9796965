"""The forms of a request: what the territory asks and answers, and one small form for each gesture."""

from __future__ import annotations

from typing import Any

from django import forms

from arpent.metier.cycles.reserve import LIBELLES, EtatReserve
from arpent.metier.repartition.reserve import Reserve
from arpent.plateforme.plans.forms.bases import JourField, MontantField
from arpent.plateforme.socle.versions import VersionFormMixin

from ..models import DemandeReserve
from .actions import MOTIF_MAX, TEXTE_MAX


def _texte(libelle: str, aide: str = "", *, requis: bool = True) -> forms.CharField:
    return forms.CharField(
        label=libelle, max_length=MOTIF_MAX, required=requis, help_text=aide,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class DemandeForm(forms.Form):
    """The amount, and one answer for each declared criterion. Filing (`deposer`) asks for all of them."""

    version_lue = forms.IntegerField(widget=forms.HiddenInput, required=False)
    montant = MontantField(label="Aide demandée à la réserve")

    def __init__(self, *args: Any, reserve: Reserve, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.declares = reserve.declares
        for critere in self.declares:
            aide = critere.question + (f" Source : {critere.source}." if critere.source else "")
            self.fields[self.nom(critere.code)] = forms.CharField(
                label=critere.libelle, help_text=aide, max_length=TEXTE_MAX, required=False,
                widget=forms.Textarea(attrs={"rows": 4}),
            )  # fmt: skip

    @staticmethod
    def nom(code: str) -> str:
        return f"critere_{code}"

    @property
    def depose(self) -> bool:
        return "deposer" in self.data

    @property
    def justifications(self) -> dict[str, str]:
        return {c.code: self.cleaned_data[self.nom(c.code)] for c in self.declares}

    def clean(self) -> dict[str, Any]:
        lu = super().clean() or self.cleaned_data
        if self.depose:
            for critere in self.declares:
                if not (lu.get(self.nom(critere.code)) or "").strip() and not self.has_error(
                    self.nom(critere.code)
                ):
                    self.add_error(self.nom(critere.code), "Répondez à ce critère pour déposer la demande.")
        return lu

    @classmethod
    def initiales(cls, demande: DemandeReserve) -> dict[str, Any]:
        """One query."""
        reponses = demande.justifications.values_list("critere", "texte")
        return {
            "version_lue": demande.version,
            "montant": demande.montant_demande,
            **{cls.nom(code): texte for code, texte in reponses},
        }


class GesteForm(VersionFormMixin):
    """A gesture on the request that was read at that version."""

    def __init__(self, *args: Any, demande: DemandeReserve, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version_lue"].initial = demande.version


class ComplementForm(GesteForm):
    question = _texte("Ce que le territoire doit compléter")


class AvisForm(GesteForm):
    avis = forms.ChoiceField(label="Avis", choices=DemandeReserve.Avis.choices, widget=forms.RadioSelect)
    motif = _texte("Motif", "Demandé quand l’avis est réservé ou défavorable.", requis=False)


class ActeForm(GesteForm):
    acte = forms.CharField(
        label="Acte de la décision", max_length=120, required=False, help_text="Par exemple « CP_26_214 »."
    )
    acte_le = JourField(label="Date de l’acte", required=False)


class AccordForm(ActeForm):
    montant = MontantField(label="Montant accordé")
    motif = _texte("Motif", requis=False)
    derogation = _texte(
        "Motif d’une dérogation",
        "À écrire seulement si un critère n’est pas rempli. Ni le règlement ni le solde n’en admettent.",
        requis=False,
    )
    field_order = ("montant", "motif", "acte", "acte_le", "derogation")

    def __init__(self, *args: Any, demande: DemandeReserve, **kwargs: Any) -> None:
        super().__init__(*args, demande=demande, **kwargs)
        self.fields["montant"].initial = demande.montant_demande


class RefusForm(ActeForm):
    motif = _texte("Motif du refus", "Le territoire le lira.")
    field_order = ("motif", "acte", "acte_le")


class TirageForm(GesteForm):
    voie = forms.ChoiceField(label="Tirage", choices=DemandeReserve.Voie.choices, widget=forms.RadioSelect)
    numero = forms.CharField(label="Numéro de l’avenant ou de l’acte", max_length=120)
    le = JourField(label="Date de l’avenant ou de l’acte")


class RetraitForm(GesteForm):
    motif = _texte("Motif", requis=False)


class RendreForm(GesteForm):
    motif = _texte("Motif")


class LiberationForm(forms.Form):
    """End of the generation."""

    motif = _texte("Motif")
    acte = forms.CharField(label="Acte", max_length=120, help_text="Par exemple « CD_28_1007 ».")
    acte_le = JourField(label="Date de l’acte")


class EtatForm(forms.Form):
    """Which requests the address asks for."""

    etat = forms.ChoiceField(label="État", required=False)

    def __init__(self, *args: Any, avec_brouillons: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        etats = [(e.value, LIBELLES[e]) for e in EtatReserve if avec_brouillons or e != "brouillon"]
        self.fields["etat"].choices = [("", "Tous les états"), *etats]  # type: ignore[attr-defined]

    @property
    def voulu(self) -> str:
        """The state asked for; what is not one filters nothing, and its error shows."""
        return self.cleaned_data.get("etat", "") if self.is_bound and self.is_valid() else ""
