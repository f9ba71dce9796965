"""The small forms of the gestures on an envelope, and the filter of the movements."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from arpent.metier.repartition.soldes import LIBELLES_STADE, Stade
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.forms.bases import JourField, MontantField
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.reglements.models import Fonds, Theme
from arpent.plateforme.socle.versions import VersionFormMixin

from ..models import Enveloppe
from ..passerelle import annees_de
from .dotations import Dotation
from .lecture import Filtre, en_ordre
from .registre import Piece

EXERCICES_MAX = 12


def pourcentage(libelle: str, aide: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=libelle, min_value=Decimal(0), max_value=Decimal(100), max_digits=5, decimal_places=2,
        required=False, help_text=aide, widget=forms.NumberInput(attrs={"step": "any"}),
    )  # fmt: skip


def _annees(demarche: Demarche) -> list[tuple[str, str]]:
    return [(str(a), str(a)) for a in annees_de(demarche, demarche.processus.dispositif)]


class GesteForm(forms.Form):
    """Base: the envelope and its démarche are known when the fields are made."""

    def __init__(self, *args: Any, enveloppe: Enveloppe, demarche: Demarche, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.enveloppe, self.demarche = enveloppe, demarche
        self.preparer()

    def preparer(self) -> None:
        """Fills the choices."""

    def clean_annee(self) -> int | None:
        return int(self.cleaned_data["annee"]) if self.cleaned_data.get("annee") else None


class PieceForm(GesteForm):
    """What supports the movement."""

    motif = forms.CharField(label="Motif", max_length=300, required=False)
    acte = forms.CharField(
        label="Acte", max_length=120, required=False, help_text="Par exemple « CP_26_214 »."
    )
    acte_le = JourField(label="Date de l’acte", required=False)

    @property
    def piece(self) -> Piece:
        lu = self.cleaned_data
        return Piece(lu["motif"], lu["acte"], lu["acte_le"])


class DiviserForm(PieceForm):
    """One line: a theme, a year, or both, its money and what limits it."""

    theme = forms.ModelChoiceField(Theme.objects.none(), label="Thème", required=False)
    annee = forms.ChoiceField(label="Année", required=False)
    montant = MontantField(label="Crédit de la ligne")
    limite_fongible = pourcentage(
        "Part fongible (%)", "Ce qui peut aller vers une ligne voisine. Vide : rien."
    )
    fermee = forms.BooleanField(
        label="Tranche à ouvrir plus tard", required=False,
        help_text="Son crédit ne s’engage qu’une fois la tranche ouverte, par un acte.",
    )  # fmt: skip
    ouverture_condition = forms.CharField(label="Condition d’ouverture", max_length=500, required=False)
    ouverture_taux = pourcentage(
        "Part des autres lignes à engager avant (%)", "Vide : la condition écrite suffit."
    )
    field_order = (
        "theme", "annee", "montant", "limite_fongible", "fermee", "ouverture_condition", "ouverture_taux",
        "motif", "acte", "acte_le",
    )  # fmt: skip

    def preparer(self) -> None:
        themes = self.fields["theme"]
        assert isinstance(themes, forms.ModelChoiceField)
        themes.queryset = self.demarche.processus.dispositif.themes.order_by("ordre")
        themes.empty_label = "Tous les thèmes"
        self.fields["annee"].choices = [("", "Toutes les années"), *_annees(self.demarche)]  # type: ignore[attr-defined]
        if self.enveloppe.theme_id:
            del self.fields["theme"]
        if self.enveloppe.annee:
            del self.fields["annee"]

    @property
    def reglages(self) -> dict[str, Any]:
        lu = self.cleaned_data
        reglages: dict[str, Any] = {"limite_fongible": lu["limite_fongible"], "ouverte": not lu["fermee"]}
        if lu["fermee"]:
            reglages |= {n: lu[n] for n in ("ouverture_condition", "ouverture_taux")}
        return reglages


class ReglerForm(VersionFormMixin, GesteForm):
    limite_fongible = pourcentage("Part fongible (%)", "Part du crédit de la ligne. Vide : aucun virement.")

    def preparer(self) -> None:
        self.initial = {"limite_fongible": self.enveloppe.limite_fongible}
        self.fields["version_lue"].initial = self.enveloppe.version


class VirerForm(PieceForm):
    cible = forms.ModelChoiceField(Enveloppe.objects.none(), label="Vers la ligne", empty_label="Choisir")
    montant = MontantField(label="Montant")
    field_order = ("cible", "montant", "motif", "acte", "acte_le")

    def preparer(self) -> None:
        voisines = Enveloppe.objects.filter(parent=self.enveloppe.parent_id, demarche=self.demarche)
        self.fields["cible"].queryset = voisines.exclude(pk=self.enveloppe.pk)  # type: ignore[attr-defined]


class RendreForm(PieceForm):
    montant = MontantField(label="Montant")
    field_order = ("montant", "motif", "acte", "acte_le")


class ReporterForm(PieceForm):
    montant = MontantField(label="Montant", required=False, help_text="Vide : tout ce qui n’est pas engagé.")
    field_order = ("montant", "motif", "acte", "acte_le")


class OuvrirForm(GesteForm):
    acte = forms.CharField(label="Acte qui ouvre la tranche", max_length=120)
    acte_le = JourField(label="Date de l’acte")


class OperationForm(PieceForm):
    """An amount for a project, on an exercise."""

    fiche = forms.ModelChoiceField(
        Fiche.objects.none(), label="Projet", required=False, empty_label="Sans projet désigné"
    )
    montant = MontantField(label="Montant")
    annee = forms.ChoiceField(label="Exercice")
    field_order = ("fiche", "montant", "annee", "motif", "acte", "acte_le")

    def preparer(self) -> None:
        fiches = Fiche.objects.filter(demarche=self.demarche).comptees().exclude(etat="brouillon")
        if self.enveloppe.theme_id:
            fiches = fiches.filter(theme=self.enveloppe.theme_id)
        self.fields["fiche"].queryset = fiches.order_by("numero")  # type: ignore[attr-defined]
        self.fields["annee"].choices = _annees(self.demarche)  # type: ignore[attr-defined]
        if self.enveloppe.annee:
            self.fields["annee"].initial = str(self.enveloppe.annee)


class DotationForm(forms.Form):
    """The amount of a fund, its exercises, and the act that gives it."""

    montant = MontantField(
        label="Montant du fonds",
        help_text="Tout ce que le fonds a pour ces exercices, non ce qui s’ajoute.",
    )
    premiere = forms.IntegerField(
        label="Premier exercice", required=False, min_value=2000, max_value=2200,
        help_text="Vide : sans exercice désigné.",
    )  # fmt: skip
    derniere = forms.IntegerField(
        label="Dernier exercice", required=False, min_value=2000, max_value=2200,
        help_text="Le montant se partage également entre les exercices. Vide : un seul.",
    )  # fmt: skip
    acte = forms.CharField(label="Acte", max_length=120, help_text="Par exemple « CD_26_1007 ».")
    acte_le = JourField(label="Date de l’acte")
    motif = forms.CharField(label="Motif", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    partager = forms.BooleanField(
        label="Partager aussitôt entre les territoires", required=False,
        help_text="Chaque territoire reçoit sa nouvelle part, par la formule du fonds.",
    )  # fmt: skip

    def __init__(self, *args: Any, fonds: Fonds, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not fonds.cle_repartition:
            del self.fields["partager"]

    def clean(self) -> dict[str, Any]:
        lu = super().clean() or {}
        debut, fin = lu.get("premiere"), lu.get("derniere")
        if fin is not None and (debut is None or fin < debut):
            self.add_error("derniere", "Le dernier exercice suit le premier : écrivez les deux années.")
        elif debut is not None and fin is not None and fin - debut >= EXERCICES_MAX:
            self.add_error("derniere", f"{EXERCICES_MAX} exercices au plus : vérifiez les années.")
        return lu

    @property
    def dotation(self) -> Dotation:
        lu = self.cleaned_data
        debut = lu["premiere"]
        annees = () if debut is None else tuple(range(debut, (lu["derniere"] or debut) + 1))
        piece = Piece(lu["motif"], lu["acte"], lu["acte_le"])
        return Dotation(lu["montant"], annees, piece, bool(lu.get("partager")))


class FiltreForm(forms.Form):
    """Which movements the address asks for."""

    enveloppe = forms.ChoiceField(label="Enveloppe", required=False)
    stade = forms.ChoiceField(
        label="Stade", required=False,
        choices=[("", "Tous les stades"), *((s.value, LIBELLES_STADE[s]) for s in Stade)],
    )  # fmt: skip
    annee = forms.IntegerField(
        label="Exercice", required=False, min_value=0, max_value=2200, help_text="0 : sans exercice."
    )

    def __init__(self, *args: Any, enveloppes: Sequence[Enveloppe], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.enveloppes = {str(e.pk): e for e in enveloppes}
        noms = [(str(e.pk), self._nom(e, niveau)) for e, niveau in en_ordre(enveloppes)]
        self.fields["enveloppe"].choices = [("", "Toutes les enveloppes"), *noms]  # type: ignore[attr-defined]

    @staticmethod
    def _nom(e: Enveloppe, niveau: int) -> str:
        fonds = f" ({e.fonds.libelle})" if niveau == 0 and e.demarche_id else ""
        return f"{'– ' * niveau}{e.libelle}{fonds}"

    @property
    def filtre(self) -> Filtre:
        """What is not readable in the address filters nothing; its error shows beside the field."""
        if not self.is_bound:
            return Filtre()
        self.is_valid()
        lu = self.cleaned_data
        stade = lu.get("stade")
        return Filtre(
            self.enveloppes.get(lu.get("enveloppe") or ""), Stade(stade) if stade else None, lu.get("annee")
        )
