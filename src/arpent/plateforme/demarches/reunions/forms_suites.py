"""Forms of what comes out of a meeting: presence, decisions, contributions, questions, slots."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from arpent.plateforme.socle.versions import VersionFormMixin

from ..models import Demarche
from .forms import ObjetMixin
from .models import MembreReunion, PointOrdreDuJour
from .models_suites import ContributionSectorielle, Creneau, Decision, QuestionReunion

_JOUR = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_HEURE = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class DecisionForm(ObjetMixin, VersionFormMixin, forms.ModelForm[Decision]):
    """What is decided, by whom it is done and until when."""

    porteur = forms.ChoiceField(label="À faire par", required=False)
    autre = forms.CharField(
        label="Ou quelqu’un d’autre", max_length=200, required=False,
        help_text="Si la personne ou la structure n’est pas dans la liste.",
    )  # fmt: skip
    point = forms.TypedChoiceField(
        label="Point de l’ordre du jour", coerce=int, empty_value=None, required=False
    )

    class Meta:
        model = Decision
        fields = ("texte", "echeance")
        widgets = {"texte": forms.Textarea(attrs={"rows": 3}), "echeance": _JOUR}
        error_messages = {
            "texte": {"required": "Écrivez la décision."},
            "echeance": {"invalid": "Cette date n’existe pas. Écrivez-la ainsi : 2026-03-15."},
        }

    def __init__(
        self,
        *args: Any,
        demarche: Demarche,
        membres: Sequence[MembreReunion],
        points: Sequence[PointOrdreDuJour],
        **kwargs: Any,
    ) -> None:
        decision = kwargs.get("instance")
        if decision is not None and decision.pk:
            kwargs["initial"] = {
                "objet_genre": decision.objet_genre,
                "objet_texte": decision.objet_libelle,
                "point": decision.point_id,
                **_initial_porteur(decision, membres),
            }
        super().__init__(*args, **kwargs)
        self.demarche, self.membres = demarche, list(membres)
        self._preparer_objet()
        gens = [(f"m{m.pk}", m.nom) for m in membres]
        corps = {m.organisation_id: m.organisation.nom for m in membres if m.organisation}
        choix: list[Any] = [("", "Personne en particulier")]
        choix += [("Personnes", gens)] if gens else []
        choix += [("Structures", [(f"o{pk}", nom) for pk, nom in corps.items()])] if corps else []
        self.fields["porteur"].choices = choix  # type: ignore[attr-defined]
        self.fields["point"].choices = [("", "Aucun"), *((p.pk, f"{p.ordre}. {p.titre}") for p in points)]  # type: ignore[attr-defined]

    def poser(self, decision: Decision) -> None:
        """Writes who carries it out, the point and the object on the row about to be saved."""
        choix = self.cleaned_data["porteur"]
        membre = next((m for m in self.membres if choix in {f"m{m.pk}", f"o{m.organisation_id}"}), None)
        decision.responsable = decision.organisation = None
        decision.responsable_nom = self.cleaned_data["autre"]
        if membre is not None and choix.startswith("m"):
            decision.responsable, decision.responsable_nom = membre.personne, membre.nom
        elif membre is not None and membre.organisation is not None:
            decision.organisation, decision.responsable_nom = membre.organisation, membre.organisation.nom
        decision.point_id = self.cleaned_data["point"]
        self.poser_objet(decision)


def _initial_porteur(decision: Decision, membres: Sequence[MembreReunion]) -> dict[str, str]:
    for m in membres:
        if decision.responsable_id and m.personne_id == decision.responsable_id:
            return {"porteur": f"m{m.pk}"}
        if m.nom == decision.responsable_nom and not decision.organisation_id:
            return {"porteur": f"m{m.pk}"}
    if decision.organisation_id and any(m.organisation_id == decision.organisation_id for m in membres):
        return {"porteur": f"o{decision.organisation_id}"}
    return {"autre": decision.responsable_nom}


class AttendueForm(forms.Form):
    """A contribution asked of a service, on a theme."""

    service = forms.CharField(label="Service", max_length=150)
    theme = forms.CharField(label="Politique ou thème", max_length=150)


class ContributionForm(VersionFormMixin, forms.ModelForm[ContributionSectorielle]):
    """What a service says."""

    class Meta:
        model = ContributionSectorielle
        fields = ("texte", "avis", "credits_proposes")
        widgets = {"texte": forms.Textarea(attrs={"rows": 6})}
        error_messages = {
            "credits_proposes": {"invalid": "Écrivez un montant en euros, par exemple 12000,50."}
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["texte"].required = True
        self.fields["credits_proposes"].localize = True
        self.fields["credits_proposes"].min_value = Decimal(0)  # type: ignore[attr-defined]
        self.fields["credits_proposes"].widget.is_localized = True

    def clean_credits_proposes(self) -> Decimal | None:
        montant: Decimal | None = self.cleaned_data["credits_proposes"]
        if montant is not None and montant < 0:
            raise forms.ValidationError("Un crédit proposé n’est pas négatif.")
        return montant


class QuestionForm(ObjetMixin, forms.ModelForm[QuestionReunion]):
    """A question to prepare."""

    class Meta:
        model = QuestionReunion
        fields = ("texte",)

    def __init__(self, *args: Any, demarche: Demarche, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.demarche = demarche
        self._preparer_objet()


class ReponseForm(forms.Form):
    """The answer given to a question, and the decision that it led to."""

    reponse = forms.CharField(
        label="Réponse", max_length=4_000, widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Écrivez la réponse : c’est elle qui clôt la question."},
    )  # fmt: skip
    decision = forms.TypedChoiceField(label="Décision prise", coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, decisions: Sequence[Decision], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choix = [("", "Aucune"), *((d.pk, f"{d.numero}. {d.texte[:80]}") for d in decisions)]
        self.fields["decision"].choices = choix  # type: ignore[attr-defined]


class CreneauxForm(forms.Form):
    """Slots of the same length, one after the other."""

    debut = forms.TimeField(label="Premier créneau à", widget=_HEURE)
    nombre = forms.IntegerField(label="Nombre de créneaux", min_value=1, max_value=24)
    duree_minutes = forms.IntegerField(label="Durée de chacun (minutes)", min_value=5, max_value=120)


class RendezVousForm(forms.ModelForm[Creneau]):
    """Taking a slot."""

    class Meta:
        model = Creneau
        fields = ("pour", "sujet", "courriel")
        labels = {"pour": "Pour qui", "sujet": "Sujet"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pour"].required = self.fields["sujet"].required = True
