"""What the authority does on the lines of a fund above the territories: words, form, action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.forms.bases import JourField, MontantField
from arpent.plateforme.reglements.models import Fonds, Theme

from ..enveloppes import demarches_dotees
from ..models import Enveloppe
from . import actions
from .actions import Ligne
from .division import diviser_le_fonds, donner_part
from .forms import pourcentage
from .noeuds import racine_de
from .registre import Piece


class _FondsForm(forms.Form):
    """Base: an amount of one fund, and what supports it."""

    motif = forms.CharField(label="Motif", max_length=300, required=False)
    acte = forms.CharField(label="Acte", max_length=120, required=False)
    acte_le = JourField(label="Date de l’acte", required=False)

    def __init__(self, *args: Any, fonds: Fonds, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fonds = fonds
        lignes = Enveloppe.objects.filter(fonds=fonds, demarche__isnull=True, parent__isnull=False)
        for nom in ("ligne", "cible"):
            if nom in self.fields:
                self.fields[nom].queryset = lignes.order_by("libelle", "pk")  # type: ignore[attr-defined]
        if "theme" in self.fields:
            self.fields["theme"].queryset = fonds.dispositif.themes.order_by("ordre")  # type: ignore[attr-defined]
        if "demarche" in self.fields:
            dotees = [d.pk for d in demarches_dotees(fonds.dispositif)]
            siennes = Demarche.objects.avec_contexte().filter(pk__in=dotees)
            self.fields["demarche"].queryset = siennes.order_by("territoire__nom")  # type: ignore[attr-defined]

    @property
    def piece(self) -> Piece:
        lu = self.cleaned_data
        return Piece(lu["motif"], lu["acte"], lu["acte_le"])


def _ligne(libelle: str = "Ligne du fonds") -> forms.ModelChoiceField[Enveloppe]:
    return forms.ModelChoiceField(Enveloppe.objects.none(), label=libelle, empty_label="Choisir")


class DiviserFondsForm(_FondsForm):
    theme = forms.ModelChoiceField(
        Theme.objects.none(), label="Thème", required=False, empty_label="Tous les thèmes"
    )
    annee = forms.IntegerField(label="Année", required=False, min_value=2000, max_value=2200)
    montant = MontantField(label="Crédit de la ligne")
    limite_fongible = pourcentage("Part fongible (%)", "Ce qui peut aller à une ligne voisine. Vide : rien.")
    partager = forms.BooleanField(
        label="Prendre ce crédit sur les parts des territoires", required=False,
        help_text="Le fonds moins cette ligne est partagé à nouveau, par sa formule.",
    )  # fmt: skip
    field_order = ("theme", "annee", "montant", "limite_fongible", "motif", "acte", "acte_le", "partager")


class PartForm(_FondsForm):
    ligne = _ligne()
    demarche = forms.ModelChoiceField(Demarche.objects.none(), label="Territoire", empty_label="Choisir")
    montant = MontantField(label="Part du territoire")
    field_order = ("ligne", "demarche", "montant", "motif", "acte", "acte_le")


class RendreFondsForm(_FondsForm):
    ligne = _ligne()
    montant = MontantField(label="Montant")
    field_order = ("ligne", "montant", "motif", "acte", "acte_le")


class VirerFondsForm(_FondsForm):
    ligne = _ligne()
    cible = _ligne("Vers la ligne")
    montant = MontantField(label="Montant")
    field_order = ("ligne", "cible", "montant", "motif", "acte", "acte_le")


class ReporterFondsForm(_FondsForm):
    ligne = _ligne("Ligne d’une année")
    montant = MontantField(label="Montant", required=False, help_text="Vide : tout ce qui n’est pas engagé.")
    field_order = ("ligne", "montant", "motif", "acte", "acte_le")


@dataclass(frozen=True, slots=True)
class GesteDuFonds:
    """`fait` is said once it is done."""

    code: str
    libelle: str
    phrase: str
    fait: str
    form: type[_FondsForm]
    agir: Callable[[_FondsForm, Agent], object]


def _diviser(form: _FondsForm, par: Agent) -> None:
    lu = form.cleaned_data
    ligne = Ligne(lu["theme"], lu["annee"], lu["montant"], {"limite_fongible": lu["limite_fongible"]})
    diviser_le_fonds(racine_de(form.fonds), [ligne], par=par, piece=form.piece, partager=lu["partager"])


def _donner(form: _FondsForm, par: Agent) -> None:
    lu = form.cleaned_data
    donner_part(lu["ligne"], lu["demarche"], lu["montant"], par=par, piece=form.piece)


def _rendre(form: _FondsForm, par: Agent) -> None:
    actions.rendre(form.cleaned_data["ligne"], form.cleaned_data["montant"], par=par, piece=form.piece)


def _virer(form: _FondsForm, par: Agent) -> None:
    lu = form.cleaned_data
    actions.virer(lu["ligne"], lu["cible"], lu["montant"], par=par, piece=form.piece)


def _reporter(form: _FondsForm, par: Agent) -> None:
    actions.reporter(form.cleaned_data["ligne"], form.cleaned_data["montant"], par=par, piece=form.piece)


GESTES_DU_FONDS: dict[str, GesteDuFonds] = {
    g.code: g
    for g in (
        GesteDuFonds(
            "diviser", "Ajouter une ligne au fonds",
            "Une ligne par thème ou par année, au-dessus des territoires. Son crédit se prend sur ce que le "
            "fonds n’a pas donné, ou sur les parts des territoires.",
            "La ligne du fonds est ouverte.", DiviserFondsForm, _diviser,
        ),
        GesteDuFonds(
            "parts", "Donner une part à un territoire",
            "La part se prend sur la ligne du fonds ; les projets du territoire sur ce thème y sont comptés.",
            "La part est donnée.", PartForm, _donner,
        ),
        GesteDuFonds(
            "rendre", "Rendre une ligne au fonds",
            "Ce que la ligne n’a donné à personne revient au fonds.",
            "Le crédit est rendu au fonds.", RendreFondsForm, _rendre,
        ),
        GesteDuFonds(
            "virer", "Virer entre deux lignes du fonds",
            "Dans la part fongible de la ligne qui donne.",
            "Le virement est fait.", VirerFondsForm, _virer,
        ),
        GesteDuFonds(
            "reporter", "Reporter une ligne sur l’année suivante",
            "Ce que la ligne n’a donné à personne passe à l’année suivante.",
            "Le crédit est reporté.", ReporterFondsForm, _reporter,
        ),
    )
}  # fmt: skip
