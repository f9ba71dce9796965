"""The rows typed with a fiche: expenses, financing, steps towards the funders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Generic, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from arpent.metier.plan_financement import LIBELLES_FINANCEUR, LIBELLES_STATUT, Financeur, StatutFinancement
from arpent.plateforme.reglements.fiches import ModeleFiche

from ..models import DemarcheFinanceur, Fiche
from ..saisies import DemarcheSaisie, DepenseSaisie, LigneSaisie, demarches_de, depenses_de, lignes_de
from .bases import JourField, MontantField

S = TypeVar("S")
_FINANCEURS = [("", "Choisissez"), *((f.value, LIBELLES_FINANCEUR[f]) for f in Financeur)]
_VIDES = 3


class LigneForm(forms.Form):
    """One financing row."""

    financeur = forms.ChoiceField(label="Financeur", choices=_FINANCEURS)
    libelle = forms.CharField(label="Dispositif ou précision", max_length=150, required=False)
    statut = forms.ChoiceField(
        label="Statut",
        choices=[(s.value, LIBELLES_STATUT[s]) for s in StatutFinancement],
        initial=StatutFinancement.ENVISAGE.value,
    )
    le = JourField(label="Date", required=False)
    montant = MontantField(label="Montant")
    demonstration = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def saisie(self) -> LigneSaisie:
        d = self.cleaned_data
        return LigneSaisie(
            Financeur(d["financeur"]),
            d["montant"],
            StatutFinancement(d["statut"]),
            d["libelle"],
            d["le"],
            d["demonstration"] and not self.has_changed(),  # a figure typed by somebody is theirs
        )


class DepenseForm(forms.Form):
    """One expense HT. A new row is eligible until somebody says otherwise."""

    nature = forms.ChoiceField(label="Nature", required=False)
    libelle = forms.CharField(label="Ce qui est payé", max_length=200, required=False)
    montant = MontantField(label="Montant HT")
    eligible = forms.BooleanField(label="Éligible", required=False, initial=True)

    def __init__(self, *args: Any, modele: ModeleFiche, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        natures = [(n.code, n.libelle) for n in modele.natures]
        deja = str(self.initial.get("nature") or "")
        if deja and deja not in dict(natures):  # kept from another version of the list
            natures.append((deja, deja))
        champ = self.fields["nature"]
        assert isinstance(champ, forms.ChoiceField)
        champ.choices = [("", "Choisissez"), *natures]

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        if not donnees.get("nature") and not donnees.get("libelle") and "montant" in donnees:
            raise ValidationError("Dites ce que paie cette dépense : choisissez sa nature ou écrivez-la.")
        return donnees

    def saisie(self) -> DepenseSaisie:
        d = self.cleaned_data
        return DepenseSaisie(d["libelle"], d["montant"], d["nature"], d["eligible"])


class DemarcheForm(forms.Form):
    """One step towards a funder, done or to be tried."""

    genre = forms.ChoiceField(
        label="Démarche ou piste",
        choices=DemarcheFinanceur.Genre.choices,
        initial=DemarcheFinanceur.Genre.DEMARCHE.value,
    )
    financeur = forms.ChoiceField(label="Financeur", choices=_FINANCEURS)
    dispositif = forms.CharField(label="Dispositif visé", max_length=150, required=False)
    interlocuteur = forms.CharField(label="Qui a été sollicité", max_length=200, required=False)
    le = JourField(label="Quand", required=False)
    montant = MontantField(label="Montant évoqué", required=False)
    reponse = forms.ChoiceField(
        label="Réponse",
        choices=DemarcheFinanceur.Reponse.choices,
        initial=DemarcheFinanceur.Reponse.ATTENDUE.value,
    )
    precision = forms.CharField(
        label="Ce qui a été répondu", required=False, max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    suite = forms.CharField(label="Prochaine étape", max_length=300, required=False)
    suite_le = JourField(label="Pour le", required=False)

    def saisie(self) -> DemarcheSaisie:
        d = {nom: self.cleaned_data[nom] for nom in self.fields if nom != "DELETE"}
        return DemarcheSaisie(**d)


def _jeu(form: type[forms.Form], vides: int) -> type[forms.BaseFormSet[Any]]:
    return forms.formset_factory(
        form, extra=vides, can_delete=True, max_num=60, absolute_max=80, validate_max=True
    )


LignesFormSet = _jeu(LigneForm, _VIDES)
DepensesFormSet = _jeu(DepenseForm, _VIDES)
DemarchesFormSet = _jeu(DemarcheForm, 1)


class _Jeu(Generic[S]):
    """One formset and what it says. A form sent without it (an import, an old page) says nothing of it."""

    def __init__(
        self, classe: type[forms.BaseFormSet[Any]], prefixe: str, donnees: QueryDict | None,
        initial: list[dict[str, Any]], **kwargs: Any,
    ) -> None:  # fmt: skip
        envoye = donnees is not None and f"{prefixe}-TOTAL_FORMS" in donnees
        self.muet = donnees is not None and not envoye
        self.formset = classe(
            donnees if envoye else None, initial=initial, prefix=prefixe, form_kwargs=kwargs
        )

    def is_valid(self) -> bool:
        return self.muet or self.formset.is_valid()

    def saisies(self) -> list[S] | None:
        """The rows typed, in their order, blank and removed ones left out; None when nothing was sent."""
        if self.muet:
            return None
        stored = self.formset.initial_form_count()
        return [
            form.saisie()
            for rang, form in enumerate(self.formset.forms)
            if (rang < stored or form.has_changed())
            and form.is_valid()
            and not form.cleaned_data.get("DELETE")
        ]


def _sans_cle(valeurs: Mapping[str, Any]) -> dict[str, Any]:
    return {k: getattr(v, "value", v) for k, v in valeurs.items()}


class Rangs:
    """The three sets of rows of a fiche, typed together. `modele`: the fiche of the dispositif."""

    def __init__(self, donnees: QueryDict | None, fiche: Fiche, modele: ModeleFiche) -> None:
        neuve = fiche.pk is None
        lignes = [] if neuve else lignes_de(fiche)
        depenses = [] if neuve else depenses_de(fiche)
        demarches = [] if neuve else demarches_de(fiche)
        self.financements: _Jeu[LigneSaisie] = _Jeu(
            LignesFormSet, "lignes", donnees, [_sans_cle(asdict(x)) for x in lignes]
        )
        self.depenses: _Jeu[DepenseSaisie] = _Jeu(
            DepensesFormSet, "depenses", donnees, [asdict(x) for x in depenses], modele=modele
        )
        self.demarches_financeurs: _Jeu[DemarcheSaisie] = _Jeu(
            DemarchesFormSet, "demarches", donnees, [asdict(x) for x in demarches]
        )
        self._deja, self._lignes, self._demarches = depenses, lignes, demarches

    def is_valid(self) -> bool:
        """All three are checked, whatever the first answers: all that is wrong is said at once."""
        valides = [jeu.is_valid() for jeu in (self.financements, self.depenses, self.demarches_financeurs)]
        return all(valides)

    def depenses_retenues(self) -> list[DepenseSaisie]:
        """The expenses that will stand once saved: typed, or stored when the form says nothing of them."""
        typed = self.depenses.saisies()
        return self._deja if typed is None else typed

    def depenses_stockees(self) -> list[DepenseSaisie]:
        return self._deja

    def financements_stockes(self) -> list[LigneSaisie]:
        return self._lignes

    def demarches_stockees(self) -> list[DemarcheSaisie]:
        return self._demarches

    @property
    def formsets(self) -> list[forms.BaseFormSet[Any]]:
        return [self.depenses.formset, self.financements.formset, self.demarches_financeurs.formset]
